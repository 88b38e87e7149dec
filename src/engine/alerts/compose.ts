import { type Card, type CardValues, makeCard } from "../../core/alerts/card.ts"
import { orderValues, type Reading, type SaidValue, sayTaker, sayValue } from "../../core/alerts/values.ts"
import { shopSettings } from "../../core/settings.ts"
import { type Alert, summaryOf } from "../../store/alerts.ts"
import { subjectKindOf } from "../../store/outbox.ts"
import { findName, nameOfDepartment } from "../../store/staffNames.ts"
import type { Session } from "../../store/statement.ts"
import type { EngineWorld } from "../world.ts"
import { templates } from "./content.ts"
import { alertSettings, escalateMinutesOf } from "./settings.ts"

/** A card with the first due of what it is about, and how many they are. */
export type Composed = { card: Card; firstDueAt: number | null; count: number | null }

/** The page that shows exactly the rows of an alert, without the host. */
export function pathOf(
  { id, code, path }: Pick<Alert, "id" | "code" | "path">,
  warehouses: readonly string[] = [],
): string {
  if (path !== null) return path
  const page = code === "over" ? "cases" : "orders"
  return `/${page}?alert=${id}${warehouses.length === 1 && page === "orders" ? `&warehouse=${encodeURIComponent(warehouses[0]!)}` : ""}`
}

/** Makes the card of an alert as things stand now, for whoever sees `warehouses` (none named: all); null when nothing of it is left to say. */
export async function compose(
  world: EngineWorld,
  session: Session,
  alert: Alert,
  warehouses: readonly string[],
  reading: Reading,
): Promise<Composed | null> {
  const template = templates.get(alert.code)
  if (template === undefined) throw new Error(`there is no card ${alert.code} in content/alerts.json`)
  const isAboutOrders = alert.clock !== null && subjectKindOf(alert.clock) === "order"
  const summary = isAboutOrders ? await summaryOf(session, alert, warehouses, reading.at) : null
  if (summary?.count === 0) return null
  const minutes = escalateMinutesOf(await alertSettings(session), alert.department)
  const said = Object.fromEntries(
    Object.entries(alert.said).map(([name, value]) => [name, sayValue(value as SaidValue, reading)]),
  )
  const values: CardValues = {
    ...(summary
      ? orderValues(
          summary,
          { kind: alert.clock!, basis: alert.basis! },
          await graceOf(world, session, summary.shops[0]),
          reading,
        )
      : {}),
    department: await nameOfDepartment(session, alert.department),
    taker: sayTaker(alert.takenBy === null ? null : await findName(session, alert.takenBy), reading.language),
    escalateIn: minutes > 0 && alert.takenBy === null ? String(minutes) : "",
    ...said,
  }
  const path = pathOf(alert, warehouses)
  const card = makeCard(
    template,
    values,
    {
      open: `${world.outside.url}${path}`,
      take: isTakeable(alert) ? `${world.outside.url}${path}&take=1` : null,
    },
    reading.language,
  )
  return { card, firstDueAt: summary?.firstDueAt ?? null, count: summary?.count ?? null }
}

/** Whether an alert waits for somebody to take it: warnings about orders, and those that nobody took. */
export const isTakeable = ({
  kind,
  code,
  takenBy,
  clock,
}: Pick<Alert, "kind" | "code" | "takenBy" | "clock">) =>
  takenBy === null && kind !== null && code !== "over" && clock !== null && subjectKindOf(clock) === "order"

/** How long a shop's data may be missing before cases open. */
async function graceOf(world: EngineWorld, session: Session, shop = ""): Promise<number> {
  const [channel = "", ...rest] = shop.split("/")
  const { channels } = await world.ruleBook(session)
  return shopSettings({ channels }, channel, rest.join("/")).graceMs
}
