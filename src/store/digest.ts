import type { Instant } from "../core/instants.ts"
import { caseNumber } from "./keys.ts"
import { run, type Session, statement } from "./statement.ts"

const at = (place: number) => `to_timestamp($${place}::float8 / 1000)`
const day = statement(
  "digest.day",
  `select count(distinct c.subject_id) filter (where c.breach_standing and c.breach_due_at >= ${at(1)} and c.breach_due_at < ${at(2)})::int as late,
     count(distinct c.subject_id)::int as due
   from clocks c join orders o on o.bucket = c.bucket and o.id = c.subject_id and o.watched
   where c.subject_kind = 'order' and c.observed and not c.gone
     and (c.due_at >= ${at(1)} and c.due_at < ${at(2)} or c.breach_due_at >= ${at(1)} and c.breach_due_at < ${at(2)})`,
)
const today = statement(
  "digest.today",
  `select count(distinct c.subject_id) filter (where c.due_at >= ${at(1)})::int as due,
     count(distinct c.subject_id) filter (where c.state in ('near', 'over'))::int as risk
   from clocks c join orders o on o.bucket = c.bucket and o.id = c.subject_id and o.watched
   where c.subject_kind = 'order' and c.closed_at is null and not c.gone and c.observed and c.due_at < ${at(2)}`,
)
const cases = statement(
  "digest.cases",
  `select count(*)::int as open,
     (select count(*)::int from clocks k join cases o on o.bucket = k.bucket and o.n = k.case_n
        and o.archived_at is null and ($1::text is null or o.department = $1)
      where k.subject_kind = 'case' and k.closed_at is null and not k.gone and k.state = 'over') as over,
     (array_agg(c.bucket order by c.opened_at))[1] as bucket, (array_agg(c.n order by c.opened_at))[1] as n,
     min(c.opened_at) as "openedAt"
   from cases c where c.archived_at is null and ($1::text is null or c.department = $1)`,
)
const paid = statement(
  "digest.paid",
  `select channel, shop, count(*)::int as n from orders where paid_at >= ${at(1)} and paid_at < ${at(2)}
   group by 1, 2 order by 3 desc, 1, 2 limit 6`,
)
const receivers = statement(
  "digest.departments",
  `select distinct id from (
     select department as id from robots where active and (cardinality(codes) = 0 or 'morning_digest' = any(codes))
     union all select id from departments where head is not null) d order by id`,
)

const before = statement("digest.before", `select from orders where paid_at < ${at(1)} limit 1`)
/** Whether any order was paid before an instant. */
export const wasPaidBefore = async (session: Session, instant: Instant): Promise<boolean> =>
  (await run(session, before, [instant])).length > 0
/** How many watched orders were late within a span, and how many had a deadline in it. */
export const countDay = async (session: Session, from: Instant, to: Instant) =>
  (await run<{ late: number; due: number }>(session, day, [from, to]))[0]!
/** How many orders are due between two instants, and how many by then are near or over. */
export const countToday = async (session: Session, now: Instant, to: Instant) =>
  (await run<{ due: number; risk: number }>(session, today, [now, to]))[0]!
/** The open cases of a department or all, how many of their inner clocks are over, and the one opened first. */
export async function countOpenCases(session: Session, department: string | null) {
  const [row] = await run<{
    open: number
    over: number
    bucket: number
    n: number
    openedAt: Instant | null
  }>(session, cases, [department])
  const { open, over, bucket, n, openedAt } = row!
  return { open, over, oldest: openedAt === null ? null : { number: caseNumber(n, bucket), openedAt } }
}
/** The orders paid within a span by shop, the most first. */
export const countPaidByShop = (
  session: Session,
  from: Instant,
  to: Instant,
): Promise<{ channel: string; shop: string; n: number }[]> => run(session, paid, [from, to])
/** The departments that get a digest: those with a robot for it or a head. */
export const listDigestDepartments = async (session: Session): Promise<string[]> =>
  (await run<{ id: string }>(session, receivers)).map(({ id }) => id)
