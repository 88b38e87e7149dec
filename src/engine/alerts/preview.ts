import { type Card, makeCard } from "../../core/alerts/card.ts"
import type { Reading } from "../../core/alerts/values.ts"
import type { Instant } from "../../core/instants.ts"
import { readContent, type Said } from "../../files/content.ts"
import { findAlert, latestAlertOf } from "../../store/alerts.ts"
import type { Robot } from "../../store/robots.ts"
import type { Session } from "../../store/statement.ts"
import type { EngineWorld } from "../world.ts"
import { compose } from "./compose.ts"
import { templates } from "./content.ts"

/** What a group saw last, or would see. */
export type Preview = { card: Card; at: Instant; example: boolean }

/** The card that a robot sent last, as it reads now; null when there is none or nothing is left of it. */
export async function latestCard(
  world: EngineWorld,
  session: Session,
  robot: Robot,
  reading: Reading,
): Promise<Preview | null> {
  const latest = await latestAlertOf(session, robot.id)
  const alert = latest && (await findAlert(session, latest.id))
  const composed = alert && (await compose(world, session, alert, robot.warehouses, reading))
  return composed ? { card: composed.say(reading.language), at: latest.at, example: false } : null
}

const examples = readContent<{ variables: { code: string; example: Said }[] }>("alerts").variables

/** A warning as the content's own examples tell it. */
export function exampleCard({ outside }: EngineWorld, { at, language }: Reading): Preview {
  const values = Object.fromEntries(examples.map(({ code, example }) => [code, example[language]]))
  const link = `${outside.url}/orders`
  return {
    card: makeCard(templates.get("near")!, values, { open: link, take: link }, language),
    at,
    example: true,
  }
}
