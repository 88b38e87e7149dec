import { reach, type Windows } from "./calendars.ts"
import type { Standard } from "./compiledPolicy.ts"
import { byTelling, deadlinesStated } from "./details.ts"
import type { Level } from "./durations.ts"
import { type Hold, type Pause, pausesOf } from "./holds.ts"
import { earliestOf, type Instant } from "./instants.ts"
import type { Told } from "./ledger.ts"
import { type Line, type Stop, stopOf } from "./lines.ts"
import type { ClockKind, InnerKind } from "./policy.ts"

export type Basis = "company" | "platform" | "agreed"
export type ClockState = "running" | "near" | "paused" | "over" | "closed"
export type Outcome = "met" | "late" | "cancelled" | "replaced"

/** One obligation of an order, a case or a duty with what is true of it at the instant of the judgement (CLOCKS §4, §7). */
export type Clock = {
  kind: ClockKind | InnerKind
  basis: Basis
  round: number
  /** id of the company's standard; null for the platform's and agreed ones */
  standard: string | null
  startAt: Instant
  dueAt: Instant | null
  /** instants of the warnings, in the order of `warnLevels` */
  warnAt: (Instant | null)[]
  warnLevels: string[]
  state: ClockState
  outcome: Outcome | null
  closedAt: Instant | null
  stoppedBy: string | null
  observed: boolean
  unconfirmed: boolean
  /** end of the unbroken pause around now; Infinity while open-ended, null outside one */
  pausedUntil: Instant | null
}

/** What clocks of one order are made from. */
export type Course = {
  valid: readonly Told[]
  lines: readonly Line[]
  endAt: Instant | null
  now: Instant
  /** the types that the channel brings */
  brings: readonly string[]
}

/** R20: what closes a clock: the stop, the order's end or its replacement, among equals in this order. */
export type Closing = { at: Instant; how: "stopped" | "ended" | "replaced" } | null

/** The earliest of what may close a clock. */
export function closingOf(stop: Stop | null, endAt: Instant | null, replacedAt: Instant | null): Closing {
  const at = earliestOf(stop?.at, endAt, replacedAt)
  if (at === null) return null
  return { at, how: stop?.at === at ? "stopped" : endAt === at ? "ended" : "replaced" }
}

/** R16: whether the channel tells of any of the types that stop a clock. */
export const isObserved = (stop: readonly string[], brings: readonly string[]): boolean =>
  stop.some((type) => brings.includes(type))

/** What a clock's due rests on, beside the clock: for anomalies and for the explanation. */
export type Reckoning = {
  clock: Clock
  closing: Closing
  pauses: Pause[]
  /** words of R14 that this clock gives rise to */
  anomalies: string[]
  /** R18: what stated the deadline and what became of it */
  moves: { at: Instant; told: Instant; counts: "first" | "moved" | "after_due" | "into_past" }[]
}

/** R15–R21: a company clock of a standard that has started; null when its `until` finds no value. */
export function companyClock(
  standard: Standard,
  startAt: Instant,
  course: Course,
  given: { windows: Windows | null; replacedAt: Instant | null; holds: (maxMs: number) => readonly Hold[] },
): Reckoning | null {
  const stop = stopOf(course.lines, standard.stop)
  const closing = closingOf(stop, course.endAt, given.replacedAt)
  const common = {
    kind: standard.clock,
    basis: "company" as const,
    round: 0,
    standard: standard.id,
    startAt,
    observed: isObserved(standard.stop, course.brings),
  }
  if (standard.withinMs === null) return untilClock(standard, common, closing, stop, course)
  const maxMs = standard.pauseMaxMs
  const pauses =
    standard.pauseOn.length === 0
      ? []
      : pausesOf(given.holds(maxMs), standard.pauseOn, closing?.at ?? null, maxMs)
  const at = (amountMs: number) => reach(startAt, amountMs, given.windows, pauses)
  const within = standard.withinMs
  const warnAt = standard.warn.map((level) => at(amountAt(level, within)))
  const clock = stateOf(
    { ...common, dueAt: at(within), warnAt, warnLevels: standard.warn.map(({ text }) => text) },
    closing,
    stop,
    course,
    pauses,
  )
  const anomalies = stoppedEarly(clock, standard)
  if (clock.dueAt === null && pauses.at(-1)?.to !== Infinity) anomalies.push("no_windows")
  return { clock, closing, pauses, anomalies, moves: [] }
}

/** R19: the counted time at which a level of a `within` clock warns. */
export const amountAt = (level: Level, withinMs: number): number =>
  "percent" in level ? Math.floor((withinMs * level.percent) / 100) : Math.max(0, withinMs - level.beforeMs)

function untilClock(
  standard: Standard,
  common: Pick<Clock, "kind" | "basis" | "round" | "standard" | "startAt" | "observed">,
  closing: Closing,
  stop: Stop | null,
  course: Course,
): Reckoning | null {
  const moves = movesOf(course.valid, standard.until!, closing)
  if (moves.length === 0) return null
  const dueAt = moves.findLast(({ counts }) => counts === "first" || counts === "moved")!.at
  const clock = stateOf(
    { ...common, dueAt, ...fixedWarnings(standard.warn, common.startAt, dueAt) },
    closing,
    stop,
    course,
    [],
  )
  const anomalies = stoppedEarly(clock, standard)
  if (dueAt < common.startAt) anomalies.push("due_before_start")
  if (moves.some(({ counts }) => counts === "after_due")) anomalies.push("moved_after_due")
  if (moves.some(({ counts }) => counts === "into_past")) anomalies.push("moved_into_past")
  return { clock, closing, pauses: [], anomalies, moves }
}

/** R18: what the tellings of a deadline come to: one that has passed does not move, and none moves behind its own telling. */
function movesOf(valid: readonly Told[], field: string, closing: Closing): Reckoning["moves"] {
  const moves: Reckoning["moves"] = []
  let due = Number.NaN
  for (const { at, told } of statedBefore(valid, field, closing)) {
    if (moves.length === 0) moves.push({ at, told, counts: "first" })
    else if (at === due) continue
    else moves.push({ at, told, counts: told > due ? "after_due" : at < told ? "into_past" : "moved" })
    const last = moves.at(-1)!.counts
    if (last === "first" || last === "moved") due = at
  }
  return moves
}

/** R20: of what states a deadline, what was told at or before the closing; if nothing was, only the first. */
function statedBefore(
  valid: readonly Told[],
  field: string,
  closing: Closing,
): { at: Instant; told: Instant }[] {
  const stated = deadlinesStated(valid, field)
  if (closing === null) return stated
  const before = stated.filter(({ told }) => told <= closing.at)
  return before.length > 0 ? before : stated.slice(0, 1)
}

/** R19: the warnings of a clock with a fixed due. */
export function fixedWarnings(
  warn: readonly Level[],
  startAt: Instant,
  dueAt: Instant,
): Pick<Clock, "warnAt" | "warnLevels"> {
  const at = (level: Level): Instant => {
    if (dueAt <= startAt) return startAt
    if ("percent" in level) return startAt + Math.floor(((dueAt - startAt) * level.percent) / 100)
    return Math.max(startAt, dueAt - level.beforeMs)
  }
  return { warnAt: warn.map(at), warnLevels: warn.map(({ text }) => text) }
}

/** R14: `shipped_before_paid` and its like. */
function stoppedEarly(clock: Clock, standard: Standard): string[] {
  return clock.stoppedBy !== null && clock.closedAt! < clock.startAt
    ? [`${clock.stoppedBy}_before_${standard.start}`]
    : []
}

/** R22: the platform's promise as a clock; null without a promise. */
export function platformClock(
  startAt: Instant,
  course: Course,
  given: { warn: readonly Level[]; stop: "shipped" | "collected" },
): Reckoning | null {
  const stopType = given.stop === "collected" && course.brings.includes("collected") ? "collected" : "shipped"
  const stop = stopOf(course.lines, [stopType])
  const closing = closingOf(stop, course.endAt, null)
  const stated = statedBefore(course.valid, "promisedShipAt", closing)
  const dueAt = stated.at(-1)?.at
  if (dueAt === undefined) return null
  const common = {
    kind: "ship",
    basis: "platform",
    round: 0,
    standard: null,
    startAt,
    observed: isObserved([stopType], course.brings),
  } as const
  const clock = stateOf(
    { ...common, dueAt, ...fixedWarnings(given.warn, startAt, dueAt) },
    closing,
    stop,
    course,
    [],
  )
  const moves = stated.map((each, i) => ({
    ...each,
    counts: i === 0 ? ("first" as const) : ("moved" as const),
  }))
  return { clock, closing, pauses: [], anomalies: [], moves }
}

/** R23: the dates that the customer accepted, a round each. */
export function agreedClocks(course: Course, warn: readonly Level[]): Reckoning[] {
  const stop = stopOf(course.lines, ["shipped"])
  const rounds = roundsOf(course.valid, earliestOf(stop?.at, course.endAt))
  return rounds.map(({ at: startAt, date: dueAt }, i) => {
    const closing = closingOf(stop, course.endAt, rounds[i + 1]?.at ?? null)
    const common = {
      kind: "ship",
      basis: "agreed",
      round: i + 1,
      standard: null,
      startAt,
      observed: true,
    } as const
    const clock = stateOf(
      { ...common, dueAt, ...fixedWarnings(warn, startAt, dueAt) },
      closing,
      closing?.how === "stopped" ? stop : null,
      course,
      [],
    )
    return { clock, closing, pauses: [], anomalies: [], moves: [] }
  })
}

/** Of several dates agreed at one instant the last; none that starts after the stop or the end, nor those behind it. */
function roundsOf(valid: readonly Told[], until: Instant | null): { at: Instant; date: Instant }[] {
  const agreed = valid.filter(({ event }) => event.type === "date_agreed" && typeof event.date === "number")
  const rounds: { at: Instant; date: Instant }[] = []
  for (const { event } of agreed.sort(byAgreement)) {
    if (until !== null && event.at > until) break
    if (rounds.at(-1)?.at === event.at) rounds.pop()
    rounds.push({ at: event.at, date: event.date! })
  }
  return rounds
}

const byAgreement = (one: Told, other: Told): number => one.event.at - other.event.at || byTelling(one, other)

/** R20, R21: state and outcome of a clock whose due and warnings are known. */
export function stateOf(
  clock: Omit<Clock, "state" | "outcome" | "closedAt" | "stoppedBy" | "unconfirmed" | "pausedUntil">,
  closing: Closing,
  stop: Stop | null,
  course: Pick<Course, "now">,
  pauses: readonly Pause[],
): Clock {
  const { dueAt, startAt } = clock
  if (closing !== null) {
    const isLate = dueAt !== null && closing.at > dueAt && closing.at >= startAt
    const outcome = isLate
      ? "late"
      : closing.how === "stopped"
        ? "met"
        : closing.how === "ended"
          ? "cancelled"
          : "replaced"
    const stoppedBy = closing.how === "stopped" ? stop!.by : null
    return {
      ...clock,
      state: "closed",
      outcome,
      closedAt: closing.at,
      stoppedBy,
      unconfirmed: false,
      pausedUntil: null,
    }
  }
  const pausedUntil = pauses.find(({ from, to }) => from <= course.now && course.now < to)?.to ?? null
  const open = { ...clock, outcome: null, closedAt: null, stoppedBy: null, unconfirmed: false, pausedUntil }
  return { ...open, state: openState(open, course.now) }
}

/** R21: the state of a clock that is open. */
export function openState(
  clock: Pick<Clock, "dueAt" | "warnAt" | "pausedUntil">,
  now: Instant,
): Exclude<ClockState, "closed"> {
  if (clock.dueAt !== null && now > clock.dueAt) return "over"
  if (clock.pausedUntil !== null) return "paused"
  if (clock.warnAt.length > 0 && clock.warnAt.every((at) => at !== null && now >= at)) return "near"
  return "running"
}
