import { type OrderTelling, tellOrder } from "../core/causes/telling.ts"
import type { CaseFacts, StageFacts, WindowFacts } from "../core/causes.ts"
import { parseDuration } from "../core/durations.ts"
import type { Instant } from "../core/instants.ts"
import {
  type DeclaredWindow,
  type StockLevel,
  stockDuring,
  stockFact,
  windowsDuring,
} from "../store/declared.ts"
import { listWarehouses } from "../store/directory.ts"
import { listEvents } from "../store/events.ts"
import {
  type CaseBreached,
  type CasePlace,
  casesBreached,
  laneDays,
  lateArrivals,
  pickupDays,
  reusedTracking,
  shopsHeard,
  skuHours,
  stageHours,
  waitingAt,
} from "../store/evidence.ts"
import { listsSince } from "../store/partnerLists.ts"
import { partnersOf } from "../store/partners.ts"
import type { Session } from "../store/statement.ts"
import { tellingOf } from "./telling.ts"
import type { EngineWorld } from "./world.ts"

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** How far back a warehouse's usual pace is measured. */
const usualMs = 7 * dayMs
/** How long before the deadline the backlog is looked at. */
const leadMs = 4 * hourMs
/** Fewer orders than this say nothing about an hour. */
const hourMin = 5
/** Days of staff begin at midnight in China; a zone of another company moves the day of a pickup by hours at most. */
const zoneMs = 8 * hourMs

/** A case with everything that may speak for or against a cause, and with what its order tells. */
export type Gathered = {
  breached: CaseBreached
  telling: OrderTelling
  facts: CaseFacts
  windowIds: string[]
}

/** Gathers the facts of cases, thousands at once, in a fixed number of queries. A case whose order was never paid has none. */
export async function gatherFacts(
  world: EngineWorld,
  session: Session,
  cases: readonly CasePlace[],
  now: Instant,
): Promise<Gathered[]> {
  const all = await casesBreached(session, cases)
  if (all.length === 0) return []
  const book = await world.ruleBook(session)
  const events = await listEvents(
    session,
    all.map(({ bucket, orderId }) => ({ bucket, id: orderId })),
  )
  const told = all.flatMap((breached) => {
    const rows = events.get(breached.orderId) ?? []
    const rules = book.policies.find(({ version }) => version === breached.policy)?.typeRules ?? []
    const telling = tellOrder(
      breached,
      rows.map((row) => tellingOf(row, () => null)),
      rules,
      now,
    )
    const shop = book.rules(breached.settings).shop(breached.channel, breached.shop)
    const knownAt = rows.find(({ type, at }) => type === "paid" && at === telling?.paidAt)
    return telling
      ? [{ breached, telling, shop, knownAt: knownAt?.observedAt ?? knownAt?.recordedAt ?? null }]
      : []
  })
  if (told.length === 0) return []
  const around = await aroundOf(session, told, now)
  return told.map((each) => {
    const { facts, windowIds } = factsOf(each, around, now, withinMsOf(book, each.breached))
    return { breached: each.breached, telling: each.telling, facts, windowIds }
  })
}

type Told = {
  breached: CaseBreached
  telling: OrderTelling
  shop: { facts: string[]; mode: "live" | "batch" }
  knownAt: Instant | null
}

function withinMsOf(
  book: Awaited<ReturnType<EngineWorld["ruleBook"]>>,
  { policy, standard }: CaseBreached,
): number | null {
  const rule = book.policies
    .find(({ version }) => version === policy)
    ?.standards.find(({ id }) => id === standard)
  return rule?.within ? parseDuration(rule.within) : null
}

const distinct = (values: readonly (string | null)[]): string[] => [
  ...new Set(values.filter((value): value is string => value !== null)),
]

/** Everything beyond the orders themselves, for all of them at once. */
async function aroundOf(session: Session, told: readonly Told[], now: Instant) {
  const paid = told.map(({ telling }) => telling.paidAt)
  const span = { from: Math.min(...paid) - dayMs, to: Math.min(now, Math.max(...paid) + dayMs) }
  const longest = { from: span.from - usualMs, to: now }
  const warehouses = distinct(told.map(({ telling }) => telling.order.warehouse))
  const skus = distinct(told.flatMap(({ telling }) => telling.lines.map(({ sku }) => sku)))
  const shops = distinct(
    told
      .filter(({ shop }) => shop.facts.includes("collected"))
      .map(({ breached }) => `${breached.channel}/${breached.shop}`),
  )
  const live = distinct(
    told.filter(({ shop }) => shop.mode === "live").map(({ breached }) => breached.channel),
  )
  const asked = new Map<string, { warehouse: string; paidTo: Instant; at: Instant }>()
  for (const each of told) {
    const key = waitingKey(each)
    if (key && !asked.has(key.key)) asked.set(key.key, key)
  }
  // One after another: within a transaction they would queue on its session anyway.
  return {
    heard: new Map((await shopsHeard(session)).map((each) => [`${each.channel}/${each.shop}`, each])),
    hours: await stageHours(session, longest, warehouses),
    waiting: new Map(
      (await waitingAt(session, longest.from, [...asked.values()])).map((each) => [
        `${each.warehouse} ${each.paidTo} ${each.at}`,
        each,
      ]),
    ),
    skus: await skuHours(session, span, skus, dayMs),
    pickups: await pickupDays(session, span, { now, zoneMs, shops }),
    lanes: await laneDays(session, span, warehouses, zoneMs),
    late: await lateArrivals(session, span, live),
    reused: new Map(
      (
        await reusedTracking(
          session,
          told.map(({ breached }) => ({ bucket: breached.bucket, id: breached.orderId })),
        )
      ).map((each) => [each.orderId, each.tail]),
    ),
    stock: groupBy(await stockDuring(session, skus, span.from - 30 * dayMs, now), ({ sku }) => sku),
    windows: await windowsDuring(session, span.from, now),
    regions: new Map(
      (await listWarehouses(session)).flatMap(({ id, name, region }) => [
        [id, region] as const,
        [name, region] as const,
      ]),
    ),
    partners: await partnersOf(session),
    lists: await listsSince(session, span.from),
  }
}
type Around = Awaited<ReturnType<typeof aroundOf>>

function groupBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row])
  return groups
}

/** What is asked of a warehouse's backlog for a case: to the hour, so that cases of one hour ask once. */
function waitingKey({
  breached,
  telling,
}: Told): { key: string; warehouse: string; paidTo: Instant; at: Instant } | null {
  const { warehouse } = telling.order
  if (warehouse === null) return null
  const paidTo = Math.floor(telling.paidAt / hourMs) * hourMs
  const at = Math.floor((breached.dueAt - leadMs) / hourMs) * hourMs
  return { key: `${warehouse} ${paidTo} ${at}`, warehouse, paidTo, at }
}

function factsOf(
  each: Told,
  around: Around,
  now: Instant,
  withinMs: number | null,
): { facts: CaseFacts; windowIds: string[] } {
  const { breached, telling, shop } = each
  const { order, paidAt } = telling
  const heard = around.heard.get(`${breached.channel}/${breached.shop}`)
  const stock = telling.lines.flatMap(({ sku }) => (sku === null ? [] : (around.stock.get(sku) ?? [])))
  const windows = around.windows.map(windowFact)
  const facts: CaseFacts = {
    now,
    order,
    clock: {
      kind: breached.kind as CaseFacts["clock"]["kind"],
      basis: breached.basis as CaseFacts["clock"]["basis"],
      startAt: breached.startAt,
      dueAt: breached.dueAt,
      closedAt: breached.closedAt,
      withinMs,
    },
    paidAt,
    steps: telling.steps,
    shippedTold: telling.shippedTold,
    lines: telling.lines,
    holds: telling.holds,
    addressCorrectedAt: telling.addressCorrectedAt,
    promiseChanges: telling.promiseChanges,
    datesAgreed: telling.datesAgreed,
    refundRequestedAt: telling.refundRequestedAt,
    typeWords: telling.typeWords,
    // A live channel that was heard of since would have told of a step; of a file only what it says of this order counts.
    channel: {
      brings: shop.facts,
      mode: shop.mode,
      heardAt: shop.mode === "live" ? (heard?.receivedAt ?? null) : breached.toldAt,
    },
    paidKnownAt: shop.mode === "live" ? each.knownAt : null,
    cameLate:
      around.late.find(
        ({ channel, shop: name, hour }) =>
          channel === breached.channel && name === breached.shop && hour === hourOf(paidAt),
      )?.n ?? 0,
    stages: stageFacts(each, around),
    wave: waveOf(each, around),
    pickup: pickupOf(telling, around),
    reusedTracking: around.reused.get(breached.orderId) ?? null,
    stock: forWarehouse(stock, order.warehouse).map(stockFact),
    shopsOfSku: shopsOf(telling, around),
    otherTypes: otherTypesOf(telling, around),
    windows,
    regions: { sender: senderOf(order.warehouse, around), receiver: telling.receiver },
    laneShipped: laneOf(telling, around),
    partner: partnerOf(telling, around),
  }
  return { facts, windowIds: around.windows.map(({ id }) => id) }
}

/** Where a warehouse lies, as its region is written: 浙江 义乌. */
const senderOf = (warehouse: string | null, { regions }: Around): string[] =>
  warehouse === null ? [] : (regions.get(warehouse) ?? "").split(/[\s,，、/]+/u).filter(Boolean)

/** Who ships the order for us, with the list that it stood on: the first made after the payment. */
function partnerOf(
  { fulfilment, paidAt, steps }: OrderTelling,
  { partners, lists }: Around,
): CaseFacts["partner"] {
  const partner =
    fulfilment === null
      ? undefined
      : partners.find(({ id, name }) => id === fulfilment || name === fulfilment)
  if (!partner) return null
  const list = lists.find((each) => each.partner === partner.id && each.madeAt >= paidAt)
  return {
    name: partner.name,
    listSentAt: list?.madeAt ?? null,
    listAgreedAt: list?.agreedAt ?? null,
    trackedAt: steps.shippedAt,
  }
}

const hourOf = (at: Instant): number => Math.floor(at / hourMs)
const localDayOf = (at: Instant): number => Math.floor((at + zoneMs) / dayMs)

/** Levels of the order's warehouse; those without a warehouse hold for all. */
const forWarehouse = (levels: readonly StockLevel[], warehouse: string | null): StockLevel[] =>
  levels.filter((level) => warehouse === null || level.warehouse === "" || level.warehouse === warehouse)

const windowFact = ({ kind, name, about, regions, fromAt, toAt }: DeclaredWindow): WindowFacts => ({
  kind,
  name,
  about,
  regions,
  from: fromAt,
  to: toAt,
})

function stageFacts(each: Told, { hours, waiting }: Around): StageFacts[] {
  const key = waitingKey(each)
  if (!key) return []
  const due = hourOf(each.breached.dueAt)
  const waited = waiting.get(key.key)
  return (["prepare", "handover"] as const).flatMap((stage) => {
    const own = hours.filter((row) => row.warehouse === key.warehouse && row.stage === stage)
    if (own.length === 0) return []
    // The last hour up to the deadline in which enough orders went through.
    const hour = own
      .filter((row) => row.hour <= due && row.hour > due - 6 && row.orders >= hourMin)
      .sort((a, b) => b.hour - a.hour)[0]
    const before = own.filter((row) => row.hour < due - 6)
    const recent = own.filter((row) => row.hour < due && row.hour >= due - leadMs / hourMs)
    return {
      stage,
      hourMs: hour?.medianMs ?? null,
      usualMs: weightedMedian(before),
      waiting: waited?.[stage] ?? 0,
      perHour:
        before.length === 0 ? null : recent.reduce((sum, row) => sum + row.orders, 0) / (leadMs / hourMs),
      leftMs: leadMs,
    }
  })
}

/** The median of hours' medians, each as heavy as its orders; null where too few went through. */
function weightedMedian(rows: readonly { orders: number; medianMs: number }[]): number | null {
  const total = rows.reduce((sum, { orders }) => sum + orders, 0)
  if (total < 4 * hourMin) return null
  let passed = 0
  for (const row of [...rows].sort((a, b) => a.medianMs - b.medianMs)) {
    passed += row.orders
    if (passed * 2 >= total) return row.medianMs
  }
  return null
}

function waveOf({ telling }: Told, { skus }: Around): CaseFacts["wave"] {
  const own = new Set(telling.lines.map(({ sku }) => sku))
  const wave = skus.filter(
    (row) =>
      own.has(row.sku) && row.warehouse === telling.order.warehouse && row.hour === hourOf(telling.paidAt),
  )
  const orders = wave.reduce((sum, row) => sum + row.orders, 0)
  return orders === 0 ? null : { orders, preparedInTime: wave.reduce((sum, row) => sum + row.prepared, 0) }
}

function shopsOf({ lines }: OrderTelling, { skus }: Around): CaseFacts["shopsOfSku"] {
  for (const { sku } of lines) {
    if (sku === null) continue
    const shops = new Set(skus.filter((row) => row.sku === sku).map(({ shop }) => shop)).size
    if (shops > 1) return { sku, shops }
  }
  return null
}

function otherTypesOf({ lines, order }: OrderTelling, { skus }: Around): CaseFacts["otherTypes"] {
  const own = new Set(lines.map(({ sku }) => sku))
  const others = new Map<string, number>()
  for (const row of skus)
    if (
      own.has(row.sku) &&
      row.liveSession === order.liveSession &&
      row.type !== null &&
      row.type !== order.type
    )
      others.set(row.type, (others.get(row.type) ?? 0) + row.orders)
  const [most] = [...others].sort((a, b) => b[1] - a[1])
  return most ? { type: most[0], count: most[1] } : null
}

function pickupOf({ order, steps }: OrderTelling, { pickups }: Around): CaseFacts["pickup"] {
  if (steps.shippedAt === null || order.carrier === null) return null
  const day = localDayOf(steps.shippedAt)
  const same = pickups.filter((row) => row.day === day && row.warehouse === order.warehouse)
  const sum = (rows: typeof same) => ({
    ready: rows.reduce((total, { ready }) => total + ready, 0),
    missed: rows.reduce((total, { missed }) => total + missed, 0),
  })
  return {
    ...sum(same.filter(({ carrier }) => carrier === order.carrier)),
    others: sum(same.filter(({ carrier }) => carrier !== order.carrier)),
  }
}

function laneOf({ order, receiver, paidAt }: OrderTelling, { lanes }: Around): number | null {
  if (order.warehouse === null || receiver[0] === undefined) return null
  return (
    lanes.find(
      (row) =>
        row.warehouse === order.warehouse && row.province === receiver[0] && row.day === localDayOf(paidAt),
    )?.shipped ?? 0
  )
}
