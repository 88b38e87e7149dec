import type { Instant } from "../core/instants.ts"
import type { Role } from "../core/permissions.ts"
import { newId } from "./keys.ts"
import type { Person } from "./people.ts"
import { run, type Session, statement } from "./statement.ts"

/** A stretch of time in a department, or of a role; `to` is null while it lasts. */
export type Stretch = { department: string | null; role: Role | null; from: Instant; to: Instant | null }

const memberships = statement(
  "memberships.of",
  `select department, null as role, from_at as "from", to_at as "to" from memberships where staff = $1 order by from_at`,
)
const grants = statement(
  "grants.of",
  `select department, role, from_at as "from", to_at as "to" from grants where staff = $1 order by from_at, role`,
)
/** The departments a person was in, first to last: scores count for the department of then. */
export const listMemberships = (session: Session, staff: string): Promise<Stretch[]> =>
  run(session, memberships, [staff])
/** The roles a person held, first to last. */
export const listGrants = (session: Session, staff: string): Promise<Stretch[]> =>
  run(session, grants, [staff])

const holdAll = statement("departments.hold", "lock table departments in share row exclusive mode")
/** Whoever changes departments or people does so one after the other, so that what only all of them show (a ring, a name twice, no owner left) is seen in time. */
export const holdStaffing = (tx: Session): Promise<unknown[]> => run(tx, holdAll)

const lock = statement("staff.lock", "select id from staff where id = $1 for update")
/** Holds a person's row, so that two people who change them do so one after the other. */
export const lockPerson = async (tx: Session, id: string): Promise<boolean> =>
  (await run(tx, lock, [id])).length > 0

const alter = statement(
  "staff.alter",
  `update staff set name = $2, active = $3, expires_at = to_timestamp($4::float8 / 1000),
     leaves_at = to_timestamp($5::float8 / 1000) where id = $1`,
)
/** Writes a person's own fields. */
export const alterPerson = (
  tx: Session,
  {
    id,
    name,
    active,
    expiresAt,
    leavesAt,
  }: Pick<Person, "id" | "name" | "active" | "expiresAt" | "leavesAt">,
): Promise<unknown[]> => run(tx, alter, [id, name, active, expiresAt, leavesAt])

const endGrant = statement(
  "grants.end",
  `update grants set to_at = to_timestamp($4::float8 / 1000)
   where staff = $1 and role = $2 and department is not distinct from $3 and to_at is null`,
)
const addGrant = statement(
  "grants.add",
  "insert into grants (id, staff, role, department, from_at) values ($1, $2, $3, $4, to_timestamp($5::float8 / 1000))",
)
/** Ends the roles a person has no longer and gives those that are new, from `at` on. */
export async function changeGrants(
  tx: Session,
  staff: string,
  { before, after }: Record<"before" | "after", readonly { role: Role; department: string | null }[]>,
  at: Instant,
): Promise<void> {
  const named = ({ role, department }: { role: Role; department: string | null }) =>
    `${role} ${department ?? ""}`
  const kept = new Set(after.map(named))
  const had = new Set(before.map(named))
  for (const each of before)
    if (!kept.has(named(each))) await run(tx, endGrant, [staff, each.role, each.department, at])
  for (const each of new Map(after.map((one) => [named(one), one])).values())
    if (!had.has(named(each))) await run(tx, addGrant, [newId(at), staff, each.role, each.department, at])
}

const endMemberships = statement(
  "memberships.end",
  `with gone as (delete from memberships where staff = $1 and from_at >= to_timestamp($2::float8 / 1000) returning id)
   update memberships set to_at = to_timestamp($2::float8 / 1000)
   where staff = $1 and from_at < to_timestamp($2::float8 / 1000)
     and coalesce(to_at, 'infinity') > to_timestamp($2::float8 / 1000)`,
)
const addMembership = statement(
  "memberships.add",
  "insert into memberships (id, staff, department, from_at) values ($1, $2, $3, to_timestamp($4::float8 / 1000))",
)
/** Moves a person to a department from an instant on (null: to none); what was said of the time after it is said anew. */
export async function movePerson(
  tx: Session,
  move: { staff: string; department: string | null; from: Instant },
  at: Instant,
): Promise<void> {
  await run(tx, endMemberships, [move.staff, move.from])
  if (move.department !== null)
    await run(tx, addMembership, [newId(at), move.staff, move.department, move.from])
}

const setHead = statement("departments.set_head", "update departments set head = $2 where id = $1")
const headless = statement(
  "departments.without_head",
  "update departments set head = null where head = $1 returning id",
)
const close = statement(
  "departments.close",
  "update departments set closed_at = to_timestamp($2::float8 / 1000) where id = $1",
)
const members = statement(
  "memberships.open_in",
  "select count(*)::int as n from memberships m join staff s on s.id = m.staff where m.department = $1 and m.to_at is null and s.active",
)
/** Names the head of a department, or nobody. */
export const saveHead = (tx: Session, department: string, head: string | null): Promise<unknown[]> =>
  run(tx, setHead, [department, head])
/** Leaves the departments that a person heads without a head; answers which. */
export const unhead = async (tx: Session, staff: string): Promise<string[]> =>
  (await run<{ id: string }>(tx, headless, [staff])).map(({ id }) => id)
/** Closes a department at an instant, or opens it again (null). */
export const closeDepartment = (tx: Session, id: string, at: Instant | null): Promise<unknown[]> =>
  run(tx, close, [id, at])
/** How many people are in a department. */
export const countMembers = async (session: Session, department: string): Promise<number> =>
  (await run<{ n: number }>(session, members, [department]))[0]!.n

const owners = statement(
  "grants.owners",
  `select count(distinct g.staff)::int as n from grants g join staff s on s.id = g.staff
   where g.role = 'owner' and g.to_at is null and s.active and s.id <> $1 and s.expires_at is null and s.leaves_at is null`,
)
/** How many owners there are who stay, a person left aside. */
export const countOtherOwners = async (session: Session, staff: string): Promise<number> =>
  (await run<{ n: number }>(session, owners, [staff]))[0]!.n
