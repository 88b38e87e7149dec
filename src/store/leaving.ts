import type { Instant } from "../core/instants.ts"
import { run, type Session, statement } from "./statement.ts"

const at = (place: number) => `to_timestamp($${place}::float8 / 1000)`
const left = statement(
  "leaving.left",
  `select s.id, s.name from staff s
   where (not s.active or s.expires_at <= ${at(1)} or s.leaves_at <= ${at(1)})
     and (exists (select from cases c where c.assignee = s.id::text and c.archived_at is null)
       or exists (select from alerts a where a.ended_at is null and (a.taken_by = s.id or a.taken_by is null and a.owner = s.id))
       or exists (select from departments d where d.head = s.id)
       or exists (select from incidents i where i.owner = s.id and i.closed_at is null)
       or exists (select from help_requests q where q.to_person = s.id and q.state = 'asked')
       or exists (select from auth_sessions e where e."userId" = s.auth_user_id))
   order by s.id limit 50`,
)
/** People who no longer work here and to whom something still points: work, a department, a session. */
export const listLeft = (session: Session, now: Instant): Promise<{ id: string; name: string }[]> =>
  run(session, left, [now])

const cases = statement(
  "leaving.cases",
  `select c.bucket, c.n, c.department, c.state, i.n as incident from cases c left join incidents i on i.id = c.incident
   where c.assignee = $1 and c.archived_at is null order by c.owed_due_at, c.bucket, c.n limit 5000`,
)
/** The cases that somebody has in hand, what is due first first. */
export const listHeld = (
  session: Session,
  staff: string,
): Promise<
  { bucket: number; n: number; department: string | null; state: string; incident: number | null }[]
> => run(session, cases, [staff])

const alerts = statement(
  "leaving.alerts",
  `select a.id, a.department from alerts a where a.ended_at is null and (a.taken_by = $1 or a.taken_by is null and a.owner = $1) limit 1000`,
)
const giveAlert = statement(
  "leaving.give_alert",
  "update alerts set taken_by = null, taken_at = null, owner = $2 where id = $1",
)
/** The warnings that somebody is to handle. */
export const listOwnWarnings = (
  session: Session,
  staff: string,
): Promise<{ id: string; department: string }[]> => run(session, alerts, [staff])
/** Gives a warning to another owner, or none, untaken: its way to the head goes on. */
export const giveWarning = (tx: Session, id: string, owner: string | null): Promise<unknown[]> =>
  run(tx, giveAlert, [id, owner])

const incidents = statement(
  "leaving.incidents",
  `update incidents i set owner = d.head, version = i.version + 1 from incidents o left join departments d on d.id = o.department and d.head <> $1
   where i.id = o.id and o.owner = $1 and o.closed_at is null returning i.n`,
)
const help = statement(
  "leaving.help",
  `update help_requests set to_person = null, to_department = coalesce(to_department, $2) where to_person = $1 and state = 'asked' returning id`,
)
/** Brings what else points to somebody to their department and its head; answers what, for the audit trail. */
export async function releaseOthers(
  tx: Session,
  staff: string,
  department: string | null,
): Promise<{ incidents: number[]; help: string[] }> {
  const own = await run<{ n: number }>(tx, incidents, [staff])
  const asked = await run<{ id: string }>(tx, help, [staff, department ?? "operations"])
  return { incidents: own.map(({ n }) => n), help: asked.map(({ id }) => id) }
}

const sessions = statement(
  "leaving.sessions",
  `delete from auth_sessions where "userId" = (select auth_user_id from staff where id = $1) returning id`,
)
/** Ends the sessions of somebody; answers how many. */
export const endSessions = async (tx: Session, staff: string): Promise<number> =>
  (await run(tx, sessions, [staff])).length
