import { type Clock, openState } from "./clocks.ts"
import { earliestOf, type Instant } from "./instants.ts"

export type { Clock } from "./clocks.ts"

/** What time alone needs to know of an order to carry its clocks on. */
export type Passing = {
  now: Instant
  /** greatest telling of the order's valid events */
  greatestToldAt: Instant | null
  /** `at` of the next event that holds but is not yet known */
  recheckAt: Instant | null
  mode: "live" | "batch"
  graceMs: number
}

/** R25: whether an open clock that is over is only due, unconfirmed: nobody has spoken of the order since. */
export function isUnconfirmed(
  clock: Clock,
  { now, greatestToldAt, mode, graceMs }: Omit<Passing, "recheckAt">,
): boolean {
  if (clock.state !== "over" || mode !== "batch" || greatestToldAt === null) return false
  return greatestToldAt <= clock.dueAt! && now <= clock.dueAt! + graceMs
}

/** A stored clock as it is at a later instant up to which no event became known: equal to judging afresh. */
export function settle<Kept extends Clock>(clock: Kept, passing: Passing): Kept {
  if (clock.state === "closed") return clock
  const pausedUntil = clock.pausedUntil !== null && passing.now < clock.pausedUntil ? clock.pausedUntil : null
  const open: Kept = { ...clock, pausedUntil, unconfirmed: false }
  open.state = openState(open, passing.now)
  open.unconfirmed = isUnconfirmed(open, passing)
  return open
}

/** R26: the earliest instant after now at which something may change. */
export function nextOf(clocks: readonly Clock[], { now, recheckAt, graceMs }: Passing): Instant | null {
  let next = recheckAt !== null && recheckAt > now ? recheckAt : null
  const consider = (at: Instant | null) => {
    if (at !== null && at > now && at !== Infinity && (next === null || at < next)) next = at
  }
  for (const clock of clocks) {
    if (clock.state === "closed") continue
    for (const at of clock.warnAt) consider(at)
    consider(clock.pausedUntil)
    if (clock.dueAt === null) continue
    consider(clock.dueAt + 1)
    if (clock.unconfirmed) consider(clock.dueAt + graceMs + 1)
  }
  return next
}

/** The earliest due of the open, observed clocks (R24): what lists are sorted by. */
export const nextDueOf = (clocks: readonly Clock[]): Instant | null =>
  earliestOf(...clocks.filter((each) => each.state !== "closed" && each.observed).map((each) => each.dueAt))
