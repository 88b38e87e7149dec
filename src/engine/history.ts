import type { Instant } from "../core/instants.ts"
import type { StoredClock } from "../store/clocks.ts"
import type { Carried } from "./judgement.ts"

/** A breach whose due was set more than this after it had passed is history: it opens no case. */
const historyMs = 7 * 24 * 60 * 60_000

/** The `casesFrom` of orders whose overdue clocks open cases however old they are; what was done, if late, stays history. */
export const howeverOld: Instant = 0

/** No case for a breach due before the order's `casesFrom`, nor for one whose due was set long after it had passed. */
export function isHistory(
  { order }: { order: Pick<Carried["order"], "casesFrom"> },
  { state, breachDueAt, dueSince }: Pick<StoredClock, "state" | "breachDueAt" | "dueSince">,
): boolean {
  if (order.casesFrom === howeverOld) return state === "closed"
  if (order.casesFrom !== null && breachDueAt! < order.casesFrom) return true
  return dueSince - breachDueAt! > historyMs
}
