import type { Instant } from "../core/instants.ts"
import { type Column, fetched, parameters, unnested } from "./bulk.ts"
import type { Place } from "./keys.ts"
import { orderTables } from "./orders.ts"
import { run, type Session, statement } from "./statement.ts"

/** A case as evidence is gathered for it: its order, and its oldest standing breach, else its oldest. */
export type CaseBreached = {
  bucket: number
  n: number
  orderId: string
  channel: string
  shop: string
  orderNo: string
  policy: number | null
  settings: number
  toldAt: Instant | null
  cause: string | null
  openedAt: Instant
  kind: string
  basis: string
  round: number
  standard: string | null
  startAt: Instant
  dueAt: Instant
  closedAt: Instant | null
}
/** Where a case is stored. */
export type CasePlace = { bucket: number; n: number }
const placeColumns: readonly Column<CasePlace>[] = [
  ["bucket", "bucket", "int2"],
  ["n", "n", "int4"],
]
const instantOf = (alias: string, name: string) => fetched(alias, name, "instant")

const breached = statement(
  "evidence.cases",
  `select c.bucket, c.n, c.order_id as "orderId", o.channel, o.shop, o.order_no as "orderNo", o.policy, o.settings,
     ${instantOf("a", "told_at")} as "toldAt", c.cause, ${instantOf("c", "opened_at")} as "openedAt", b.kind, b.basis, b.round,
     b.standard, ${instantOf("b", "start_at")} as "startAt", ${instantOf("b", "breach_due_at")} as "dueAt",
     ${instantOf("b", "closed_at")} as "closedAt"
   from ${unnested(placeColumns)}
   join cases c on c.bucket = k.bucket and c.n = k.n
   join orders o on o.bucket = c.bucket and o.id = c.order_id
   join agenda a on a.bucket = c.bucket and a.id = c.order_id
   cross join lateral (
     select * from clocks b where b.bucket = c.bucket and b.subject_kind = 'order' and b.subject_id = c.order_id
       and b.case_n = c.n and b.breach_due_at is not null
     order by b.breach_standing desc, b.breach_due_at limit 1) b`,
)
/** The cases named, each with the breach that it is about. */
export const casesBreached = (session: Session, cases: readonly CasePlace[]): Promise<CaseBreached[]> =>
  cases.length === 0 ? Promise.resolve([]) : run(session, breached, parameters(placeColumns, cases))

// ------------------------------------------------------------------ how others fared

/** The span in which the orders looked at were paid. */
export type PaidSpan = { from: Instant; to: Instant }
const paidWithin = `o.paid_at >= to_timestamp($1::float8 / 1000) and o.paid_at <= to_timestamp($2::float8 / 1000)`
const ms = (instant: string) => `date_part('epoch', ${instant}) * 1000`
const fact = (name: string) => `(a.facts ->> '${name}')::float8`
const hourOf = (ms: string) => `floor(${ms} / 3600000)::int`

/** A warehouse's hour: how many orders passed a stage in it, and the median time, milliseconds. */
export type StageHour = {
  warehouse: string
  stage: "prepare" | "handover"
  hour: number
  orders: number
  medianMs: number
}
const stages = statement(
  "evidence.stages",
  `select o.warehouse, 'prepare' as stage, ${hourOf(fact("prepared"))} as hour, count(*)::int as orders,
     percentile_cont(0.5) within group (order by ${fact("prepared")} - ${fact("paid")}) as "medianMs"
   from ${orderTables} where ${paidWithin} and o.warehouse = any($3::text[]) and a.facts ? 'prepared' group by 1, 3
   union all
   select o.warehouse, 'handover', ${hourOf(fact("shipped"))}, count(*)::int,
     percentile_cont(0.5) within group (order by ${fact("shipped")} - ${fact("prepared")})
   from ${orderTables} where ${paidWithin} and o.warehouse = any($3::text[]) and a.facts ? 'shipped' and ${fact("shipped")} > ${fact("prepared")}
   group by 1, 3`,
)
/** How long stages took in each hour of warehouses, of orders paid in a span. */
export const stageHours = (
  session: Session,
  span: PaidSpan,
  warehouses: readonly string[],
): Promise<StageHour[]> =>
  warehouses.length === 0
    ? Promise.resolve([])
    : run(session, stages, [span.from, span.to, warehouses as string[]])

/** Asks how many orders of a warehouse, paid up to an instant, still waited for a stage at another. */
export type WaitingAsked = { warehouse: string; paidTo: Instant; at: Instant }
const waitingColumns: readonly Column<WaitingAsked>[] = [
  ["warehouse", "warehouse", "text"],
  ["paid_to", "paidTo", "instant"],
  ["at", "at", "instant"],
]
const waiting = statement(
  "evidence.waiting",
  `select k.warehouse, k.paid_to as "paidTo", k.at,
     count(*) filter (where not a.facts ? 'prepared' or ${fact("prepared")} > ${ms("k.at")})::int as prepare,
     count(*) filter (where not a.facts ? 'shipped' or ${fact("shipped")} > ${ms("k.at")})::int as handover
   from ${unnested(waitingColumns, 2)} join orders o on o.warehouse = k.warehouse
     and o.paid_at >= to_timestamp($1::float8 / 1000) and o.paid_at <= k.paid_to
     and (o.end_at is null or o.end_at > k.at)
   join agenda a on a.bucket = o.bucket and a.id = o.id
   group by 1, 2, 3`,
)
/** The answers, of orders paid since an instant. */
export const waitingAt = (
  session: Session,
  since: Instant,
  asked: readonly WaitingAsked[],
): Promise<(WaitingAsked & { prepare: number; handover: number })[]> =>
  asked.length === 0
    ? Promise.resolve([])
    : run(session, waiting, [since, ...parameters(waitingColumns, asked)])

/** Orders of a SKU paid in an hour, by warehouse, shop, session and type. */
export type SkuHour = {
  sku: string
  warehouse: string | null
  shop: string
  liveSession: string | null
  type: string | null
  hour: number
  orders: number
  /** prepared within the span asked for */
  prepared: number
}
const skuHoursOf = statement(
  "evidence.skus",
  `select l.sku, o.warehouse, o.channel || '/' || o.shop as shop, o.live_session as "liveSession", o.details ->> 'type' as type,
     ${hourOf(fact("paid"))} as hour, count(*)::int as orders,
     count(*) filter (where ${fact("prepared")} - ${fact("paid")} <= $4::float8)::int as prepared
   from ${orderTables} join lines l on l.bucket = o.bucket and l.order_id = o.id
   where ${paidWithin} and l.sku = any($3::text[]) group by 1, 2, 3, 4, 5, 6`,
)
/** How the orders of SKUs paid in a span fared. */
export const skuHours = (
  session: Session,
  span: PaidSpan,
  skus: readonly string[],
  withinMs: number,
): Promise<SkuHour[]> =>
  skus.length === 0
    ? Promise.resolve([])
    : run(session, skuHoursOf, [span.from, span.to, skus as string[], withinMs])

/** Parcels of a carrier and warehouse shipped on a day (UTC + `zoneMs`), and how many had no pickup for 12 hours. */
export type PickupDay = {
  warehouse: string | null
  carrier: string
  day: number
  ready: number
  missed: number
}
const carrier = "coalesce(a.shipment ->> 'carrier', o.details ->> 'carrier')"
const pickups = statement(
  "evidence.pickups",
  `select o.warehouse, ${carrier} as carrier, floor((${fact("shipped")} + $4::float8) / 86400000)::int as day,
     count(*)::int as ready,
     count(*) filter (where not a.facts ? 'collected' or ${fact("collected")} - ${fact("shipped")} > 43200000)::int as missed
   from ${orderTables} where ${paidWithin} and a.facts ? 'shipped' and ${carrier} is not null and ${fact("shipped")} + 43200000 <= $3::float8
     and (o.channel || '/' || o.shop) = any($5::text[])
   group by 1, 2, 3`,
)
/** How parcels were picked up, of orders paid in a span on shops that tell of the first scan. */
export const pickupDays = (
  session: Session,
  span: PaidSpan,
  about: { now: Instant; zoneMs: number; shops: readonly string[] },
): Promise<PickupDay[]> =>
  about.shops.length === 0
    ? Promise.resolve([])
    : run(session, pickups, [span.from, span.to, about.now, about.zoneMs, about.shops as string[]])

/** Orders of a warehouse for a province paid on a day (UTC + `zoneMs`) that shipped within two days. */
export type LaneDay = { warehouse: string; province: string; day: number; shipped: number }
const lanes = statement(
  "evidence.lanes",
  `select o.warehouse, o.details #>> '{receiver,province}' as province,
     floor((${fact("paid")} + $4::float8) / 86400000)::int as day, count(*)::int as shipped
   from ${orderTables} where ${paidWithin} and o.warehouse = any($3::text[]) and o.details #> '{receiver,province}' is not null
     and ${fact("shipped")} - ${fact("paid")} <= 172800000
   group by 1, 2, 3`,
)
/** How lanes went, of orders paid in a span. */
export const laneDays = (
  session: Session,
  span: PaidSpan,
  warehouses: readonly string[],
  zoneMs: number,
): Promise<LaneDay[]> =>
  warehouses.length === 0
    ? Promise.resolve([])
    : run(session, lanes, [span.from, span.to, warehouses as string[], zoneMs])

const late = statement(
  "evidence.late_arrivals",
  `select o.channel, o.shop, ${hourOf(fact("paid"))} as hour, count(*)::int as n
   from ${orderTables} where ${paidWithin} and o.received_at - o.paid_at > interval '30 minutes' and o.channel = any($3::text[])
   group by 1, 2, 3`,
)
/** Orders that were first heard of more than half an hour after their payment, by the hour of that. */
export const lateArrivals = (
  session: Session,
  span: PaidSpan,
  channels: readonly string[],
): Promise<{ channel: string; shop: string; hour: number; n: number }[]> =>
  channels.length === 0 ? Promise.resolve([]) : run(session, late, [span.from, span.to, channels as string[]])

const reused = statement(
  "evidence.reused_tracking",
  `select distinct on (k.id) k.id as "orderId", right(p.tracking_no, 4) as tail
   from unnest($1::int2[], $2::uuid[]) as k(bucket, id)
   join parcels p on p.bucket = k.bucket and p.order_id = k.id
   join orders own on own.bucket = k.bucket and own.id = k.id
   join parcels q on q.tracking_no = p.tracking_no and q.carrier = p.carrier and q.order_id <> p.order_id
   join orders other on other.bucket = q.bucket and other.id = q.order_id
   where own.details #>> '{buyer,id}' is not null and other.details #>> '{buyer,id}' <> own.details #>> '{buyer,id}'
   order by k.id, p.tracking_no`,
)
/** Orders whose tracking number stands on an order of another buyer too. */
export const reusedTracking = (
  session: Session,
  orders: readonly Place[],
): Promise<{ orderId: string; tail: string }[]> =>
  orders.length === 0
    ? Promise.resolve([])
    : run(session, reused, [
        `{${orders.map(({ bucket }) => bucket).join(",")}}`,
        `{${orders.map(({ id }) => id).join(",")}}`,
      ])

const heard = statement(
  "evidence.shops",
  `select channel, shop, ${instantOf("s", "received_at")} as "receivedAt", ${instantOf("s", "told_at")} as "toldAt" from shops s`,
)
/** When each shop was last heard of, and the greatest telling of it. */
export const shopsHeard = (
  session: Session,
): Promise<{ channel: string; shop: string; receivedAt: Instant; toldAt: Instant | null }[]> =>
  run(session, heard)
