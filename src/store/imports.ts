import { bulkInsert, type Column, send } from "./bulk.ts"
import type { Session } from "./statement.ts"

/** What an import changed of an order's events, so that it can be taken back. */
export type Journal = {
  bucket: number
  orderId: string
  import: number
  identity: string
  content: Buffer
  /** `added`: the row is the import's own; `altered`: it was there, as `was` says */
  change: "added" | "altered"
  was: { holds: boolean; observedAt: number | null } | null
}
const journalColumns: readonly Column<Journal>[] = [
  ["bucket", "bucket", "int2"],
  ["order_id", "orderId", "uuid"],
  ["import", "import", "int4"],
  ["identity", "identity", "text"],
  ["content", "content", "bytea"],
  ["change", "change", "text"],
  ["was", "was", "json"],
]
const append = bulkInsert("import_changes.append", "import_changes", journalColumns, "on conflict do nothing")
/** Writes what an import changed. */
export const appendJournal = (tx: Session, rows: readonly Journal[]): Promise<number> =>
  send(tx, append, journalColumns, rows)
