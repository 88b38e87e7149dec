import type { Json } from "../core/events.ts"
import type { Instant } from "../core/instants.ts"
import type { Tally } from "../core/rollups.ts"
import type { Change } from "../store/bulk.ts"
import { deleteClocks, insertClocks, updateClocks } from "../store/clocks.ts"
import {
  insertEvents,
  insertLines,
  insertReceivers,
  keepReceivers,
  type NewEvent,
  replaceLines,
  replaceParcels,
  type StoredLine,
  type StoredReceiver,
  updateEvents,
} from "../store/events.ts"
import { appendJournal } from "../store/imports.ts"
import { insertOrders, type StoredOrder, updateOrders } from "../store/orders.ts"
import { appendTally } from "../store/rollups.ts"
import type { Session } from "../store/statement.ts"
import type { Journal } from "./journal.ts"
import { clockChanges, type Judged, recount } from "./judgement.ts"
import type { Telling } from "./telling.ts"

/** Everything that a judgement of many orders leaves to write. */
export type Writing = {
  at: Instant
  judged: readonly Judged[]
  told: { fresh: readonly Telling[]; changed: readonly Telling[] }
  receivers: readonly StoredReceiver[]
  journal: readonly Journal[]
  tally: Tally
}

/** Writes judged orders with their events, clocks and counts: one round trip a table. Throws Raced when a new order was not new. */
export async function write(
  tx: Session,
  { judged, told, receivers, journal, tally }: Writing,
): Promise<void> {
  if (judged.length === 0) return
  const fresh = judged.filter(({ held }) => held.order === null)
  const known = knownOf(judged)
  const isFresh = new Set(fresh.map(({ order }) => order.id))
  // Sent together; nobody else holds one of these orders, and the new ones come first, in order.
  await Promise.all([
    insertOrders(
      tx,
      fresh.map(({ order }) => order),
    ),
    updateOrders(tx, known),
    insertEvents(tx, told.fresh.map(rowOf) as NewEvent[]),
    updateEvents(tx, told.changed.map(rowOf)),
    insertReceivers(
      tx,
      receivers.filter(({ orderId }) => isFresh.has(orderId)),
    ),
    keepReceivers(
      tx,
      receivers.filter(({ orderId }) => !isFresh.has(orderId)),
    ),
    appendJournal(tx, journal),
    writeDetails(tx, judged),
    writeClocks(tx, judged, tally),
  ])
  await appendTally(tx, judged[0]!.order.bucket, tally)
}

/** Orders that were there before, as they were and as they are. */
export const knownOf = (judged: readonly Judged[]): Change<StoredOrder>[] =>
  judged.flatMap(({ held, order }) => (held.order === null ? [] : [[held.order, order]]))

const rowOf = (telling: Telling) => ({ ...telling.row, holds: telling.holds, observedAt: telling.observedAt })

/** Writes clock rows that changed and counts orders and clocks as they were and as they are. */
export async function writeClocks(tx: Session, judged: readonly Judged[], tally: Tally): Promise<void> {
  const changes = { added: [], altered: [], deleted: [] } as ReturnType<typeof clockChanges>
  for (const each of judged) {
    recount(tally, each)
    const own = clockChanges(each)
    changes.added.push(...own.added)
    changes.altered.push(...own.altered)
    changes.deleted.push(...own.deleted)
  }
  await Promise.all([
    deleteClocks(tx, changes.deleted),
    insertClocks(tx, changes.added),
    updateClocks(tx, changes.altered),
  ])
}

/** Writes the lines of orders whose items changed, and the parcels of those that ever stated one. */
export async function writeDetails(tx: Session, judged: readonly Judged[]): Promise<void> {
  const fresh: StoredLine[] = []
  const other: StoredLine[] = []
  const replaced = []
  for (const { held, order } of judged) {
    if (held.order === null) fresh.push(...linesOf(order.bucket, order.id, order.details.items))
    else if (JSON.stringify(held.order.details.items) !== JSON.stringify(order.details.items)) {
      replaced.push(held.place)
      other.push(...linesOf(order.bucket, order.id, order.details.items))
    }
  }
  const parcelled = judged.filter(({ parcels }) => parcels !== null)
  await Promise.all([
    insertLines(tx, fresh),
    replaceLines(tx, replaced, other),
    replaceParcels(
      tx,
      parcelled.filter(({ held }) => held.order !== null).map(({ held }) => held.place),
      parcelled.flatMap(({ parcels }) => parcels!),
    ),
  ])
}

function linesOf(bucket: number, orderId: string, items: Json | undefined): StoredLine[] {
  if (!Array.isArray(items)) return []
  const lines = new Map<string, StoredLine>()
  for (const item of items as Record<string, Json>[]) {
    const line = textOf(item.line) ?? textOf(item.sku)
    if (line === null || lines.has(line)) continue
    lines.set(line, {
      bucket,
      orderId,
      line,
      sku: textOf(item.sku),
      name: textOf(item.name),
      quantity: numberOf(item.quantity),
      amount: numberOf(item.amount),
      kind: textOf(item.kind),
    })
  }
  return [...lines.values()]
}

const textOf = (value: Json | undefined): string | null => (typeof value === "string" ? value : null)
const numberOf = (value: Json | undefined): number | null => (typeof value === "number" ? value : null)
