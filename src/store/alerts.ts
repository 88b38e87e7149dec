import type { Instant } from "../core/instants.ts"
import type { JsonObject } from "../core/json.ts"
import type { Words } from "../core/words.ts"
import { newId } from "./keys.ts"
import type { OutboxSubject } from "./outbox.ts"
import { run, type Session, statement, touch } from "./statement.ts"

/** What is said once to a department, and who takes it. */
export type Alert = {
  id: string
  key: string
  code: string
  department: string
  kind: string | null
  standard: string | null
  clock: string | null
  basis: string | null
  level: string | null
  about: OutboxSubject[]
  said: JsonObject
  path: string | null
  people: string[]
  createdAt: Instant
  spokenAt: Instant | null
  /** its first line as it was spoken, for readers of every language */
  title: Words | null
  owner: string | null
  escalatesAt: Instant | null
  escalatedAt: Instant | null
  takenBy: string | null
  takenAt: Instant | null
  endedAt: Instant | null
  saved: number | null
  lost: number | null
}

/** An alert to be said; what is left out is empty. */
export type NewAlert = Pick<Alert, "key" | "code" | "department"> &
  Partial<
    Pick<Alert, "kind" | "standard" | "clock" | "basis" | "level" | "about" | "said" | "path" | "people">
  >

const at = (place: number) => `to_timestamp($${place}::float8 / 1000)`
const fields = `a.id, a.key, a.code, a.department, a.kind, a.standard, a.clock, a.basis, a.level, a.about, a.said, a.path, a.people,
  a.created_at as "createdAt", a.spoken_at as "spokenAt", a.title, a.owner, a.escalates_at as "escalatesAt", a.escalated_at as "escalatedAt",
  a.taken_by as "takenBy", a.taken_at as "takenAt", a.ended_at as "endedAt", a.saved, a.lost`

const add = statement(
  "alerts.add",
  `insert into alerts (id, key, code, department, kind, standard, clock, basis, level, about, said, path, people, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11::jsonb, $12, $13::uuid[], ${at(14)}) on conflict (key) do nothing returning id`,
)
const hasKey = statement("alerts.has_key", "select from alerts where key = $1")
const find = statement("alerts.find", `select ${fields} from alerts a where a.id = $1`)
const findForUpdate = statement(
  "alerts.find_for_update",
  `select ${fields} from alerts a where a.id = $1 for update`,
)
const speak = statement(
  "alerts.speak",
  `update alerts set spoken_at = ${at(2)}, title = $5::jsonb, owner = $3, escalates_at = ${at(4)} where id = $1`,
)
const take = statement(
  "alerts.take",
  `update alerts set taken_by = $2, taken_at = ${at(3)} where id = $1 and taken_at is null returning id`,
)
const release = statement(
  "alerts.release",
  "update alerts set taken_by = null, taken_at = null where id = $1 and taken_by = $2 returning id",
)
const escalate = statement(
  "alerts.escalate",
  `update alerts a set escalated_at = ${at(1)} where a.id in
     (select id from alerts where escalates_at <= ${at(1)} and taken_at is null and escalated_at is null and ended_at is null
      order by escalates_at limit 50 for update skip locked) returning ${fields}`,
)
const open = statement(
  "alerts.open",
  `select ${fields} from alerts a where a.ended_at is null and a.kind is not null and a.spoken_at is not null
     and ($1::text is null or a.department = $1) order by a.created_at desc limit $2`,
)
const unheard = statement(
  "alerts.unheard",
  `select ${fields} from alerts a where a.ended_at is null and a.kind is not null and a.spoken_at is not null and a.taken_at is null
     and a.created_at > ${at(2)} and ($1::text is null or a.department = $1)
     and not exists (select from deliveries d where d.alert = a.id) order by a.created_at desc limit 20`,
)
const end = statement(
  "alerts.end",
  `update alerts set ended_at = ${at(2)}, saved = $3, lost = $4 where id = $1 and ended_at is null`,
)
const unspoken = statement(
  "alerts.unspoken",
  `select id from alerts where spoken_at is null and created_at < ${at(1)} order by created_at limit 100`,
)
const forget = statement(
  "alerts.forget",
  `delete from alerts where id in (select id from alerts where created_at < ${at(1)} order by created_at limit 2000)`,
)

/** Adds an alert; null when its key was said already. */
export async function addAlert(tx: Session, alert: NewAlert, now: Instant): Promise<string | null> {
  const { key, code, department, kind, standard, clock, basis, level, about, said, path, people } = alert
  const rows = await run<{ id: string }>(tx, add, [
    newId(now),
    key,
    code,
    department,
    kind ?? null,
    standard ?? null,
    clock ?? null,
    basis ?? null,
    level ?? null,
    JSON.stringify(about ?? []),
    JSON.stringify(said ?? {}),
    path ?? null,
    people ?? [],
    now,
  ])
  return rows[0]?.id ?? null
}
/** Whether an alert of a key was said. */
export const wasSaid = async (session: Session, key: string): Promise<boolean> =>
  (await run(session, hasKey, [key])).length > 0
/** An alert by its id. */
export const findAlert = async (session: Session, id: string): Promise<Alert | undefined> =>
  (await run<Alert>(session, find, [id]))[0]
/** The same, held until the transaction ends. */
export const holdAlert = async (tx: Session, id: string): Promise<Alert | undefined> =>
  (await run<Alert>(tx, findForUpdate, [id]))[0]
/** Notes that an alert went to its robots and people, who is on duty, and when it goes to the head. */
export const noteSpoken = (
  tx: Session,
  id: string,
  now: Instant,
  { title, owner, escalatesAt }: Pick<Alert, "title" | "owner" | "escalatesAt">,
): Promise<unknown[]> => run(tx, speak, [id, now, owner, escalatesAt, title && JSON.stringify(title)])
/** Gives an alert to whoever takes it first; false when somebody did. */
export const takeAlert = async (tx: Session, id: string, staff: string, now: Instant): Promise<boolean> =>
  (await run(tx, take, [id, staff, now])).length > 0
/** Lets go of an alert that one took. */
export const releaseAlert = async (tx: Session, id: string, staff: string): Promise<boolean> =>
  (await run(tx, release, [id, staff])).length > 0
/** Marks the alerts that nobody took in time as escalated, each once; answers them. */
export const takeEscalations = (tx: Session, now: Instant): Promise<Alert[]> => run(tx, escalate, [now])
/** Alerts of a department (null: of all) that stand, that nobody took and that no robot was there to hear, since an instant. */
export const listUnheard = (tx: Session, department: string | null, since: Instant): Promise<Alert[]> =>
  run(tx, unheard, [department, since])
/** The alerts about clocks that have not ended, the newest first. */
export const listOpenAlerts = (session: Session, department: string | null, limit = 200): Promise<Alert[]> =>
  run(session, open, [department, limit])
const warnings = statement(
  "alerts.warnings",
  `select ${fields} from alerts a where a.code in ('near', 'no_first_scan', 'unconfirmed') and a.spoken_at is not null
     and ($1::text[] is null or a.department = any($1)) and (a.ended_at is null or a.ended_at > ${at(2)})
   order by a.ended_at is not null, a.taken_at is not null, a.created_at desc limit 100`,
)
/** The warnings of some departments or all: those that nobody took first, then what runs, then what ended since an instant. */
export const listWarnings = (
  session: Session,
  departments: readonly string[] | null,
  endedSince: Instant,
): Promise<Alert[]> => run(session, warnings, [departments, endedSince])
const latestOf = statement(
  "alerts.latest_of",
  `select d.alert as id, d.created_at as at from deliveries d join alerts a on a.id = d.alert
   where d.robot = $1 and a.code <> 'test' order by d.created_at desc limit 1`,
)
/** The alert that a robot was last given to say. */
export const latestAlertOf = async (
  session: Session,
  robot: string,
): Promise<{ id: string; at: Instant } | undefined> =>
  (await run<{ id: string; at: Instant }>(session, latestOf, [robot]))[0]
/** Ends an alert with how many were saved and lost. */
export const endAlert = (
  tx: Session,
  id: string,
  now: Instant,
  { saved, lost }: { saved: number; lost: number },
): Promise<unknown[]> => run(tx, end, [id, now, saved, lost])
/** Alerts older than an instant whose job was lost. */
export const listUnspoken = async (session: Session, before: Instant): Promise<string[]> =>
  (await run<{ id: string }>(session, unspoken, [before])).map(({ id }) => id)
/** Forgets alerts made before an instant, some thousands at a time; answers how many. */
export const forgetAlerts = (session: Session, before: Instant): Promise<number> =>
  touch(session, forget, [before])

// ------------------------------------------------------------------ what an alert is about, as it stands now

/** How the subjects of an alert stand. */
export type Standing = { open: number; saved: number; lost: number }

/** The subjects of an alert ($1), for `from`. */
export const alertSubjects = `select distinct (e.each ->> 0)::int2 as bucket, (e.each ->> 1)::uuid as id, (e.each ->> 2)::int2 as round
  from alerts a cross join jsonb_array_elements(a.about) as e(each) where a.id = $1`
const stand = statement(
  "alerts.standing",
  `select count(*) filter (where c.closed_at is null and c.breach_standing is not true and not c.gone)::int as open,
     count(*) filter (where c.breach_standing is true or c.outcome = 'late')::int as lost,
     count(*) filter (where (c.closed_at is not null or c.gone) and c.breach_standing is not true and c.outcome is distinct from 'late')::int as saved
   from (${alertSubjects}) k join clocks c on c.bucket = k.bucket and c.subject_id = k.id and c.round = k.round
     and c.subject_kind = $2 and c.kind = $3 and c.basis = $4`,
)
/** How many of an alert's clocks run, stopped in time and were late. */
export const standingOf = async (
  session: Session,
  { id, clock, basis }: Pick<Alert, "id" | "clock" | "basis">,
  subjectKind: string,
): Promise<Standing> => (await run<Standing>(session, stand, [id, subjectKind, clock, basis]))[0]!

/** What a card about orders says: one answer of the database, however many they are. */
export type Summary = {
  count: number
  firstDueAt: Instant | null
  /** the one with the earliest due */
  worstNo: string | null
  product: string | null
  stage: string | null
  warehouses: string[]
  warehouseCount: number
  shops: string[]
  shopCount: number
  amount: number | null
  currency: string | null
  opened: number
  cause: string | null
  within: [tenMinutes: number, thirtyMinutes: number, hour: number]
  channel: string | null
  dataAt: Instant | null
  carrier: string | null
}

const summary = statement(
  "alerts.summary",
  `with k as (${alertSubjects}), rows as (
     select c.due_at, coalesce(c.breach_due_at, c.due_at) as due, o.bucket, o.id, o.order_no, o.channel, o.shop, o.warehouse, a.stage,
       o.details -> 'items' -> 0 ->> 'name' as product, (o.details ->> 'amount')::numeric as amount, o.details ->> 'currency' as currency,
       c.case_n
     from k join clocks c on c.bucket = k.bucket and c.subject_kind = 'order' and c.subject_id = k.id and c.round = k.round
       and c.kind = $2 and c.basis = $3
     join orders o on o.bucket = k.bucket and o.id = k.id join agenda a on a.bucket = k.bucket and a.id = k.id
     where o.watched and (cardinality($4::text[]) = 0 or o.warehouse = any($4))
       and case when $5 = 'breach' then c.breach_standing
         else c.closed_at is null and not c.gone and c.breach_standing is not true end)
   select count(*)::int as count, min(due) as "firstDueAt",
     (array_agg(order_no order by due, order_no))[1] as "worstNo", (array_agg(product order by due, order_no))[1] as product,
     (array_agg(stage order by due, order_no))[1] as stage,
     coalesce((select array_agg(warehouse order by n desc, warehouse) from
       (select warehouse, count(*) as n from rows where warehouse is not null group by 1 order by 2 desc limit 2) w), '{}') as warehouses,
     count(distinct warehouse)::int as "warehouseCount",
     coalesce((select array_agg(channel || '/' || shop order by n desc, channel, shop) from
       (select channel, shop, count(*) as n from rows group by 1, 2 order by 3 desc limit 2) s), '{}') as shops,
     count(distinct (channel, shop))::int as "shopCount",
     case when count(distinct currency) = 1 then sum(amount)::float8 end as amount, min(currency) as currency,
     count(distinct (bucket, case_n)) filter (where case_n is not null)::int as opened,
     (select c.cause from rows r join cases c on c.bucket = r.bucket and c.n = r.case_n where c.cause is not null
       group by 1 order by count(*) desc limit 1) as cause,
     array[count(*) filter (where due <= ${at(6)} + interval '10 minutes'),
       count(*) filter (where due > ${at(6)} + interval '10 minutes' and due <= ${at(6)} + interval '30 minutes'),
       count(*) filter (where due > ${at(6)} + interval '30 minutes' and due <= ${at(6)} + interval '60 minutes')]::int[] as within,
     min(channel) as channel,
     (select min(s.told_at) from shops s where (s.channel, s.shop) in (select channel, shop from rows)) as "dataAt",
     (select p.carrier from rows r join parcels p on p.bucket = r.bucket and p.order_id = r.id group by 1 order by count(*) desc limit 1) as carrier
   from rows`,
)
/** What there is to say now of the orders of an alert, of some warehouses or all (none named). */
export const summaryOf = async (
  session: Session,
  { id, clock, basis, kind }: Pick<Alert, "id" | "clock" | "basis" | "kind">,
  warehouses: readonly string[],
  now: Instant,
): Promise<Summary> => (await run<Summary>(session, summary, [id, clock, basis, warehouses, kind, now]))[0]!

/** What a card about steps of cases says. */
export type StepsSummary = {
  count: number
  firstDueAt: Instant | null
  /** the case with the earliest due */
  bucket: number | null
  n: number | null
  cause: string | null
  owner: string | null
  /** whose turn it is, ids of staff */
  people: string[]
}

// A case's clocks bear an id made of its bucket and count; the last twelve digits are the count.
const steps = statement(
  "alerts.steps",
  `with k as (${alertSubjects}), rows as (
     select coalesce(c.breach_due_at, c.due_at) as due, o.bucket, o.n, o.cause, s.id as staff, s.name
     from k join clocks c on c.bucket = k.bucket and c.subject_kind = 'case' and c.subject_id = k.id and c.round = k.round
       and c.kind = $2 and c.basis = $3
     join cases o on o.bucket = k.bucket and o.n = ('x' || right(k.id::text, 12))::bit(48)::bigint
     left join staff s on s.id::text = o.assignee and s.active
     where case when $4 = 'breach' then c.breach_standing and c.closed_at is null
       else c.closed_at is null and not c.gone and c.breach_standing is not true end)
   select count(*)::int as count, min(due) as "firstDueAt", (array_agg(bucket order by due, n))[1] as bucket,
     (array_agg(n order by due, n))[1] as n, (array_agg(cause order by due, n))[1] as cause,
     (array_agg(name order by due, n))[1] as owner,
     coalesce(array_agg(distinct staff) filter (where staff is not null), '{}') as people
   from rows`,
)
/** What there is to say now of the steps of cases that an alert is about. */
export const stepsOf = async (
  session: Session,
  { id, clock, basis, kind }: Pick<Alert, "id" | "clock" | "basis" | "kind">,
): Promise<StepsSummary> => (await run<StepsSummary>(session, steps, [id, clock, basis, kind]))[0]!
