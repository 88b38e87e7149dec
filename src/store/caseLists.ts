import { type RawBuilder, sql } from "kysely"
import type { Instant } from "../core/instants.ts"
import { caseFields, type StoredCase } from "./cases.ts"
import { composer } from "./composer.ts"
import type { Database } from "./database.ts"

/** What a list of cases is narrowed by. */
export type CaseFilter = {
  state?: string | undefined
  department?: string | undefined
  cause?: string | undefined
  channel?: string | undefined
  shop?: string | undefined
  basis?: string | undefined
  clock?: string | undefined
  q?: string | undefined
}

/** A breach of a case, as lists show it. */
export type CaseBreach = {
  clock: string
  basis: string
  round: number
  dueAt: Instant
  withdrawnAt: Instant | null
  closedAt: Instant | null
}

/** A case with its order's key and its breaches. */
export type ListedCase = StoredCase & {
  channel: string
  shop: string
  orderNo: string
  product: string | null
  breaches: CaseBreach[]
}

/** Where a list of cases goes on. */
export type CaseCursor = { at: Instant; bucket: number; id: string }

function conditionsOf(filter: CaseFilter): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [sql`true`]
  if (filter.state === "withdrawn") conditions.push(sql`c.withdrawn`)
  else if (filter.state) conditions.push(sql`c.state = ${filter.state} and not c.withdrawn`)
  if (filter.department)
    conditions.push(
      filter.department === "none" ? sql`c.department is null` : sql`c.department = ${filter.department}`,
    )
  if (filter.cause) conditions.push(sql`c.cause = ${filter.cause}`)
  if (filter.channel) conditions.push(sql`o.channel = ${filter.channel}`)
  if (filter.shop) conditions.push(sql`o.shop = ${filter.shop}`)
  if (filter.basis || filter.clock)
    conditions.push(sql`exists (select 1 from breaches b where b.bucket = c.bucket and b.case_id = c.id
      and b.basis = coalesce(${filter.basis ?? null}::text, b.basis) and b.kind = coalesce(${filter.clock ?? null}::text, b.kind))`)
  if (filter.q)
    conditions.push(
      sql`(c.number = ${filter.q.toUpperCase()} or o.order_no like ${`%${filter.q.replace(/[\\%_]/g, "\\$&")}`})`,
    )
  return conditions
}

const breaches = sql`coalesce((select jsonb_agg(jsonb_build_object('clock', b.kind, 'basis', b.basis, 'round', b.round,
    'dueAt', (extract(epoch from b.due_at) * 1000)::float8, 'withdrawnAt', (extract(epoch from b.withdrawn_at) * 1000)::float8,
    'closedAt', (extract(epoch from k.closed_at) * 1000)::float8) order by b.due_at)
  from breaches b left join clocks k on k.bucket = b.bucket and k.subject_kind = b.subject_kind and k.subject_id = b.subject_id
    and k.kind = b.kind and k.basis = b.basis and k.round = b.round
  where b.bucket = c.bucket and b.case_id = c.id), '[]')`

const selected = sql`select ${sql.raw(caseFields("c"))}, o.channel, o.shop, o.order_no as "orderNo",
  o.details -> 'items' -> 0 ->> 'name' as product, ${breaches} as breaches
  from cases c join orders o on o.bucket = c.bucket and o.id = c.order_id`

/** A page of cases, oldest or newest opened first. */
export async function listCases(
  db: Database,
  filter: CaseFilter,
  page: { limit: number; after: CaseCursor | null; newestFirst: boolean },
): Promise<ListedCase[]> {
  const conditions = conditionsOf(filter)
  const { after, newestFirst } = page
  if (after) {
    const key = sql`(to_timestamp(${after.at}::float8 / 1000), ${after.bucket}::int2, ${after.id}::uuid)`
    conditions.push(
      newestFirst ? sql`(c.opened_at, c.bucket, c.id) < ${key}` : sql`(c.opened_at, c.bucket, c.id) > ${key}`,
    )
  }
  const order = newestFirst
    ? sql`c.opened_at desc, c.bucket desc, c.id desc`
    : sql`c.opened_at, c.bucket, c.id`
  const query = sql<ListedCase>`${selected} where ${sql.join(conditions, sql` and `)} order by ${order} limit ${page.limit}`
  return (await query.execute(composer(db))).rows
}

/** How many cases a filter finds. */
export async function countCases(db: Database, filter: CaseFilter): Promise<number> {
  const query = sql<{
    n: number
  }>`select count(*)::int as n from cases c join orders o on o.bucket = c.bucket and o.id = c.order_id where ${sql.join(conditionsOf(filter), sql` and `)}`
  return (await query.execute(composer(db))).rows[0]!.n
}

/** One case by id or number. */
export async function findCase(db: Database, idOrNumber: string): Promise<ListedCase | undefined> {
  const query = sql<ListedCase>`${selected} where c.id::text = ${idOrNumber} or c.number = ${idOrNumber.toUpperCase()} limit 1`
  return (await query.execute(composer(db))).rows[0]
}
