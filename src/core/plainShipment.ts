import type { OrderEvent, OrderKey } from "./events.ts"
import type { Facts } from "./facts.ts"
import type { Instant } from "./instants.ts"
import type { Answer, Clock, Rules } from "./judge.ts"
import { identityOf, type Told } from "./ledger.ts"
import {
  type Counted,
  type CountedClock,
  countClock,
  countedName,
  countOrder,
  slotMs,
  slotOf,
  type Tally,
} from "./rollups.ts"

/**
 * What a plain shipment will do to an order, known before it is told: told as the latest news, of the whole order and in time, it
 * makes the order shipped, closes all its open clocks as met and changes nothing else. A write lets it take effect as it stands
 * here and reads and judges nothing. All null: a shipment has to be judged.
 */
export type PlainShipment = {
  /** greatest telling so far: the shipment happens, and is told, after it */
  shipsAfter: Instant | null
  /** the earliest due of the open clocks: it happens at it or before */
  shipsBy: Instant | null
  /** a number for each (source, eventId) told so far, between spaces, so that a correction is not taken for news */
  shipsTold: string | null
  /** what it counts as (`ShipsAs`, as JSON) */
  shipsAs: string | null
}

/** No shipment is plain. */
export const notShippable: PlainShipment = {
  shipsAfter: null,
  shipsBy: null,
  shipsTold: null,
  shipsAs: null,
}

/** What orders have in common whose plain shipments count alike. */
export type ShipsAs = {
  /** the edition of the rules for which it holds */
  edition: string
  stage: "paid" | "prepared"
  liveSession: string | null
  warehouse: string | null
  /** the open, observed clocks, the earliest due first */
  clocks: [kind: Clock["kind"], basis: Clock["basis"], state: Clock["state"], slot: number][]
  /** how many clocks it closes, those among them that nobody observes */
  closes: number
}

/** Events after which the instant of a shipment decides about nothing but when clocks close. */
export const plainTypes: ReadonlySet<string> = new Set([
  "created",
  "deposit_paid",
  "paid",
  "prepared",
  "promise_changed",
  "address_corrected",
])
/** What an order's shipment may state of it. */
const plainDetails = new Set(["carrier", "trackingNo"])

/** A number for what names an event to its teller (FNV-1a of 32 bits); two that differ may share one. */
function numberOf(identity: string): number {
  let number = 0x811c9dc5
  for (let i = 0; i < identity.length; i++) number = Math.imul(number ^ identity.charCodeAt(i), 0x01000193)
  return number >>> 0
}

/** What a plain shipment will do to an order as it was just judged; no clock of it may have a breach or a case. */
export function plainShipment(
  key: OrderKey,
  told: readonly Told[],
  { rules, edition, answer }: { rules: Rules; edition: string; answer: Answer },
): PlainShipment {
  const { stage, greatestToldAt: after, details, clocks } = answer
  if ((stage !== "paid" && stage !== "prepared") || after === null) return notShippable
  if (!answer.watched || answer.endAt !== null || answer.recheckAt !== null) return notShippable
  if (!told.every(({ event }) => plainTypes.has(event.type) && event.at <= after)) return notShippable
  const open = clocks.filter(({ state }) => state !== "closed")
  const shipsBy = Math.min(...open.map(({ dueAt }) => dueAt ?? Number.NEGATIVE_INFINITY))
  if (open.length === 0 || after >= shipsBy) return notShippable
  // A breach is still owed to a clock that was closed late.
  if (clocks.some(({ outcome }) => outcome === "late") || !closesAll(key, open, rules, answer))
    return notShippable
  const as: ShipsAs = {
    edition,
    stage,
    liveSession: countedName(details.liveSession),
    warehouse: countedName(details.warehouse),
    closes: open.length,
    clocks: countedOf(open),
  }
  let shipsTold = " "
  for (const { identity } of told) if (identity !== "") shipsTold += `${numberOf(identity)} `
  return { shipsAfter: after, shipsBy, shipsTold, shipsAs: JSON.stringify(as) }
}

/** Whether a shipment closes these clocks, begins none and is no condition of any. */
function closesAll(
  key: OrderKey,
  open: readonly Clock[],
  { policies, shop }: Rules,
  answer: Answer,
): boolean {
  const policy = policies.find(({ version }) => version === answer.policy)
  if (policy === undefined) return false
  const begun = answer.stage === "prepared" ? byShipment : byPreparation
  if (
    policy.standards.some(
      ({ start, when }) => begun.has(start) || when.some(([field]) => plainDetails.has(field)),
    )
  )
    return false
  const { platformStop, facts } = shop(key.channel, key.shop)
  return open.every(({ basis, standard }) =>
    basis === "company"
      ? policy.standards.find(({ id }) => id === standard)!.stop.some((type) => byPreparation.has(type))
      : basis === "platform" && !(platformStop === "collected" && facts.includes("collected")),
  )
}
const byShipment: ReadonlySet<string> = new Set(["shipped"])
/** What a shipment is where nothing was prepared before. */
const byPreparation: ReadonlySet<string> = new Set(["prepared", "shipped"])

/** The observed ones of open clocks, the earliest due first. */
const countedOf = (open: readonly Clock[]): ShipsAs["clocks"] =>
  open
    .filter(({ observed }) => observed)
    .sort((one, other) => one.dueAt! - other.dueAt!)
    .map(({ kind, basis, state, dueAt }) => [kind, basis, state, slotOf(dueAt)])

/** The same after time alone has passed: what it counts as, or null once a clock is over, since then a breach is about to take effect. */
export function carryShipment(shipsAs: string | null, clocks: readonly Clock[]): string | null {
  if (shipsAs === null) return null
  const open = clocks.filter(({ state }) => state !== "closed")
  if (open.some(({ state }) => state === "over")) return null
  return JSON.stringify({ ...(JSON.parse(shipsAs) as ShipsAs), clocks: countedOf(open) })
}

/** Whether an event may be the plain shipment that is foreseen for its order: in itself it is one. Whether it is in time, is news and is foreseen by the rules that hold, the order's row says. */
export function maybePlainShipment({ type, at, lines, observedAt, order }: OrderEvent): boolean {
  if (type !== "shipped" || lines !== undefined || (observedAt !== undefined && observedAt < at)) return false
  for (const field in order)
    if (!plainDetails.has(field) || typeof order[field] !== "string" || order[field] === "") return false
  return true
}

/** How `shipsTold` names an event that has an id; null: it has none. */
export const toldAs = (event: OrderEvent): string | null =>
  event.eventId === undefined ? null : ` ${numberOf(identityOf(event))} `

/** How `shipsAs` begins that holds by the rules of an edition. */
export const heldFor = (edition: string): string => `{"edition":${JSON.stringify(edition)},`

/** The facts of an order that its plain shipment at `at` adds to those that there are: who ships has prepared, if not before. */
export const factsOfShipment = (at: Instant): Facts => ({ prepared: at, shipped: at })

/** Counts n plain shipments of orders of a shop that count alike. */
export function countShipments(
  tally: Tally,
  { channel, shop, as, n }: { channel: string; shop: string; as: ShipsAs; n: number },
): void {
  const before: Counted = {
    channel,
    shop,
    stage: as.stage,
    liveSession: as.liveSession,
    warehouse: as.warehouse,
    watched: true,
    spokenOf: true,
    // Arrivals are what they were.
    createdAt: null,
    paidAt: null,
    receivedAt: 0,
  }
  const open = as.clocks.map(
    ([kind, basis, state, slot]): CountedClock => ({
      kind,
      basis,
      state,
      dueAt: slot * slotMs,
      observed: true,
      unconfirmed: false,
      outcome: null,
    }),
  )
  countOrder(tally, before, open, -n)
  countOrder(tally, { ...before, stage: "shipped" }, [], n)
  for (const clock of open) {
    countClock(tally, before, clock, -n)
    countClock(tally, before, { ...clock, state: "closed", outcome: "met" }, n)
  }
}
