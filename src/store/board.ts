import { sql } from "kysely"
import type { Instant } from "../core/instants.ts"
import { slotMs } from "../core/rollups.ts"
import { composer } from "./composer.ts"
import type { Database } from "./database.ts"
import { caseNumber } from "./keys.ts"

/** Narrowing of the board to a channel, or to one shop of it. */
export type Scope = { channel?: string | undefined; shop?: string | undefined }

const within = ({ channel, shop }: Scope) => sql`o.watched
  and (${channel ?? null}::text is null or o.channel = ${channel ?? null}) and (${shop ?? null}::text is null or o.shop = ${shop ?? null})`

/** The words of anomalies with how many orders have each, and one of those as an example. */
export async function listExamples(
  db: Database,
  scope: Scope,
  words: readonly { word: string; n: number }[],
): Promise<{ word: string; n: number; channel: string; shop: string; orderNo: string }[]> {
  if (words.length === 0) return []
  const query = sql<{ word: string; channel: string; shop: string; orderNo: string }>`
    select k.word, e.channel, e.shop, e.order_no as "orderNo" from unnest(${words.map(({ word }) => word)}::text[]) as k(word)
    cross join lateral (select o.channel, o.shop, o.order_no from orders o
      where o.anomalies @> array[k.word] and o.anomalies <> '{}' and ${within(scope)} limit 1) e`
  const { rows } = await query.execute(composer(db))
  return words.flatMap(({ word, n }) => {
    const example = rows.find((row) => row.word === word)
    return example ? [{ ...example, n }] : []
  })
}

/** In a slot that the counts name, where the first of a kind lies; `over`: of what is over, else of what can still be kept. */
export type FirstSlot = { kind: string; over: boolean; slot: number }

/** The first dues of open clocks, each in its slot from `now` on where they are not over, so that few rows are looked at; of orders that missed no earlier clock of the kind. */
export async function listFirstDues(
  db: Database,
  scope: Scope,
  first: readonly FirstSlot[],
  now: Instant,
): Promise<{ kind: string; over: boolean; dueAt: Instant }[]> {
  if (first.length === 0) return []
  const since = first.map(({ slot, over }) => (over ? slot * slotMs : Math.max(slot * slotMs, now)) / 1000)
  const query = sql<{ kind: string; over: boolean; dueAt: Instant }>`
    select k.kind, k.over, e.due_at as "dueAt"
    from unnest(${first.map(({ kind }) => kind)}::text[], ${first.map(({ over }) => over)}::bool[], ${since}::float8[],
      ${first.map(({ slot }) => ((slot + 1) * slotMs) / 1000)}::float8[]) as k(kind, over, since, until)
    cross join lateral (select c.due_at from clocks c join orders o on o.bucket = c.bucket and o.id = c.subject_id
      where c.closed_at is null and c.due_at is not null and not c.gone and c.due_at >= to_timestamp(k.since)
        and c.due_at < to_timestamp(k.until) and c.subject_kind = 'order' and c.kind = k.kind and c.observed
        and (c.state = 'over') = k.over and ${within(scope)}
        and not exists (select from clocks b where b.bucket = c.bucket and b.subject_kind = 'order' and b.subject_id = c.subject_id
          and b.kind = c.kind and b.closed_at is null and not b.gone and b.observed and b.due_at < c.due_at)
      order by c.due_at limit 1) e`
  return (await query.execute(composer(db))).rows
}

/** Orders created and paid since an instant, counted from rows (what the minute counts no longer hold). */
export async function countPaidByMinuteOfDay(db: Database, from: Instant, to: Instant, timezone: string) {
  const query = sql<{ minute: number; n: number; days: number }>`
    select (extract(hour from local) * 60 + extract(minute from local))::int / 10 * 10 as minute, count(*)::int as n,
      (select count(distinct (paid_at at time zone ${timezone})::date)::int from orders
       where paid_at >= to_timestamp(${from}::float8 / 1000) and paid_at < to_timestamp(${to}::float8 / 1000)) as days
    from (select o.paid_at at time zone ${timezone} as local from orders o
          where o.paid_at >= to_timestamp(${from}::float8 / 1000) and o.paid_at < to_timestamp(${to}::float8 / 1000)) paid
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
