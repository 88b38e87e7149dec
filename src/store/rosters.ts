import type { Instant } from "../core/instants.ts"
import { newId } from "./keys.ts"
import { run, type Session, statement } from "./statement.ts"

/** A stretch of duty of one person in a department; it may go on past midnight. */
export type Shift = { id: string; staff: string; department: string; from: Instant; to: Instant }
/** A stretch in which somebody is not there; `to` is null while nobody knows when they come back. */
export type Leave = { id: string; staff: string; from: Instant; to: Instant | null; reason: string }

/** Somebody who is on duty, with the instant at which their shift ends. */
export type OnDuty = { id: string; name: string; until: Instant }

const here = `s.active and coalesce(s.expires_at, 'infinity') > to_timestamp($2::float8 / 1000)
     and coalesce(s.leaves_at, 'infinity') > to_timestamp($2::float8 / 1000)`
const away = `exists (select from leaves l where l.staff = s.id and l.from_at <= to_timestamp($2::float8 / 1000)
     and coalesce(l.to_at, 'infinity') > to_timestamp($2::float8 / 1000))`
const duty = statement(
  "shifts.on_duty",
  `select s.id, s.name, max(h.to_at) as until from shifts h join staff s on s.id = h.staff
   where h.department = $1 and h.from_at <= to_timestamp($2::float8 / 1000) and h.to_at > to_timestamp($2::float8 / 1000)
     and ${here} and not (${away})
   group by s.id, s.name order by s.name, s.id`,
)
/** Who is on duty for a department at an instant: a shift covers it, no leave does, and they still work here. */
export const whoIsOnDuty = (session: Session, department: string, at: Instant): Promise<OnDuty[]> =>
  run(session, duty, [department, at])

const head = statement(
  "departments.head_of",
  `with recursive up as (
     select d.id, d.parent, d.head, 0 as far from departments d where d.id = $1
     union all select d.id, d.parent, d.head, up.far + 1 from departments d join up on d.id = up.parent where up.far < 20)
   select s.id, s.name from up join staff s on s.id = up.head where ${here} order by (${away}), up.far limit 1`,
)
/** Whom work falls to when nobody is on duty: the department's head, else that of the one above it; who is away only where nobody else is head. */
export const headOf = async (
  session: Session,
  department: string,
  at: Instant,
): Promise<{ id: string; name: string } | null> =>
  (await run<{ id: string; name: string }>(session, head, [department, at]))[0] ?? null

const shiftFields = `h.id, h.staff, h.department, h.from_at as "from", h.to_at as "to"`
const shiftsIn = statement(
  "shifts.in",
  `select ${shiftFields} from shifts h where h.to_at > to_timestamp($1::float8 / 1000)
     and h.from_at < to_timestamp($2::float8 / 1000) and ($3::text is null or h.department = $3)
   order by h.from_at, h.staff limit 20000`,
)
const leavesIn = statement(
  "leaves.in",
  `select id, staff, from_at as "from", to_at as "to", reason from leaves
   where coalesce(to_at, 'infinity') > to_timestamp($1::float8 / 1000) and from_at < to_timestamp($2::float8 / 1000)
   order by from_at, staff limit 20000`,
)
const insertShifts = statement(
  "shifts.insert",
  `insert into shifts (id, staff, department, from_at, to_at)
   select k.id, k.staff, k.department, to_timestamp(k.f / 1000), to_timestamp(k.t / 1000)
   from unnest($1::uuid[], $2::uuid[], $3::text[], $4::float8[], $5::float8[]) as k(id, staff, department, f, t)`,
)
const overlapping = statement(
  "shifts.overlapping",
  `select distinct k.n from unnest($1::uuid[], $2::float8[], $3::float8[]) with ordinality as k(staff, f, t, n)
   join shifts h on h.staff = k.staff and h.from_at < to_timestamp(k.t / 1000) and h.to_at > to_timestamp(k.f / 1000)
     and not h.id = any($4::uuid[])
   order by k.n`,
)
const deleteShift = statement(
  "shifts.delete",
  `delete from shifts h where h.id = $1 returning ${shiftFields}`,
)
const shiftById = statement("shifts.by_id", `select ${shiftFields} from shifts h where h.id = $1`)
const lockShifts = statement("shifts.lock", "lock table shifts in share row exclusive mode")
const insertLeave = statement(
  "leaves.insert",
  `insert into leaves (id, staff, from_at, to_at, reason)
   values ($1, $2, to_timestamp($3::float8 / 1000), to_timestamp($4::float8 / 1000), $5)`,
)
const sameLeave = statement(
  "leaves.same",
  `select id from leaves where staff = $1 and from_at = to_timestamp($2::float8 / 1000)
     and to_at is not distinct from to_timestamp($3::float8 / 1000) and reason = $4 limit 1`,
)
const deleteLeave = statement(
  "leaves.delete",
  `delete from leaves where id = $1 returning id, staff, from_at as "from", to_at as "to", reason`,
)
const cutShifts = statement(
  "shifts.cut",
  `with gone as (delete from shifts where staff = $1 and from_at >= to_timestamp($2::float8 / 1000) returning id)
   update shifts set to_at = to_timestamp($2::float8 / 1000)
   where staff = $1 and from_at < to_timestamp($2::float8 / 1000) and to_at > to_timestamp($2::float8 / 1000)`,
)

/** The shifts that touch a span, of one department or all. */
export const listShifts = (
  session: Session,
  span: { from: Instant; to: Instant; department?: string | null | undefined },
): Promise<Shift[]> => run(session, shiftsIn, [span.from, span.to, span.department ?? null])
/** The leaves that touch a span. */
export const listLeaves = (session: Session, span: { from: Instant; to: Instant }): Promise<Leave[]> =>
  run(session, leavesIn, [span.from, span.to])

/** Whoever changes shifts does so one after the other, so that nobody is put on two at once. */
export const holdShifts = (tx: Session): Promise<unknown[]> => run(tx, lockShifts)
/** Which of some shifts (by index) meet one that the same person has already, some ids left aside. */
export const overlapsOf = async (
  session: Session,
  shifts: readonly Omit<Shift, "id">[],
  aside: readonly string[] = [],
): Promise<number[]> =>
  (
    await run<{ n: number }>(session, overlapping, [
      shifts.map(({ staff }) => staff),
      shifts.map(({ from }) => from),
      shifts.map(({ to }) => to),
      aside,
    ])
  ).map(({ n }) => Number(n) - 1)
/** Adds shifts; answers their ids. */
export async function addShifts(
  tx: Session,
  shifts: readonly Omit<Shift, "id">[],
  at: Instant,
): Promise<string[]> {
  const ids = shifts.map(() => newId(at))
  await run(tx, insertShifts, [
    ids,
    shifts.map(({ staff }) => staff),
    shifts.map(({ department }) => department),
    shifts.map(({ from }) => from),
    shifts.map(({ to }) => to),
  ])
  return ids
}
/** Takes a shift away; answers it. */
export const dropShift = async (tx: Session, id: string): Promise<Shift | undefined> =>
  (await run<Shift>(tx, deleteShift, [id]))[0]
/** A shift by its id. */
export const findShift = async (session: Session, id: string): Promise<Shift | undefined> =>
  (await run<Shift>(session, shiftById, [id]))[0]
/** Ends what somebody is on the roster for after an instant. */
export const endShifts = (tx: Session, staff: string, at: Instant): Promise<unknown[]> =>
  run(tx, cutShifts, [staff, at])
/** The id of a leave that stands and is equal to another; undefined where there is none. */
export const findSameLeave = async (
  session: Session,
  { staff, from, to, reason }: Omit<Leave, "id">,
): Promise<string | undefined> =>
  (await run<{ id: string }>(session, sameLeave, [staff, from, to, reason]))[0]?.id
/** Adds a leave; answers its id. */
export async function addLeave(tx: Session, leave: Omit<Leave, "id">, at: Instant): Promise<string> {
  const id = newId(at)
  await run(tx, insertLeave, [id, leave.staff, leave.from, leave.to, leave.reason])
  return id
}
/** Takes a leave away; answers it. */
export const dropLeave = async (tx: Session, id: string): Promise<Leave | undefined> =>
  (await run<Leave>(tx, deleteLeave, [id]))[0]
