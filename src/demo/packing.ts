import type { Instant } from "../core/instants.ts"
import { hour, hourOf, minute, nextHour } from "./calendar.ts"
import type { Chance } from "./chance.ts"
import { type Warehouse, warehouses } from "./company.ts"
import type { Planned } from "./order.ts"
import { clearAt, inStockAt, mislaidShare, pickedUpAt, type Troubles } from "./troubles.ts"

const slot = 10 * minute
/** Lorries leave at these hours. */
const lorries = [12.5, 16.5, 20.5] as const

/** Packs, ships and delivers all orders: each warehouse works its queue at its own pace, so that a great stream backs up and drains. */
export function packAll(
  chance: Chance,
  orders: readonly Planned[],
  troubles: Troubles,
  until: Instant,
  size: number,
): void {
  for (const warehouse of warehouses)
    packIn(
      chance,
      orders.filter((each) => each.warehouse === warehouse),
      { warehouse, troubles, until, size },
    )
}

type Place = { warehouse: Warehouse; troubles: Troubles; until: Instant; size: number }

function packIn(chance: Chance, orders: readonly Planned[], place: Place): void {
  const coming = orders
    .map((order) => ({ order, at: freeAt(order, place.troubles) }))
    .sort((one, other) => one.at - other.at)
  let queue: Planned[] = []
  let next = 0
  for (let at = Math.floor((orders[0]?.paidAt ?? place.until) / slot) * slot; at < place.until; at += slot) {
    for (; next < coming.length && coming[next]!.at <= at; next++) queue.push(coming[next]!.order)
    if (queue.length === 0) continue
    queue = queue.filter(({ cancelledAt }) => cancelledAt === null || cancelledAt > at)
    const due = queue.filter(({ turnAt }) => turnAt <= at).sort((one, other) => one.turnAt - other.turnAt)
    const packed = new Set(due.slice(0, capacity(place, at, queue.length, chance)))
    for (const order of packed) ship(chance, order, at + chance.whole(0, slot), place.troubles)
    if (packed.size > 0) queue = queue.filter((each) => !packed.has(each))
  }
}

/** How many a warehouse packs in a slot: few by night, more while a backlog keeps people longer. */
function capacity({ warehouse, size }: Place, at: Instant, waiting: number, chance: Chance): number {
  const now = hourOf(at)
  const shift = now >= 8 && now < 22 ? 1 : 0.3
  const overtime = waiting > warehouse.perHour * 8 * size ? 1.35 : 1
  const exact = (warehouse.perHour / 6) * shift * overtime * size
  return Math.floor(exact) + Number(chance.happens(exact % 1))
}

/** From when on nothing stands in the way of packing an order. */
function freeAt(order: Planned, troubles: Troubles): Instant {
  let at = inStockAt(troubles, order.item.sku, order.readyAt)
  for (const { from, until } of order.holds) if (at >= from && at < until) at = until
  if (order.presale) at = Math.max(at, order.paidAt + 4 * 24 * hour)
  return at
}

function ship(chance: Chance, order: Planned, preparedAt: Instant, troubles: Troubles): void {
  order.preparedAt = preparedAt
  // A label that is printed and lies about is found a day later.
  const lying = chance.happens(mislaidShare(troubles, preparedAt)) ? chance.between(18, 44) : 0
  const shippedAt = Math.round(preparedAt + 6 * minute + chance.wait(50) * minute + lying * hour)
  order.shippedAt = clearAt(troubles, order.place[0], shippedAt)
  if (order.shippedAt !== shippedAt) order.shippedAt += chance.whole(10 * minute, 9 * hour)
  const lorry = nextHour(order.shippedAt, lorries) + chance.whole(0, 40 * minute)
  order.collectedAt = Math.round(pickedUpAt(troubles, order.carrier, lorry, chance.between(20, 52) * hour))
  const [, , , , days] = order.place
  order.deliveredAt = Math.round(order.collectedAt + days * chance.between(0.7, 1.5) * 24 * hour)
}
