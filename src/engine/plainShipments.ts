import type { OrderEvent, OrderKey } from "../core/events.ts"
import type { Instant } from "../core/instants.ts"
import { countShipments, factsOfShipment, plainShipmentAt, type ShipsAs } from "../core/plainShipment.ts"
import { Tally } from "../core/rollups.ts"
import { meetClocks } from "../store/clocks.ts"
import { insertEvents, keepParcels, type NewEvent, type StoredParcel } from "../store/events.ts"
import type { KeyPlace } from "../store/keys.ts"
import { type LockedOrder, type Shipment, shipOrders } from "../store/orders.ts"
import { Raced } from "../store/raced.ts"
import { appendTally } from "../store/rollups.ts"
import type { Session } from "../store/statement.ts"
import { tell } from "./telling.ts"
import type { EngineWorld, RuleBook } from "./world.ts"

/** A plain shipment that is told to a locked order; `index`: its place among the events of the batch. */
export type Foreseen = { place: KeyPlace; key: OrderKey; event: OrderEvent; index: number; shipsAs: string }

/** Those of a batch's orders to which nothing but their plain shipment is told, by order id. */
export function foresee(
  batches: readonly {
    place: KeyPlace
    key: OrderKey
    events: readonly { index: number; event: OrderEvent }[]
  }[],
  locked: readonly LockedOrder[],
  { edition }: RuleBook,
  now: Instant,
): ReadonlyMap<string, Foreseen> {
  const foreseen = new Map<string, Foreseen>()
  if (locked.every(({ shipsAs }) => shipsAs === null)) return foreseen
  const isForeseen = plainShipmentAt(edition, now)
  const appointments = new Map(locked.map((each) => [each.id, each]))
  for (const { place, key, events } of batches) {
    const appointment = appointments.get(place.id)
    const [{ index, event }] = events as [{ index: number; event: OrderEvent }]
    if (appointment === undefined || events.length > 1) continue
    if (isForeseen(event, appointment))
      foreseen.set(place.id, { place, key, event, index, shipsAs: appointment.shipsAs! })
  }
  return foreseen
}

/**
 * Lets plain shipments (core/plainShipment.ts) take effect: events, orders, clocks, parcels and counts of thousands of orders in
 * six statements, none of which is read or judged. Throws Raced when a clock was not as was foreseen.
 */
export async function shipPlainly(
  world: EngineWorld,
  tx: Session,
  foreseen: readonly Foreseen[],
  now: Instant,
): Promise<void> {
  if (foreseen.length === 0) return
  const events: NewEvent[] = []
  const shipments: (Shipment & { at: Instant })[] = []
  const parcels: StoredParcel[] = []
  const alike = new Map<string, { channel: string; shop: string; as: ShipsAs; n: number }>()
  for (const { place, key, event, shipsAs } of foreseen) {
    const { channel, shop } = key
    const name = `${channel}\u001f${shop}\u001f${shipsAs}`
    let group = alike.get(name)
    if (group === undefined) {
      group = { channel, shop, as: JSON.parse(shipsAs) as ShipsAs, n: 0 }
      alike.set(name, group)
    }
    group.n++
    const { at, observedAt, order } = event
    events.push(tell(world.secrets, place, event, now).telling.row as NewEvent)
    const shipment = (order as Shipment["shipment"] | undefined) ?? null
    shipments.push({ ...place, at, toldAt: observedAt ?? at, facts: factsOfShipment(group.as, at), shipment })
    const { carrier = "", trackingNo } = (order ?? {}) as { carrier?: string; trackingNo?: string }
    if (trackingNo !== undefined)
      parcels.push({ bucket: place.bucket, orderId: place.id, carrier, trackingNo, lines: null })
  }
  const tally = new Tally()
  let closing = 0
  for (const group of alike.values()) {
    countShipments(tally, group)
    closing += group.n * group.as.closes
  }
  const [, , closed] = await Promise.all([
    insertEvents(tx, events),
    shipOrders(tx, shipments, now),
    meetClocks(tx, shipments),
    keepParcels(tx, parcels),
    appendTally(tx, shipments[0]!.bucket, tally),
  ])
  if (closed !== closing) throw new Raced()
}
