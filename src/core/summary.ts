import type { Clock } from "./clocks.ts"
import { type ClockKind, clockKinds, type Policy } from "./policy.ts"

/** Clocks of one kind by what became of them (CLOCKS §6). */
export type KindCounts = {
  met: number
  late: number
  overdue: number
  running: number
  cancelled: number
  replaced: number
  observed: boolean
}
/** Company clocks by kind, as `check` and the summary print them. */
export type ClockCounts = Partial<Record<ClockKind, KindCounts>>

const none = (): KindCounts => ({
  met: 0,
  late: 0,
  overdue: 0,
  running: 0,
  cancelled: 0,
  replaced: 0,
  observed: true,
})

/** Empty counts with a key for every kind that some policy has a standard for. */
export function emptyCounts(policies: readonly Pick<Policy, "standards">[]): ClockCounts {
  const counts: ClockCounts = {}
  for (const kind of clockKinds)
    if (policies.some(({ standards }) => standards.some((each) => each.clock === kind && !each.exempt)))
      counts[kind] = none()
  return counts
}

/** Where a clock counts. */
export const columnOf = ({
  state,
  outcome,
}: Pick<Clock, "state" | "outcome">): Exclude<keyof KindCounts, "observed"> =>
  state === "closed" ? outcome! : state === "over" ? "overdue" : "running"

/** Adds n clocks of a state to the counts; one that is not observed marks its kind. */
export function addClocks(
  counts: ClockCounts,
  clock: Pick<Clock, "kind" | "state" | "outcome" | "observed">,
  n = 1,
): void {
  const kind = clock.kind as ClockKind
  let own = counts[kind]
  if (!own) {
    own = none()
    counts[kind] = own
  }
  own[columnOf(clock)] += n
  if (!clock.observed) own.observed = false
}
