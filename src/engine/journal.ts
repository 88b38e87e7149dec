import type { Journal } from "../store/imports.ts"
import type { Held } from "./judgement.ts"
import type { Telling } from "./telling.ts"

export type { Journal } from "../store/imports.ts"

/** The journal of one order's changed tellings; each row's state before stands in its stored row until it is written. */
export function journalOf(held: Held, changed: Iterable<Telling>, number: number): Journal[] {
  return [...changed].map((telling) => ({
    bucket: held.place.bucket,
    orderId: held.place.id,
    import: number,
    identity: telling.row.identity,
    content: telling.row.content,
    change: telling.isNew ? "added" : "altered",
    was: telling.isNew ? null : { holds: telling.row.holds, observedAt: telling.row.observedAt },
  }))
}
