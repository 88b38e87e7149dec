import type { Window, Windows } from "./calendars.ts"
import type { Clock, Reckoning } from "./clocks.ts"
import type { CompiledPolicy, Standard } from "./compiledPolicy.ts"
import type { Pause } from "./holds.ts"
import type { Instant } from "./instants.ts"
import type { Json } from "./json.ts"
import type { Reasoned } from "./judge.ts"

/** One step of a clock's arithmetic: what it is, when, how much, and what else belongs to it. */
export type Step = {
  what:
    | "start"
    | "rule"
    | "promise"
    | "agreed"
    | "calendar"
    | "window"
    | "pause"
    | "due"
    | "no_due"
    | "moved"
    | "not_moved"
    | "warning"
    | "stop"
    | "unobserved"
  at: Instant | null
  ms: number | null
  data: Record<string, Json>
}

/** A clock with the steps of its arithmetic, in their order. */
export type Explained = { clock: Clock; standard: Standard | null; steps: Step[]; pauses: Pause[] }

/** The arithmetic of each clock of a judgement, in data; `inWords` makes sentences of it. With the calendars' windows, those that count are among the steps. */
export function explain(
  { reckonings, policy }: Reasoned,
  rules?: { windows(name: string): Windows | null },
): Explained[] {
  return reckonings.map((reckoning) => {
    const standard = policy?.standards.find(({ id }) => id === reckoning.clock.standard) ?? null
    return {
      clock: reckoning.clock,
      standard,
      steps: stepsOf(reckoning, standard, policy, rules),
      pauses: reckoning.pauses,
    }
  })
}

const step = (
  what: Step["what"],
  at: Instant | null,
  ms: number | null,
  data: Record<string, Json> = {},
): Step => ({ what, at, ms, data })

/** The windows of a long clock are told up to so many. */
const windowsMax = 40

function stepsOf(
  reckoning: Reckoning,
  standard: Standard | null,
  policy: CompiledPolicy | null,
  rules: { windows(name: string): Windows | null } | undefined,
): Step[] {
  const { clock, pauses, moves, closing, anomalies } = reckoning
  const steps = [
    step("start", clock.startAt, null, {
      fact: clock.basis === "agreed" ? "date_agreed" : (standard?.start ?? "paid"),
    }),
  ]
  steps.push(ruleStep(clock, standard, policy))
  if (standard && standard.withinMs !== null && standard.calendar !== "always")
    steps.push(step("calendar", null, null, { calendar: standard.calendar }))
  if (standard && standard.withinMs !== null)
    steps.push(...windowSteps(clock, rules?.windows(standard.calendar) ?? null))
  for (const { from, to, reasons } of pauses)
    steps.push(
      step("pause", from, to === Infinity ? null : to - from, { to: to === Infinity ? null : to, reasons }),
    )
  for (const { at, told, counts } of moves.slice(1))
    steps.push(step(counts === "moved" ? "moved" : "not_moved", at, null, { told, why: counts }))
  steps.push(
    clock.dueAt === null
      ? step("no_due", null, null, { why: anomalies.includes("no_windows") ? "no_windows" : "pause" })
      : step("due", clock.dueAt, clock.dueAt - clock.startAt),
  )
  for (const [i, at] of clock.warnAt.entries())
    steps.push(step("warning", at, null, { level: clock.warnLevels[i]! }))
  if (clock.closedAt !== null)
    steps.push(
      step("stop", clock.closedAt, clock.dueAt === null ? null : clock.dueAt - clock.closedAt, {
        by: clock.stoppedBy,
        how: closing!.how,
        outcome: clock.outcome,
      }),
    )
  if (!clock.observed) steps.push(step("unobserved", null, null, { stop: standard?.stop ?? ["shipped"] }))
  return steps
}

/** The windows in which the time of a clock counts, from its start to its due, the first of them. */
function windowSteps(clock: Clock, windows: Windows | null): Step[] {
  if (windows === null || clock.dueAt === null) return []
  const steps: Step[] = []
  const tell = ({ from, to }: Window) => steps.push(step("window", from, to - from, { to }))
  for (const { from, to } of windows.from(clock.startAt)) {
    if (from >= clock.dueAt || steps.length === windowsMax) break
    tell({ from, to: Math.min(to, clock.dueAt) })
  }
  return steps
}

function ruleStep(clock: Clock, standard: Standard | null, policy: CompiledPolicy | null): Step {
  if (clock.basis === "platform") return step("promise", clock.dueAt, null)
  if (clock.basis === "agreed") return step("agreed", clock.dueAt, null, { round: clock.round })
  const when = Object.fromEntries(standard!.when)
  const about = {
    standard: standard!.id,
    clause: standard!.clause ?? null,
    version: policy!.version,
    when,
    until: standard!.until,
  }
  return step("rule", null, standard!.withinMs, about)
}
