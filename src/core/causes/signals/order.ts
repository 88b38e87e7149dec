import type { Instant } from "../../instants.ts"
import { hoursOf } from "../../saying.ts"
import type { Words } from "../../words.ts"
import type { CaseFacts } from "../facts.ts"
import { type Detectors, overlaps } from "./detector.ts"

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** How long before its deadline a hold looks as if it had been made for it. */
const nearDueMs = 2 * hourMs
/** How many orders that come late make an interface suspect. */
const cameLateFrom = 20

const brings = ({ channel }: CaseFacts, ...types: string[]): boolean =>
  types.some((type) => channel.brings.includes(type))
const by = (at: Instant | null, due: Instant): boolean => at !== null && at <= due

const states: Record<"open" | "closed", Words> = {
  open: { "zh-Hans": "还没放行", "zh-Hant": "還沒放行", en: "not released yet" },
  closed: { "zh-Hans": "后来放行", "zh-Hant": "後來放行", en: "released later" },
}

/** The holds of a reason that overlap the clock's time. */
function holdsDuring(facts: CaseFacts, isOne: (hold: CaseFacts["holds"][number]) => boolean) {
  return facts.holds.filter(
    (hold) =>
      isOne(hold) && overlaps({ from: hold.from, to: hold.to }, facts.clock.startAt, facts.clock.dueAt),
  )
}

function heldBy(facts: CaseFacts, reason: string) {
  const [hold] = holdsDuring(facts, (each) => each.reason === reason)
  if (!hold) return null
  return { heldAt: { at: hold.from }, state: { words: hold.to > facts.now ? states.open : states.closed } }
}

/** Reasons of holds that are not our own doing. */
const outside = ["customer", "refund", "platform"]
/** Holds of the warehouse that stand for something of their own. */
const ownHolds = ["stock", "quality"]
/** What the holds took of the time before the deadline, for somebody outside. */
const heldMs = (facts: CaseFacts): number =>
  holdsDuring(facts, ({ reason }) => reason !== undefined && outside.includes(reason)).reduce(
    (sum, { from, to }) => sum + Math.min(to, facts.clock.dueAt) - Math.max(from, facts.clock.startAt),
    0,
  )
const latenessOf = ({ clock, now }: CaseFacts): number => (clock.closedAt ?? now) - clock.dueAt

/** Signals that are read from an order's events and details, and from when they came. */
export const orderSignals: Detectors = {
  not_prepared_at_due: (facts) =>
    brings(facts, "prepared", "shipped") && !by(facts.steps.preparedAt, facts.clock.dueAt)
      ? { dueAt: { at: facts.clock.dueAt }, paidAt: { at: facts.paidAt } }
      : null,
  prepared_before_due: ({ steps, clock }) =>
    by(steps.preparedAt, clock.dueAt) ? { preparedAt: { at: steps.preparedAt! } } : null,
  prepared_not_shipped(facts) {
    const usual = facts.stages.find(({ stage }) => stage === "handover")?.usualMs
    const { preparedAt, shippedAt } = facts.steps
    if (usual == null || preparedAt === null || !brings(facts, "prepared")) return null
    const waitedMs = (shippedAt ?? facts.now) - preparedAt
    return waitedMs > 2 * usual ? { hours: hoursOf(waitedMs), preparedAt: { at: preparedAt } } : null
  },
  partly_prepared({ lines, clock }) {
    const isReady = (line: CaseFacts["lines"][number]) => by(line.preparedAt, clock.dueAt)
    const missing = lines.find((line) => !isReady(line) && !by(line.leftAt, clock.dueAt))
    return missing && lines.some((line) => !line.extra && isReady(line)) ? { line: missing.name } : null
  },
  no_steps_at_all(facts) {
    const { steps, clock } = facts
    if (!brings(facts, "prepared", "shipped")) return null
    const others = [
      ...Object.values(steps),
      facts.addressCorrectedAt,
      facts.refundRequestedAt,
      ...facts.holds.map(({ from }) => from),
      ...facts.promiseChanges.map(({ at }) => at),
      ...facts.datesAgreed.map(({ at }) => at),
    ]
    return others.some((at) => by(at, clock.dueAt)) ? null : {}
  },
  promise_shorter_than_standard({ order, paidAt, clock }) {
    const within = clock.withinMs
    if (order.promisedShipAt === null || within === null) return null
    const promised = order.promisedShipAt - paidAt
    return promised < within ? { hours: hoursOf(promised) } : null
  },
  type_mismatch: ({ typeWords, order }) =>
    typeWords !== null && typeWords.type !== order.type
      ? { words: typeWords.words, orderType: { words: typeName(order.type) } }
      : null,
  type_differs_among_same: ({ otherTypes }) =>
    otherTypes ? { count: otherTypes.count, otherType: { words: typeName(otherTypes.type) } } : null,
  listing_date_before_supply({ order, stock }) {
    const promisedAt = order.presaleShipBy ?? order.promisedShipAt
    const arrivals = stock
      .flatMap(({ inbound }) => inbound ?? [])
      .map((each) => each.receivedAt ?? each.expectedAt)
    const known = arrivals.filter((at): at is Instant => at !== null)
    if (promisedAt === null || known.length === 0) return null
    const arrivalAt = Math.min(...known)
    return promisedAt < arrivalAt ? { arrivalAt: { at: arrivalAt }, promisedAt: { at: promisedAt } } : null
  },
  sku_unmapped: ({ skuMapped }) => (skuMapped && !skuMapped.mapped ? { sku: skuMapped.sku } : null),

  platform_hold: (facts) => heldBy(facts, "platform"),
  platform_promise_moved({ promiseChanges }) {
    const moved = promiseChanges.findLast(({ cause }) => cause !== null)
    return moved ? { detail: moved.cause!, promisedAt: { at: moved.to } } : null
  },
  hold_short(facts) {
    const held = heldMs(facts)
    const late = latenessOf(facts)
    return held > 0 && held < late ? { holdHours: hoursOf(held), lateHours: hoursOf(late) } : null
  },
  hold_near_due({ holds, clock }) {
    const late = holds.find(
      ({ reason, from }) =>
        reason !== undefined && outside.includes(reason) && from > clock.dueAt - nearDueMs,
    )
    return late ? { minutes: Math.max(0, Math.round((clock.dueAt - late.from) / minuteMs)) } : null
  },
  customer_hold: (facts) => heldBy(facts, "customer"),
  manual_review_open(facts) {
    const holds = holdsDuring(
      facts,
      ({ reason, name }) => reason !== undefined && !outside.includes(reason) && !ownHolds.includes(name),
    )
    if (holds.length === 0) return null
    return { hours: hoursOf(holds.reduce((sum, { from, to }) => sum + Math.min(to, facts.now) - from, 0)) }
  },
  refund_open({ refundRequestedAt, holds, clock }) {
    if (refundRequestedAt === null || refundRequestedAt >= clock.dueAt) return null
    const closed = holds.some(({ name, to }) => name === "refund" && to <= clock.dueAt)
    return closed ? null : { requestedAt: { at: refundRequestedAt } }
  },
  refund_after_due: ({ refundRequestedAt, clock }) =>
    refundRequestedAt !== null && refundRequestedAt >= clock.dueAt
      ? { requestedAt: { at: refundRequestedAt } }
      : null,
  address_corrected: ({ addressCorrectedAt, paidAt }) =>
    addressCorrectedAt !== null && addressCorrectedAt > paidAt
      ? { correctedAt: { at: addressCorrectedAt } }
      : null,
  address_change_before_pick({ addressCorrectedAt, stages, clock }) {
    const usual = stages.find(({ stage }) => stage === "prepare")?.usualMs
    if (addressCorrectedAt === null || usual == null) return null
    const left = clock.dueAt - addressCorrectedAt
    return left >= usual ? { hours: hoursOf(left) } : null
  },

  address_faulty(facts) {
    if (facts.care?.addressCheck?.passed === false) return { detail: facts.care.addressCheck.detail }
    const [hold] = holdsDuring(facts, ({ name }) => name === "address")
    return hold ? { detail: { words: addressHeld } } : null
  },
  address_valid: ({ care }) => (care?.addressCheck?.passed ? {} : null),
  contact_failed: ({ care }) =>
    care?.attempts && care.contactAt === null
      ? { count: care.attempts.count, lastAt: { at: care.attempts.lastAt } }
      : null,
  contact_made: ({ care, clock }) =>
    care && by(care.contactAt, clock.dueAt) ? { contactAt: { at: care.contactAt! } } : null,
  asked_later(facts) {
    const asked = facts.datesAgreed.find(
      ({ askedBy, date, at }) => askedBy === "customer" && date > facts.clock.dueAt && at < facts.clock.dueAt,
    )
    if (asked) return { askedAt: { at: asked.at }, wishedAt: { at: asked.date } }
    const [hold] = holdsDuring(facts, ({ name }) => name === "later")
    return hold
      ? {
          askedAt: { at: hold.from },
          wishedAt: Number.isFinite(hold.to) ? { at: hold.to } : { words: laterWish },
        }
      : null
  },
  asked_by_us({ datesAgreed }) {
    const asked = datesAgreed.find(({ askedBy }) => askedBy === "company")
    return asked ? { askedAt: { at: asked.at } } : null
  },
  wish_passed_late({ care, now }) {
    const wish = care?.wish
    if (!wish) return null
    const passed = wish.passedAt ?? now
    return passed - wish.askedAt > wish.limitMs
      ? { askedAt: { at: wish.askedAt }, passedAt: { at: passed } }
      : null
  },
  wish_passed_in_time: ({ care }) =>
    care?.wish?.passedAt != null && care.wish.passedAt - care.wish.askedAt <= care.wish.limitMs
      ? { passedAt: { at: care.wish.passedAt } }
      : null,

  ingest_delay: ({ paidAt, paidKnownAt, cameLate }) =>
    paidKnownAt !== null && paidKnownAt - paidAt > 30 * minuteMs && cameLate >= cameLateFrom
      ? { count: cameLate, observedAt: { at: paidKnownAt }, paidAt: { at: paidAt } }
      : null,
  ingest_prompt: ({ paidAt, paidKnownAt }) =>
    paidKnownAt !== null && paidKnownAt - paidAt <= 5 * minuteMs
      ? { minutes: Math.max(1, Math.ceil((paidKnownAt - paidAt) / minuteMs)) }
      : null,
  data_stale: (facts) =>
    isStale(facts)
      ? { channel: facts.order.channel, observedAt: { at: facts.channel.heardAt ?? facts.paidAt } }
      : null,
  upload_refused: ({ upload }) =>
    upload?.refused ? { detail: upload.refused.detail, refusedAt: { at: upload.refused.at } } : null,
  never_uploaded: ({ upload, scans, clock }) =>
    upload && !upload.tried && scans && by(scans.handoverAt, clock.dueAt)
      ? { handoverAt: { at: scans.handoverAt! } }
      : null,
}

/** Whether nobody has spoken since the deadline, so that what is missing proves nothing. */
export const isStale = ({ channel, clock }: CaseFacts): boolean =>
  channel.heardAt === null || channel.heardAt < clock.dueAt

const addressHeld: Words = {
  "zh-Hans": "订单因地址挂起",
  "zh-Hant": "訂單因地址掛起",
  en: "the order was held for its address",
}
const laterWish: Words = { "zh-Hans": "晚些时候", "zh-Hant": "晚些時候", en: "at a later time" }

const typeNames: Record<string, Words> = {
  normal: { "zh-Hans": "现货", "zh-Hant": "現貨", en: "normal" },
  presale: { "zh-Hans": "预售", "zh-Hant": "預購", en: "presale" },
  custom: { "zh-Hans": "定制", "zh-Hant": "客製", en: "custom" },
  virtual: { "zh-Hans": "虚拟", "zh-Hant": "虛擬", en: "virtual" },
}
const typeName = (type: string): Words => typeNames[type] ?? { "zh-Hans": type, "zh-Hant": type, en: type }
