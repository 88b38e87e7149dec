import { type Card, type CardValues, makeCard } from "../../core/alerts/card.ts"
import {
  orderValues,
  type Reading,
  type SaidValue,
  sayTaker,
  sayValue,
  stepValues,
} from "../../core/alerts/values.ts"
import { causeOf, type Taxonomy } from "../../core/causes.ts"
import { shopSettings } from "../../core/settings.ts"
import type { Language } from "../../core/words.ts"
import { type Alert, stepsOf, summaryOf } from "../../store/alerts.ts"
import { helpStepsOf } from "../../store/help.ts"
import { caseNumber } from "../../store/keys.ts"
import { subjectKindOf } from "../../store/outbox.ts"
import { findName, nameOfDepartment } from "../../store/staffNames.ts"
import type { Session } from "../../store/statement.ts"
import { pathOfSubject } from "../../store/subjects.ts"
import { partOf } from "../parts.ts"
import type { EngineWorld } from "../world.ts"
import { templates } from "./content.ts"
import { alertSettings, escalateMinutesOf } from "./settings.ts"

/** A card in any language, with the first due of what it is about, how many they are, and whose turn it is. */
export type Composed = {
  say(language: Language): Card
  firstDueAt: number | null
  count: number | null
  people: string[]
}

const ofCases = new Set(["over", "inner_near", "inner_over"])

/** The page that shows exactly the rows of an alert, without the host. */
export function pathOf(
  { id, code, path, clock }: Pick<Alert, "id" | "code" | "path"> & { clock?: string | null },
  warehouses: readonly string[] = [],
): string {
  if (path !== null) return path
  if (clock && subjectKindOf(clock) === "duty") return "/work"
  const page = ofCases.has(code) ? "cases" : "orders"
  return `/${page}?alert=${id}${warehouses.length === 1 && page === "orders" ? `&warehouse=${encodeURIComponent(warehouses[0]!)}` : ""}`
}

/** Makes the card of an alert as things stand now, for whoever sees `warehouses` (none named: all); null when nothing of it is left to say. */
export async function compose(
  world: EngineWorld,
  session: Session,
  alert: Alert,
  warehouses: readonly string[],
  when: Omit<Reading, "language">,
): Promise<Composed | null> {
  const template = templates.get(alert.code)
  if (template === undefined) throw new Error(`there is no card ${alert.code} in content/alerts.json`)
  const of = alert.clock === null ? null : subjectKindOf(alert.clock)
  const summary = of === "order" ? await summaryOf(session, alert, warehouses, when.at) : null
  const asked = of === "duty" ? await helpStepsOf(session, alert) : null
  const steps = of === "case" ? await stepsOf(session, alert) : asked
  if (summary?.count === 0 || steps?.count === 0) return null
  const number =
    asked?.number ?? (steps?.bucket != null && steps.n !== null ? caseNumber(steps.n, steps.bucket) : "")
  const minutes = escalateMinutesOf(await alertSettings(session), alert.department)
  const grace = await graceOf(world, session, summary?.shops[0])
  const { part: taxonomy } = await partOf(session, "causes")
  const department = await nameOfDepartment(session, alert.department)
  const taker = alert.takenBy === null ? null : await findName(session, alert.takenBy)
  const valuesIn = (reading: Reading): CardValues => ({
    ...(summary ? orderValues(summary, { kind: alert.clock!, basis: alert.basis! }, grace, reading) : {}),
    ...(summary?.cause ? { cause: sayCause(taxonomy, summary.cause, reading) } : {}),
    ...(steps
      ? stepValues(
          {
            ...steps,
            number,
            cause: sayCause(taxonomy, steps.cause, reading),
            owner: sayTaker(steps.owner, reading.language),
          },
          alert.clock!,
          reading,
        )
      : {}),
    department,
    taker: sayTaker(taker, reading.language),
    escalateIn: minutes > 0 && alert.takenBy === null ? String(minutes) : "",
    ...Object.fromEntries(
      Object.entries(alert.said).map(([name, value]) => [name, sayValue(value as SaidValue, reading)]),
    ),
  })
  const one = asked ? pathOfSubject(number) : `/cases?case=${number}`
  const path = steps?.count === 1 ? one : pathOf(alert, warehouses)
  const links = {
    open: `${world.outside.url}${path}`,
    take: isTakeable(alert) ? `${world.outside.url}${path}&take=1` : null,
  }
  const first = summary ?? steps
  return {
    say: (language) => makeCard(template, valuesIn({ ...when, language }), links, language),
    firstDueAt: first?.firstDueAt ?? null,
    count: first?.count ?? null,
    people: steps?.people ?? [],
  }
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

/** What a cause is called; its code where the company has none of it any more. */
const sayCause = (taxonomy: Taxonomy, code: string | null, { language }: Reading): string =>
  code === null ? "" : (causeOf(taxonomy, code)?.name[language] ?? code)
