import { sql } from "kysely"
import type { Instant } from "../core/instants.ts"
import { composer } from "./composer.ts"
import type { Database } from "./database.ts"
import { caseNumber } from "./keys.ts"

/** Narrowing of the board to a channel, or to one shop of it. */
export type Scope = { channel?: string | undefined; shop?: string | undefined }

const within = ({ channel, shop }: Scope) => sql`o.told_at is not null and o.watched
  and (${channel ?? null}::text is null or o.channel = ${channel ?? null}) and (${shop ?? null}::text is null or o.shop = ${shop ?? null})`

/** Anomalies of watched orders by word: how many, and an example. */
export async function listAnomalies(db: Database, scope: Scope) {
  const query = sql<{ word: string; n: number; channel: string; shop: string; orderNo: string }>`
    select word, count(*)::int as n, min(o.channel) as channel, min(o.shop) as shop, min(o.order_no) as "orderNo"
    from orders o, unnest(o.anomalies) word where o.anomalies <> '{}' and ${within(scope)} group by word order by n desc`
  return (await query.execute(composer(db))).rows
}

/** The oldest due of the clocks that are over, by kind. */
export async function listOldest(db: Database, scope: Scope) {
  const query = sql<{ kind: string; dueAt: Instant }>`
    select c.kind, min(c.due_at) as "dueAt" from orders o
    join clocks c on c.bucket = o.bucket and c.subject_kind = 'order' and c.subject_id = o.id
      and c.closed_at is null and not c.gone and c.observed and c.state = 'over'
    join agenda a on a.bucket = o.bucket and a.id = o.id
    where a.next_due_at < clock_timestamp() and ${within(scope)} group by c.kind`
  return (await query.execute(composer(db))).rows
}

/** Orders created and paid since an instant, counted from rows (what the minute counts no longer hold). */
export async function countPaidByMinuteOfDay(db: Database, from: Instant, to: Instant, timezone: string) {
  const query = sql<{ minute: number; n: number; days: number }>`
    select (extract(hour from local) * 60 + extract(minute from local))::int / 10 * 10 as minute, count(*)::int as n,
      (select count(distinct (paid_at at time zone ${timezone})::date)::int from orders
       where paid_at >= to_timestamp(${from}::float8 / 1000) and paid_at < to_timestamp(${to}::float8 / 1000)) as days
    from (select o.paid_at at time zone ${timezone} as local from orders o
          where o.paid_at >= to_timestamp(${from}::float8 / 1000) and o.paid_at < to_timestamp(${to}::float8 / 1000) and o.told_at is not null) paid
    group by 1 order by 1`
  return (await query.execute(composer(db))).rows
}

/** Open cases by department, with the one opened first. */
export async function listCaseHolders(db: Database) {
  const query = sql<{ department: string | null; n: number; bucket: number; first: number }>`
    select c.department, count(*)::int as n, (array_agg(c.bucket order by c.opened_at))[1] as bucket,
      (array_agg(c.n order by c.opened_at))[1] as first
    from cases c where c.archived_at is null group by c.department order by n desc`
  const { rows } = await query.execute(composer(db))
  return rows.map(({ department, n, bucket, first }) => ({
    department,
    n,
    number: caseNumber(first, bucket),
  }))
}
