import type { Instant } from "../core/instants.ts"
import { run, type Session, statement } from "./statement.ts"

const name = statement("staff.name", "select name from staff where id = $1")
const departmentName = statement("departments.name", "select name from departments where id = $1")
const here = `s.active and coalesce(s.expires_at, 'infinity') > to_timestamp($2::float8 / 1000)
  and coalesce(s.leaves_at, 'infinity') > to_timestamp($2::float8 / 1000)`
const holders = statement(
  "staff.holders",
  `select distinct s.id from staff s join grants g on g.staff = s.id and g.to_at is null and g.role = any($1::text[]) where ${here}`,
)

/** What somebody is called; null for nobody. */
export const findName = async (session: Session, id: string): Promise<string | null> =>
  (await run<{ name: string }>(session, name, [id]))[0]?.name ?? null
/** What a department is called; its id where it has no name yet. */
export const nameOfDepartment = async (session: Session, id: string): Promise<string> =>
  (await run<{ name: string }>(session, departmentName, [id]))[0]?.name ?? id
/** Everybody who holds one of some roles. */
export const listHolders = async (
  session: Session,
  roles: readonly string[],
  at: Instant,
): Promise<string[]> => (await run<{ id: string }>(session, holders, [roles, at])).map(({ id }) => id)
