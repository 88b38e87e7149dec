import type { OrderEvent, OrderKey } from "../core/events.ts"
import type { Instant } from "../core/instants.ts"
import type { JsonObject } from "../core/json.ts"
import { hour, minute } from "./calendar.ts"
import type { Chance } from "./chance.ts"
import {
  carriers,
  type Dwelling,
  places,
  type Shop,
  type Sku,
  skus,
  streets,
  surnames,
  titles,
  type Warehouse,
  warehouses,
} from "./company.ts"
import type { Telling } from "./plan.ts"
import type { Session } from "./sessions.ts"
import { heardAt, isSoldOut, type Troubles } from "./troubles.ts"

/** An order and what becomes of it; steps that never come are null. */
export type Planned = {
  key: OrderKey
  shop: Shop
  details: JsonObject
  item: Sku
  place: Dwelling
  warehouse: Warehouse
  carrier: string
  trackingNo: string
  presale: boolean
  createdAt: Instant
  paidAt: Instant
  /** what stops its packing for a while: [from, until, reason] */
  holds: Hold[]
  /** the customer goes before it is shipped */
  cancelledAt: Instant | null
  refunds: boolean
  agreed: { askedAt: Instant; date: Instant } | null
  /** from when on it may be packed, and how late its turn comes */
  readyAt: Instant
  turnAt: Instant
  preparedAt: Instant | null
  shippedAt: Instant | null
  collectedAt: Instant | null
  deliveredAt: Instant | null
}
type Hold = {
  name: string
  reason: string
  from: Instant
  until: Instant
  ends: OrderEvent["type"]
}

const byWeight = {
  skus: skus.map((each) => [each, each.weight] as const),
  places: places.map((each) => [each, each[3]] as const),
  warehouses: warehouses.map((each) => [each, each.share] as const),
  carriers: carriers.map((each) => [each, each[1]] as const),
}

/** Slippers and babies' towels are shipped by somebody else for the company. */
const shippedOutside = /^(TX|CR)-/

/** Draws an order paid at an instant, with all that its customer does; the warehouse comes later. */
export function drawOrder(
  chance: Chance,
  paidAt: Instant,
  shop: Shop,
  session: Pick<Session, "title" | "host"> | null,
  troubles: Troubles,
): Planned {
  const item = chance.weighed(byWeight.skus)
  const place = chance.weighed(byWeight.places)
  const warehouse = chance.weighed(byWeight.warehouses)
  const carrier = chance.weighed(byWeight.carriers)
  const presale = session !== null && chance.happens(0.03)
  const quantity = chance.happens(0.12) ? 2 : 1
  const isExtra = chance.happens(0.004)
  const amount = item.fen * quantity
  const details: JsonObject = {
    type: presale ? "presale" : "normal",
    amount: isExtra ? 1000 : amount,
    currency: "CNY",
    warehouse: warehouse.name,
    items: isExtra
      ? [{ line: "1", sku: "BCJ", name: "补差价专拍", quantity: 1, amount: 1000 }]
      : [{ line: "1", sku: item.sku, name: item.name, quantity, amount }],
    receiver: receiverOf(chance, place),
  }
  // An extra charge is nothing that is shipped: no type is stated, so that the company's own rule finds it.
  if (isExtra) delete details.type
  if (shippedOutside.test(item.sku)) details.fulfilment = "金华云仓"
  if (session) Object.assign(details, { liveSession: session.title, host: session.host })
  if (presale) details.presaleShipBy = paidAt + chance.whole(5, 10) * 24 * hour
  else if (shop.promiseHours !== null) details.promisedShipAt = paidAt + shop.promiseHours * hour
  const holds = presale ? [] : drawHolds(chance, paidAt)
  const leaves = chance.happens(0.035)
  const soldOut = isSoldOut(troubles, item.sku, paidAt + 2 * hour)
  const askedAt = paidAt + chance.between(14, 40) * hour
  return {
    key: {
      channel: shop.channel,
      shop: shop.shop,
      orderNo: shop.number.prefix + chance.digits(shop.number.digits - shop.number.prefix.length),
    },
    shop,
    details,
    item,
    place,
    warehouse,
    carrier: carrier[0],
    trackingNo: carrier[2] + chance.digits(13),
    presale,
    createdAt: paidAt - chance.whole(8_000, 90_000),
    paidAt,
    holds,
    cancelledAt: leaves ? Math.round(paidAt + chance.wait(7) * hour) : null,
    refunds: chance.happens(0.5),
    agreed:
      soldOut && chance.happens(0.4)
        ? { askedAt: Math.round(askedAt), date: Math.round(askedAt + chance.between(30, 60) * hour) }
        : null,
    readyAt: Math.round(paidAt + chance.between(3, 20) * minute),
    turnAt: Math.round(paidAt + chance.wait(chance.happens(0.035) ? 22 : 2.5) * hour),
    preparedAt: null,
    shippedAt: null,
    collectedAt: null,
    deliveredAt: null,
  }
}

/** Wrong addresses, wishes, reviews by the platform, refunds asked for and taken back. */
function drawHolds(chance: Chance, paidAt: Instant): Hold[] {
  const after = (from: number, to: number) => Math.round(paidAt + chance.between(from, to) * hour)
  const lasting = (from: Instant, meanHours: number) => Math.round(from + (1 + chance.wait(meanHours)) * hour)
  const roll = chance.next()
  if (roll < 0.012) {
    const from = after(0.5, 5)
    return [{ name: "address", reason: "customer", from, until: lasting(from, 9), ends: "address_corrected" }]
  }
  if (roll < 0.018) {
    const from = after(0.2, 8)
    return [{ name: "later", reason: "customer", from, until: lasting(from, 20), ends: "released" }]
  }
  if (roll < 0.027) {
    const from = after(0.02, 0.2)
    return [{ name: "review", reason: "platform", from, until: lasting(from, 4), ends: "released" }]
  }
  if (roll < 0.035) {
    const from = after(1, 12)
    return [{ name: "refund", reason: "refund", from, until: lasting(from, 6), ends: "refund_withdrawn" }]
  }
  return []
}

function receiverOf(chance: Chance, [province, city, district]: Dwelling): JsonObject {
  return {
    name: surnames[chance.whole(0, surnames.length)]! + chance.pick(titles),
    phone: `1${chance.pick(["35", "36", "38", "39", "58", "77", "86"])}${chance.digits(8)}`,
    province,
    city,
    address: `${district}${chance.pick(streets)} ${chance.whole(1, 300)} 号`,
  }
}

/** What is told of an order, as it happens. */
export function tellingsOf(order: Planned, troubles: Troubles): Telling[] {
  const { key } = order
  const source = order.shop.exportsAt ? `import:${key.channel}` : "ERP"
  const tellings: Telling[] = []
  const tell = (type: OrderEvent["type"], at: Instant | null, more: Partial<OrderEvent> = {}) => {
    if (at === null || (leaves !== null && at >= leaves && type !== "cancelled" && type !== "refunded"))
      return
    const heard = type === "shipped" ? heardAt(troubles, key.channel, at) : at
    const eventId = `${type}:${more.hold ?? "1"}`
    tellings.push({ at: heard, key, event: { type, at, source, eventId, ...more } })
  }
  const leaves = order.cancelledAt
  tell("created", order.createdAt, { order: order.details })
  tell("paid", order.paidAt)
  for (const { name, reason, from, until, ends } of order.holds) {
    if (ends === "refund_withdrawn") {
      tell("refund_requested", from)
      tell("refund_withdrawn", until)
    } else {
      tell("held", from, { reason, hold: name })
      tell(ends, until, ends === "released" ? { hold: name } : {})
    }
  }
  if (order.agreed && (order.shippedAt === null || order.shippedAt > order.agreed.askedAt))
    tell("date_agreed", order.agreed.askedAt, { source: "staff", date: order.agreed.date })
  if (leaves !== null) tell(order.refunds ? "refunded" : "cancelled", leaves)
  tell("prepared", order.preparedAt)
  tell("shipped", order.shippedAt, {
    order: { carrier: order.carrier, trackingNo: order.trackingNo },
  })
  tell("collected", order.collectedAt)
  tell("delivered", order.deliveredAt)
  return tellings
}
