import type { Instant } from "../core/instants.ts"
import { bulkInsert, type Column, send } from "./bulk.ts"
import { newId } from "./keys.ts"
import type { Session } from "./statement.ts"

/** A clock that something has to be said of: its place, round and due. */
export type OutboxSubject = [bucket: number, subjectId: string, round: number, dueAt: Instant | null]

/** Something that has to leave the process, written in the transaction of what caused it: one row for all that a tick has to say of it. */
export type OutboxRow = {
  /** that of the first order of the tick */
  bucket: number
  id: string
  kind: "warning" | "breach" | "unconfirmed"
  department: string
  standard: string
  clock: string
  basis: string
  level: string | null
  /** the start of the quarter of an hour into which it is gathered */
  windowAt: Instant
  about: OutboxSubject[]
  createdAt: Instant
}
const columns: readonly Column<OutboxRow>[] = [
  ["bucket", "bucket", "int2"],
  ["id", "id", "uuid"],
  ["kind", "kind", "text"],
  ["department", "department", "text"],
  ["standard", "standard", "text"],
  ["clock", "clock", "text"],
  ["basis", "basis", "text"],
  ["level", "level", "text"],
  ["window_at", "windowAt", "instant"],
  ["about", "about", "json"],
  ["created_at", "createdAt", "instant"],
]
const insert = bulkInsert("outbox.append", "outbox", columns)
/** Writes what has to leave the process. */
export const appendOutbox = (
  tx: Session,
  rows: readonly Omit<OutboxRow, "id" | "bucket">[],
  bucket: number,
): Promise<number> =>
  send(
    tx,
    insert,
    columns,
    rows.map((row) => ({ ...row, bucket, id: newId(row.createdAt) })),
  )
