import type { Json, OrderKey } from "../core/events.ts"
import type { Instant } from "../core/instants.ts"
import type { Plain } from "../core/plainBreach.ts"
import type { PlainShipment } from "../core/plainShipment.ts"
import { type Change, type Column, fetched, updating } from "./bulk.ts"
import { adding } from "./copying.ts"
import type { Place } from "./keys.ts"
import { Raced } from "./raced.ts"
import { run, type Session, statement } from "./statement.ts"

/** An order as it is stored: what `judge` answered at `judgedAt`, and when to look again. */
export type StoredOrder = Place &
  OrderKey &
  Plain &
  PlainShipment & {
    version: number
    stage: string
    endAt: Instant | null
    createdAt: Instant | null
    paidAt: Instant | null
    facts: Record<string, Instant>
    details: Record<string, Json>
    /** what its plain shipment stated, beside the details, until it is judged; null: nothing */
    shipment: Record<string, Json> | null
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
    /** when to look at the inner clocks of its case: Infinity for an open case with nothing to come, null for none */
    caseNextAt: Instant | null
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
  ["shipment", "shipment", "json"],
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
  ["case_next_at", "caseNextAt", "instant"],
  ["next_due_at", "nextDueAt", "instant"],
  ["stuck", "stuck", "json"],
  ["breaks_kind", "breaksKind", "text"],
  ["breaks_basis", "breaksBasis", "text"],
  ["breaks_round", "breaksRound", "int2"],
  ["breaks_as", "breaksAs", "text"],
  ["breaks_at", "breaksAt", "instant"],
  ["then_at", "thenAt", "instant"],
  ["ships_after", "shipsAfter", "instant"],
  ["ships_by", "shipsBy", "instant"],
  ["ships_told", "shipsTold", "text"],
  ["ships_as", "shipsAs", "text"],
]

/** How far an order has come, which its events change. */
const progressNames = ["stage", "facts", "shipment", "told_at"]
/** When to look at it again, which a tick writes. */
const appointmentNames = [
  "version",
  "judged_at",
  "recheck_at",
  "next_at",
  "case_next_at",
  "next_due_at",
  "stuck",
  "breaks_kind",
  "breaks_basis",
  "breaks_round",
  "breaks_as",
  "breaks_at",
  "then_at",
  "ships_after",
  "ships_by",
  "ships_told",
  "ships_as",
]
/** What names an order's rows. */
export const keyNames = ["bucket", "id"]
/** The columns of these names. */
export const within = (...names: string[]) => columns.filter(([name]) => names.includes(name))
/** What of an order changes on its way lies with its lock in `agenda`, a narrow row; what hardly ever does, in `orders`. */
const agenda = within(...keyNames, ...progressNames, ...appointmentNames)
/** What stands in the agenda beside how far an order has come (`Appointment`). */
export const appointments = within(...keyNames, ...appointmentNames)
const known = columns.filter((column) => keyNames.includes(column[0]) || !agenda.includes(column))
/** What of an order never changes after the first write. */
const fixed = ["channel", "shop", "order_no", "received_at"]
const changing = known.filter(([name]) => !fixed.includes(name))
/** A list of columns for `select`, named as their fields. */
export const selected = (names: readonly Column<StoredOrder>[], alias: string): string =>
  names.map(([name, field, kind]) => `${fetched(alias, name, kind)} as "${field}"`).join(", ")

/** SQL of all details of an order, those of its plain shipment among them. */
export const wholeDetails = "o.details || coalesce(a.shipment, '{}')"
const shown = known.filter(([name]) => name !== "details")
const beside = agenda.filter(([name]) => !keyNames.includes(name))
/** The columns of an order, as a list for `select` from `orders o join agenda a` (see `orderTables`), named as its fields. */
export const orderFields: string = `${selected(shown, "o")}, ${wholeDetails} as details, ${selected(
  beside.filter(([name]) => name !== "shipment"),
  "a",
)}, null as shipment`
// An order has one row in each table. Joined by two columns these are taken for a thousandth of what they are, and millions of
// orders would be sorted for a page of fifty; read one by one they are not.
/** SQL of the one row of a table that belongs to the order of an alias, for lists that go along the rows of that one. */
export const oneOf = (table: "orders" | "agenda", alias: string): string =>
  `lateral (select * from ${table} where bucket = ${alias}.bucket and id = ${alias}.id limit 1)`
/** Orders with how far they have come and when they are looked at again, for `from`. */
export const orderTables = "orders o join agenda a on a.bucket = o.bucket and a.id = o.id"

/** Places as a table `k`, of the first two parameters (`arraysOf`). */
export const places = "unnest($1::int2[], $2::uuid[]) as k(bucket, id)"
/** Places as the two parameters of `places`. */
export const arraysOf = (orders: readonly Place[]): [string, string] => [
  `{${orders.map((each) => each.bucket).join(",")}}`,
  `{${orders.map((each) => each.id).join(",")}}`,
]

// Locks in the order of (bucket, id), so that writers of the same orders queue and never embrace.
const lock = statement(
  "orders.lock",
  `select ${selected(within(...keyNames, "judged_at"), "a")} from agenda a join ${places} on a.bucket = k.bucket and a.id = k.id
   order by a.bucket, a.id for update of a`,
)
const read = statement(
  "orders.read",
  `select ${selected(known, "o")}, ${selected(beside, "a")} from ${orderTables} join ${places} on o.bucket = k.bucket and o.id = k.id`,
)
/** An order that this transaction holds. */
export type LockedOrder = Place & Pick<StoredOrder, "judgedAt">

/** Locks those of the places that are orders already, and answers them in the order of (bucket, id); what else is known of them is read by a later statement, which does not see what was there before the wait. */
export const lockOrders = async (tx: Session, wanted: readonly Place[]): Promise<LockedOrder[]> =>
  wanted.length === 0 ? [] : run(tx, lock, arraysOf(wanted))

/** Orders whole, in the order given. */
export async function readOrders(tx: Session, wanted: readonly Place[]): Promise<StoredOrder[]> {
  if (wanted.length === 0) return []
  const rows = await run<StoredOrder>(tx, read, arraysOf(wanted))
  const byId = new Map(rows.map((row) => [row.id, row]))
  return wanted.map(({ id }) => byId.get(id)!)
}

const add = adding("orders.insert", "orders", known)
const addAgenda = adding(
  "agenda.insert",
  "agenda",
  agenda.filter(([name]) => name !== "shipment"),
)

/** Inserts new orders, given in the order of (bucket, id). Throws Raced when somebody else was first with one. */
export async function insertOrders(tx: Session, orders: readonly StoredOrder[]): Promise<void> {
  await Promise.all([addAgenda(tx, orders).catch(isFirst), add(tx, orders)])
}

function isFirst(error: { constraint?: string }): never {
  throw error.constraint === "agenda_pkey" ? new Raced() : error
}

const update = updating("orders.update", "orders", changing, keyNames)
const updateAgenda = updating("agenda.update", "agenda", agenda, keyNames)
/** Writes what a judgement changed of locked orders. */
export const updateOrders = (tx: Session, orders: readonly Change<StoredOrder>[]): Promise<unknown> =>
  Promise.all([update(tx, orders), updateAgenda(tx, orders)])

const find = statement(
  "orders.find",
  `select ${orderFields} from ${orderTables} where o.bucket = $1 and o.id = $2 and a.told_at is not null`,
)

const findAll = statement(
  "orders.find_all",
  `select ${orderFields} from ${orderTables} join ${places} on o.bucket = k.bucket and o.id = k.id
   where a.told_at is not null`,
)
/** Those of the places that are orders, by id. */
export async function findOrders(
  session: Session,
  wanted: readonly Place[],
): Promise<Map<string, StoredOrder>> {
  if (wanted.length === 0) return new Map()
  const rows = await run<StoredOrder>(session, findAll, arraysOf(wanted))
  return new Map(rows.map((order) => [order.id, order]))
}

/** One order by its place, or nothing when nobody speaks of it. */
export async function findOrder(session: Session, place: Place): Promise<StoredOrder | undefined> {
  return (await run<StoredOrder>(session, find, [place.bucket, place.id]))[0]
}

const instant = statement("instant", "select clock_timestamp()::timestamptz(3) as at")

/** The database's clock now: the one clock of a fleet. */
export async function instantNow(session: Session): Promise<Instant> {
  const rows = await run<{ at: Instant }>(session, instant)
  return rows[0]!.at
}
