import type { OrderEvent, OrderKey } from "../core/events.ts"
import type { Instant } from "../core/instants.ts"
import {
  countShipments,
  factsOfShipment,
  heldFor,
  maybePlainShipment,
  type ShipsAs,
  toldAs,
} from "../core/plainShipment.ts"
import { Tally } from "../core/rollups.ts"
import { meetClocks } from "../store/clocks.ts"
import { addParcels, insertEvents, type NewEvent, type StoredParcel } from "../store/events.ts"
import type { KeyPlace } from "../store/keys.ts"
import { Raced } from "../store/raced.ts"
import { appendTally } from "../store/rollups.ts"
import { type MaybeShipped, type Shipped, shipOrders } from "../store/shipments.ts"
import type { Session } from "../store/statement.ts"
import { tell } from "./telling.ts"
import type { EngineWorld, RuleBook } from "./world.ts"

/** What is told of an order; `index`: the place of an event in what a call tells. */
export type Batch = { place: KeyPlace; key: OrderKey; events: { index: number; event: OrderEvent }[] }

/** Makes those orders shipped to which nothing but their plain shipment is told (core/plainShipment.ts), and locks them so; what else belongs to that is left to `shipPlainly`. */
export const shipForeseen = (
  tx: Session,
  batches: readonly Batch[],
  { edition }: Pick<RuleBook, "edition">,
  now: Instant,
): Promise<Shipped[]> => shipOrders(tx, batches.flatMap(maybeShipped), heldFor(edition), now)

function maybeShipped({ place: { bucket, id }, events }: Batch, i: number): MaybeShipped[] {
  const { event } = events[0]!
  if (events.length > 1 || !maybePlainShipment(event)) return []
  const { at, observedAt, order } = event
  const facts = JSON.stringify(factsOfShipment(at))
  const states = order === undefined ? null : JSON.stringify(order)
  return [{ i, bucket, id, at, toldAt: observedAt ?? at, toldAs: toldAs(event), facts, states }]
}

/**
 * Lets the plain shipments of these orders take effect: events, clocks, parcels and counts of thousands of orders in four
 * statements, none of which is read or judged. Throws Raced when a clock or a parcel was not as was foreseen.
 */
export async function shipPlainly(
  world: EngineWorld,
  tx: Session,
  batches: readonly Batch[],
  groups: readonly Shipped[],
  now: Instant,
): Promise<void> {
  if (groups.length === 0) return
  const events: NewEvent[] = []
  const closed: { bucket: number; id: string; at: Instant }[] = []
  const parcels: StoredParcel[] = []
  const tally = new Tally()
  let closing = 0
  for (const { shipsAs, places } of groups) {
    const as = JSON.parse(shipsAs) as ShipsAs
    closing += places.length * as.closes
    const shops = new Map<string, { key: OrderKey; n: number }>()
    for (const i of places) {
      const { place, key, events: told } = batches[i]!
      const { event } = told[0]!
      const { bucket, id } = place
      events.push(tell(world.secrets, place, event, now).telling.row as NewEvent)
      closed.push({ bucket, id, at: event.at })
      const { carrier = "", trackingNo } = (event.order ?? {}) as { carrier?: string; trackingNo?: string }
      if (trackingNo !== undefined) parcels.push({ bucket, orderId: id, carrier, trackingNo, lines: null })
      const name = `${key.channel}\u001f${key.shop}`
      const shop = shops.get(name)
      if (shop === undefined) shops.set(name, { key, n: 1 })
      else shop.n++
    }
    for (const { key, n } of shops.values()) countShipments(tally, { ...key, as, n })
  }
  const [, met] = await Promise.all([
    insertEvents(tx, events),
    meetClocks(tx, closed),
    addParcels(tx, parcels),
    appendTally(tx, closed[0]!.bucket, tally),
  ])
  if (met !== closing) throw new Raced()
}
