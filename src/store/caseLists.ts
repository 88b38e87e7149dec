import { type RawBuilder, sql } from "kysely"
import type { Instant } from "../core/instants.ts"
import { caseFields, type StoredCase } from "./cases.ts"
import { composer } from "./composer.ts"
import type { Database } from "./database.ts"
import { readCaseNumber } from "./keys.ts"
import { aboutOf } from "./orderLists.ts"

/** What a list of cases is narrowed by. */
export type CaseFilter = {
  state?: string | undefined
  department?: string | undefined
  cause?: string | undefined
  channel?: string | undefined
  shop?: string | undefined
  basis?: string | undefined
  clock?: string | undefined
  /** what an alert is about, by its id */
  alert?: string | undefined
  q?: string | undefined
}

/** A breach of a case, as lists show it. */
export type CaseBreach = {
  clock: string
  basis: string
  round: number
  dueAt: Instant
  firedAt: Instant
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
export type CaseCursor = { at: Instant; bucket: number; n: number }

const ofCase = sql`b.bucket = c.bucket and b.subject_kind = 'order' and b.subject_id = c.order_id and b.case_n = c.n`

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
    conditions.push(
      sql`exists (select 1 from breaches b where ${ofCase} and b.basis = coalesce(${filter.basis ?? null}::text, b.basis) and b.kind = coalesce(${filter.clock ?? null}::text, b.kind))`,
    )
  if (filter.alert) conditions.push(sql`(c.bucket, c.order_id) in (${aboutOf(filter.alert)})`)
  if (filter.q) {
    const number = readCaseNumber(filter.q)
    const named = number ? sql`(c.bucket = ${number.bucket} and c.n = ${number.n})` : sql`false`
    conditions.push(sql`(${named} or o.order_no like ${`%${filter.q.replace(/[\\%_]/g, "\\$&")}`})`)
  }
  return conditions
}

const breaches = sql`coalesce((select jsonb_agg(jsonb_build_object('clock', b.kind, 'basis', b.basis, 'round', b.round,
    'dueAt', (extract(epoch from b.breach_due_at) * 1000)::float8, 'firedAt', (extract(epoch from b.breach_fired_at) * 1000)::float8,
    'withdrawnAt', (extract(epoch from b.breach_withdrawn_at) * 1000)::float8,
    'closedAt', (extract(epoch from b.closed_at) * 1000)::float8) order by b.breach_due_at)
  from clocks b where b.breach_due_at is not null and ${ofCase}), '[]')`

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
    const key = sql`(to_timestamp(${after.at}::float8 / 1000), ${after.bucket}::int2, ${after.n}::int4)`
    conditions.push(
      newestFirst ? sql`(c.opened_at, c.bucket, c.n) < ${key}` : sql`(c.opened_at, c.bucket, c.n) > ${key}`,
    )
  }
  const order = newestFirst ? sql`c.opened_at desc, c.bucket desc, c.n desc` : sql`c.opened_at, c.bucket, c.n`
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

/** One case by its number. */
export async function findCase(db: Database, number: string): Promise<ListedCase | undefined> {
  const place = readCaseNumber(number)
  if (!place) return undefined
  const query = sql<ListedCase>`${selected} where c.bucket = ${place.bucket} and c.n = ${place.n}`
  return (await query.execute(composer(db))).rows[0]
}
