import type { Calendar } from "./calendars.ts"
import type { Clock } from "./clocks.ts"
import { normalise, type OrderKey } from "./events.ts"
import { parseInstant } from "./instants.ts"
import type { JsonObject } from "./json.ts"
import { type Answer, compileRules, judge } from "./judge.ts"
import { append, type Told, toldOf, type Verdict1 } from "./ledger.ts"
import type { Policy } from "./policy.ts"
import type { ChannelSettings } from "./settings.ts"

/** A scenario of CLOCKS §7; instants are ISO strings with an offset. */
export type Scenario = {
  name?: string
  now: string
  settings?: { channels?: Record<string, ChannelSettings> }
  calendars?: Record<string, Calendar>
  policies?: Policy[]
  order: OrderKey
  events: JsonObject[]
}

/** The answer to a scenario, exactly as CLOCKS §7 has it; instants are milliseconds. */
export type ScenarioAnswer = Pick<
  Answer,
  "stage" | "facts" | "endAt" | "policy" | "anomalies" | "binding" | "nextAt"
> & {
  answers: Verdict1[]
  clocks: Omit<Clock, "warnLevels" | "pausedUntil">[]
}

/** Tells the events of a scenario in their order and judges. Throws an Error that says what is wrong with a malformed one. */
export function play(scenario: Scenario): ScenarioAnswer {
  const now = parseInstant(scenario.now)
  if (now === null) throw new Error("now: expected an instant with an offset")
  const rules = compileRules({
    policies: scenario.policies ?? [],
    calendars: scenario.calendars ?? {},
    settings: scenario.settings ?? {},
  })
  const told: Told[] = []
  const answers = scenario.events.map((event, i) => {
    const normal = normalise(event)
    if ("badInstant" in normal)
      throw new Error(`events[${i}].${normal.badInstant}: expected an instant with an offset`)
    return append(told, toldOf(normal.event)).answer
  })
  const { stage, facts, endAt, policy, anomalies, clocks, binding, nextAt } = judge(
    scenario.order,
    told,
    rules,
    now,
  )
  const shown = clocks.map(({ warnLevels: _, pausedUntil: __, ...clock }) => clock)
  return { answers, stage, facts, endAt, policy, anomalies, clocks: shown, binding, nextAt }
}
