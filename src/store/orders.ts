import type { Basis } from "../core/clocks.ts"
import type { Json, OrderKey } from "../core/events.ts"
import type { Instant } from "../core/instants.ts"
import type { Plain } from "../core/plainBreach.ts"
import type { PlainShipment } from "../core/plainShipment.ts"
import type { ClockKind } from "../core/policy.ts"
import {
  bulkUpdate,
  type Change,
  type Column,
  fetched,
  parameters,
  send,
  unnested,
  updating,
} from "./bulk.ts"
import { adding } from "./copying.ts"
import type { Place } from "./keys.ts"
import { Raced } from "./raced.ts"
import { run, type Session, statement, touch } from "./statement.ts"

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
  "then_at",
  "ships_after",
  "ships_by",
  "ships_told",
  "ships_as",
]
const keyNames = ["bucket", "id"]
const within = (...names: string[]) => columns.filter(([name]) => names.includes(name))
/** What of an order changes on its way lies with its lock in `agenda`, a narrow row; what hardly ever does, in `orders`. */
const agenda = within(...keyNames, ...progressNames, ...appointmentNames)
const appointments = within(...keyNames, ...appointmentNames)
const known = columns.filter((column) => keyNames.includes(column[0]) || !agenda.includes(column))
/** What of an order never changes after the first write. */
const fixed = ["channel", "shop", "order_no", "received_at"]
const changing = known.filter(([name]) => !fixed.includes(name))
/** What a tick from stored rows can change of an order. */
const ticking = (appointments as readonly Column<Appointment>[]).filter(
  ([name]) => !["recheck_at", "next_due_at", "ships_after", "ships_by", "ships_told"].includes(name),
)
/** What a tick has to know of an order when its clocks are carried on as they are stored. */
const glance = {
  o: ["channel", "shop", "order_no", "settings", "watched", "cases_from"],
  a: ["stage", "told_at"],
}

const selected = (names: readonly Column<StoredOrder>[], alias: string): string =>
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
/** Orders with when they are looked at again, for `from`. */
export const orderTables = "orders o join agenda a on a.bucket = o.bucket and a.id = o.id"

const places = "unnest($1::int2[], $2::uuid[]) as k(bucket, id)"
const arraysOf = (orders: readonly Place[]): [string, string] => [
  `{${orders.map((each) => each.bucket).join(",")}}`,
  `{${orders.map((each) => each.id).join(",")}}`,
]

// Locks in the order of (bucket, id), so that writers of the same orders queue and never embrace.
const locked = within(...keyNames, "judged_at", "ships_after", "ships_by", "ships_told", "ships_as")
const lock = statement(
  "orders.lock",
  `select ${selected(locked, "a")} from agenda a join ${places} on a.bucket = k.bucket and a.id = k.id order by a.bucket, a.id for update of a`,
)
const read = statement(
  "orders.read",
  `select ${selected(known, "o")}, ${selected(beside, "a")} from ${orderTables} join ${places} on o.bucket = k.bucket and o.id = k.id`,
)
const readAgenda = statement(
  "agenda.read",
  `select ${selected(appointments, "a")} from agenda a join ${places} on a.bucket = k.bucket and a.id = k.id`,
)

/** What stands in the agenda of an order. */
export type Appointment = Place &
  Plain &
  PlainShipment &
  Pick<StoredOrder, "version" | "judgedAt" | "recheckAt" | "nextAt" | "caseNextAt" | "nextDueAt" | "stuck">
/** An order that this transaction holds, with what is foreseen of its shipment. */
export type LockedOrder = Place & PlainShipment & Pick<StoredOrder, "judgedAt">

/** Locks those of the places that are orders already, and answers them in the order of (bucket, id); what else is known of them is read by a later statement, which does not see what was there before the wait. */
export const lockOrders = (tx: Session, wanted: readonly Place[]): Promise<LockedOrder[]> =>
  run(tx, lock, arraysOf(wanted))

/** Orders whole, in the order given. */
export async function readOrders(tx: Session, wanted: readonly Place[]): Promise<StoredOrder[]> {
  if (wanted.length === 0) return []
  const rows = await run<StoredOrder>(tx, read, arraysOf(wanted))
  const byId = new Map(rows.map((row) => [row.id, row]))
  return wanted.map(({ id }) => byId.get(id)!)
}

/** When orders are looked at again. */
export const readAppointments = (tx: Session, wanted: readonly Place[]): Promise<Appointment[]> =>
  run(tx, readAgenda, arraysOf(wanted))

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

const tick = bulkUpdate("agenda.tick", "agenda", ticking, keyNames)
/** Writes what a tick from stored rows changed of claimed orders: when they were judged and when to look again. */
export const touchOrders = (tx: Session, orders: readonly Appointment[]): Promise<number> =>
  send(tx, tick, ticking, orders)

// Headed by the instant: by bucket it took 155 ms at 2 million open orders, so 0.6. What is claimed comes back as arrays, which
// go into the next statements as they are.
const claim = statement(
  "agenda.claim",
  `with claimed as materialized (
     select a.bucket, a.id, a.ctid as place, a.next_at, a.breaks_kind, a.breaks_basis, a.breaks_round, a.breaks_as,
       a.breaks_kind is not null and (a.then_at is null or a.then_at > to_timestamp($3::float8 / 1000)) as plain
     from agenda a where a.bucket between $1 and $2 and a.next_at <= to_timestamp($3::float8 / 1000)
     order by a.next_at limit $4 for no key update skip locked)
   select c.plain, p.kind, p.basis, p.counts_as as "countsAs", count(*)::int as n, array_agg(c.bucket)::text as buckets,
     array_agg(c.id)::text as ids, array_agg(c.place)::text as places, array_agg(c.breaks_round)::text as rounds,
     array_agg(round(date_part('epoch', c.next_at) * 1000) - 1)::text as "dueAts"
   from (select * from claimed order by bucket, id) c
   left join lateral (select c.breaks_kind as kind, c.breaks_basis as basis, c.breaks_as as counts_as,
     floor((date_part('epoch', c.next_at) - 0.001) / 900) as slot) p on c.plain
   group by c.plain, p.kind, p.basis, p.counts_as, p.slot`,
)

/** Orders that a tick took, as PostgreSQL's arrays. */
export type Claim = { n: number; buckets: string; ids: string }
/** Orders to which nothing but a plain breach happens (core/plainBreach.ts), and that count alike: the same clock and counts, due in one quarter of an hour. */
export type PlainGroup = Claim & {
  kind: ClockKind
  basis: Basis
  /** what they count as, as core/plainBreach.ts wrote it */
  countsAs: string
  places: string
  rounds: string
  dueAts: string
}
/** All of them, as arrays for one statement. */
export type PlainClaim = Claim & {
  groups: PlainGroup[]
  places: string
  kinds: string
  bases: string
  rounds: string
}

/** Takes the orders of a run whose next instant has come; what somebody else holds is left to them. */
export async function claimOrders(
  tx: Session,
  due: { from: number; to: number; now: Instant; limit: number },
): Promise<{ plain: PlainClaim | null; other: Claim | null }> {
  const rows = await run<PlainGroup & { plain: boolean }>(tx, claim, [due.from, due.to, due.now, due.limit])
  const groups = rows.filter(({ plain }) => plain)
  return {
    plain: groups.length === 0 ? null : gathered(groups),
    other: rows.find(({ plain }) => !plain) ?? null,
  }
}

function gathered(groups: PlainGroup[]): PlainClaim {
  const joined = (field: "buckets" | "ids" | "places" | "rounds") =>
    `{${groups.map((group) => group[field].slice(1, -1)).join(",")}}`
  const repeated = (field: "kind" | "basis") =>
    `{${groups
      .map((group) => `${group[field]},`.repeat(group.n))
      .join("")
      .slice(0, -1)}}`
  return {
    groups,
    n: groups.reduce((n, group) => n + group.n, 0),
    buckets: joined("buckets"),
    ids: joined("ids"),
    places: joined("places"),
    rounds: joined("rounds"),
    kinds: repeated("kind"),
    bases: repeated("basis"),
  }
}

const pass = statement(
  "agenda.pass",
  `update agenda t set version = t.version + 1, judged_at = to_timestamp($3::float8 / 1000),
     case_next_at = to_timestamp($4::float8 / 1000), next_at = nullif(least(t.then_at, to_timestamp($4::float8 / 1000)), 'infinity'),
     breaks_kind = null, breaks_basis = null, breaks_round = null,
     breaks_as = null, then_at = null, ships_as = null
   from unnest($1::tid[], $2::uuid[]) as k(place, id) where t.ctid = k.place and t.id = k.id`,
)
/** Moves orders whose plain breach took effect on to their next instant, or to that of the cases opened; answers how many. */
export const passOrders = (
  tx: Session,
  { places, ids }: PlainClaim,
  at: Instant,
  caseNextAt: Instant | null,
): Promise<number> => touch(tx, pass, [places, ids, at, caseNextAt])

/** A plain shipment (core/plainShipment.ts): the facts that it makes, when it was told, and what it states of its order. */
export type Shipment = Place & Pick<StoredOrder, "facts" | "shipment"> & { toldAt: Instant }
const shipmentColumns: readonly Column<Shipment>[] = [
  ["bucket", "bucket", "int2"],
  ["id", "id", "uuid"],
  ["facts", "facts", "json"],
  ["shipment", "shipment", "json"],
  ["told_at", "toldAt", "instant"],
]
const ship = statement(
  "orders.ship",
  `update agenda t set stage = 'shipped', facts = t.facts || k.facts, shipment = k.shipment, told_at = k.told_at,
     version = t.version + 1, judged_at = to_timestamp($6::float8 / 1000), next_at = null, next_due_at = null,
     breaks_kind = null, breaks_basis = null, breaks_round = null, breaks_as = null, then_at = null, ships_as = null
   from ${unnested(shipmentColumns)} where t.bucket = k.bucket and t.id = k.id`,
)
/** Makes orders shipped by their plain shipments; nothing is to come of them by itself. */
export const shipOrders = (tx: Session, shipped: readonly Shipment[], at: Instant): Promise<unknown> =>
  run(tx, ship, [...parameters(shipmentColumns, shipped), at])

const appointing = (appointments as readonly Column<Appointment>[]).filter(([name]) =>
  [...keyNames, "next_at", "case_next_at"].includes(name),
)
const appoint = bulkUpdate("agenda.appoint", "agenda", appointing, keyNames)
/** Writes when to look again at orders of which an act changed nothing but their cases. */
export const appointOrders = (tx: Session, orders: readonly Appointment[]): Promise<number> =>
  send(tx, appoint, appointing, orders)

/** A claimed order with what its clocks as stored need beside them. */
export type Glance = Appointment &
  Pick<
    StoredOrder,
    "channel" | "shop" | "orderNo" | "stage" | "settings" | "watched" | "casesFrom" | "toldAt"
  >
const glanceAt = statement(
  "orders.glance",
  `select ${selected(appointments, "a")}, ${selected(within(...glance.a), "a")}, ${selected(within(...glance.o), "o")}
   from ${orderTables} join ${places} on o.bucket = k.bucket and o.id = k.id`,
)
/** What a tick has to know of orders that it claimed. */
export const glanceOrders = (tx: Session, { buckets, ids }: Claim): Promise<Glance[]> =>
  run(tx, glanceAt, [buckets, ids])

const sample = statement(
  "agenda.sample",
  `select ${selected(appointments, "a")} from agenda a where (a.bucket, a.id) > ($1, $2::uuid) order by a.bucket, a.id limit $3`,
)
/** The orders that follow a place, in the order of (bucket, id). */
export const listAppointments = (session: Session, after: Place, limit: number): Promise<Appointment[]> =>
  run(session, sample, [after.bucket, after.id, limit])

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

const earliest = statement(
  "orders.earliest",
  `select least((select min(a.next_at) from agenda a where a.next_at is not null and a.bucket = any($1::int2[])),
     (select min(d.next_at) from duties d where d.next_at is not null and d.bucket = any($1::int2[]))) as "nextAt"`,
)

/** The earliest instant at which something happens to an order or a duty of these buckets. */
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
