import type { Instant } from "../core/instants.ts"
import { run, type Session, statement } from "./statement.ts"

const at = (place: number) => `to_timestamp($${place}::float8 / 1000)`
/** What was taken back was never done. */
const stands = `not exists (select from case_log u where u.bucket = l.bucket and u.case_n = l.case_n and u.what = 'undone'
  and u.data ->> 'of' = l.id::text)`
export const recordMax = 1_000

/** A case that was handed on, by or to somebody. */
export type HandOnRow = {
  bucket: number
  n: number
  at: Instant
  who: string | null
  by: string | null
  fromPerson: string | null
  person: string | null
  from: string | null
  department: string | null
  reason: string
  note: string | null
  contested: boolean
}
const handOns = statement(
  "record.hand_ons",
  `select l.bucket, l.case_n as n, l.at, l.who, l.data ->> 'by' as by, l.data ->> 'fromPerson' as "fromPerson", l.data ->> 'person' as person,
     l.data ->> 'from' as "from", coalesce(l.data ->> 'proposed', l.data ->> 'department') as department, l.data ->> 'reason' as reason,
     l.data ->> 'note' as note, coalesce((l.data ->> 'contested')::boolean, false) as contested
   from case_log l where l.what = 'hand_on' and l.at >= ${at(2)} and l.at < ${at(3)}
     and $1 in (l.data ->> 'by', l.data ->> 'fromPerson', l.data ->> 'person') and ${stands}
   order by l.at desc limit ${recordMax}`,
)
/** The hand-ons of a span in which somebody handed on, had it before, or got it; the latest first. */
export const listHandOns = (
  session: Session,
  staff: string,
  from: Instant,
  to: Instant,
): Promise<HandOnRow[]> => run(session, handOns, [staff, from, to])

/** An inner clock that somebody stopped in time, or that broke while they had the step. */
export type StepRow = {
  bucket: number
  n: number
  kind: string
  round: number
  dueAt: Instant | null
  /** null: it is still open */
  closedAt: Instant | null
}
// The id under which a case's clocks lie (store/keys.ts).
const clockOf = `c.bucket = l.bucket and c.subject_kind = 'case' and c.subject_id = ('00000000-' || lpad(to_hex(l.bucket::int), 4, '0') || '-8000-8000-' || lpad(to_hex(l.case_n), 12, '0'))::uuid`
const late = statement(
  "record.late",
  `select l.bucket, l.case_n as n, c.kind, c.round, c.breach_due_at as "dueAt", c.closed_at as "closedAt"
   from case_log l join clocks c on ${clockOf} and c.kind = l.data ->> 'clock' and c.round = (l.data ->> 'round')::int and c.breach_standing
   where l.what = 'overdue' and l.at >= ${at(2)} and l.at < ${at(3)} and l.data ->> 'person' = $1
   order by l.at desc limit ${recordMax}`,
)
/** Which act stops which clock. */
const stopping = `(('plan', 'answered'), ('told', 'told'), ('resolve', 'resolved'), ('report', 'reported'), ('assign', 'received'),
  ('archive', 'archived'), ('return', 'returned'))`
const met = statement(
  "record.met",
  `select distinct on (l.at, c.bucket, c.subject_id, c.kind, c.round) l.bucket, l.case_n as n, c.kind, c.round, c.due_at as "dueAt", c.closed_at as "closedAt"
   from case_log l join clocks c on ${clockOf} and c.closed_at = l.at and c.outcome = 'met' and (l.what, c.stopped_by) in ${stopping}
   where l.what in ('plan', 'told', 'resolve', 'report', 'assign', 'archive', 'return') and l.at >= ${at(2)} and l.at < ${at(3)}
     and l.data ->> 'by' = $1 and ${stands}
   order by l.at desc, c.bucket, c.subject_id, c.kind, c.round limit ${recordMax}`,
)
/** The inner clocks of a span that broke while somebody had the step. */
export const listLateSteps = (
  session: Session,
  staff: string,
  from: Instant,
  to: Instant,
): Promise<StepRow[]> => run(session, late, [staff, from, to])
/** The inner clocks of a span that somebody's own act stopped in time. */
export const listMetSteps = (
  session: Session,
  staff: string,
  from: Instant,
  to: Instant,
): Promise<StepRow[]> => run(session, met, [staff, from, to])
