import type { Instant } from "../core/instants.ts"
import { Tally } from "../core/rollups.ts"
import { nextOf, settle } from "../core/stored.ts"
import { listClocks, passClocks, type StoredClock } from "../store/clocks.ts"
import { transaction } from "../store/database.ts"
import { listBreaches, listFirings, type StoredBreach } from "../store/firings.ts"
import { runSize, runStart } from "../store/keys.ts"
import { claimOrders, type StoredOrder, touchOrders, updateOrders } from "../store/orders.ts"
import { appendTally } from "../store/rollups.ts"
import type { Session } from "../store/statement.ts"
import { workCases } from "./casework.ts"
import { debtsOf, effectsOf, writeEffects } from "./effects.ts"
import { type HeldOrder, heldOf, load } from "./hold.ts"
import type { Judged } from "./judgement.ts"
import { recount } from "./judgement.ts"
import { judgeSafely, stuckAt } from "./record.ts"
import type { EngineWorld, RuleBook } from "./world.ts"
import { writeClocks, writeDetails } from "./write.ts"

/** What one tick of a run did. */
export type Ticked = {
  at: Instant
  claimed: number
  warned: number
  breached: number
  withdrawn: number
  cases: string[]
  /** how late each breach took effect, milliseconds */
  lagsMs: number[]
  orders: string[]
}

/** The most orders that one tick takes. */
export const tickLimit = 500

/**
 * One round of a run of buckets in one transaction (ENGINE §4): claims the orders whose next instant has come, sees what is
 * owed to them, lets each warning and breach take effect once with its case, counts and outbox row, and says when to look again.
 */
export async function tick(world: EngineWorld, runNumber: number, limit = tickLimit): Promise<Ticked> {
  const from = runStart(runNumber)
  const ticked = await transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const claimed = await claimOrders(tx, { from, to: from + runSize - 1, now: at, limit })
    return act(world, tx, claimed, at)
  })
  if (ticked.claimed > 0) world.changed({ orders: ticked.orders, cases: ticked.cases, board: true })
  return ticked
}

/** Marks the order of a run that is due first and whose tick failed alone as stuck, in a transaction of its own; it is looked at again later and later. */
export async function setAside(world: EngineWorld, runNumber: number, error: unknown): Promise<Ticked> {
  const from = runStart(runNumber)
  return transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const claimed = await claimOrders(tx, { from, to: from + runSize - 1, now: at, limit: 1 })
    await touchOrders(
      tx,
      claimed.map((order) => ({
        ...order,
        version: order.version + 1,
        judgedAt: at,
        ...stuckAt(order.stuck, error, at),
      })),
    )
    return {
      at,
      claimed: claimed.length,
      warned: 0,
      breached: 0,
      withdrawn: 0,
      cases: [],
      lagsMs: [],
      orders: [],
    }
  })
}

/** Acts on orders that this transaction has claimed. */
export async function act(
  world: EngineWorld,
  tx: Session,
  claimed: readonly StoredOrder[],
  at: Instant,
): Promise<Ticked> {
  const empty: Ticked = {
    at,
    claimed: 0,
    warned: 0,
    breached: 0,
    withdrawn: 0,
    cases: [],
    lagsMs: [],
    orders: [],
  }
  if (claimed.length === 0) return empty
  const book = await world.ruleBook(tx)
  const asked = claimed.filter((order) => needsEvents(order, at))
  const afresh = await judgeAfresh(world, tx, asked, book, at)
  const later = await settleStored(
    tx,
    claimed.filter((order) => !needsEvents(order, at)),
    book,
    at,
  )
  const all = [...afresh, ...later]
  const tally = new Tally()
  const debts = debtsOf(
    all.filter(({ order }) => order.stuck === null),
    at,
  )
  const effects = effectsOf(debts, at, tally)
  const cases = await workCases(tx, debts, effects, at, tally)
  await writeEffects(tx, effects)
  for (const { order, clocks } of all)
    if (order.stuck === null) order.nextAt = nextOf(clocks, nextInput(order, book, at))
  await updateOrders(
    tx,
    afresh.map(({ order }) => order),
  )
  await writeDetails(tx, afresh)
  await writeClocks(tx, afresh, tally)
  await touchOrders(
    tx,
    later.map(({ order }) => order),
  )
  await passStored(tx, later, tally)
  await appendTally(tx, claimed[0]!.bucket, tally)
  return {
    at,
    claimed: claimed.length,
    warned: effects.firings.length,
    breached: effects.breaches.length,
    withdrawn: effects.withdrawn.length,
    cases,
    lagsMs: lagsOf(effects.breaches, all, at),
    orders: all.map(({ order }) => `${order.channel}/${order.shop}/${order.orderNo}`),
  }
}

/** Fired − due; of a clock that was told of after its due, fired − told: nobody could have fired it before. */
function lagsOf(breaches: readonly StoredBreach[], all: readonly Judged[], at: Instant): number[] {
  const clocks = new Map(all.map((each) => [each.order.id, each.clocks]))
  return breaches.map((breach) => {
    const clock = clocks
      .get(breach.subjectId)
      ?.find(
        (each) => each.kind === breach.kind && each.basis === breach.basis && each.round === breach.round,
      )
    return at - Math.max(breach.dueAt, clock?.dueSince ?? 0)
  })
}

/** Stored rows are enough until an event told ahead becomes known; a stuck order is judged whole again. */
const needsEvents = (order: StoredOrder, at: Instant): boolean =>
  order.stuck !== null || (order.recheckAt !== null && order.recheckAt <= at)

async function judgeAfresh(
  world: EngineWorld,
  tx: Session,
  orders: readonly StoredOrder[],
  book: RuleBook,
  at: Instant,
): Promise<Judged[]> {
  if (orders.length === 0) return []
  const loaded = await load(world, tx, orders)
  return orders.map((order) => judgeSafely(heldOf(order, order, order, loaded), book, at))
}

async function settleStored(
  tx: Session,
  orders: readonly StoredOrder[],
  book: RuleBook,
  at: Instant,
): Promise<Judged[]> {
  if (orders.length === 0) return []
  const clocks = await listClocks(tx, orders)
  const firings = await listFirings(tx, orders)
  const breaches = await listBreaches(tx, orders)
  return orders.map((order) => {
    const held: HeldOrder = {
      place: order,
      key: order,
      order,
      told: [],
      clocks: clocks.get(order.id) ?? [],
      firings: firings.get(order.id) ?? [],
      breaches: breaches.get(order.id) ?? [],
      casesFrom: order.casesFrom,
    }
    const input = nextInput(order, book, at)
    const settled = held.clocks.map((clock) => settle(clock, input) as StoredClock)
    return { held, order: { ...order, version: order.version + 1, judgedAt: at }, clocks: settled }
  })
}

const nextInput = (order: StoredOrder, book: RuleBook, now: Instant) => ({
  ...book.rules(order.settings).shop(order.channel, order.shop),
  now,
  greatestToldAt: order.toldAt,
  recheckAt: order.recheckAt,
})

/** Writes what time alone changed of clocks, and counts it. */
async function passStored(tx: Session, judged: readonly Judged[], tally: Tally): Promise<void> {
  const passed: StoredClock[] = []
  for (const each of judged) {
    recount(tally, each)
    each.clocks.forEach((clock, i) => {
      const before = each.held.clocks[i]!
      if (
        before.state !== clock.state ||
        before.unconfirmed !== clock.unconfirmed ||
        before.pausedUntil !== clock.pausedUntil
      )
        passed.push(clock)
    })
  }
  await passClocks(tx, passed)
}
