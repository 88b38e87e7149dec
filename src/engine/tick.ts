import type { Instant } from "../core/instants.ts"
import { Tally } from "../core/rollups.ts"
import { nextOf, settle } from "../core/stored.ts"
import { actOnClocks, listActingClocks, type StoredClock, tellWhyWithdrawn } from "../store/clocks.ts"
import { transaction } from "../store/database.ts"
import { runSize, runStart } from "../store/keys.ts"
import {
  type Appointment,
  claimOrders,
  type Glance,
  glanceOrders,
  readOrders,
  touchOrders,
  updateOrders,
} from "../store/orders.ts"
import { appendOutbox } from "../store/outbox.ts"
import { appendTally } from "../store/rollups.ts"
import type { Session } from "../store/statement.ts"
import { workCases } from "./casework.ts"
import { debtsOf, effectsOf } from "./effects.ts"
import { heldOf, load, parted } from "./hold.ts"
import { type Carried, type Judged, recountPassing } from "./judgement.ts"
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
    return { ...nothing(at), claimed: claimed.length }
  })
}

const nothing = (at: Instant): Ticked => ({
  at,
  claimed: 0,
  warned: 0,
  breached: 0,
  withdrawn: 0,
  cases: [],
  lagsMs: [],
  orders: [],
})

/** Acts on orders that this transaction has claimed. */
export async function act(
  world: EngineWorld,
  tx: Session,
  claimed: readonly Appointment[],
  at: Instant,
): Promise<Ticked> {
  if (claimed.length === 0) return nothing(at)
  const book = await world.ruleBook(tx)
  const afresh = await judgeAfresh(
    world,
    tx,
    claimed.filter((order) => needsEvents(order, at)),
    book,
    at,
  )
  const stored = await carryOn(
    tx,
    claimed.filter((order) => !needsEvents(order, at)),
    book,
    at,
  )
  const all: Carried[] = [...afresh, ...stored]
  const tally = new Tally()
  const debts = debtsOf(
    all.filter(({ order }) => order.stuck === null),
    at,
  )
  const effects = effectsOf(debts, at, tally)
  const cases = await workCases(tx, debts, effects, at, tally)
  for (const { order, clocks } of all)
    if (order.stuck === null) order.nextAt = nextOf(clocks, passingOf(order, book, at))
  await writeAfresh(tx, afresh, tally)
  for (const each of stored) recountPassing(tally, each)
  await Promise.all([
    touchOrders(
      tx,
      stored.map(({ order }) => order),
    ),
    actOnClocks(tx, [...afresh.flatMap(affected), ...stored.flatMap(changed)]),
    tellWhyWithdrawn(tx, effects.withdrawn),
    appendOutbox(tx, [...effects.outbox.values()], claimed[0]!.bucket),
    appendTally(tx, claimed[0]!.bucket, tally),
  ])
  return {
    at,
    claimed: claimed.length,
    warned: effects.warned,
    breached: effects.breaches.length,
    withdrawn: effects.withdrawn.length,
    cases,
    // Of a clock that was told of after its due, fired − told: nobody could have fired it before.
    lagsMs: effects.breaches.map(({ breachDueAt, dueSince }) => at - Math.max(breachDueAt!, dueSince)),
    orders: all.map(({ order }) => `${order.channel}/${order.shop}/${order.orderNo}`),
  }
}

/** Stored rows are enough until an event told ahead becomes known; a stuck order is judged whole again. */
const needsEvents = (order: Appointment, at: Instant): boolean =>
  order.stuck !== null || (order.recheckAt !== null && order.recheckAt <= at)

async function judgeAfresh(
  world: EngineWorld,
  tx: Session,
  claimed: readonly Appointment[],
  book: RuleBook,
  at: Instant,
): Promise<Judged[]> {
  if (claimed.length === 0) return []
  const orders = await readOrders(tx, claimed)
  const loaded = await load(world, tx, orders)
  return orders.map((order) => judgeSafely(heldOf(order, order, order, loaded), book, at))
}

async function writeAfresh(tx: Session, afresh: readonly Judged[], tally: Tally): Promise<void> {
  if (afresh.length === 0) return
  await updateOrders(
    tx,
    afresh.map(({ order }) => order),
  )
  await writeDetails(tx, afresh)
  await writeClocks(tx, afresh, tally)
}

/** Carries the clocks of orders on as they are stored. */
async function carryOn(
  tx: Session,
  claimed: readonly Appointment[],
  book: RuleBook,
  at: Instant,
): Promise<Carried[]> {
  if (claimed.length === 0) return []
  const [orders, rows] = await Promise.all([glanceOrders(tx, claimed), listActingClocks(tx, claimed)])
  return orders.map((order) => {
    const { clocks, gone } = parted(rows.get(order.id))
    const passing = passingOf(order, book, at)
    const now = clocks.map((clock) => {
      const settled = settle(clock, passing)
      return settled === clock ? { ...clock } : settled
    })
    return {
      held: { clocks },
      order: { ...order, version: order.version + 1, judgedAt: at },
      clocks: now,
      gone: gone.map((each) => ({ ...each })),
    }
  })
}

const passingOf = (order: Glance, book: RuleBook, now: Instant) => ({
  ...book.rules(order.settings).shop(order.channel, order.shop),
  now,
  greatestToldAt: order.toldAt,
  recheckAt: order.recheckAt,
})

/** The clocks of which something took effect. */
const affected = ({ clocks, gone }: Carried): StoredClock[] =>
  [...clocks, ...gone].filter(({ had, effects }) => effects !== had)

/** The clocks that time changed or of which something took effect. */
function changed({ held, clocks, gone }: Carried): StoredClock[] {
  const some = clocks.filter((clock, i) => {
    const before = held.clocks[i]!
    return (
      clock.effects !== clock.had ||
      before.state !== clock.state ||
      before.unconfirmed !== clock.unconfirmed ||
      before.pausedUntil !== clock.pausedUntil
    )
  })
  return gone.length > 0 ? [...some, ...gone.filter(({ had, effects }) => effects !== had)] : some
}
