import { typeBy } from "../compiledPolicy.ts"
import { detailsOf } from "../details.ts"
import { type OrderKey, type StepType, stepTypes } from "../events.ts"
import { endOf, factsOf } from "../facts.ts"
import { holdsOf } from "../holds.ts"
import type { Instant } from "../instants.ts"
import { isSet, type Json, type JsonObject } from "../json.ts"
import { type Told, validAt } from "../ledger.ts"
import { linesOf, winner } from "../lines.ts"
import type { Policy } from "../policy.ts"
import type { CaseFacts, LineFacts } from "./facts.ts"

/** The part of a case's facts that its order's own events tell. */
export type OrderTelling = Pick<
  CaseFacts,
  | "order"
  | "paidAt"
  | "steps"
  | "shippedTold"
  | "lines"
  | "holds"
  | "addressCorrectedAt"
  | "promiseChanges"
  | "datesAgreed"
  | "refundRequestedAt"
  | "typeWords"
> & {
  paidKnownAt: Instant | null
  fulfilment: string | null
  receiver: string[]
  endAt: Instant | null
  refundedAt: Instant | null
  cancelledAt: Instant | null
}

const text = (value: Json | undefined): string | null =>
  typeof value === "string" && value !== "" ? value : null
const instant = (value: Json | undefined): Instant | null => (typeof value === "number" ? value : null)
const extras = new Set<Json | undefined>(["gift", "resend", "exchange"])

/** Words in a title that name another type of order, as sellers write them. */
const typeWords: Record<string, string[]> = {
  presale: ["预售", "預售", "预购", "預購"],
  custom: ["定制", "訂製", "客製", "刻字"],
}

/** What an order's events tell of it at an instant, for its causes; null where it was never paid. */
export function tellOrder(
  key: OrderKey,
  told: readonly Told[],
  typeRules: Policy["typeRules"],
  now: Instant,
): OrderTelling | null {
  const valid = validAt(told, now)
  const details = detailsOf(valid)
  const { counting } = linesOf(valid, details.items)
  const facts = factsOf(valid, counting)
  if (facts.paid === undefined) return null
  const of = (type: string) => valid.filter(({ event }) => event.type === type)
  const first = (type: string): Instant | null => {
    const all = of(type).map(({ event }) => event.at)
    return all.length === 0 ? null : Math.min(...all)
  }
  const ended = endOf(valid, counting, facts)
  const stated = text(details.type)
  const paid = of("paid").find(({ event }) => event.at === facts.paid)
  const receiver = (details.receiver ?? {}) as JsonObject
  return {
    order: {
      ...key,
      warehouse: text(details.warehouse),
      carrier: text(details.carrier),
      liveSession: text(details.liveSession),
      type: stated ?? typeBy(typeRules, details) ?? "normal",
      promisedShipAt: instant(details.promisedShipAt),
      presaleShipBy: instant(details.presaleShipBy),
    },
    paidAt: facts.paid,
    paidKnownAt: paid?.observedAt ?? null,
    steps: {
      preparedAt: facts.prepared ?? null,
      shippedAt: facts.shipped ?? null,
      collectedAt: facts.collected ?? null,
      deliveredAt: facts.delivered ?? null,
    },
    shippedTold: of("shipped").length > 0,
    lines: lineFacts(valid, details),
    holds: holdsOf(valid, Infinity),
    addressCorrectedAt: first("address_corrected"),
    promiseChanges: of("promise_changed").flatMap(({ event }) => {
      const to = instant(event.promisedShipAt) ?? instant(event.order?.presaleShipBy)
      return to === null ? [] : [{ at: event.at, to, cause: text(event.cause) }]
    }),
    datesAgreed: of("date_agreed").map(({ event }) => ({
      at: event.at,
      date: event.date!,
      askedBy: event.askedBy === "customer" || event.askedBy === "company" ? event.askedBy : null,
    })),
    refundRequestedAt: first("refund_requested"),
    typeWords: typeWordsIn(details),
    fulfilment: text(details.fulfilment),
    receiver: [text(receiver.province), text(receiver.city)].flatMap((place) => place ?? []),
    endAt: ended.endAt,
    refundedAt: ended.stage === "refunded" ? ended.endAt : null,
    cancelledAt: ended.stage === "cancelled" ? ended.endAt : null,
  }
}

function lineFacts(valid: readonly Told[], details: JsonObject): LineFacts[] {
  const items = Array.isArray(details.items) ? (details.items as JsonObject[]) : []
  return items.flatMap((item) => {
    const id = isSet(item.line) ? item.line : item.sku
    if (!isSet(id)) return []
    const speaks = ({ event }: Told) => event.lines === undefined || event.lines.includes(id as string)
    // What went on was prepared, and what was collected was shipped (CLOCKS R9).
    const reached = (from: StepType): Instant | null => {
      const steps = stepTypes
        .slice(stepTypes.indexOf(from))
        .flatMap((type) => winner(valid.filter((each) => each.event.type === type && speaks(each))) ?? [])
      return steps.length === 0 ? null : Math.min(...steps)
    }
    const left = valid.filter(
      ({ event }) =>
        (event.type === "cancelled" || (event.type === "refunded" && event.full !== false)) &&
        event.lines?.includes(id as string),
    )
    return {
      line: String(id),
      name: text(item.name) ?? text(item.sku) ?? String(id),
      sku: text(item.sku),
      quantity: typeof item.quantity === "number" ? item.quantity : 1,
      extra: extras.has(item.kind),
      preparedAt: reached("prepared"),
      shippedAt: reached("shipped"),
      leftAt: left.length === 0 ? null : Math.min(...left.map(({ event }) => event.at)),
    }
  })
}

function typeWordsIn({ items }: JsonObject): CaseFacts["typeWords"] {
  if (!Array.isArray(items)) return null
  for (const item of items as JsonObject[])
    for (const [type, words] of Object.entries(typeWords)) {
      const found = words.find((word) => typeof item.name === "string" && item.name.includes(word))
      if (found !== undefined) return { words: found, type }
    }
  return null
}
