import type { Basis } from "./clocks.ts"
import type { Instant } from "./instants.ts"
import type { Clock } from "./judge.ts"
import { type CountedClock, countClock, countPassing, slotOf, statesOf, type Tally } from "./rollups.ts"
import { nextOf, type Passing } from "./stored.ts"

/**
 * What will happen to an order at its next instant, where that is a plain breach: the first that the order ever has, of one
 * clock, with nothing else about it. A tick lets it take effect as it stands here and judges nothing. All null: something else.
 */
export type Plain = {
  breaksKind: Clock["kind"] | null
  breaksBasis: Basis | null
  breaksRound: number | null
  /** what it counts as (`CountsAs`, as JSON) */
  breaksAs: string | null
  /** the instant after that one at which something may happen; a tick that is later than it has to judge */
  thenAt: Instant | null
}

/** Nothing plain is to come. */
export const notPlain: Plain = {
  breaksKind: null,
  breaksBasis: null,
  breaksRound: null,
  breaksAs: null,
  thenAt: null,
}

/** What a plain breach counts as; `warned`: its clock had warnings, so that it was near before; `beside`: the states of its other open clocks. */
export type CountsAs = {
  channel: string
  shop: string
  stage: string
  standard: string | null
  warned: boolean
  beside: string
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
  clocks: readonly (Clock & { breachDueAt: Instant | null; caseN: number | null; gone: boolean })[],
  passing: Passing,
): Plain {
  const { nextAt } = order
  if (nextAt === null || !order.watched || passing.mode === "batch") return notPlain
  const open = clocks.filter((each) => each.state !== "closed" && each.observed && !each.gone)
  const clock = open.find((each) => each.dueAt !== null && each.dueAt + 1 === nextAt)
  if (clock === undefined || clock.pausedUntil !== null || clock.dueAt! < clock.startAt) return notPlain
  if (order.casesFrom !== null && clock.dueAt! < order.casesFrom) return notPlain
  if (clocks.some((each) => each.breachDueAt !== null || each.caseN !== null)) return notPlain
  const alone = open.every((each) => each === clock || (each.kind !== clock.kind && each.state !== "over"))
  if (!alone) return notPlain
  // Something else happens at that very instant: another clock is over, warns or goes on, or an event becomes known.
  const others = clocks.filter((each) => each !== clock)
  const thenAt = nextOf(others, { ...passing, now: nextAt - 1 })
  if (thenAt === nextAt) return notPlain
  const { kind, basis, round, standard } = clock
  const { channel, shop, stage } = order
  const beside = statesOf(open.filter((each) => each !== clock))
  const as: CountsAs = { channel, shop, stage, standard, warned: clock.warnLevels.length > 0, beside }
  return {
    breaksKind: kind,
    breaksBasis: basis,
    breaksRound: round,
    breaksAs: JSON.stringify(as),
    thenAt,
  }
}

/** Counts n plain breaches at `at` that count alike: of one shop, stage and clock, due in one slot, which were near before when they had warnings. */
export function countPlain(
  tally: Tally,
  alike: Pick<CountedClock, "kind" | "basis" | "dueAt"> & CountsAs & { n: number },
  at: Instant,
): void {
  const { kind, basis, dueAt, channel, shop, stage, beside, n } = alike
  const order = { channel, shop, stage, watched: true, spokenOf: true }
  const clock = { kind, basis, dueAt, observed: true, unconfirmed: false, outcome: null }
  const before: CountedClock = { ...clock, state: alike.warned ? "near" : "running" }
  const after: CountedClock = { ...clock, state: "over" }
  countPassing(tally, order, [before], -n, beside)
  countClock(tally, order, before, -n)
  countPassing(tally, order, [after], n, beside)
  countClock(tally, order, after, n)
  tally.add(n, "breach", slotOf(dueAt), [kind, basis, channel, shop])
  tally.add(n, "fired", slotOf(at), [kind, basis, channel, shop])
}
