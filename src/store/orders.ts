import type { Json, OrderKey } from "../core/events.ts"
import type { Instant } from "../core/instants.ts"
import { bulkInsert, bulkUpdate, type Column, send } from "./bulk.ts"
import type { Place } from "./keys.ts"
import { run, type Session, statement } from "./statement.ts"

/** An order as it is stored: what `judge` answered at `judgedAt`, and when to look again. */
export type StoredOrder = Place &
  OrderKey & {
    version: number
    stage: string
    endAt: Instant | null
    createdAt: Instant | null
    paidAt: Instant | null
    facts: Record<string, Instant>
    details: Record<string, Json>
    anomalies: string[]
    liveSession: string | null
    warehouse: string | null
    policy: number | null
    /** number of the channel settings it is judged with */
    settings: number
    watched: boolean
    /** who took it out of the watch by hand, when and why */
    unwatched: { by: string; at: Instant; reason: string } | null
    casesFrom: Instant | null
    /** greatest telling of its valid events; null: nobody speaks of it */
    toldAt: Instant | null
    receivedAt: Instant
    judgedAt: Instant
    recheckAt: Instant | null
    nextAt: Instant | null
    nextDueAt: Instant | null
    stuck: { error: string; since: Instant; tries: number } | null
  }

const columns: readonly Column<StoredOrder>[] = [
  ["bucket", "bucket", "int2"],
  ["id", "id", "uuid"],
  ["channel", "channel", "text"],
  ["shop", "shop", "text"],
  ["order_no", "orderNo", "text"],
  ["version", "version", "int4"],
  ["stage", "stage", "text"],
  ["end_at", "endAt", "instant"],
  ["created_at", "createdAt", "instant"],
  ["paid_at", "paidAt", "instant"],
  ["facts", "facts", "json"],
  ["details", "details", "json"],
  ["anomalies", "anomalies", "texts"],
  ["live_session", "liveSession", "text"],
  ["warehouse", "warehouse", "text"],
  ["policy", "policy", "int4"],
  ["settings", "settings", "int4"],
  ["watched", "watched", "bool"],
  ["unwatched", "unwatched", "json"],
  ["cases_from", "casesFrom", "instant"],
  ["told_at", "toldAt", "instant"],
  ["received_at", "receivedAt", "instant"],
  ["judged_at", "judgedAt", "instant"],
  ["recheck_at", "recheckAt", "instant"],
  ["next_at", "nextAt", "instant"],
  ["next_due_at", "nextDueAt", "instant"],
  ["stuck", "stuck", "json"],
]

/** The columns of an order, as a list for `select`, named as its fields. */
export const orderFields = (alias: string): string =>
  columns.map(([name, field]) => `${alias}.${name} as "${field}"`).join(", ")

/** The key never changes after the first write. */
const fixed = ["bucket", "id", "channel", "shop", "order_no", "received_at"]
const changing = columns.filter(([name]) => name === "bucket" || name === "id" || !fixed.includes(name))
/** What a tick from stored rows can change of an order. */
const ticking: readonly Column<StoredOrder>[] = columns.filter(([name]) =>
  ["bucket", "id", "version", "judged_at", "next_at", "stuck"].includes(name),
)

// Locks in the order of (bucket, id), so that writers of the same orders queue and never embrace.
// The rows answered are those after the wait: `for update` reads a row again when it had to wait for it.
const lock = statement(
  "orders.lock",
  `select ${orderFields("o")} from orders o
   join unnest($1::int2[], $2::uuid[]) as k(bucket, id) on o.bucket = k.bucket and o.id = k.id
   order by o.bucket, o.id for update of o`,
)

/** Locks those of the places that are orders already and answers them as they stand. */
export function lockOrders(tx: Session, places: readonly Place[]): Promise<StoredOrder[]> {
  return run(tx, lock, [
    `{${places.map((each) => each.bucket).join(",")}}`,
    `{${places.map((each) => each.id).join(",")}}`,
  ])
}

const insert = bulkInsert("orders.insert", "orders", columns, "on conflict (bucket, id) do nothing")

/** Inserts new orders, given in the order of (bucket, id); answers how many were new. Fewer than given: somebody else was first. */
export const insertOrders = (tx: Session, orders: readonly StoredOrder[]): Promise<number> =>
  send(tx, insert, columns, orders)

const update = bulkUpdate("orders.update", "orders", changing, ["bucket", "id"])
/** Writes what a judgement changed of locked orders. */
export const updateOrders = (tx: Session, orders: readonly StoredOrder[]): Promise<number> =>
  send(tx, update, changing, orders)

const tick = bulkUpdate("orders.tick", "orders", ticking, ["bucket", "id"])
/** Writes what a tick from stored rows changed of claimed orders: when they were judged and when to look again. */
export const touchOrders = (tx: Session, orders: readonly StoredOrder[]): Promise<number> =>
  send(tx, tick, ticking, orders)

// Headed by the instant: by bucket it took 155 ms at 2 million open orders, so 0.6.
const claim = statement(
  "orders.claim",
  `select ${orderFields("o")} from orders o
   where o.bucket between $1 and $2 and o.next_at <= to_timestamp($3::float8 / 1000)
   order by o.next_at limit $4 for no key update skip locked`,
)

/** Takes the orders of a run whose next instant has come; what somebody else holds is left to them. */
export function claimOrders(
  tx: Session,
  due: { from: number; to: number; now: Instant; limit: number },
): Promise<StoredOrder[]> {
  return run(tx, claim, [due.from, due.to, due.now, due.limit])
}

const find = statement(
  "orders.find",
  `select ${orderFields("o")} from orders o where o.bucket = $1 and o.id = $2 and o.told_at is not null`,
)

const findAll = statement(
  "orders.find_all",
  `select ${orderFields("o")} from orders o join unnest($1::int2[], $2::uuid[]) as k(bucket, id) on o.bucket = k.bucket and o.id = k.id
   where o.told_at is not null`,
)
/** Those of the places that are orders, by id. */
export async function findOrders(
  session: Session,
  places: readonly Place[],
): Promise<Map<string, StoredOrder>> {
  if (places.length === 0) return new Map()
  const rows = await run<StoredOrder>(session, findAll, [
    `{${places.map((each) => each.bucket).join(",")}}`,
    `{${places.map((each) => each.id).join(",")}}`,
  ])
  return new Map(rows.map((order) => [order.id, order]))
}

/** One order by its place, or nothing when nobody speaks of it. */
export async function findOrder(session: Session, place: Place): Promise<StoredOrder | undefined> {
  return (await run<StoredOrder>(session, find, [place.bucket, place.id]))[0]
}

const earliest = statement(
  "orders.earliest",
  `select min(o.next_at) as "nextAt" from orders o where o.next_at is not null and o.bucket = any($1::int2[])`,
)

/** The earliest instant at which something happens to an order of these buckets. */
export async function nextInstant(session: Session, buckets: readonly number[]): Promise<Instant | null> {
  const rows = await run<{ nextAt: Instant | null }>(session, earliest, [`{${buckets.join(",")}}`])
  return rows[0]?.nextAt ?? null
}

const instant = statement("instant", "select clock_timestamp()::timestamptz(3) as at")

/** The database's clock now: the one clock of a fleet. */
export async function instantNow(session: Session): Promise<Instant> {
  const rows = await run<{ at: Instant }>(session, instant)
  return rows[0]!.at
}
