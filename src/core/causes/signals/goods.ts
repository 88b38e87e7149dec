import type { Instant } from "../../instants.ts"
import type { CaseFacts, InboundFacts, StockFacts } from "../facts.ts"
import type { Detectors } from "./detector.ts"

const hourMs = 3_600_000

/** The tellings of a SKU's stock that say something about [paid, due): those in it, and the last before. */
export function stockDuring({ stock, clock }: CaseFacts, sku: string): StockFacts[] {
  const own = stock.filter((each) => each.sku === sku && each.at < clock.dueAt)
  const before = own.findLastIndex(({ at }) => at <= clock.startAt)
  return own.slice(Math.max(0, before))
}

type Wanted = { sku: string; quantity: number; name: string; extra: boolean }
const wantedOf = ({ lines }: CaseFacts): Wanted[] =>
  lines.flatMap(({ sku, quantity, name, extra }) => (sku === null ? [] : [{ sku, quantity, name, extra }]))

/** The first telling at which a SKU of the order could not be sold any more. */
export function emptySince(
  facts: CaseFacts,
  extra = false,
): { sku: string; sellable: number; since: Instant } | null {
  for (const wanted of wantedOf(facts)) {
    if (wanted.extra !== extra) continue
    const empty = stockDuring(facts, wanted.sku).find(({ sellable }) => sellable !== null && sellable <= 0)
    if (empty) return { sku: wanted.sku, sellable: empty.sellable!, since: empty.at }
  }
  return null
}

/** The order waits for goods by word of the warehouse. */
const heldForStock = (facts: CaseFacts) =>
  facts.holds.find(
    ({ name, reason, from }) => name === "stock" && reason === "warehouse" && from < facts.clock.dueAt,
  )

/** What is known to be on its way for the SKUs of an order, the last telling of each that says so. */
function inboundOf(facts: CaseFacts): { sku: string; inbound: InboundFacts[] }[] {
  return wantedOf(facts).flatMap(({ sku }) => {
    const known = facts.stock.findLast((each) => each.sku === sku && each.inbound !== null)
    return known ? [{ sku, inbound: known.inbound! }] : []
  })
}
const inboundWhere = (facts: CaseFacts, fits: (each: InboundFacts) => boolean): InboundFacts | undefined =>
  inboundOf(facts)
    .flatMap(({ inbound }) => inbound)
    .find(fits)
const usualPrepareMs = ({ stages }: CaseFacts): number =>
  stages.find(({ stage }) => stage === "prepare")?.usualMs ?? 0

/** Signals that are read from stock, purchase and the plan of the stream. */
export const goodsSignals: Detectors = {
  sellable_zero(facts) {
    const empty = emptySince(facts)
    if (empty) return { sellable: empty.sellable, since: { at: empty.since }, sku: empty.sku }
    const hold = heldForStock(facts)
    const [first] = wantedOf(facts)
    return hold
      ? { sellable: 0, since: { at: hold.from }, sku: first?.sku ?? facts.lines[0]?.name ?? "–" }
      : null
  },
  stock_enough(facts) {
    const wanted = wantedOf(facts).filter(({ extra }) => !extra)
    if (wanted.length === 0) return null
    let least: { sku: string; onHand: number; warehouse: string } | null = null
    for (const { sku, quantity } of wanted) {
      const told = stockDuring(facts, sku)
      if (told.length === 0 || told.some(({ sellable }) => sellable === null || sellable < quantity))
        return null
      const lowest = told.reduce((one, other) => (other.sellable! < one.sellable! ? other : one))
      least ??= { sku, onHand: lowest.sellable!, warehouse: lowest.warehouse ?? facts.order.warehouse ?? "–" }
    }
    return least
  },
  count_difference({ stock, clock }) {
    const found = stock.find(
      ({ at, counted, onHand }) =>
        counted !== null && onHand !== null && onHand > counted && Math.abs(at - clock.dueAt) <= 48 * hourMs,
    )
    return found ? { book: found.onHand!, counted: found.counted!, sku: found.sku } : null
  },
  locked_over_onhand({ session, stock, clock }) {
    if (session?.locked != null && session.onHandAtStart !== null)
      return session.locked > session.onHandAtStart
        ? { locked: session.locked, onHand: session.onHandAtStart }
        : null
    const found = stock.find(
      ({ locked, counted, at }) =>
        locked !== null && counted !== null && locked > counted && at < clock.dueAt,
    )
    return found ? { locked: found.locked!, onHand: found.counted! } : null
  },
  shared_stock: ({ shopsOfSku, stock }) =>
    shopsOfSku && shopsOfSku.shops >= 2 && stock.some(({ sku }) => sku === shopsOfSku.sku)
      ? { shopCount: shopsOfSku.shops, sku: shopsOfSku.sku }
      : null,
  batch_blocked(facts) {
    const blocked = wantedOf(facts).flatMap(({ sku }) =>
      stockDuring(facts, sku).filter((each) => each.blocked !== null && each.blocked > 0),
    )[0]
    if (blocked) return { quantity: blocked.blocked!, since: { at: blocked.at }, sku: blocked.sku }
    const hold = facts.holds.find(
      ({ name, reason, from }) => name === "quality" && reason === "warehouse" && from < facts.clock.dueAt,
    )
    const [first] = facts.lines
    return hold && first
      ? { quantity: first.quantity, since: { at: hold.from }, sku: first.sku ?? first.name }
      : null
  },
  transfer_open(facts) {
    const open = inboundWhere(
      facts,
      ({ kind, expectedAt, receivedAt }) =>
        kind === "transfer" && receivedAt === null && expectedAt !== null && expectedAt < facts.clock.dueAt,
    )
    return open ? { expectedAt: { at: open.expectedAt! }, transfer: open.ref } : null
  },
  transfer_received(facts) {
    const came = inboundWhere(
      facts,
      ({ kind, receivedAt }) =>
        kind === "transfer" && receivedAt !== null && receivedAt < facts.clock.dueAt - usualPrepareMs(facts),
    )
    return came ? { receivedAt: { at: came.receivedAt! }, transfer: came.ref } : null
  },
  inbound_overdue(facts) {
    const overdue = inboundWhere(
      facts,
      ({ kind, expectedAt, receivedAt }) =>
        kind === "purchase" && receivedAt === null && expectedAt !== null && expectedAt < facts.now,
    )
    return overdue ? { expectedAt: { at: overdue.expectedAt! }, po: overdue.ref } : null
  },
  inbound_received(facts) {
    const came = inboundWhere(
      facts,
      ({ kind, receivedAt }) =>
        kind === "purchase" && receivedAt !== null && receivedAt < facts.clock.dueAt - usualPrepareMs(facts),
    )
    return came ? { po: came.ref, receivedAt: { at: came.receivedAt! } } : null
  },
  no_inbound(facts) {
    const empty = emptySince(facts)
    if (!empty) return null
    const known = inboundOf(facts).find(({ sku }) => sku === empty.sku)
    return known && !known.inbound.some(({ receivedAt }) => receivedAt === null) ? { sku: empty.sku } : null
  },
  supplier_confirmed_later(facts) {
    const answered = inboundWhere(
      facts,
      ({ supplier, answeredAt, expectedAt }) =>
        supplier !== null && answeredAt !== null && expectedAt !== null && expectedAt > facts.clock.dueAt,
    )
    return answered
      ? {
          answeredAt: { at: answered.answeredAt! },
          arrivalAt: { at: answered.expectedAt! },
          supplier: answered.supplier!,
        }
      : null
  },
  gift_short(facts) {
    const empty = emptySince(facts, true)
    if (!empty || emptySince(facts)) return null
    const line = facts.lines.find(({ sku }) => sku === empty.sku)!
    return { gift: line.name, quantity: Math.max(line.quantity, -empty.sellable) }
  },

  sold_over_locked: ({ session }) =>
    session?.locked != null && session.sold > session.locked
      ? { locked: session.locked, session: session.name, sold: session.sold }
      : null,
  sold_within_locked: ({ session }) =>
    session?.locked != null &&
    session.onHandAtStart !== null &&
    session.sold <= Math.min(session.locked, session.onHandAtStart)
      ? { locked: session.locked, session: session.name, sold: session.sold }
      : null,
  sales_over_plan: ({ session }) =>
    session?.planned != null && session.actual > session.planned * 1.2
      ? { actual: session.actual, planned: session.planned, session: session.name }
      : null,
  sales_within_plan: ({ session }) =>
    session?.planned != null && session.actual <= session.planned
      ? { actual: session.actual, planned: session.planned, session: session.name }
      : null,
  spoken_promise_shorter: ({ session }) =>
    session?.spokenPromise && session.spokenPromise.spoken < session.spokenPromise.listed
      ? {
          listed: { at: session.spokenPromise.listed },
          session: session.name,
          spoken: { at: session.spokenPromise.spoken },
        }
      : null,
  spoken_promise_none: ({ session }) => (session?.replayChecked && !session.spokenPromise ? {} : null),
}
