import type { OrderEvent } from "../core/events.ts"
import type { Instant } from "../core/instants.ts"
import { bulkInsert, bulkUpdate, type Column, columnOf, send } from "./bulk.ts"
import { adding } from "./copying.ts"
import type { Place } from "./keys.ts"
import { Raced } from "./raced.ts"
import { run, type Session, statement } from "./statement.ts"

/** An event as it is stored. A receiver in it lies apart, encrypted; the body keeps only what is masked of it. */
export type StoredEvent = {
  bucket: number
  orderId: string
  /** (source, eventId), or '' without an eventId (CLOCKS R2, R3) */
  identity: string
  /** keyed digest of the content (R1), so that a receiver in it can neither be read nor guessed */
  content: Buffer
  type: string
  at: Instant
  source: string
  eventId: string | null
  /** greatest ever accepted for this content (R4) */
  observedAt: Instant | null
  /** whether this version holds (R3) */
  holds: boolean
  /** the event without source, eventId and observedAt */
  body: Omit<OrderEvent, "source" | "eventId" | "observedAt">
  /** digest of the receiver it states */
  receiver: Buffer | null
  recordedAt: Instant
}

const columns: readonly Column<StoredEvent>[] = [
  ["bucket", "bucket", "int2"],
  ["order_id", "orderId", "uuid"],
  ["identity", "identity", "text"],
  ["content", "content", "bytea"],
  ["type", "type", "text"],
  ["at", "at", "instant"],
  ["source", "source", "text"],
  ["event_id", "eventId", "text"],
  ["observed_at", "observedAt", "instant"],
  ["holds", "holds", "bool"],
  ["body", "body", "json"],
  ["receiver", "receiver", "bytea"],
  ["recorded_at", "recordedAt", "instant"],
]
const key = ["bucket", "order_id", "identity", "content"]
const moving = (columns as readonly Column<EventRow>[]).filter(([name]) =>
  [...key, "observed_at", "holds"].includes(name),
)

const list = statement(
  "events.list",
  `select ${columns.map(([name, field]) => `e.${name} as "${field}"`).join(", ")} from events e
   join unnest($1::int2[], $2::uuid[]) as k(bucket, id) on e.bucket = k.bucket and e.order_id = k.id
   order by e.recorded_at, e.at`,
)

/** The events of many orders by order id, each list in the order of their recording. */
export async function listEvents(
  session: Session,
  places: readonly Place[],
): Promise<Map<string, StoredEvent[]>> {
  const byOrder = new Map<string, StoredEvent[]>()
  if (places.length === 0) return byOrder
  const rows = await run<StoredEvent>(session, list, [
    columnOf(
      places.map((each) => each.bucket),
      "int2",
    ),
    columnOf(
      places.map((each) => each.id),
      "uuid",
    ),
  ])
  for (const row of rows) {
    const own = byOrder.get(row.orderId)
    if (own) own.push(row)
    else byOrder.set(row.orderId, [row])
  }
  return byOrder
}

/** What is kept of an event beside its body, which is never needed again where it was told. */
export type EventRow = Omit<StoredEvent, "body">
/** An event to append, its body as JSON. */
export type NewEvent = EventRow & { bodyText: string }

/** Appends events. */
export const insertEvents = adding<NewEvent>(
  "events.insert",
  "events",
  columns.map((column) =>
    column[0] === "body" ? ["body", "bodyText", "jsonText"] : (column as Column<EventRow>),
  ),
)

const update = bulkUpdate("events.update", "events", moving, key)
/** Writes the greatest telling and whether a version holds; nothing else of an event ever changes. */
export const updateEvents = (tx: Session, events: readonly EventRow[]): Promise<number> =>
  send(tx, update, moving, events)

const gone = statement(
  "events.delete",
  `delete from events e using unnest($1::int2[], $2::uuid[], $3::text[], $4::bytea[]) as k(bucket, order_id, identity, content)
   where e.bucket = k.bucket and e.order_id = k.order_id and e.identity = k.identity and e.content = k.content`,
)
/** Takes events back as if they had never been accepted (the undo of an import). */
export async function deleteEvents(tx: Session, events: readonly EventRow[]): Promise<void> {
  if (events.length === 0) return
  await run(tx, gone, [
    columnOf(
      events.map((each) => each.bucket),
      "int2",
    ),
    columnOf(
      events.map((each) => each.orderId),
      "uuid",
    ),
    columnOf(
      events.map((each) => each.identity),
      "text",
    ),
    columnOf(
      events.map((each) => each.content),
      "bytea",
    ),
  ])
}

// ------------------------------------------------------------------ what hangs on events

/** An encrypted receiver of an order, each different one once. */
export type StoredReceiver = {
  bucket: number
  orderId: string
  hmac: Buffer
  blob: Buffer
  phoneIndex: Buffer | null
  tailIndex: Buffer | null
}
const receiverColumns: readonly Column<StoredReceiver>[] = [
  ["bucket", "bucket", "int2"],
  ["order_id", "orderId", "uuid"],
  ["hmac", "hmac", "bytea"],
  ["blob", "blob", "bytea"],
  ["phone_index", "phoneIndex", "bytea"],
  ["tail_index", "tailIndex", "bytea"],
]
/** Writes the receivers of new orders. */
export const insertReceivers = adding("receivers.insert", "receivers", receiverColumns)
const keepReceiver = bulkInsert("receivers.keep", "receivers", receiverColumns, "on conflict do nothing")
/** Keeps receivers of orders that are there; one that is kept already stays. */
export const keepReceivers = (tx: Session, receivers: readonly StoredReceiver[]): Promise<number> =>
  send(tx, keepReceiver, receiverColumns, receivers)

const listReceiver = statement(
  "receivers.list",
  `select r.bucket, r.order_id as "orderId", r.hmac, r.blob, r.phone_index as "phoneIndex", r.tail_index as "tailIndex"
   from receivers r join unnest($1::int2[], $2::uuid[]) as k(bucket, id) on r.bucket = k.bucket and r.order_id = k.id`,
)
const latest = statement(
  "receivers.latest",
  `select r.bucket, r.order_id as "orderId", r.hmac, r.blob, r.phone_index as "phoneIndex", r.tail_index as "tailIndex"
   from events e join receivers r on r.bucket = e.bucket and r.order_id = e.order_id and r.hmac = e.receiver
   where e.bucket = $1 and e.order_id = $2 and e.holds
   order by coalesce(e.observed_at, e.at) desc, e.at desc limit 1`,
)
/** The encrypted receiver of an order that was told last and holds; null: none was told. */
export const latestReceiver = async (
  session: Session,
  { bucket, id }: Place,
): Promise<StoredReceiver | null> => (await run<StoredReceiver>(session, latest, [bucket, id]))[0] ?? null

/** The encrypted receivers of many orders by order id. */
export async function listReceivers(
  session: Session,
  orders: readonly Place[],
): Promise<Map<string, StoredReceiver[]>> {
  const byOrder = new Map<string, StoredReceiver[]>()
  if (orders.length === 0) return byOrder
  const rows = await run<StoredReceiver>(session, listReceiver, [
    columnOf(
      orders.map((each) => each.bucket),
      "int2",
    ),
    columnOf(
      orders.map((each) => each.id),
      "uuid",
    ),
  ])
  for (const row of rows) byOrder.set(row.orderId, [...(byOrder.get(row.orderId) ?? []), row])
  return byOrder
}

/** A line of an order as last told. */
export type StoredLine = {
  bucket: number
  orderId: string
  line: string
  sku: string | null
  name: string | null
  quantity: number | null
  amount: number | null
  kind: string | null
}
const lineColumns: readonly Column<StoredLine>[] = [
  ["bucket", "bucket", "int2"],
  ["order_id", "orderId", "uuid"],
  ["line", "line", "text"],
  ["sku", "sku", "text"],
  ["name", "name", "text"],
  ["quantity", "quantity", "float8"],
  ["amount", "amount", "int8"],
  ["kind", "kind", "text"],
]
const deleteLine = statement(
  "lines.delete",
  `delete from lines l using unnest($1::int2[], $2::uuid[]) as k(bucket, order_id)
   where l.bucket = k.bucket and l.order_id = k.order_id`,
)
/** Writes the lines of new orders. */
export const insertLines = adding("lines.insert", "lines", lineColumns)
/** Puts other lines in the place of an order's. */
export async function replaceLines(
  tx: Session,
  orders: readonly Place[],
  lines: readonly StoredLine[],
): Promise<void> {
  if (orders.length === 0) return
  await run(tx, deleteLine, [
    columnOf(
      orders.map((each) => each.bucket),
      "int2",
    ),
    columnOf(
      orders.map((each) => each.id),
      "uuid",
    ),
  ])
  await insertLines(tx, lines)
}

/** A parcel that a valid event of the order states; no lines means all. */
export type StoredParcel = {
  bucket: number
  orderId: string
  carrier: string
  trackingNo: string
  lines: string[] | null
}
const parcelColumns: readonly Column<StoredParcel>[] = [
  ["bucket", "bucket", "int2"],
  ["order_id", "orderId", "uuid"],
  ["carrier", "carrier", "text"],
  ["tracking_no", "trackingNo", "text"],
  ["lines", "lines", "texts"],
]
const insertParcel = bulkInsert(
  "parcels.insert",
  "parcels",
  parcelColumns,
  "on conflict (bucket, order_id, carrier, tracking_no) do update set lines = excluded.lines where parcels.lines is distinct from excluded.lines",
)
/** Keeps parcels beside those that orders have. */
export const keepParcels = (tx: Session, parcels: readonly StoredParcel[]): Promise<number> =>
  send(tx, insertParcel, parcelColumns, parcels)
const add = adding("parcels.add", "parcels", parcelColumns)
/** Adds parcels of orders that have none. Throws Raced when one of them is there. */
export const addParcels = (tx: Session, parcels: readonly StoredParcel[]): Promise<void> =>
  add(tx, parcels).catch((error: { constraint?: string }) => {
    throw error.constraint === "parcels_pkey" ? new Raced() : error
  })
const forgetParcels = statement(
  "parcels.forget",
  `delete from parcels p using unnest($1::int2[], $2::uuid[]) as k(bucket, id)
   where p.bucket = k.bucket and p.order_id = k.id and not exists
     (select 1 from unnest($3::uuid[], $4::text[], $5::text[]) as w(id, carrier, tracking_no)
      where w.id = p.order_id and w.carrier = p.carrier and w.tracking_no = p.tracking_no)`,
)
/** Lets these parcels be all that orders have; orders that are known already are named, since theirs may be others. */
export async function replaceParcels(
  tx: Session,
  known: readonly Place[],
  parcels: readonly StoredParcel[],
): Promise<void> {
  if (known.length > 0)
    await run(tx, forgetParcels, [
      columnOf(
        known.map((each) => each.bucket),
        "int2",
      ),
      columnOf(
        known.map((each) => each.id),
        "uuid",
      ),
      columnOf(
        parcels.map((each) => each.orderId),
        "uuid",
      ),
      columnOf(
        parcels.map((each) => each.carrier),
        "text",
      ),
      columnOf(
        parcels.map((each) => each.trackingNo),
        "text",
      ),
    ])
  await keepParcels(tx, parcels)
}
