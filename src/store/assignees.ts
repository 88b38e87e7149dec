import type { Instant } from "../core/instants.ts"
import { run, type Session, statement } from "./statement.ts"

/** Somebody who could take a case of a department, with how many they have in hand. */
export type Candidate = {
  department: string
  id: string
  name: string
  /** a shift covers now; of a department without a roster everybody who is not away */
  onDuty: boolean
  isHead: boolean
  open: number
}

// Who is rostered within a week makes the roster count; before there is one, everybody is there.
const candidates = statement(
  "assignees.list",
  `with at as (select to_timestamp($2::float8 / 1000) as now),
     rostered as (select distinct h.department from shifts h, at where h.department = any($1::text[])
       and h.to_at > at.now - interval '7 days' and h.from_at < at.now + interval '7 days')
   select d.id as department, s.id, s.name, coalesce(d.head = s.id, false) as "isHead",
     (select count(*)::int from cases c where c.assignee = s.id::text and c.archived_at is null) as open,
     case when d.id in (select department from rostered)
       then exists (select from shifts h where h.department = d.id and h.staff = s.id and h.from_at <= at.now and h.to_at > at.now)
       else coalesce(d.head <> s.id, true) or not exists (select from memberships o where o.department = d.id and o.staff <> s.id
         and o.from_at <= at.now and coalesce(o.to_at, 'infinity') > at.now) end as "onDuty"
   from departments d cross join at join staff s on s.active and coalesce(s.expires_at, 'infinity') > at.now
     and coalesce(s.leaves_at, 'infinity') > at.now and (d.head = s.id or exists (select from memberships m where m.department = d.id and m.staff = s.id
       and m.from_at <= at.now and coalesce(m.to_at, 'infinity') > at.now))
   where d.id = any($1::text[]) and not exists (select from leaves l where l.staff = s.id and l.from_at <= at.now
     and coalesce(l.to_at, 'infinity') > at.now)
   order by open, s.name, s.id`,
)
/** Who of some departments could take a case at an instant, those with the least open work first; who is away is not among them. */
export const listCandidates = (
  session: Session,
  departments: readonly string[],
  at: Instant,
): Promise<Candidate[]> => run(session, candidates, [departments, at])

const homes = statement(
  "assignees.homes",
  `select s.id, s.name, array_agg(m.department order by m.from_at) filter (where m.department is not null) as departments
   from staff s left join memberships m on m.staff = s.id and m.from_at <= to_timestamp($2::float8 / 1000)
     and coalesce(m.to_at, 'infinity') > to_timestamp($2::float8 / 1000)
   where s.active and coalesce(s.expires_at, 'infinity') > to_timestamp($2::float8 / 1000)
     and coalesce(s.leaves_at, 'infinity') > to_timestamp($2::float8 / 1000) and s.id = any($1::uuid[]) group by s.id, s.name`,
)
/** People who work here now, with their departments. */
export const listHomes = async (
  session: Session,
  staff: readonly string[],
  at: Instant,
): Promise<{ id: string; name: string; departments: string[] }[]> => {
  if (staff.length === 0) return []
  const rows = await run<{ id: string; name: string; departments: string[] | null }>(session, homes, [
    staff,
    at,
  ])
  return rows.map((row) => ({ ...row, departments: row.departments ?? [] }))
}

const names = statement("assignees.names", "select id, name from staff where id = any($1::uuid[])")
/** The names of people, also of those who have left, by id. */
export async function namesOf(
  session: Session,
  staff: Iterable<string | null>,
): Promise<Map<string, string>> {
  const wanted = [...new Set(staff)].filter((id): id is string => id !== null)
  if (wanted.length === 0) return new Map()
  const rows = await run<{ id: string; name: string }>(session, names, [wanted])
  return new Map(rows.map(({ id, name }) => [id, name]))
}
