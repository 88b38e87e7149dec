import type { Clock } from "./clocks.ts"
import type { Instant } from "./instants.ts"

/** A fact of an order that resolves its case; `date` of an accepted date. */
export type OrderFact = { fact: string; at: Instant; date: Instant | null }

/** A clock with what took effect of it, as far as a case asks. */
type Breached = Clock & { gone: boolean; caseN: number | null; breachStanding: boolean | null }

/**
 * The fact that resolves a case now (DESIGN §7): the order's end, what every breached clock of it waited for, or a date that
 * the customer accepted after the breach and that has not passed. Null: there is none.
 */
export function resolvingFact(
  order: { stage: string; endAt: Instant | null },
  clocks: readonly Breached[],
  n: number,
): OrderFact | null {
  if (order.endAt !== null && (order.stage === "cancelled" || order.stage === "refunded"))
    return { fact: order.stage, at: order.endAt, date: null }
  // What is gone or was met waits for nothing: its breach falls at the next look.
  const breached = clocks.filter(
    (each) => each.caseN === n && each.breachStanding === true && !each.gone && each.outcome !== "met",
  )
  if (breached.length === 0) return null
  if (breached.every(({ state }) => state === "closed")) {
    const last = breached.reduce((one, other) => (other.closedAt! > one.closedAt! ? other : one))
    return { fact: last.stoppedBy ?? "date_agreed", at: last.closedAt!, date: null }
  }
  const since = Math.min(...breached.map(({ dueAt }) => dueAt ?? Infinity))
  const agreed = clocks.findLast(
    ({ basis, gone, state, startAt }) =>
      basis === "agreed" && !gone && state !== "over" && state !== "closed" && startAt >= since,
  )
  return agreed ? { fact: "date_agreed", at: agreed.startAt, date: agreed.dueAt } : null
}
