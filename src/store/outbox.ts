import type { Instant } from "../core/instants.ts"
import { bulkInsert, type Column, send } from "./bulk.ts"
import type { SubjectKind } from "./clocks.ts"
import type { Session } from "./statement.ts"

/** Something that has to leave the process, written in the transaction of what caused it. */
export type OutboxRow = {
  bucket: number
  id: string
  kind: "warning" | "breach" | "unconfirmed" | "withdrawn" | "case"
  department: string
  standard: string
  /** the start of the quarter of an hour into which it is gathered */
  windowAt: Instant
  subjectKind: SubjectKind
  subjectId: string
  fact: Record<string, unknown>
  createdAt: Instant
}
const columns: readonly Column<OutboxRow>[] = [
  ["bucket", "bucket", "int2"],
  ["id", "id", "uuid"],
  ["kind", "kind", "text"],
  ["department", "department", "text"],
  ["standard", "standard", "text"],
  ["window_at", "windowAt", "instant"],
  ["subject_kind", "subjectKind", "text"],
  ["subject_id", "subjectId", "uuid"],
  ["fact", "fact", "json"],
  ["created_at", "createdAt", "instant"],
]
const insert = bulkInsert("outbox.append", "outbox", columns)
/** Writes what has to leave the process. */
export const appendOutbox = (tx: Session, rows: readonly OutboxRow[]): Promise<number> =>
  send(tx, insert, columns, rows)
