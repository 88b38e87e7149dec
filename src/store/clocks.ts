import type { Instant } from "../core/instants.ts"
import type { Clock } from "../core/judge.ts"
import type { Breach, Firing } from "../core/owed.ts"
import type { PlainClaim } from "./agenda.ts"
import {
  bulkInsert,
  bulkUpdate,
  type Column,
  columnOf,
  fetched,
  landed,
  parameters,
  send,
  unnested,
  updating,
} from "./bulk.ts"
import { adding } from "./copying.ts"
import type { Place } from "./keys.ts"
import { Raced } from "./raced.ts"
import { run, type Session, statement, touch } from "./statement.ts"

/** What can have clocks of its own. */
export type SubjectKind = "order" | "case" | "duty"

/** What took effect of a clock; nothing of it is ever erased. */
export type ClockEffects = {
  /** no longer in the answer; the row stays because something took effect of it */
  gone: boolean
  /** how many effects it has had; a tick names the number that it read (`had`), so that none happens twice */
  effects: number
  had: number
  /** warning levels that fired: level, instant of the level (of `unconfirmed`: the due), fired at */
  fired: [level: string, at: Instant, firedAt: Instant][] | null
  breachDueAt: Instant | null
  breachFiredAt: Instant | null
  /** false: the breach was withdrawn */
  breachStanding: boolean | null
  breachWithdrawnAt: Instant | null
  breachWhy: Record<string, unknown> | null
  /** the count of its case within the bucket */
  caseN: number | null
}

/** A clock row: what `judge` said of it, whose it is, since when it has its present due, and what took effect of it. */
export type StoredClock = Clock &
  ClockEffects & {
    bucket: number
    subjectKind: SubjectKind
    subjectId: string
    policy: number | null
    /** instant of the write or tick that gave it its present due */
    dueSince: Instant
    /** each warning level's text with its instant, as stored */
    warnings: [level: string, at: Instant | null][]
  }

/** Nothing took effect yet. */
export const noEffects: ClockEffects = {
  gone: false,
  effects: 0,
  had: 0,
  fired: null,
  breachDueAt: null,
  breachFiredAt: null,
  breachStanding: null,
  breachWithdrawnAt: null,
  breachWhy: null,
  caseN: null,
}

/** The warnings that took effect of some clocks. */
export const firingsOf = (clocks: readonly StoredClock[]): Firing[] =>
  clocks.flatMap(({ kind, basis, round, fired }) =>
    fired === null ? [] : fired.map(([level, at]) => ({ kind, basis, round, level, at })),
  )
/** The breaches that took effect of some clocks, withdrawn ones too. */
export const breachesOf = (clocks: readonly StoredClock[]): Breach[] =>
  clocks.flatMap(({ kind, basis, round, breachDueAt, breachStanding, caseN }) =>
    breachDueAt === null
      ? []
      : [{ kind, basis, round, dueAt: breachDueAt, standing: breachStanding === true, caseN }],
  )

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
  ["warnings", "warnings", "json as text"],
  ["state", "state", "text"],
  ["outcome", "outcome", "text"],
  ["closed_at", "closedAt", "instant"],
  ["stopped_by", "stoppedBy", "text"],
  ["paused_until", "pausedUntil", "instant"],
  ["observed", "observed", "bool"],
  ["unconfirmed", "unconfirmed", "bool"],
  ["gone", "gone", "bool"],
]
const key = ["bucket", "subject_kind", "subject_id", "kind", "basis", "round"]
const effects: readonly Column<StoredClock>[] = [
  ["effects", "effects", "int2"],
  ["fired", "fired", "json as text"],
  ["breach_due_at", "breachDueAt", "instant"],
  ["breach_fired_at", "breachFiredAt", "instant"],
  ["breach_standing", "breachStanding", "bool"],
  ["breach_withdrawn_at", "breachWithdrawnAt", "instant"],
  ["breach_why", "breachWhy", "json"],
  ["case_n", "caseN", "int4"],
]
/** What a tick writes: what time changed of a clock and what took effect of it; none of it is indexed. */
const acting = [
  ...columns.filter(([name]) => [...key, "state", "paused_until", "unconfirmed"].includes(name)),
  ...effects.filter(([name]) => !["breach_withdrawn_at", "breach_why"].includes(name)),
]

const had: Column<StoredClock> = ["had", "had", "int2"]

const own = ["bucket", "subject_kind", "subject_id"]
const fields = [...columns, ...effects]
  .filter(([name]) => !own.includes(name))
  .map(([name, field, kind]) => `${fetched("c", name, kind)} as "${field}"`)
  .join(", ")
const listed = `select k.i::int4 as i, ${fields} from unnest($1::int2[], $2::uuid[]) with ordinality as k(bucket, id, i)
   join clocks c on c.bucket = k.bucket and c.subject_id = k.id and c.subject_kind = $3`
const list = statement("clocks.list", listed)
// What is closed is of no concern to a tick, unless it is late or something took effect of it.
const listActing = statement(
  "clocks.list_acting",
  `${listed} and (c.closed_at is null or c.outcome = 'late' or c.breach_due_at is not null)`,
)

const bases = ["company", "platform", "agreed"]
const kinds = ["prepare", "ship", "collect", "deliver"]
/** The order of CLOCKS.md §7: by basis, kind and round. */
const rank = ({ basis, kind, round }: Clock): number =>
  (bases.indexOf(basis) * 4 + kinds.indexOf(kind)) * 1_000 + round

/** The clocks of many subjects of one kind, by subject id, each list in the order of CLOCKS.md §7; those that are gone among them. */
export const listClocks = (session: Session, places: readonly Place[], subjectKind: SubjectKind = "order") =>
  listBySubject(session, list, places, subjectKind)
/** Those of the clocks that a tick may have to act on. */
export const listActingClocks = (tx: Session, places: readonly Place[]) =>
  listBySubject(tx, listActing, places, "order")

async function listBySubject(
  session: Session,
  which: typeof list,
  places: readonly Place[],
  subjectKind: SubjectKind,
): Promise<Map<string, StoredClock[]>> {
  const bySubject = new Map<string, StoredClock[]>()
  if (places.length === 0) return bySubject
  const rows = await run<StoredClock & { i: number }>(session, which, [
    `{${places.map((each) => each.bucket).join(",")}}`,
    `{${places.map((each) => each.id).join(",")}}`,
    subjectKind,
  ])
  for (const row of rows) {
    const { bucket, id } = places[row.i - 1]!
    row.bucket = bucket
    row.subjectKind = subjectKind
    row.subjectId = id
    row.warnAt = row.warnings.map(([, at]) => at)
    row.warnLevels = row.warnings.map(([level]) => level)
    row.had = row.effects
    const known = bySubject.get(id)
    if (known) known.push(row)
    else bySubject.set(id, [row])
  }
  for (const each of bySubject.values()) if (each.length > 1) each.sort((a, b) => rank(a) - rank(b))
  return bySubject
}

/** Inserts clocks that are new. */
export const insertClocks = adding("clocks.insert", "clocks", columns)

/** Writes clocks that a judgement changed. */
export const updateClocks = updating("clocks.update", "clocks", columns, key)

const act = statement(
  "clocks.act",
  `update clocks t set ${acting
    .filter(([name]) => !key.includes(name))
    .map(([name, , kind]) => `${name} = ${landed(name, kind)}`)
    .join(", ")},
     breach_withdrawn_at = case when k.breach_standing then null else t.breach_withdrawn_at end,
     breach_why = case when k.breach_standing then null else t.breach_why end
   from ${unnested([...acting, had])} where ${key.map((name) => `t.${name} = k.${name}`).join(" and ")} and t.effects = k.had`,
)
/**
 * Writes what time changed of clocks and what took effect of them, each effect once: a row that has had more effects than
 * were read is not written, and the whole transaction is done again (Raced).
 */
export async function actOnClocks(tx: Session, clocks: readonly StoredClock[]): Promise<void> {
  if ((await send(tx, act, [...acting, had], clocks)) !== clocks.length) throw new Raced()
}

const warnPlain = statement(
  "clocks.warn_plain",
  `update clocks t set state = k.state, effects = t.effects + 1, fired = (coalesce(t.fired::jsonb, '[]') || jsonb_build_array(jsonb_build_array(k.level, k.level_at, $9::int8)))::json
   from unnest($1::int2[], $2::uuid[], $3::text[], $4::text[], $5::int2[], $6::text[], $7::text[], $8::int8[])
     as k(bucket, id, kind, basis, round, state, level, level_at)
   where t.bucket = k.bucket and t.subject_kind = 'order' and t.subject_id = k.id and t.kind = k.kind and t.basis = k.basis and t.round = k.round
     and t.closed_at is null`,
)
/** A warning that comes with a plain breach: of which clock, of which level with its instant, and the state that the clock then has. */
export type PlainWarning = Place &
  Pick<StoredClock, "kind" | "basis" | "round" | "state"> & { level: string; levelAt: Instant }
const warningColumns: readonly Column<PlainWarning>[] = [
  ["bucket", "bucket", "int2"],
  ["id", "id", "uuid"],
  ["kind", "kind", "text"],
  ["basis", "basis", "text"],
  ["round", "round", "int2"],
  ["state", "state", "text"],
  ["level", "level", "text"],
  ["level_at", "levelAt", "int8"],
]
/** Lets warnings that come with plain breaches take effect on their clocks; answers of how many. */
export const warnClocks = (tx: Session, warnings: readonly PlainWarning[], at: Instant): Promise<number> =>
  warnings.length === 0
    ? Promise.resolve(0)
    : touch(tx, warnPlain, [...parameters(warningColumns, warnings), at])

const breakPlain = statement(
  "clocks.break_plain",
  `update clocks t set state = 'over', effects = t.effects + 1, breach_due_at = t.due_at, breach_fired_at = to_timestamp($7::float8 / 1000),
     breach_standing = true, case_n = k.case_n
   from unnest($1::int2[], $2::uuid[], $3::text[], $4::text[], $5::int2[], $6::int4[]) as k(bucket, id, kind, basis, round, case_n)
   where t.bucket = k.bucket and t.subject_kind = 'order' and t.subject_id = k.id and t.kind = k.kind and t.basis = k.basis and t.round = k.round
     and t.closed_at is null and t.breach_due_at is null`,
)
/** Lets plain breaches take effect on their clocks, each with its case's count; answers of how many. */
export const breakClocks = (
  tx: Session,
  { buckets, ids, kinds, bases, rounds }: PlainClaim,
  caseNumbers: readonly number[],
  at: Instant,
): Promise<number> =>
  touch(tx, breakPlain, [buckets, ids, kinds, bases, rounds, columnOf(caseNumbers, "int4"), at])

/** Whose open clocks close, and when. */
type Met = Place & { at: Instant }
const metColumns: readonly Column<Met>[] = [
  ["bucket", "bucket", "int2"],
  ["id", "id", "uuid"],
  ["at", "at", "instant"],
]
const meet = statement(
  "clocks.meet",
  `update clocks t set state = 'closed', outcome = 'met', closed_at = k.at, stopped_by = 'shipped', paused_until = null
   from ${unnested(metColumns)}
   where t.bucket = k.bucket and t.subject_kind = 'order' and t.subject_id = k.id and t.closed_at is null and not t.gone`,
)
/** Closes all open clocks of orders as met by their shipments; answers how many. */
export const meetClocks = (tx: Session, shipped: readonly Met[]): Promise<number> =>
  send(tx, meet, metColumns, shipped)

const fallen = [...columns, ...effects].filter(([name]) =>
  [...key, "breach_withdrawn_at", "breach_why"].includes(name),
)
const tellWhy = bulkUpdate("clocks.tell_why", "clocks", fallen, key)
/** Writes when and why breaches were withdrawn. */
export const tellWhyWithdrawn = (tx: Session, clocks: readonly StoredClock[]): Promise<number> =>
  send(tx, tellWhy, fallen, clocks)

const saveInner = bulkInsert(
  "clocks.save_inner",
  "clocks",
  [...columns, ...effects],
  `on conflict (${key.join(", ")}) do update set ${[...columns, ...effects]
    .filter(([name]) => !key.includes(name))
    .map(([name]) => `${name} = excluded.${name}`)
    .join(", ")}`,
)
/** Writes inner clocks with what took effect of them, new ones too; their order's lock keeps others away. */
export const saveInnerClocks = (tx: Session, clocks: readonly StoredClock[]): Promise<number> =>
  send(tx, saveInner, [...columns, ...effects], clocks)

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
    columnOf(
      clocks.map((each) => each.bucket),
      "int2",
    ),
    columnOf(
      clocks.map((each) => each.subjectKind),
      "text",
    ),
    columnOf(
      clocks.map((each) => each.subjectId),
      "uuid",
    ),
    columnOf(
      clocks.map((each) => each.kind),
      "text",
    ),
    columnOf(
      clocks.map((each) => each.basis),
      "text",
    ),
    columnOf(
      clocks.map((each) => each.round),
      "int2",
    ),
  ])
}

const unfired = statement(
  "clocks.unfired",
  `select count(*)::int as n from (
     select a.bucket, 'order' as subject_kind, a.id from agenda a where a.next_due_at < to_timestamp($1::float8 / 1000)
     union all
     select k.bucket, 'case', format('00000000-%s-8000-8000-%s', lpad(to_hex(k.bucket::int), 4, '0'), lpad(to_hex(k.n), 12, '0'))::uuid
     from cases k where k.owed_due_at < to_timestamp($1::float8 / 1000)
     union all
     select d.bucket, 'duty', d.id from duties d where d.next_at is not null) s
   join clocks c on c.bucket = s.bucket and c.subject_kind = s.subject_kind and c.subject_id = s.id
   where c.closed_at is null and not c.gone and c.due_at < to_timestamp($1::float8 / 1000) and c.state <> 'over' and c.observed
     and (c.paused_until is null or c.paused_until < to_timestamp($1::float8 / 1000))`,
)
/** How many open clocks of watched orders, cases and duties were due before an instant and are not yet known to be over. */
export async function countUnfired(session: Session, before: Instant): Promise<number> {
  return (await run<{ n: number }>(session, unfired, [before]))[0]!.n
}
