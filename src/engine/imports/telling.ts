import type { OrderEvent, OrderKey } from "../../core/events.ts"
import { eventsOf } from "../../core/imports.ts"
import type { Instant } from "../../core/instants.ts"
import type { RowFacts } from "../../core/rows.ts"
import { listStatusIds } from "../../store/imports.ts"
import { type KeyPlace, orderPlace } from "../../store/keys.ts"
import { findOrders, type StoredOrder } from "../../store/orders.ts"
import type { EngineWorld } from "../world.ts"
import type { StagedOrder } from "./staging.ts"

/** How a file is told: `subOrders`, the same number twice is one row, the last. */
export type Told = { source: string; exportedAt: Instant; casesFrom: Instant | null; subOrders: boolean }

/** An order of a file, what is stored of it, and the events that the file tells; none, where nothing happened to it. */
export type ToldOrder = {
  key: OrderKey
  place: KeyPlace
  known: StoredOrder | undefined
  events: OrderEvent[]
}

/** The events that the rows of some orders tell, given what was told of them before. */
export async function tellOrders(
  world: EngineWorld,
  orders: readonly StagedOrder[],
  told: Told,
): Promise<ToldOrder[]> {
  const placed = orders.map(({ key, rows }) => ({ key, rows, place: orderPlace(key) }))
  const places = placed.map(({ place }) => place)
  const known = await findOrders(world.db.pool, places)
  const statuses = await listStatusIds(world.db.pool, places, told.source)
  return placed.map(({ key, rows, place }) => {
    const order = known.get(place.id)
    const before = {
      promisedShipAt: instant(order?.details.promisedShipAt),
      presaleShipBy: instant(order?.details.presaleShipBy),
      eventIds: statuses.get(place.id) ?? new Set<string>(),
    }
    const counted = told.subOrders ? rows.slice(-1) : distinct(rows)
    return { key, place, known: order, events: eventsOf(counted, told, before) }
  })
}

const instant = (value: unknown): Instant | null => (typeof value === "number" ? value : null)

/** Rows equal in every cell are one. */
const distinct = (rows: readonly RowFacts[]): RowFacts[] => [
  ...new Map(rows.map((row) => [JSON.stringify(row), row])).values(),
]
