import type { Instant } from "../core/instants.ts"
import { type Alert, alertSubjects, type StepsSummary } from "./alerts.ts"
import { fetched } from "./bulk.ts"
import { run, type Session, statement, touch } from "./statement.ts"

/** A question to a department or a superior (4.1b); its clock is that of the duty of its id. */
export type StoredHelp = {
  id: string
  bucket: number
  /** number of the case or incident */
  subject: string
  at: Instant
  byStaff: string | null
  byWhom: string
  toDepartment: string | null
  toPerson: string | null
  /** the department whose breach a late answer is */
  charged: string
  text: string
  state: "asked" | "answered" | "withdrawn"
  answeredAt: Instant | null
  answeredBy: string | null
  answer: string | null
  /** to whom it went on because nobody answered, the nearest head first */
  escalations: { at: Instant; to: string }[]
  /** when it goes on next; Infinity: no further */
  escalatesAt: Instant
  dueAt: Instant
  nearAt: Instant
}

const instant = (name: string) => fetched("h", name, "instant")
const fields = `h.id, h.bucket, h.subject, ${instant("at")} as at, h.by_staff as "byStaff", h.by_whom as "byWhom",
  h.to_department as "toDepartment", h.to_person as "toPerson", h.charged, h.text, h.state, ${instant("answered_at")} as "answeredAt",
  h.answered_by as "answeredBy", h.answer, h.escalations, h.escalates_at as "escalatesAt", h.due_at as "dueAt", h.near_at as "nearAt"`
const at = (place: number) => `to_timestamp($${place}::float8 / 1000)`

const add = statement(
  "help.add",
  `insert into help_requests (id, bucket, subject, at, by_staff, by_whom, to_department, to_person, charged, text, state, escalates_at, due_at, near_at)
   values ($1, $2, $3, ${at(4)}, $5, $6, $7, $8, $9, $10, 'asked', ${at(11)}, ${at(12)}, ${at(13)})`,
)
const byIds = statement("help.by_ids", `select ${fields} from help_requests h where h.id = any($1::uuid[])`)
const ofSubject = statement(
  "help.of_subject",
  `select ${fields} from help_requests h where h.subject = $1 order by h.at, h.id`,
)
const settle = statement(
  "help.settle",
  `update help_requests set state = $2, answered_at = ${at(3)}, answered_by = $4, answer = $5, escalates_at = 'infinity' where id = $1`,
)
const goOn = statement(
  "help.go_on",
  `update help_requests set escalations = $2::jsonb, escalates_at = ${at(3)} where id = $1 and state = 'asked'`,
)
const open = statement(
  "help.open",
  `select ${fields} from help_requests h where h.state = 'asked'
     and (h.to_person = $1 or h.to_department = any($2::text[]) or $2::text[] is null or h.by_staff = $1
       or h.escalations @> jsonb_build_array(jsonb_build_object('to', $1::text)))
   order by h.due_at, h.id limit 500`,
)
const heads = statement(
  "departments.heads_above",
  `with recursive up as (
     select d.id, d.parent, d.head, 0 as far from departments d where d.id = $1
     union all select d.id, d.parent, d.head, up.far + 1 from departments d join up on d.id = up.parent where up.far < 20)
   select s.id from up join staff s on s.id = up.head and s.active and coalesce(s.expires_at, 'infinity') > ${at(2)}
     and coalesce(s.leaves_at, 'infinity') > ${at(2)}
   order by exists (select from leaves l where l.staff = s.id and l.from_at <= ${at(2)} and coalesce(l.to_at, 'infinity') > ${at(2)}), up.far`,
)

/** Keeps a request. */
export const addHelp = (tx: Session, each: StoredHelp): Promise<unknown[]> =>
  run(tx, add, [
    each.id,
    each.bucket,
    each.subject,
    each.at,
    each.byStaff,
    each.byWhom,
    each.toDepartment,
    each.toPerson,
    each.charged,
    each.text,
    each.escalatesAt,
    each.dueAt,
    each.nearAt,
  ])
/** Requests by their ids. */
export const readHelp = (session: Session, ids: readonly string[]): Promise<StoredHelp[]> =>
  ids.length === 0 ? Promise.resolve([]) : run(session, byIds, [ids])
/** What was asked about a case or incident, oldest first. */
export const listHelp = (session: Session, subject: string): Promise<StoredHelp[]> =>
  run(session, ofSubject, [subject])
/** Writes an answer down, or that none is wanted any more. */
export const settleHelpRow = (
  tx: Session,
  { id, state, answeredAt, answeredBy, answer }: StoredHelp,
): Promise<number> => touch(tx, settle, [id, state, answeredAt, answeredBy, answer])
/** Writes to whom a request went on, and when it goes on again. */
export const escalateHelpRow = (
  tx: Session,
  { id, escalations, escalatesAt }: Pick<StoredHelp, "id" | "escalations" | "escalatesAt">,
): Promise<number> => touch(tx, goOn, [id, JSON.stringify(escalations), escalatesAt])
/** Open requests that somebody asked, or that are for them or their departments (null: all), what is due first first. */
export const listOpenHelp = (
  session: Session,
  staff: string | null,
  departments: readonly string[] | null,
): Promise<StoredHelp[]> => run(session, open, [staff, departments])
/** The heads of a department and of those above it who work here, the nearest first; who is away comes after the others. */
export const headsAbove = async (session: Session, department: string, now: Instant): Promise<string[]> =>
  (await run<{ id: string }>(session, heads, [department, now])).map(({ id }) => id)

const asSteps = statement(
  "help.steps",
  `with k as (${alertSubjects}), rows as (
     select coalesce(c.breach_due_at, c.due_at) as due, h.id, h.subject, h.to_person, s.name
     from k join clocks c on c.bucket = k.bucket and c.subject_kind = 'duty' and c.subject_id = k.id and c.round = k.round
       and c.kind = $2 and c.basis = $3
     join help_requests h on h.id = k.id left join staff s on s.id = h.to_person and s.active
     where case when $4 = 'breach' then c.breach_standing and c.closed_at is null
       else c.closed_at is null and not c.gone and c.breach_standing is not true end)
   select count(*)::int as count, min(due) as "firstDueAt", null as bucket, null as n, null as cause,
     (array_agg(subject order by due, id))[1] as number, (array_agg(name order by due, id))[1] as owner,
     coalesce(array_agg(distinct to_person) filter (where name is not null), '{}') as people
   from rows`,
)
/** What there is to say now of the requests for help that an alert is about, `number` what the first is about. */
export const helpStepsOf = async (
  session: Session,
  { id, clock, basis, kind }: Pick<Alert, "id" | "clock" | "basis" | "kind">,
): Promise<StepsSummary & { number: string | null }> =>
  (await run<StepsSummary & { number: string | null }>(session, asSteps, [id, clock, basis, kind]))[0]!
