import type { Tally } from "../../core/rollups.ts"
import type { StoredCase } from "../../store/cases.ts"

/** How a case counts and is shown: `withdrawn` for what was archived without a report. */
export const stateOf = (each: Pick<StoredCase, "state" | "withdrawn">): string =>
  each.withdrawn ? "withdrawn" : each.state

type Counted = Pick<StoredCase, "state" | "withdrawn" | "department">

/** Takes a case out of the counts as it was and puts it in as it is. */
export function recountCase(tally: Tally, before: Counted | null, now: Counted): void {
  if (before !== null) tally.add(-1, "case", -1, [stateOf(before), before.department])
  tally.add(1, "case", -1, [stateOf(now), now.department])
}
