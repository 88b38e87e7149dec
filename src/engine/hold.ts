import type { OrderEvent, OrderKey } from "../core/events.ts"
import type { Instant } from "../core/instants.ts"
import { listClocks, type StoredClock } from "../store/clocks.ts"
import { listEvents, listReceivers, type StoredEvent } from "../store/events.ts"
import { orderPlace, type Place } from "../store/keys.ts"
import { type LockedOrder, lockOrders, readOrders, type StoredOrder } from "../store/orders.ts"
import type { Session } from "../store/statement.ts"
import type { Held } from "./judgement.ts"
import { openReceiver, type Telling, tellingOf } from "./telling.ts"
import type { EngineWorld } from "./world.ts"

/** An order in the hands of a transaction, with everything told of it. */
export type HeldOrder = Held & { told: Telling[] }

/** An order that a transaction asks for, with the events that will be told to it. */
export type Wanted = { place: Place; key: OrderKey; events?: readonly { event: OrderEvent }[] }

/**
 * Locks orders in the order given, which must be that of (bucket, id), and reads what is stored of them in later statements,
 * since one statement with the lock would read what was there before its wait. `at` is never before an earlier judgement:
 * a clock that steps back would withdraw breaches.
 */
export async function hold(
  world: EngineWorld,
  tx: Session,
  wanted: readonly Wanted[],
): Promise<{ at: Instant; orders: HeldOrder[] }> {
  const locked = await lockOrders(
    tx,
    wanted.map(({ place }) => place),
  )
  const [at, orders] = await Promise.all([instantOf(world, tx, locked), readHeld(world, tx, wanted, locked)])
  return { at, orders }
}

/** The instant of an act on locked orders. */
export const instantOf = async (
  world: EngineWorld,
  tx: Session,
  locked: readonly LockedOrder[],
): Promise<Instant> => notBefore(locked, await world.instant(tx))

/** Now, but never before one of these orders was judged. */
export const notBefore = (locked: readonly LockedOrder[], now: Instant): Instant =>
  locked.reduce((latest, { judgedAt }) => Math.max(latest, judgedAt), now)

/** Reads what is stored of wanted orders, those of them that are orders already being locked. */
export async function readHeld(
  world: EngineWorld,
  tx: Session,
  wanted: readonly Wanted[],
  locked: readonly Place[],
): Promise<HeldOrder[]> {
  const coming = new Map(wanted.map(({ place, events = [] }) => [place.id, events.map(({ event }) => event)]))
  const [stored, loaded] = await Promise.all([readOrders(tx, locked), load(world, tx, locked, coming)])
  const known = new Map(stored.map((order) => [order.id, order]))
  return wanted.map(({ place, key }) => heldOf(place, key, known.get(place.id) ?? null, loaded))
}

type Loaded = Awaited<ReturnType<typeof load>>

/** Reads what a judgement needs of locked orders; `coming` are the events that will be told to them. */
export async function load(
  world: EngineWorld,
  tx: Session,
  locked: readonly Place[],
  coming: ReadonlyMap<string, readonly OrderEvent[]> = new Map(),
) {
  const [events, clocks] = await Promise.all([listEvents(tx, locked), listClocks(tx, locked)])
  const tied = locked.filter(({ id }) => mayTie(events.get(id) ?? [], coming.get(id) ?? []))
  return { world, events, receivers: await listReceivers(tx, tied), clocks }
}

/** Whether contents may have to be compared: two tellings of which one brought a receiver are alike in all that R11 asks before. */
function mayTie(stored: readonly StoredEvent[], coming: readonly OrderEvent[]): boolean {
  if (!stored.some(({ receiver }) => receiver !== null)) return false
  const ranks = new Map<string, boolean>()
  for (const { observedAt, at, eventId, receiver } of stored) {
    const rank = rankOf(observedAt, at, eventId)
    if (ranks.has(rank) && (receiver !== null || ranks.get(rank))) return true
    ranks.set(rank, receiver !== null)
  }
  return coming.some(({ observedAt, at, eventId }) => ranks.get(rankOf(observedAt, at, eventId)) === true)
}

const rankOf = (observedAt: Instant | null | undefined, at: Instant, eventId: string | null | undefined) =>
  `${observedAt ?? at} ${at} ${eventId ?? ""}`

/** An order in hand, from what was read. */
export function heldOf(place: Place, key: OrderKey, order: StoredOrder | null, loaded: Loaded): HeldOrder {
  if (order === null) return { place, key, order, told: [], clocks: [], gone: [], casesFrom: null }
  const receivers = loaded.receivers.get(place.id) ?? []
  const told = (loaded.events.get(place.id) ?? []).map((row) =>
    tellingOf(row, () => {
      const stored = row.receiver && receivers.find((each) => each.hmac.equals(row.receiver!))
      return stored ? openReceiver(loaded.world.secrets, orderPlace(key), stored) : null
    }),
  )
  return { place, key, order, told, ...parted(loaded.clocks.get(place.id)), casesFrom: order.casesFrom }
}

/** The clocks of an order that are in its answer, and those that are gone from it. */
export function parted(rows: readonly StoredClock[] = []): { clocks: StoredClock[]; gone: StoredClock[] } {
  return { clocks: rows.filter(({ gone }) => !gone), gone: rows.filter(({ gone }) => gone) }
}
