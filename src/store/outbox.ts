import type { Instant } from "../core/instants.ts"
import { bulkInsert, type Column, send } from "./bulk.ts"
import type { SubjectKind } from "./clocks.ts"
import { newId } from "./keys.ts"
import { run, type Session, statement } from "./statement.ts"

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
  ["about", "about", "json as text"],
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

/** What goes out together: a kind of clock of a standard that a department answers for. */
export type OutboxGroup = Pick<OutboxRow, "kind" | "department" | "standard" | "clock" | "basis">

const groups = statement(
  "outbox.groups",
  `select kind, department, standard, clock, basis, min(created_at) as "firstAt" from outbox
   group by kind, department, standard, clock, basis order by 6`,
)
const holdGroup = statement(
  "outbox.hold_group",
  "select pg_try_advisory_xact_lock(hashtextextended($1, 7300011)) as held",
)
const take = statement(
  "outbox.take",
  `with taken as materialized (select bucket, id from outbox
     where kind = $1 and department = $2 and standard = $3 and clock = $4 and basis = $5
     order by created_at limit 1000 for update skip locked)
   delete from outbox o using taken t where o.bucket = t.bucket and o.id = t.id returning o.level, o.about`,
)
// Of a warning or an unconfirmed end only what still is so, of a breach only what stands.
const standing = statement(
  "outbox.standing",
  `select k.i::int4 as i from unnest($1::int2[], $2::uuid[], $3::int2[], $4::float8[]) with ordinality as k(bucket, id, round, due, i)
   join clocks c on c.bucket = k.bucket and c.subject_id = k.id and c.round = k.round
     and c.subject_kind = $5 and c.kind = $6 and c.basis = $7
   where case when $8 = 'breach' then c.breach_standing
     else c.closed_at is null and not c.gone and round(date_part('epoch', c.due_at) * 1000) = k.due
       and ($8 = 'warning' or c.unconfirmed) end
   order by k.i`,
)

/** What waits to leave, by what goes out together, with the instant of the first. */
export const listOutboxGroups = (session: Session): Promise<(OutboxGroup & { firstAt: Instant })[]> =>
  run(session, groups)
/** Makes this transaction the only one that dispatches a group; false when another does. */
export const holdOutboxGroup = async (tx: Session, group: OutboxGroup): Promise<boolean> =>
  (await run<{ held: boolean }>(tx, holdGroup, [keyOfGroup(group)]))[0]!.held
/** Takes what waits of a group out of the outbox; what another transaction holds is left to it. */
export const takeOutbox = (
  tx: Session,
  { kind, department, standard, clock, basis }: OutboxGroup,
): Promise<{ level: string | null; about: OutboxSubject[] }[]> =>
  run(tx, take, [kind, department, standard, clock, basis])
/** Which subjects of a group there still is something to say of. */
export async function stillStanding(
  session: Session,
  group: Pick<OutboxGroup, "kind" | "clock" | "basis">,
  about: readonly OutboxSubject[],
): Promise<OutboxSubject[]> {
  const rows = await run<{ i: number }>(session, standing, [
    about.map(([bucket]) => bucket),
    about.map(([, id]) => id),
    about.map(([, , round]) => round),
    about.map(([, , , due]) => due),
    subjectKindOf(group.clock),
    group.clock,
    group.basis,
    group.kind,
  ])
  return rows.map(({ i }) => about[i - 1]!)
}

const ofCases = new Set(["analyse", "tell", "assign", "eta", "report", "archive"])
const ofOrders = new Set(["prepare", "ship", "collect", "deliver"])
/** Whose clock a kind is. */
export const subjectKindOf = (clock: string): SubjectKind =>
  ofOrders.has(clock) ? "order" : ofCases.has(clock) ? "case" : "duty"

/** A group as one text. */
export const keyOfGroup = ({ kind, department, standard, clock, basis }: OutboxGroup): string =>
  [kind, department, standard, clock, basis].join(" ")

const forget = statement(
  "outbox.forget",
  "delete from outbox where created_at < to_timestamp($1::float8 / 1000)",
)
/** Forgets what was to be said before an instant: nobody wants last month's warnings now. */
export const forgetOutbox = (session: Session, before: Instant): Promise<unknown[]> =>
  run(session, forget, [before])
