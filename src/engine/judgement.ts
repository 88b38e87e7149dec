import type { Json, OrderKey } from "../core/events.ts"
import type { Instant } from "../core/instants.ts"
import { type Answer, type Clock, judge } from "../core/judge.ts"
import type { Told } from "../core/ledger.ts"
import { owed } from "../core/owed.ts"
import { notPlain, plainBreach } from "../core/plainBreach.ts"
import { carryShipment, notShippable, plainShipment } from "../core/plainShipment.ts"
import {
  type Counted,
  countClock,
  countedName,
  countOrder,
  countPassing,
  type Tally,
} from "../core/rollups.ts"
import { nextDueOf, nextOf, type Passing } from "../core/stored.ts"
import type { Glance } from "../store/agenda.ts"
import { breachesOf, firingsOf, noEffects, type StoredClock } from "../store/clocks.ts"
import type { StoredParcel } from "../store/events.ts"
import type { Place } from "../store/keys.ts"
import type { StoredOrder } from "../store/orders.ts"
import { parcelsOf } from "./parcels.ts"
import type { RuleBook } from "./world.ts"

/** An order as a transaction holds it: what is stored of it and of its clocks, with what has fired. */
export type Held = {
  place: Place
  key: OrderKey
  /** as it was read, since only what differs from it is written; null: it is new */
  readonly order: Readonly<StoredOrder> | null
  clocks: StoredClock[]
  /** clocks that are no longer in the answer, kept for what took effect of them */
  gone: StoredClock[]
  /** breaches due before open no case; set when the order is first heard of by an import */
  casesFrom: Instant | null
}

/** What a judgement makes of an order: the rows to write. */
export type Judged = {
  held: Held
  order: StoredOrder
  clocks: StoredClock[]
  gone: StoredClock[]
  /** null: as they are */
  parcels: StoredParcel[] | null
}

/** An order whose clocks were carried on, judged afresh or as they are stored: what a tick acts on. */
export type Carried = {
  held: Pick<Held, "clocks">
  order: Glance
  clocks: StoredClock[]
  gone: StoredClock[]
}

/** Judges an order at `at` by everything told of it, with what an act changes beside, and answers its rows as they are then to be stored. */
export function judgeHeld(
  held: Held,
  told: readonly Told[],
  book: RuleBook,
  at: Instant,
  by: Partial<Pick<StoredOrder, "unwatched" | "settings">> = {},
): Judged {
  const { unwatched = null, settings = book.settings } = { ...held.order, ...by }
  const rules = book.rules(settings)
  const answer = judge(held.key, told, rules, at)
  const clocks = answer.clocks.map((clock) => storedClock(held, clock, answer.policy, at))
  const gone = [...held.gone, ...held.clocks.filter(({ effects }) => effects > 0)]
    .filter((each) => !clocks.some((clock) => isSame(each, clock)))
    .map((each) => ({ ...each, gone: true }))
  const order = storedOrder(held, answer, { settings, unwatched }, [...clocks, ...gone], at)
  if (order.nextAt !== at) appoint(order, clocks, gone, passingOf(order, book, at))
  if (order.watched && order.caseNextAt === null && [...clocks, ...gone].every(isUnbroken))
    Object.assign(order, plainShipment(held.key, told, { rules, edition: book.edition, answer }))
  return { held, order, clocks, gone, parcels: parcelsOf(held.place, told, at) }
}

const isUnbroken = ({ breachDueAt, caseN }: StoredClock): boolean => breachDueAt === null && caseN === null

/** What time alone needs to know of an order at `now`. */
export const passingOf = (order: Glance, book: RuleBook, now: Instant): Passing => ({
  ...book.rules(order.settings).shop(order.channel, order.shop),
  now,
  greatestToldAt: order.toldAt,
  recheckAt: order.recheckAt,
})

/** Says when an order to which nothing is owed now is looked at again, and what happens then where that is plain. */
export function appoint(
  order: Glance,
  clocks: readonly StoredClock[],
  gone: readonly StoredClock[],
  passing: Passing,
): void {
  order.nextAt = nextOf(clocks, passing)
  Object.assign(order, plainBreach(order, gone.length > 0 ? [...clocks, ...gone] : clocks, passing))
  order.shipsAs = carryShipment(order.shipsAs, clocks)
  const { caseNextAt } = order
  if (caseNextAt !== null && caseNextAt !== Infinity)
    order.nextAt = order.nextAt === null ? caseNextAt : Math.min(order.nextAt, caseNextAt)
}

const isSame = (one: Clock, other: Clock): boolean =>
  one.kind === other.kind && one.basis === other.basis && one.round === other.round

function storedClock(held: Held, clock: Clock, policy: number | null, at: Instant): StoredClock {
  const before =
    held.clocks.find((each) => isSame(each, clock)) ?? held.gone.find((each) => isSame(each, clock))
  return {
    ...noEffects,
    ...before,
    ...clock,
    gone: false,
    bucket: held.place.bucket,
    subjectKind: "order",
    subjectId: held.place.id,
    policy,
    dueSince: before && before.dueAt === clock.dueAt ? before.dueSince : at,
    warnings: clock.warnLevels.map((level, i) => [level, clock.warnAt[i] ?? null]),
  }
}

function storedOrder(
  held: Held,
  answer: Answer,
  { settings, unwatched }: Pick<StoredOrder, "settings" | "unwatched">,
  rows: StoredClock[],
  at: Instant,
): StoredOrder {
  const before = held.order
  const watched = answer.watched && unwatched === null
  const clocks = rows.filter(({ gone }) => !gone)
  const nextDueAt = watched ? nextDueOf(clocks) : null
  const hasCase = before != null && before.caseNextAt !== null
  const owes = owed({ clocks, firings: firingsOf(rows), breaches: breachesOf(rows), watched }, at).length > 0
  return {
    ...held.place,
    ...held.key,
    version: (before?.version ?? 0) + 1,
    stage: answer.stage,
    endAt: answer.endAt,
    createdAt: answer.facts.created ?? null,
    paidAt: answer.facts.paid ?? null,
    facts: answer.facts,
    details: answer.details as Record<string, Json>,
    shipment: null,
    anomalies: answer.anomalies,
    liveSession: countedName(answer.details.liveSession),
    warehouse: countedName(answer.details.warehouse),
    policy: answer.policy,
    settings,
    watched,
    unwatched,
    casesFrom: held.casesFrom,
    toldAt: answer.greatestToldAt,
    receivedAt: before?.receivedAt ?? at,
    judgedAt: at,
    recheckAt: answer.recheckAt,
    // What was told may concern its case: the tick looks at once whether a fact resolves it, or no longer does.
    nextAt: owes || hasCase ? at : answer.nextAt,
    caseNextAt: hasCase ? at : null,
    nextDueAt,
    stuck: null,
    ...notPlain,
    ...notShippable,
  }
}

/** What of a stored order its counts depend on. */
const counted = (order: StoredOrder): Counted => ({ ...order, spokenOf: order.toldAt !== null })

/** Takes an order and its clocks out of the counts as they were and puts them in as they are. */
export function recount(tally: Tally, { held, order, clocks }: Judged): void {
  if (held.order) {
    const before = counted(held.order)
    countOrder(tally, before, held.clocks, -1)
    for (const clock of held.clocks) countClock(tally, before, clock, -1)
  }
  const now = counted(order)
  countOrder(tally, now, clocks, 1)
  for (const clock of clocks) countClock(tally, now, clock, 1)
}

/** Counts what time alone changed of an order and its clocks. */
export function recountPassing(tally: Tally, { held, order, clocks }: Carried): void {
  let passed = false
  clocks.forEach((clock, i) => {
    const before = held.clocks[i]!
    if (before.state === clock.state && before.unconfirmed === clock.unconfirmed) return
    passed = true
    countClock(tally, order, before, -1)
    countClock(tally, order, clock, 1)
  })
  if (!passed) return
  const counts = { ...order, spokenOf: order.toldAt !== null }
  countPassing(tally, counts, held.clocks, -1)
  countPassing(tally, counts, clocks, 1)
}

/** How the clock rows of an order change: which are new, which altered and which are to be deleted, since nothing took effect of them. */
export function clockChanges({ held, clocks, gone }: Judged): {
  added: StoredClock[]
  altered: [was: StoredClock, is: StoredClock][]
  deleted: StoredClock[]
} {
  if (held.clocks.length === 0 && held.gone.length === 0) return { added: clocks, altered: [], deleted: [] }
  const before = new Map([...held.clocks, ...held.gone].map((clock) => [nameOf(clock), clock]))
  const changes = {
    added: [] as StoredClock[],
    altered: [] as [StoredClock, StoredClock][],
    deleted: [] as StoredClock[],
  }
  for (const clock of [...clocks, ...gone]) {
    const old = before.get(nameOf(clock))
    if (old === undefined) changes.added.push(clock)
    else if (differs(old, clock)) changes.altered.push([old, clock])
    before.delete(nameOf(clock))
  }
  changes.deleted.push(...before.values())
  return changes
}

const nameOf = (clock: Clock): string => `${clock.kind} ${clock.basis} ${clock.round}`

function differs(one: StoredClock, other: StoredClock): boolean {
  return (
    one.gone !== other.gone ||
    one.state !== other.state ||
    one.outcome !== other.outcome ||
    one.closedAt !== other.closedAt ||
    one.stoppedBy !== other.stoppedBy ||
    one.dueAt !== other.dueAt ||
    one.startAt !== other.startAt ||
    one.standard !== other.standard ||
    one.policy !== other.policy ||
    one.observed !== other.observed ||
    one.unconfirmed !== other.unconfirmed ||
    one.pausedUntil !== other.pausedUntil ||
    one.warnings.length !== other.warnings.length ||
    one.warnings.some(([level, at], i) => other.warnings[i]![0] !== level || other.warnings[i]![1] !== at)
  )
}
