import type { Instant } from "../core/instants.ts"
import type { Breach, Firing } from "../core/owed.ts"
import { bulkInsert, type Column, columnText, send, unnested } from "./bulk.ts"
import type { SubjectKind } from "./clocks.ts"
import type { Place } from "./keys.ts"
import { Raced } from "./raced.ts"
import { run, type Session, statement } from "./statement.ts"

/** Whose firing or breach it is. */
type Owner = { bucket: number; subjectKind: SubjectKind; subjectId: string }
/** A warning level that took effect. */
export type StoredFiring = Owner & Firing & { firedAt: Instant }
/** A breach that took effect; its row is never deleted. */
export type StoredBreach = Owner &
  Breach & { firedAt: Instant; withdrawnAt: Instant | null; withdrawnWhy: Record<string, unknown> | null }

const subject = (table: string) =>
  `${table}.bucket = k.bucket and ${table}.subject_id = k.id and ${table}.subject_kind = $3`
const places = "unnest($1::int2[], $2::uuid[]) as k(bucket, id)"

const listFiring = statement(
  "firings.list",
  `select f.bucket, f.subject_id as "subjectId", f.kind, f.basis, f.round, f.level, f.at, f.fired_at as "firedAt"
   from firings f join ${places} on ${subject("f")}`,
)
const listBreach = statement(
  "breaches.list",
  `select b.bucket, b.subject_id as "subjectId", b.kind, b.basis, b.round, b.due_at as "dueAt", b.fired_at as "firedAt",
     b.standing, b.withdrawn_at as "withdrawnAt", b.withdrawn_why as "withdrawnWhy", b.case_id as "caseId"
   from breaches b join ${places} on ${subject("b")}`,
)

async function listBySubject<Row extends { subjectId: string }>(
  session: Session,
  which: typeof listFiring,
  at: readonly Place[],
  subjectKind: SubjectKind,
): Promise<Map<string, Row[]>> {
  const bySubject = new Map<string, Row[]>()
  if (at.length === 0) return bySubject
  const rows = await run<Row>(session, which, [
    columnText(
      at.map((each) => each.bucket),
      "int2",
    ),
    columnText(
      at.map((each) => each.id),
      "uuid",
    ),
    subjectKind,
  ])
  for (const row of rows) {
    const own = bySubject.get(row.subjectId)
    if (own) own.push(row)
    else bySubject.set(row.subjectId, [row])
  }
  return bySubject
}

/** The firings of many subjects by subject id. */
export const listFirings = (session: Session, at: readonly Place[], subjectKind: SubjectKind = "order") =>
  listBySubject<StoredFiring>(session, listFiring, at, subjectKind)
/** The breaches of many subjects by subject id, withdrawn ones too. */
export const listBreaches = (session: Session, at: readonly Place[], subjectKind: SubjectKind = "order") =>
  listBySubject<StoredBreach>(session, listBreach, at, subjectKind)

const firingColumns: readonly Column<StoredFiring>[] = [
  ["bucket", "bucket", "int2"],
  ["subject_kind", "subjectKind", "text"],
  ["subject_id", "subjectId", "uuid"],
  ["kind", "kind", "text"],
  ["basis", "basis", "text"],
  ["round", "round", "int2"],
  ["level", "level", "text"],
  ["at", "at", "instant"],
  ["fired_at", "firedAt", "instant"],
]
const clockKey = "bucket, subject_kind, subject_id, kind, basis, round"

const permitFiring = bulkInsert(
  "firings.permit",
  "firings",
  firingColumns,
  `on conflict (${clockKey}, level) do update set at = excluded.at, fired_at = excluded.fired_at where firings.at < excluded.at`,
)

/** Takes effect only where every row asked for was given; otherwise somebody else acted, and the transaction is done again. */
async function all(done: Promise<number>, wanted: number): Promise<void> {
  if ((await done) !== wanted) throw new Raced()
}

/** Gives levels their firing, each instant of a level once, whoever asks how often. */
export const permitFirings = (tx: Session, wanted: readonly StoredFiring[]): Promise<void> =>
  all(send(tx, permitFiring, firingColumns, wanted), wanted.length)

const breachColumns: readonly Column<StoredBreach>[] = [
  ["bucket", "bucket", "int2"],
  ["subject_kind", "subjectKind", "text"],
  ["subject_id", "subjectId", "uuid"],
  ["kind", "kind", "text"],
  ["basis", "basis", "text"],
  ["round", "round", "int2"],
  ["due_at", "dueAt", "instant"],
  ["fired_at", "firedAt", "instant"],
  ["standing", "standing", "bool"],
  ["withdrawn_at", "withdrawnAt", "instant"],
  ["withdrawn_why", "withdrawnWhy", "json"],
  ["case_id", "caseId", "uuid"],
]
const onClock =
  "b.bucket = k.bucket and b.subject_kind = k.subject_kind and b.subject_id = k.subject_id and b.kind = k.kind and b.basis = k.basis and b.round = k.round"

const permitBreach = bulkInsert(
  "breaches.permit",
  "breaches",
  breachColumns,
  `on conflict (${clockKey}) do update set standing = true, due_at = excluded.due_at, fired_at = excluded.fired_at,
     case_id = excluded.case_id, withdrawn_at = null, withdrawn_why = null where not breaches.standing`,
)
const moveBreach = statement(
  "breaches.move",
  `update breaches b set due_at = to_timestamp(k.due_at / 1000) from ${unnested(breachColumns)}
   where ${onClock} and b.standing and b.due_at <> to_timestamp(k.due_at / 1000)`,
)
const withdrawBreach = statement(
  "breaches.withdraw",
  `update breaches b set standing = false, withdrawn_at = to_timestamp(k.withdrawn_at / 1000), withdrawn_why = k.withdrawn_why::jsonb
   from ${unnested(breachColumns)} where ${onClock} and b.standing`,
)

/** Lets breaches take effect, each once while it stands. */
export const permitBreaches = (tx: Session, wanted: readonly StoredBreach[]): Promise<void> =>
  all(send(tx, permitBreach, breachColumns, wanted), wanted.length)
/** Moves standing breaches to another due. */
export const moveBreaches = (tx: Session, wanted: readonly StoredBreach[]): Promise<void> =>
  all(send(tx, moveBreach, breachColumns, wanted), wanted.length)
/** Withdraws standing breaches with their reason; the rows stay. */
export const withdrawBreaches = (tx: Session, wanted: readonly StoredBreach[]): Promise<void> =>
  all(send(tx, withdrawBreach, breachColumns, wanted), wanted.length)
