import { type RawBuilder, sql } from "kysely"
import type { Instant } from "../core/instants.ts"
import type { JsonObject } from "../core/json.ts"
import { openStates } from "../core/rollups.ts"
import { fetched } from "./bulk.ts"
import { composer } from "./composer.ts"
import type { Database } from "./database.ts"
import type { Place } from "./keys.ts"
import { type Bound, hasNoClock, isEmpty, ofBound } from "./orderBounds.ts"
import { oneOf, orderFields, orderTables, type StoredOrder } from "./orders.ts"
import { run, type Session, statement } from "./statement.ts"

/** What a list of orders is narrowed by; what is missing does not narrow. */
export type OrderFilter = {
  stage?: string | undefined
  clock?: string | undefined
  basis?: string | undefined
  state?: string | undefined
  channel?: string | undefined
  shop?: string | undefined
  warehouse?: string | undefined
  liveSession?: string | undefined
  /** what is over was due before it, so that nothing later is looked at */
  now?: Instant | undefined
  dueFrom?: Instant | undefined
  dueTo?: Instant | undefined
  paidFrom?: Instant | undefined
  paidTo?: Instant | undefined
  anomaly?: string | undefined
  watched?: boolean | undefined
  /** what an alert is about, by its id */
  alert?: string | undefined
  /** an order number or the end of one, or a whole tracking number */
  q?: string | undefined
  /** blind index of the last four of a phone; only together with a shop or dates */
  tail?: Buffer | undefined
}

const at = (ms: Instant): RawBuilder<Instant> => sql`to_timestamp(${ms}::float8 / 1000)`
const all = (conditions: RawBuilder<unknown>[]): RawBuilder<unknown> => sql.join(conditions, sql` and `)

/** The orders that an alert is about, as SQL of (bucket, id). */
export const aboutOf = (alert: string): RawBuilder<unknown> =>
  sql`select (e.each ->> 0)::int2, (e.each ->> 1)::uuid from alerts t cross join jsonb_array_elements(t.about) as e(each) where t.id = ${alert}::uuid`

/** Whether an order number ends with some text: both are read from their ends, as its index does. */
export function endsWith(number: RawBuilder<unknown>, text: string): RawBuilder<unknown> {
  const backwards = [...text]
    .reverse()
    .join("")
    .replace(/[\\%_]/g, "\\$&")
  return sql`reverse(${number}) like ${`${backwards}%`}`
}

/** The clocks of an order that fit, under an alias. */
const fitting = (filter: OrderFilter, alias = "c"): RawBuilder<unknown>[] => [
  sql.raw(`${alias}.bucket = o.bucket and ${alias}.subject_id = o.id`),
  ...fits(filter, alias),
]

/** What a clock is that `clock`, `basis` and `state` ask for, under an alias: open and observed. */
function fits(filter: OrderFilter, alias = "c"): RawBuilder<unknown>[] {
  const of = (column: string) => sql.raw(`${alias}.${column}`)
  const conditions = [
    sql`${of("subject_kind")} = 'order' and ${of("closed_at")} is null and not ${of("gone")} and ${of("observed")}`,
  ]
  if (filter.clock) conditions.push(sql`${of("kind")} = ${filter.clock}`)
  if (filter.basis) conditions.push(sql`${of("basis")} = ${filter.basis}`)
  if (filter.state) conditions.push(sql`${of("state")} = ${filter.state}`)
  return conditions
}

/** Whether a filter asks for an open clock, so that orders without one are not in the list. */
export const asksForClock = (filter: OrderFilter): boolean =>
  Boolean(filter.clock || filter.basis || filter.state) || isWindow(filter) || filter.dueTo !== undefined

/** Whether a list begins at a due: it then goes along the clocks from there on, since orders that are due before may be millions. */
const isWindow = (filter: OrderFilter): boolean => filter.dueFrom !== undefined

/** What a list goes along, from its first row on: clocks or orders by their due, or orders by their payment; null: what the database finds best. */
type Along = "clocks" | "agenda" | "orders" | null

function tablesOf(filter: OrderFilter, along: Along): RawBuilder<unknown> {
  const one = (table: "orders" | "agenda", alias: string) => sql.raw(oneOf(table, alias))
  if (along === "clocks")
    return sql`(select c.*, c.subject_id as id from clocks c) c cross join ${one("orders", "c")} o cross join ${one("agenda", "c")} a
      cross join lateral (select e.kind, e.basis, e.round from clocks e where ${all(fitting(filter, "e"))}
        order by e.due_at, e.kind, e.basis, e.round limit 1) first`
  if (along === null) return sql.raw(orderTables)
  const tables =
    along === "agenda"
      ? sql`agenda a cross join ${one("orders", "a")} o`
      : sql`orders o cross join ${one("agenda", "o")} a`
  return asksForClock(filter)
    ? sql`${tables} cross join lateral (${fittingOne(filter)} limit 1) fits`
    : tables
}

/** SQL of a clock that fits, due before `dueTo`. */
const fittingOne = (filter: OrderFilter): RawBuilder<unknown> =>
  sql`select 1 from clocks c where ${all(fitting(filter))} ${filter.dueTo === undefined ? sql`` : sql`and c.due_at < ${at(filter.dueTo)}`}`

const densely = ["stage", "channel", "shop", "watched", "clock", "basis", "state", "dueTo", "now"]
/** A list along its rows finds a page soon where one of so many orders is in it. */
const sparsest = 1_000

/** What a list that goes along orders sees in their own rows, whatever the counts say. */
const seen = ["warehouse", "liveSession", "paidFrom", "paidTo"]

/** The way of a list; `by`: what it goes along where enough of all orders are in it. */
function wayOf(filter: OrderFilter, bound: Bound | null, by: "agenda" | "orders"): Along {
  if (isWindow(filter)) return "clocks"
  const isDense =
    bound !== null &&
    ofBound(filter, bound) * sparsest >= bound.total &&
    Object.entries(filter).every(
      ([field, value]) =>
        value === undefined || densely.includes(field) || (by === "orders" && seen.includes(field)),
    )
  return isDense ? by : null
}

function conditionsOf(filter: OrderFilter, along: Along): RawBuilder<unknown>[] {
  const conditions = [sql`a.told_at is not null`, sql`o.watched = ${filter.watched ?? true}`]
  if (filter.stage) conditions.push(sql`a.stage = ${filter.stage}`)
  if (filter.channel) conditions.push(sql`o.channel = ${filter.channel}`)
  if (filter.shop) conditions.push(sql`o.shop = ${filter.shop}`)
  if (filter.warehouse) conditions.push(sql`o.warehouse = ${filter.warehouse}`)
  if (filter.liveSession) conditions.push(sql`o.live_session = ${filter.liveSession}`)
  if (filter.paidFrom !== undefined) conditions.push(sql`o.paid_at >= ${at(filter.paidFrom)}`)
  if (filter.paidTo !== undefined) conditions.push(sql`o.paid_at < ${at(filter.paidTo)}`)
  if (filter.anomaly) conditions.push(sql`o.anomalies <> '{}' and o.anomalies @> array[${filter.anomaly}]`)
  if (filter.alert) conditions.push(sql`(o.bucket, o.id) in (${aboutOf(filter.alert)})`)
  if (filter.q)
    conditions.push(sql`(o.bucket, o.id) in (select n.bucket, n.id from orders n where ${endsWith(sql`n.order_no`, filter.q)}
      union all select p.bucket, p.order_id from parcels p where p.tracking_no = ${filter.q})`)
  if (filter.tail)
    conditions.push(
      sql`exists (select 1 from receivers r where r.bucket = o.bucket and r.order_id = o.id and r.tail_index = ${filter.tail})`,
    )
  if (asksForClock(filter)) conditions.push(...dueWithin(filter, along))
  if (filter.state === "over" && filter.now !== undefined && filter.watched !== false)
    conditions.push(sql`a.next_due_at < ${at(filter.now)}`)
  return conditions
}

/** The earliest due of the fitting clocks lies in [dueFrom, dueTo): what the ribbon counts. */
function dueWithin(filter: OrderFilter, along: Along): RawBuilder<unknown>[] {
  const { dueFrom, dueTo } = filter
  if (dueFrom !== undefined)
    return [
      ...fits(filter),
      sql`c.due_at >= ${at(dueFrom)}`,
      ...(dueTo === undefined ? [] : [sql`c.due_at < ${at(dueTo)}`]),
      // Compared so that PostgreSQL takes it for half of all, not for next to none: it read and sorted all clocks for a page.
      sql`case when (first.kind, first.basis, first.round) = (c.kind, c.basis, c.round) then true else false end`,
    ]
  return [
    ...(along === null ? [sql`exists (${fittingOne(filter)})`] : []),
    ...(dueTo === undefined ? [] : [sql`a.next_due_at < ${at(dueTo)}`]),
  ]
}

/** Where a list goes on: after this order, in the part of those with a due or of those without. */
export type Cursor = { part: "due" | "rest"; at: Instant | null; bucket: number; id: string }
/** An order as it stands in a list; the list goes on after its cursor. */
export type ListedOrder = StoredOrder & { cursor: Cursor }

/** A page of orders: those with a deadline to act on first, soonest first (of a window, by the due that lies in it); then the rest, paid last first. */
export async function listOrders(
  db: Database,
  filter: OrderFilter,
  page: { limit: number; after: Cursor | null; sort: "nextDueAt" | "-paidAt"; bound: Bound | null },
): Promise<ListedOrder[]> {
  const { limit, after, bound } = page
  if (isEmpty(filter, bound)) return []
  if (page.sort === "-paidAt") return part(db, filter, { which: "rest", after, limit, bound, whole: true })
  const isInRest = after?.part === "rest"
  const due =
    isInRest || hasNoClock(bound) ? [] : await part(db, filter, { which: "due", after, limit, bound })
  if (due.length === limit || asksForClock(filter)) return due
  const rest = { which: "rest" as const, after: isInRest ? after : null, limit: limit - due.length, bound }
  return [...due, ...(await part(db, filter, rest))]
}

async function part(
  db: Database,
  filter: OrderFilter,
  page: { which: Cursor["part"]; after: Cursor | null; limit: number; bound: Bound | null; whole?: boolean },
): Promise<ListedOrder[]> {
  const { which, after, limit } = page
  const along = wayOf(filter, page.bound, which === "rest" ? "orders" : "agenda")
  const conditions = conditionsOf(filter, along)
  const [alias, by] =
    which === "rest" ? ["o", "paid_at"] : isWindow(filter) ? ["c", "due_at"] : ["a", "next_due_at"]
  const place = sql.raw(`${alias}.${by}, ${alias}.bucket, ${alias}.id`)
  let order = sql`${place}`
  if (which === "due") {
    if (alias === "a") conditions.push(sql`a.next_due_at is not null`)
    if (after) conditions.push(sql`(${place}) > (${at(after.at!)}, ${after.bucket}::int2, ${after.id}::uuid)`)
  } else {
    if (!page.whole) conditions.push(sql`a.next_due_at is null`)
    if (after && after.at !== null)
      conditions.push(
        sql`((${place}) < (${at(after.at)}, ${after.bucket}::int2, ${after.id}::uuid) or o.paid_at is null)`,
      )
    else if (after)
      conditions.push(
        sql`o.paid_at is null and (o.bucket, o.id) < (${after.bucket}::int2, ${after.id}::uuid)`,
      )
    order = sql`o.paid_at desc nulls last, o.bucket desc, o.id desc`
  }
  const query = sql<
    StoredOrder & { at: Instant | null }
  >`select ${sql.raw(orderFields)}, ${sql.raw(fetched(alias, by, "instant"))} as at
    from ${tablesOf(filter, along)} where ${all(conditions)} order by ${order} limit ${limit}`
  const { rows } = await query.execute(composer(db))
  return rows.map(({ at, ...row }) => ({
    ...row,
    cursor: { part: which, at, bucket: row.bucket, id: row.id },
  }))
}

/** Counts from rows are exact up to this many; above it a page says so. */
export const countMax = 10_000

const counted = ["stage", "channel", "shop", "watched", "now"]
/** Whether the roll-ups count what a filter asks for (`countByState`), so that no row has to be looked at. */
export const isCounted = (filter: OrderFilter): boolean =>
  filter.watched !== false &&
  Object.entries(filter).every(([field, value]) => value === undefined || counted.includes(field))

/** How many orders a filter finds, in all and with a fitting clock in each state; at most `countMax` + 1 of each. */
export async function countOrders(db: Database, filter: OrderFilter, bound: Bound | null) {
  const count = async (narrowed: OrderFilter) => {
    if (isEmpty(narrowed, bound)) return 0
    const along = wayOf(narrowed, bound, "agenda") ?? wayOf(narrowed, bound, "orders")
    const query = sql<{
      n: number
    }>`select count(*)::int as n from (select 1 from ${tablesOf(narrowed, along)} where ${all(conditionsOf(narrowed, along))} limit ${countMax + 1}) found`
    return (await query.execute(composer(db))).rows[0]!.n
  }
  const [every, ...states] = await Promise.all([
    count(filter),
    ...openStates.map((state) => count({ ...filter, state })),
  ])
  const [over, near, running, paused] = states as [number, number, number, number]
  return { all: every, over, near, running, paused }
}

/** Clock counts of the orders paid in a half-open span, as `check` prints them: company basis, from the stored rows. */
export async function countClocks(db: Database, from: Instant | null, to: Instant | null) {
  const span = [sql`o.unwatched is null`]
  if (from !== null) span.push(sql`o.paid_at >= ${at(from)}`)
  if (to !== null) span.push(sql`o.paid_at < ${at(to)}`)
  const orders = sql<{
    n: number
  }>`select count(*)::int as n from orders o where ${all(span)} and o.paid_at is not null`
  const clocks = sql<{ kind: string; state: string; outcome: string | null; observed: boolean; n: number }>`
    select c.kind, c.state, c.outcome, c.observed, count(*)::int as n from orders o
    join clocks c on c.bucket = o.bucket and c.subject_kind = 'order' and c.subject_id = o.id and c.basis = 'company' and not c.gone
    where ${all(span)} group by 1, 2, 3, 4`
  const [{ rows: counted }, { rows }] = await Promise.all([
    orders.execute(composer(db)),
    clocks.execute(composer(db)),
  ])
  return { orders: counted[0]!.n, rows }
}

/** The orders paid in a half-open span, for judging afresh; at most `limit`. */
export async function listPaid(
  db: Database,
  from: Instant | null,
  to: Instant | null,
  limit: number,
): Promise<StoredOrder[]> {
  const span = [sql`o.unwatched is null`, sql`o.paid_at is not null`]
  if (from !== null) span.push(sql`o.paid_at >= ${at(from)}`)
  if (to !== null) span.push(sql`o.paid_at < ${at(to)}`)
  return (
    await sql<StoredOrder>`select ${sql.raw(orderFields)} from ${sql.raw(orderTables)} where ${all(span)} limit ${limit}`.execute(
      composer(db),
    )
  ).rows
}

const countAll = statement(
  "orders.count_all",
  "select count(*)::int as n from (select from orders limit 1000000) o",
)
/** How many orders there are, counted up to a million. */
export const countAllOrders = async (session: Session): Promise<number> =>
  (await run<{ n: number }>(session, countAll))[0]!.n

const openDetails = statement(
  "orders.open_details",
  `select o.channel, o.shop, o.order_no as "orderNo", o.details from ${orderTables}
   where o.end_at is null and o.paid_at is not null and a.stage in ('paid', 'prepared')
   order by o.paid_at desc nulls last limit $1`,
)
/** The details of paid orders that have not left, those paid last first. */
export const listOpenDetails = (
  session: Session,
  limit: number,
): Promise<{ channel: string; shop: string; orderNo: string; details: JsonObject }[]> =>
  run(session, openDetails, [limit])

/** An order that is paid and has not left, with what gives it its type. */
export type Unshipped = Place & {
  channel: string
  shop: string
  orderNo: string
  policy: number | null
  toldAt: Instant | null
  details: JsonObject
}
const unshipped = statement(
  "orders.unshipped",
  `select o.bucket, o.id, o.channel, o.shop, o.order_no as "orderNo", o.policy, a.told_at as "toldAt", o.details from orders o cross join ${oneOf("agenda", "o")} a
   where o.end_at is null and o.paid_at is not null and a.stage in ('paid', 'prepared') and coalesce(o.policy, 0) = any($1::int4[])
     and (o.bucket, o.id) > ($2::int2, $3::uuid) order by o.bucket, o.id limit $4`,
)
/** Orders that are paid, have not left and are judged by one of some versions of the policy (0: by none), in the order of (bucket, id). */
export const listUnshipped = (
  session: Session,
  { of, after, limit }: { of: readonly number[]; after: Place | null; limit: number },
): Promise<Unshipped[]> =>
  run(session, unshipped, [
    `{${of.join(",")}}`,
    after?.bucket ?? -1,
    after?.id ?? "00000000-0000-0000-0000-000000000000",
    limit,
  ])
