import { onceTypes, stepTypes } from "./events.ts"
import { earliestOf, type Instant } from "./instants.ts"
import type { Told } from "./ledger.ts"
import { type Line, stepFact, winner } from "./lines.ts"

/** The instants of the facts that there are, by type. */
export type Facts = Partial<Record<(typeof onceTypes)[number], Instant>>
/** How far an order can have come. */
export const stages = [...onceTypes, "refunded", "unknown"] as const
/** What the order's events add up to. */
export type Stage = (typeof stages)[number]

/** R7–R9: the facts of an order from its valid tellings and its counting lines. */
export function factsOf(valid: readonly Told[], lines: readonly Line[]): Facts {
  const facts: Facts = {}
  for (const type of ["created", "deposit_paid", "paid"] as const) {
    const at = winner(valid.filter((each) => each.event.type === type))
    if (at !== null) facts[type] = at
  }
  stepTypes.forEach((type, step) => {
    const at = stepFact(lines, step)
    if (at !== null) facts[type] = at
  })
  const cancelled = winner(
    valid.filter(({ event }) => event.type === "cancelled" && event.lines === undefined),
  )
  if (cancelled !== null) facts.cancelled = cancelled
  return facts
}

const furthest = ["delivered", "collected", "shipped", "prepared", "paid", "deposit_paid", "created"] as const

/** R10: when the order ended, if it did, and its stage. */
export function endOf(
  valid: readonly Told[],
  lines: readonly Line[],
  facts: Facts,
): { endAt: Instant | null; stage: Stage } {
  const refunded = wholeRefund(valid)
  const left = allLeft(lines)
  const endAt = earliestOf(facts.cancelled, refunded, left)
  if (endAt !== null && (facts.delivered === undefined || endAt <= facts.delivered)) {
    const byCancelledLine = lines.some((line) => line.left?.at === endAt && line.left.by === "cancelled")
    const cancelled = facts.cancelled === endAt || (byCancelledLine && refunded !== endAt)
    return { endAt, stage: cancelled ? "cancelled" : "refunded" }
  }
  return { endAt, stage: furthest.find((type) => facts[type] !== undefined) ?? "unknown" }
}

/** The earliest refund that ends the order by itself. */
function wholeRefund(valid: readonly Told[]): Instant | null {
  return earliestOf(
    ...valid
      .filter(({ event }) => event.type === "refunded" && event.lines === undefined && event.full !== false)
      .map(({ event }) => event.at),
  )
}

function allLeft(lines: readonly Line[]): Instant | null {
  let latest: Instant | null = null
  for (const { left } of lines) {
    if (left === null) return null
    if (latest === null || left.at > latest) latest = left.at
  }
  return latest
}
