import type { Instant } from "../core/instants.ts"
import { Tally } from "../core/rollups.ts"
import { settle } from "../core/stored.ts"
import { type Claim, claimOrders, type Glance, glanceOrders, touchOrders } from "../store/agenda.ts"
import { actOnClocks, listActingClocks, type StoredClock, tellWhyWithdrawn } from "../store/clocks.ts"
import { transaction } from "../store/database.ts"
import { bucketsOf, type Span } from "../store/keys.ts"
import { readOrders, updateOrders } from "../store/orders.ts"
import { appendOutbox } from "../store/outbox.ts"
import { appendTally } from "../store/rollups.ts"
import type { Session } from "../store/statement.ts"
import { settleCases } from "./cases/settle.ts"
import { openingAt, workCases } from "./casework.ts"
import { tickDuties } from "./duties.ts"
import { debtsOf, effectsOf, noEffect } from "./effects.ts"
import { heldOf, load, parted } from "./hold.ts"
import { appoint, type Carried, type Judged, passingOf, recountPassing } from "./judgement.ts"
import { firePlain } from "./plainBreaches.ts"
import { judgeSafely, stuckAt } from "./record.ts"
import type { EngineWorld, RuleBook } from "./world.ts"
import { knownOf, writeClocks, writeDetails } from "./write.ts"

/** What one tick of a span of runs did. */
export type Ticked = {
  at: Instant
  claimed: number
  warned: number
  breached: number
  withdrawn: number
  cases: string[]
  /** of the inner clocks of cases and of duties */
  inner: { warned: number; breached: number }
  /** how late each breach took effect, milliseconds */
  lagsMs: number[]
  orders: string[]
}

/** What pages may show of it: plain breaches are not named. */
const named = ({ orders, cases, claimed }: Ticked) => ({ orders, cases, more: orders.length < claimed })

type Claims = Awaited<ReturnType<typeof claimOrders>>

/** How long a tick waits for a lock: others can do its work. */
const lockSeconds = 2

/** The most orders that one tick takes. */
export const tickLimit = 2_000

/**
 * One round of a span of runs in one transaction (ENGINE §4): claims the orders whose next instant has come, sees what is
 * owed to them, lets each warning and breach take effect once with its case, counts and outbox row, and says when to look again. Then its duties, in a transaction of theirs.
 */
export async function tick(world: EngineWorld, span: Span, limit = tickLimit): Promise<Ticked> {
  const ticked = await transaction(
    world.db,
    async (tx) => {
      const at = await world.instant(tx)
      return act(world, tx, await claimSpan(tx, span, at, limit), at)
    },
    lockSeconds,
  )
  if (ticked.claimed > 0) world.changed({ ...named(ticked), board: true })
  const duties = await tickDuties(world, span, limit)
  return {
    ...ticked,
    claimed: ticked.claimed + duties.claimed,
    inner: {
      warned: ticked.inner.warned + duties.warned,
      breached: ticked.inner.breached + duties.breached,
    },
    lagsMs: [...ticked.lagsMs, ...duties.lagsMs],
  }
}

async function claimSpan(tx: Session, span: Span, now: Instant, limit: number): Promise<Claims> {
  const claims = await claimOrders(tx, { ...bucketsOf(span), now, limit })
  // What failed in company is judged when it comes alone.
  return limit === 1 ? { plain: null, other: claims.plain ?? claims.other } : claims
}

/** Marks the order of a span that is due first and whose tick failed alone as stuck, in a transaction of its own; it is looked at again later and later. */
export async function setAside(world: EngineWorld, span: Span, error: unknown): Promise<Ticked> {
  return transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const { other: claim } = await claimSpan(tx, span, at, 1)
    if (claim === null) return nothing(at)
    const orders = await glanceOrders(tx, claim)
    await touchOrders(
      tx,
      orders.map((order) => ({
        ...order,
        version: order.version + 1,
        judgedAt: at,
        ...stuckAt(order.stuck, error, at),
      })),
    )
    return { ...nothing(at), claimed: claim.n }
  })
}

const nothing = (at: Instant): Ticked => ({
  at,
  claimed: 0,
  warned: 0,
  breached: 0,
  withdrawn: 0,
  cases: [],
  inner: { warned: 0, breached: 0 },
  lagsMs: [],
  orders: [],
})

/** Acts on orders that this transaction has claimed: on plain breaches as their agenda says, on all others by what is owed to them. */
export async function act(
  world: EngineWorld,
  tx: Session,
  { plain, other }: Claims,
  at: Instant,
): Promise<Ticked> {
  const first = plain ?? other
  if (first === null) return nothing(at)
  const bucket = Number.parseInt(first.buckets.slice(1), 10)
  const tally = new Tally()
  const judged = await actOn(world, tx, other, at, tally)
  const opening = plain === null ? null : await openingAt(tx, await world.ruleBook(tx), at)
  const fired = await firePlain(tx, plain, opening, at, judged.effects, tally)
  const { effects, inner } = judged
  await Promise.all([
    tellWhyWithdrawn(tx, effects.withdrawn),
    appendOutbox(tx, [...effects.outbox.values(), ...inner.outbox.values()], bucket),
    appendTally(tx, bucket, tally),
  ])
  return {
    at,
    claimed: (plain?.n ?? 0) + (other?.n ?? 0),
    warned: effects.warned,
    breached: effects.breaches.length + (plain?.n ?? 0),
    withdrawn: effects.withdrawn.length,
    cases: [...judged.cases, ...fired.cases],
    inner: { warned: inner.warned, breached: inner.breaches.length },
    lagsMs: [...judged.lagsMs, ...fired.lagsMs],
    orders: judged.orders,
  }
}

/** Judges what is owed to claimed orders, lets it take effect and writes it; what has to be told and counted is left in `effects` and `tally`. */
async function actOn(world: EngineWorld, tx: Session, claim: Claim | null, at: Instant, tally: Tally) {
  if (claim === null) return { effects: noEffect(), inner: noEffect(), cases: [], orders: [], lagsMs: [] }
  const book = await world.ruleBook(tx)
  const claimed = await glanceOrders(tx, claim)
  const appointed = new Map(claimed.map(({ id, nextAt }) => [id, nextAt!]))
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
  const settled = await settleCases(tx, all, book.rules(book.settings), at, tally)
  const debts = debtsOf(
    all.filter(({ order }) => order.stuck === null),
    at,
  )
  const effects = effectsOf(debts, at, tally)
  const cases = await workCases(tx, debts, effects, { at, book, tally })
  for (const { order, clocks, gone } of all)
    if (order.stuck === null) appoint(order, clocks, gone, passingOf(order, book, at))
  await writeAfresh(tx, afresh, tally)
  for (const each of stored) recountPassing(tally, each)
  await Promise.all([
    touchOrders(
      tx,
      stored.map(({ order }) => order),
    ),
    actOnClocks(tx, [...afresh.flatMap(affected), ...stored.flatMap(changed)]),
  ])
  return {
    effects,
    inner: settled.effects,
    cases: [...cases, ...settled.cases],
    // Of what nobody could have fired at its due, since it was told of later or unconfirmed until then, fired − looked for.
    lagsMs: [...effects.breaches, ...settled.effects.breaches].map(
      ({ breachDueAt, dueSince, subjectId }) =>
        at - Math.max(breachDueAt!, dueSince, (appointed.get(subjectId) ?? 0) - 1),
    ),
    orders: all.map(({ order }) => `${order.channel}/${order.shop}/${order.orderNo}`),
  }
}

/** Stored rows are enough until an event told ahead becomes known; a stuck order is judged whole again. */
const needsEvents = (order: Glance, at: Instant): boolean =>
  order.stuck !== null || (order.recheckAt !== null && order.recheckAt <= at)

async function judgeAfresh(
  world: EngineWorld,
  tx: Session,
  claimed: readonly Glance[],
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
  await updateOrders(tx, knownOf(afresh))
  await writeDetails(tx, afresh)
  await writeClocks(tx, afresh, tally)
}

/** Carries the clocks of orders on as they are stored. */
async function carryOn(
  tx: Session,
  claimed: readonly Glance[],
  book: RuleBook,
  at: Instant,
): Promise<Carried[]> {
  if (claimed.length === 0) return []
  const rows = await listActingClocks(tx, claimed)
  return claimed.map((order) => {
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
