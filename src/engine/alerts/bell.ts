import type { Instant } from "../../core/instants.ts"
import type { JsonObject } from "../../core/json.ts"
import { addStaffNotices } from "../../store/bell.ts"
import type { Session } from "../../store/statement.ts"

/** A notice for people's bells: its words stand under `bell.kind.<kind>` in web/words, `data` are their values, `link` is a page without the host. */
export type Notice = { kind: string; data?: JsonObject; link?: string | null }

/**
 * Rings the bell of some people (ids of staff), in the transaction of its cause. Afterwards call `world.changed({ staff })`,
 * so that open pages hear of it at once. Whoever did the thing is not told of it: leave them out.
 */
export async function tellStaff(
  tx: Session,
  staff: readonly string[],
  notice: Notice,
  at: Instant,
): Promise<void> {
  const once = [...new Set(staff)]
  if (once.length > 0) await addStaffNotices(tx, once, notice, at)
}
