import type { OrderEvent, OrderKey } from "../core/events.ts"
import type { Instant } from "../core/instants.ts"
import { append, type Verdict1 } from "../core/ledger.ts"
import { notPlain, type Plain } from "../core/plainBreach.ts"
import { notShippable, type PlainShipment } from "../core/plainShipment.ts"
import { Refusal } from "../core/refusals.ts"
import { Tally } from "../core/rollups.ts"
import { transaction } from "../store/database.ts"
import type { StoredReceiver } from "../store/events.ts"
import { isRunning } from "../store/imports.ts"
import { orderPlace } from "../store/keys.ts"
import { lockOrders, type StoredOrder } from "../store/orders.ts"
import { Raced } from "../store/raced.ts"
import { beWaitedFor } from "../store/rejudgings.ts"
import type { Session } from "../store/statement.ts"
import { type HeldOrder, notBefore, readHeld } from "./hold.ts"
import { type Journal, journalOf } from "./journal.ts"
import { type Judged, judgeHeld } from "./judgement.ts"
import { type Batch, shipForeseen, shipPlainly } from "./plainShipments.ts"
import { type Telling, tell } from "./telling.ts"
import type { EngineWorld, RuleBook } from "./world.ts"
import { write } from "./write.ts"

/** An event of an order on its way in. */
export type Incoming = { key: OrderKey; event: OrderEvent }

/** What became of a batch: an answer for each event in its place, and the instant of the write. */
export type Recorded = {
  at: Instant
  answers: Verdict1[]
  orders: { key: OrderKey; isNew: boolean; changed: boolean }[]
}

/** What is asked of a batch beside its events. */
export type RecordOptions = {
  /** number of the import that brings it, for its undo */
  import?: number
  /** orders first heard of in this batch open no case for breaches due before */
  casesFrom?: Instant | null
  /** what else belongs into the transaction: the audit row of a call */
  also?: (tx: Session, at: Instant) => Promise<void>
  /** told by the house itself: no word of its shop */
  within?: boolean
}

/**
 * Takes events in: durable when it answers, whatever their order, however often they come (ENGINE §3).
 * One transaction; orders are locked in the order of (bucket, id), judged afresh and written with their counts.
 */
export async function record(
  world: EngineWorld,
  incoming: readonly Incoming[],
  options: RecordOptions = {},
): Promise<Recorded> {
  const batches = gather(incoming)
  // What was foreseen and came otherwise is judged when it is tried again.
  let tries = 0
  const recorded = await transaction(world.db, (tx) =>
    recordIn(world, tx, batches, { size: incoming.length, ...options, foresees: tries++ === 0 }),
  )
  for (const { key, event } of options.within ? [] : incoming)
    world.hearing.note(
      key.channel,
      key.shop,
      Math.min(event.observedAt ?? event.at, recorded.at),
      recorded.at,
    )
  world.changed({
    orders: recorded.orders
      .filter((each) => each.changed)
      .map(({ key }) => `${key.channel}/${key.shop}/${key.orderNo}`),
    nextAt: recorded.nextAt,
    board: true,
  })
  return recorded
}

/** The events by order, orders in the order of (bucket, id). */
function gather(incoming: readonly Incoming[]): Batch[] {
  const byKey = new Map<string, Batch>()
  incoming.forEach(({ key, event }, index) => {
    const name = `${key.channel}\u001f${key.shop}\u001f${key.orderNo}`
    const own = byKey.get(name)
    if (own) own.events.push({ index, event })
    else byKey.set(name, { place: orderPlace(key), key, events: [{ index, event }] })
  })
  return [...byKey.values()].sort(
    (a, b) =>
      a.place.bucket - b.place.bucket || (a.place.id < b.place.id ? -1 : a.place.id > b.place.id ? 1 : 0),
  )
}

async function recordIn(
  world: EngineWorld,
  tx: Session,
  batches: readonly Batch[],
  options: RecordOptions & { size: number; foresees: boolean },
): Promise<Recorded & { nextAt: Instant | null }> {
  if (options.import !== undefined && !(await isRunning(tx, options.import)))
    throw new Refusal("import_ended")
  const [, now, before] = await Promise.all([beWaitedFor(tx), world.instant(tx), world.ruleBook(tx)])
  const foresees = options.foresees && options.import === undefined
  const shipped = foresees ? await shipForeseen(tx, batches, before, now) : []
  const plain = new Set(shipped.flatMap(({ places }) => places))
  const others = plain.size === 0 ? batches : batches.filter((_, i) => !plain.has(i))
  const locked = await lockOrders(
    tx,
    others.map(({ place }) => place),
  )
  const at = notBefore(locked, now)
  // An act has one instant.
  if (plain.size > 0 && at > now) throw new Raced()
  // Rules may have been published while others held these orders.
  const [book, held] = await Promise.all([world.ruleBook(tx), readHeld(world, tx, others, locked)])
  if (plain.size > 0 && book.edition !== before.edition) throw new Raced()
  const answers = new Array<Verdict1>(options.size)
  const receivers: StoredReceiver[] = []
  const judged: Judged[] = []
  const journal: Journal[] = []
  const orders: Recorded["orders"] = []
  const tally = new Tally()
  const told: { fresh: Telling[]; changed: Telling[] } = { fresh: [], changed: [] }
  for (const [i, batch] of others.entries()) {
    const own = held[i]!
    if (own.order === null && options.casesFrom != null) own.casesFrom = options.casesFrom
    const { changed, sealed } = takeIn(world, own, batch, at, answers)
    orders.push({ key: own.key, isNew: own.order === null, changed: changed.size > 0 })
    if (changed.size === 0) continue
    for (const telling of changed) (telling.isNew ? told.fresh : told.changed).push(telling)
    receivers.push(...sealed)
    if (options.import !== undefined) journal.push(...journalOf(own, changed, options.import))
    judged.push(judgeSafely(own, book, at))
  }
  for (const i of plain) {
    const { key, events } = batches[i]!
    answers[events[0]!.index] = "accepted"
    orders.push({ key, isNew: false, changed: true })
  }
  await Promise.all([
    write(tx, { at, judged, told, receivers, journal, tally }),
    shipPlainly(world, tx, batches, shipped, now),
  ])
  await options.also?.(tx, at)
  return { at, answers, orders, nextAt: earliest(judged) }
}

const sameContent = (one: Telling, other: Telling): boolean => one.row.content.equals(other.row.content)

/** Appends events to what was told of their order; answers what changed of it and the receivers to keep. */
export function takeIn(
  world: EngineWorld,
  own: HeldOrder,
  batch: Pick<Batch, "place" | "events">,
  at: Instant,
  answers: Verdict1[],
) {
  const changed = new Set<Telling>()
  const sealed = new Map<string, StoredReceiver>()
  for (const { index, event } of batch.events) {
    const { telling, receiver } = tell(world.secrets, batch.place, event, at)
    const { answer, changed: touched } = append(own.told, telling, sameContent)
    answers[index] = answer
    for (const each of touched) changed.add(each)
    if (receiver && touched.includes(telling)) {
      const name = receiver.hmac.toString("hex")
      if (!sealed.has(name)) sealed.set(name, receiver.seal())
    }
  }
  return { changed, sealed: [...sealed.values()] }
}

/** A judging that throws keeps the events, marks its order stuck and lets the others go on. */
export function judgeSafely(own: HeldOrder, book: RuleBook, at: Instant): Judged {
  try {
    return judgeHeld(own, own.told, book, at)
  } catch (error) {
    return stuck(own, book, at, error)
  }
}

/** Why and since when an order cannot be judged, and when to look again: after a minute, then after twice as long each time, up to an hour. */
export function stuckAt(
  before: StoredOrder["stuck"],
  error: unknown,
  at: Instant,
): Pick<StoredOrder, "stuck" | "nextAt"> & Plain & PlainShipment {
  const tries = (before?.tries ?? 0) + 1
  const message = error instanceof Error ? error.message : String(error)
  return {
    stuck: { error: message, since: before?.since ?? at, tries },
    nextAt: at + Math.min(60 * 60_000, 60_000 * 2 ** (tries - 1)),
    ...notPlain,
    ...notShippable,
  }
}

function stuck(own: HeldOrder, book: RuleBook, at: Instant, error: unknown): Judged {
  const known = own.order ?? { ...judgeHeld({ ...own, clocks: [] }, [], book, at).order, toldAt: at }
  const order = {
    ...known,
    version: (own.order?.version ?? 0) + 1,
    judgedAt: at,
    ...stuckAt(known.stuck, error, at),
  }
  return { held: own, order, clocks: own.clocks, gone: own.gone, parcels: null }
}

function earliest(judged: readonly Judged[]): Instant | null {
  let at: Instant | null = null
  for (const { order } of judged)
    if (order.nextAt !== null && (at === null || order.nextAt < at)) at = order.nextAt
  return at
}
