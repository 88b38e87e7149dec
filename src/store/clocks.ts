import type { Instant } from "../core/instants.ts"
import type { Clock } from "../core/judge.ts"
import { bulkInsert, bulkUpdate, type Column, columnText, send } from "./bulk.ts"
import type { Place } from "./keys.ts"
import { run, type Session, statement } from "./statement.ts"

/** A clock row: what `judge` said of it, whose it is, and since when it has its present due. */
export type StoredClock = Clock & {
  bucket: number
  subjectKind: SubjectKind
  subjectId: string
  policy: number | null
  /** instant of the write or tick that gave it its present due */
  dueSince: Instant
  /** each warning level's text with its instant, as stored */
  warnings: [level: string, at: Instant | null][]
}
/** What can have clocks of its own. */
export type SubjectKind = "order" | "case" | "duty"

const columns: readonly Column<StoredClock>[] = [
  ["bucket", "bucket", "int2"],
  ["subject_kind", "subjectKind", "text"],
  ["subject_id", "subjectId", "uuid"],
  ["kind", "kind", "text"],
  ["basis", "basis", "text"],
  ["round", "round", "int2"],
  ["standard", "standard", "text"],
  ["policy", "policy", "int4"],
  ["start_at", "startAt", "instant"],
  ["due_at", "dueAt", "instant"],
  ["due_since", "dueSince", "instant"],
  ["warnings", "warnings", "json"],
  ["state", "state", "text"],
  ["outcome", "outcome", "text"],
  ["closed_at", "closedAt", "instant"],
  ["stopped_by", "stoppedBy", "text"],
  ["paused_until", "pausedUntil", "instant"],
  ["observed", "observed", "bool"],
  ["unconfirmed", "unconfirmed", "bool"],
]
const key = ["bucket", "subject_kind", "subject_id", "kind", "basis", "round"]
/** What time alone changes of a clock: the columns that a tick writes, so that most of its updates stay off the indexes. */
const passing = columns.filter(([name]) => [...key, "state", "paused_until", "unconfirmed"].includes(name))

const fields = columns.map(([name, field]) => `c.${name} as "${field}"`).join(", ")

/** A row as the judge's clock again. */
function clockOf(row: StoredClock): StoredClock {
  row.warnAt = row.warnings.map(([, at]) => at)
  row.warnLevels = row.warnings.map(([level]) => level)
  return row
}

const list = statement(
  "clocks.list",
  `select ${fields} from clocks c
   join unnest($1::int2[], $2::uuid[]) as k(bucket, id) on c.bucket = k.bucket and c.subject_id = k.id and c.subject_kind = $3
   order by array_position(array['company','platform','agreed'], c.basis),
            array_position(array['prepare','ship','collect','deliver'], c.kind), c.round`,
)

/** The clocks of many subjects of one kind, by subject id, each list in the order of CLOCKS.md §7. */
export async function listClocks(
  session: Session,
  places: readonly Place[],
  subjectKind: SubjectKind = "order",
): Promise<Map<string, StoredClock[]>> {
  const bySubject = new Map<string, StoredClock[]>()
  if (places.length === 0) return bySubject
  const rows = await run<StoredClock>(session, list, [
    columnText(
      places.map((each) => each.bucket),
      "int2",
    ),
    columnText(
      places.map((each) => each.id),
      "uuid",
    ),
    subjectKind,
  ])
  for (const row of rows) {
    const own = bySubject.get(row.subjectId)
    if (own) own.push(clockOf(row))
    else bySubject.set(row.subjectId, [clockOf(row)])
  }
  return bySubject
}

const insert = bulkInsert("clocks.insert", "clocks", columns)
/** Inserts clocks that are new. */
export const insertClocks = (tx: Session, clocks: readonly StoredClock[]): Promise<number> =>
  send(tx, insert, columns, clocks)

const update = bulkUpdate("clocks.update", "clocks", columns, key)
/** Writes clocks that a judgement changed. */
export const updateClocks = (tx: Session, clocks: readonly StoredClock[]): Promise<number> =>
  send(tx, update, columns, clocks)

const pass = bulkUpdate("clocks.pass", "clocks", passing, key)
/** Writes what time alone changed of clocks: state, pause, unconfirmed. */
export const passClocks = (tx: Session, clocks: readonly StoredClock[]): Promise<number> =>
  send(tx, pass, passing, clocks)

const gone = statement(
  "clocks.delete",
  `delete from clocks c using unnest($1::int2[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::int2[])
     as k(bucket, subject_kind, subject_id, kind, basis, round)
   where c.bucket = k.bucket and c.subject_kind = k.subject_kind and c.subject_id = k.subject_id
     and c.kind = k.kind and c.basis = k.basis and c.round = k.round`,
)
/** Deletes clocks that are no longer in the answer. */
export async function deleteClocks(tx: Session, clocks: readonly StoredClock[]): Promise<void> {
  if (clocks.length === 0) return
  await run(tx, gone, [
    columnText(
      clocks.map((each) => each.bucket),
      "int2",
    ),
    columnText(
      clocks.map((each) => each.subjectKind),
      "text",
    ),
    columnText(
      clocks.map((each) => each.subjectId),
      "uuid",
    ),
    columnText(
      clocks.map((each) => each.kind),
      "text",
    ),
    columnText(
      clocks.map((each) => each.basis),
      "text",
    ),
    columnText(
      clocks.map((each) => each.round),
      "int2",
    ),
  ])
}

const unfired = statement(
  "clocks.unfired",
  `select count(*)::int as n from clocks c
   where c.closed_at is null and c.due_at < to_timestamp($1::float8 / 1000) and c.state <> 'over' and c.observed
     and (c.paused_until is null or c.paused_until < to_timestamp($1::float8 / 1000))`,
)
/** How many open clocks were due before an instant and are not yet known to be over. */
export async function countUnfired(session: Session, before: Instant): Promise<number> {
  return (await run<{ n: number }>(session, unfired, [before]))[0]!.n
}
