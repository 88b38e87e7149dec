import { type Basis, openState } from "./clocks.ts"
import type { Instant } from "./instants.ts"
import type { Clock } from "./judge.ts"
import {
  type CountedClock,
  countClock,
  countPassing,
  slotMs,
  slotOf,
  statesOf,
  type Tally,
} from "./rollups.ts"
import { nextOf, type Passing } from "./stored.ts"

/**
 * What will happen to an order at its next instant, where that is a plain breach: the first that the order ever has, of one
 * clock, with nothing else about it but at most a warning of another, since half of 48 hours is over when 24 are. A tick
 * lets it take effect as it stands here and judges nothing. All null: something else.
 */
export type Plain = {
  breaksKind: Clock["kind"] | null
  breaksBasis: Basis | null
  breaksRound: number | null
  /** what it counts as (`CountsAs`, as JSON) */
  breaksAs: string | null
  /** when the clock is over; a tick before it has to judge */
  breaksAt: Instant | null
  /** the instant after that one at which something may happen; a tick that is later than it has to judge */
  thenAt: Instant | null
}

/** Nothing plain is to come. */
export const notPlain: Plain = {
  breaksKind: null,
  breaksBasis: null,
  breaksRound: null,
  breaksAs: null,
  breaksAt: null,
  thenAt: null,
}

/** A warning of another clock that comes with a breach: at the due of that one, its own due so much later. */
export type WarnsBeside = {
  kind: Clock["kind"]
  basis: Basis
  round: number
  standard: string | null
  level: string
  dueAfterMs: number
  /** the states that its clock, and all that are open beside the one that breaks, then have */
  state: "running" | "near"
  beside: string
}

/** What a plain breach counts as; `warned`: its clock had warnings, so that it was near before; `beside`: the states of its other open clocks before it. */
export type CountsAs = {
  channel: string
  shop: string
  stage: string
  standard: string | null
  warned: boolean
  beside: string
  warns: WarnsBeside | null
}

type Known = Clock & {
  breachDueAt: Instant | null
  caseN: number | null
  gone: boolean
  fired: readonly (readonly [level: string, ...unknown[]])[] | null
}

/**
 * The plain breach that an order is about to have at `nextAt`, nothing being owed now. Counts of the order change by it alone
 * when no other open clock of its kind is observed and none is over; it opens a case when none of its clocks ever had one.
 */
export function plainBreach(
  order: {
    channel: string
    shop: string
    stage: string
    watched: boolean
    casesFrom: Instant | null
    nextAt: Instant | null
  },
  clocks: readonly Known[],
  passing: Passing,
): Plain {
  const { nextAt } = order
  if (nextAt === null || !order.watched || passing.mode === "batch") return notPlain
  const open = clocks.filter((each) => each.state !== "closed" && each.observed && !each.gone)
  const dueOn = (due: Instant) => open.find((each) => each.dueAt === due)
  const clock = dueOn(nextAt - 1) ?? dueOn(nextAt)
  if (clock === undefined || clock.pausedUntil !== null || clock.dueAt! < clock.startAt) return notPlain
  if (order.casesFrom !== null && clock.dueAt! < order.casesFrom) return notPlain
  if (clocks.some((each) => each.breachDueAt !== null || each.caseN !== null)) return notPlain
  const alone = open.every((each) => each === clock || (each.kind !== clock.kind && each.state !== "over"))
  if (!alone) return notPlain
  const breaksAt = clock.dueAt! + 1
  const others = clocks.filter((each) => each !== clock)
  const warner =
    nextAt === breaksAt ? null : open.find((each) => each !== clock && each.warnAt.includes(nextAt))
  const warns = warner == null ? null : warnsBeside(warner, clock, open)
  // Something else happens at that very instant: another clock is over, warns or goes on, or an event becomes known.
  if (warns === null && nextAt !== breaksAt) return notPlain
  const elseAt = nextOf(
    others.map((each) =>
      each === warner ? { ...each, warnAt: each.warnAt.filter((at) => at !== nextAt) } : each,
    ),
    { ...passing, now: nextAt - 1 },
  )
  if (elseAt !== null && elseAt <= breaksAt) return notPlain
  const { kind, basis, round, standard } = clock
  const { channel, shop, stage } = order
  const beside = statesOf(open.filter((each) => each !== clock))
  const warned = clock.warnLevels.length > 0
  const as: CountsAs = { channel, shop, stage, standard, warned, beside, warns }
  return {
    breaksKind: kind,
    breaksBasis: basis,
    breaksRound: round,
    breaksAs: JSON.stringify(as),
    breaksAt,
    thenAt: elseAt,
  }
}

/** The warning of a clock at the due of the one that breaks; null where it is not plain. */
function warnsBeside(warner: Known, clock: Known, open: readonly Known[]): WarnsBeside | null {
  const { kind, basis, round, standard, dueAt, warnAt, fired } = warner
  const [level, ...more] = warner.warnLevels.filter((_, i) => warnAt[i] === clock.dueAt)
  if (level === undefined || more.length > 0 || fired?.some(([before]) => before === level)) return null
  if (warner.pausedUntil !== null || clock.warnAt.includes(clock.dueAt)) return null
  const dueAfterMs = dueAt === null ? 0 : dueAt - clock.dueAt!
  // Whatever is due in one slot then warns of dues in one slot.
  if (dueAfterMs <= 0 || dueAfterMs % slotMs !== 0) return null
  const state = openState(warner, clock.dueAt! + 1)
  if (warner.state !== "running" || (state !== "running" && state !== "near")) return null
  const rest = open.filter((each) => each !== clock && each !== warner)
  const beside = statesOf([{ state }, ...rest])
  return { kind, basis, round, standard, level, dueAfterMs, state, beside }
}

/** Counts n plain breaches at `at` that count alike: of one shop, stage and clock, due in one slot, which were near before when they had warnings. */
export function countPlain(
  tally: Tally,
  alike: Pick<CountedClock, "kind" | "basis" | "dueAt"> & CountsAs & { n: number },
  at: Instant,
): void {
  const { kind, basis, dueAt, channel, shop, stage, beside, warns, n } = alike
  const order = { channel, shop, stage, watched: true, spokenOf: true }
  const clock = { kind, basis, dueAt, observed: true, unconfirmed: false, outcome: null }
  const before: CountedClock = { ...clock, state: alike.warned ? "near" : "running" }
  const after: CountedClock = { ...clock, state: "over" }
  countPassing(tally, order, [before], -n, beside)
  countClock(tally, order, before, -n)
  countPassing(tally, order, [after], n, warns?.beside ?? beside)
  countClock(tally, order, after, n)
  tally.add(n, "breach", slotOf(dueAt), [kind, basis, channel, shop])
  tally.add(n, "fired", slotOf(at), [kind, basis, channel, shop])
  if (warns === null) return
  tally.add(n, "warning", slotOf(at), [warns.kind, warns.basis, warns.level, channel, shop])
  const warner = { ...clock, kind: warns.kind, basis: warns.basis, dueAt: dueAt! + warns.dueAfterMs }
  countClock(tally, order, { ...warner, state: "running" }, -n)
  countClock(tally, order, { ...warner, state: warns.state }, n)
}
