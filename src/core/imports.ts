import type { EventType, OrderEvent } from "./events.ts"
import { type Instant, isoOf } from "./instants.ts"
import type { JsonObject } from "./json.ts"
import { byCodeUnits } from "./json.ts"
import type { FileFact } from "./mapping.ts"
import type { RowFacts } from "./rows.ts"

/** Of which file the rows are. */
export type FileTold = {
  /** `import:<format>` */
  source: string
  /** the file's instant: the `observedAt` of its events */
  exportedAt: Instant
}
/** What the events told before give, so that a file tells of a deadline or a status once. */
export type Before = {
  promisedShipAt: Instant | null
  presaleShipBy: Instant | null
  eventIds: ReadonlySet<string>
}
const nothing: Before = { promisedShipAt: null, presaleShipBy: null, eventIds: new Set() }

const onceFacts = ["created", "deposit_paid", "paid"] as const
const steps = ["prepared", "shipped", "collected", "delivered", "cancelled", "refunded"] as const

const isClosed = (row: RowFacts): boolean => row.facts.cancelled !== undefined || row.status === "cancelled"

/** The events that the rows of one order tell (DESIGN §3 By file). Rows equal in every cell are one already. */
export function eventsOf(
  rows: readonly RowFacts[],
  { source, exportedAt }: FileTold,
  before: Before = nothing,
): OrderEvent[] {
  const events: OrderEvent[] = []
  const tell = (
    type: EventType,
    at: Instant,
    eventId: string,
    more: Partial<OrderEvent> = {},
    observedAt: Instant | null = exportedAt,
  ) => {
    const event = { type, at, source, eventId, ...more } as OrderEvent
    if (observedAt !== null) event.observedAt = observedAt
    events.push(event)
  }
  for (const type of onceFacts) {
    const at = earliest(rows.map((row) => row.facts[type]))
    if (at !== null) tell(type, at, type)
  }
  const named = rows.every((row) => row.line !== null || row.sku !== null) ? lineIds(rows) : null
  if (named) for (const [i, row] of rows.entries()) tellLine(row, named[i]!, tell, exportedAt, before)
  else tellWhole(rows, tell, exportedAt, before)
  if (events.length > 0) events[0] = { ...events[0]!, order: detailsOf(rows, named) }
  tellDeadlines(rows, tell, exportedAt, before)
  return events
}

type Tell = (
  type: EventType,
  at: Instant,
  eventId: string,
  more?: Partial<OrderEvent>,
  observedAt?: Instant | null,
) => void

function tellLine(row: RowFacts, line: string, tell: Tell, exportedAt: Instant, before: Before): void {
  for (const type of steps) {
    const at = row.facts[type]
    if (at !== undefined) tell(type, at, `${type}:${line}`, { lines: [line] })
  }
  const id = `${row.status}:${line}:status`
  if (row.status !== null && !before.eventIds.has(id))
    tell(row.status, exportedAt, id, { lines: [line] }, null)
}

/** Rows without sku and line make an order without items: a step counts when all rows that are not closed have it. */
function tellWhole(rows: readonly RowFacts[], tell: Tell, exportedAt: Instant, before: Before): void {
  const open = rows.filter((row) => !isClosed(row))
  for (const type of steps) {
    const concerned = type === "cancelled" ? rows : open
    if (concerned.length === 0) continue
    const instants = concerned.map((row) => row.facts[type])
    if (instants.every((at) => at !== undefined)) tell(type, Math.max(...(instants as Instant[])), type)
    else if (concerned.every((row, i) => instants[i] !== undefined || row.status === type)) {
      const id = `${type}:status`
      if (!before.eventIds.has(id)) tell(type, exportedAt, id, {}, null)
    }
  }
}

/** Line ids: the mapped one, else sku, `#` and the row's rank among the order's rows of that sku. */
export function lineIds(rows: readonly RowFacts[]): string[] {
  const ids = new Array<string>(rows.length)
  const bySku = new Map<string, number[]>()
  for (const [i, row] of rows.entries()) {
    if (row.line !== null) ids[i] = row.line
    else bySku.set(row.sku!, [...(bySku.get(row.sku!) ?? []), i])
  }
  for (const [sku, own] of bySku) {
    own.sort((one, other) => byRank(rows[one]!, rows[other]!))
    for (const [rank, i] of own.entries()) ids[i] = `${sku}#${rank + 1}`
  }
  return ids
}

function byRank(one: RowFacts, other: RowFacts): number {
  return (
    byCodeUnits(one.name ?? "", other.name ?? "") ||
    (one.quantity ?? 0) - (other.quantity ?? 0) ||
    (one.itemAmount ?? 0) - (other.itemAmount ?? 0) ||
    byCodeUnits(one.kind ?? "", other.kind ?? "") ||
    compareShipped(one, other) ||
    Number(isClosed(one)) - Number(isClosed(other))
  )
}

/** By shippedAt, empty last. */
function compareShipped(one: RowFacts, other: RowFacts): number {
  const [a, b] = [one.facts.shipped ?? Infinity, other.facts.shipped ?? Infinity]
  return a === b ? 0 : a - b
}

/** What belongs to the order, of differing details those of the first line; its items when every row names one. */
function detailsOf(rows: readonly RowFacts[], named: readonly string[] | null): JsonObject {
  const details: JsonObject = {}
  for (const row of rows) for (const field in row.details) details[field] ??= row.details[field]
  if (details.buyerId !== undefined) {
    details.buyer = { id: details.buyerId }
    delete details.buyerId
  }
  const receiver = rows.find((row) => row.receiver !== null)?.receiver
  if (receiver) details.receiver = { ...receiver }
  if (named)
    details.items = rows.map((row, i) => {
      const item: JsonObject = { line: named[i]! }
      if (row.sku !== null) item.sku = row.sku
      if (row.name !== null) item.name = row.name
      if (row.quantity !== null) item.quantity = row.quantity
      if (row.itemAmount !== null) item.amount = row.itemAmount
      if (row.kind !== null) item.kind = row.kind
      return item
    })
  else if (rows[0]?.name) details.title = rows[0].name
  return details
}

/** A deadline is told by an event of its own, when it differs from what was told before. */
function tellDeadlines(rows: readonly RowFacts[], tell: Tell, exportedAt: Instant, before: Before): void {
  const promised = earliest(rows.map((row) => row.promisedShipAt))
  if (promised !== null && promised !== before.promisedShipAt)
    tell("promise_changed", exportedAt, `promisedShipAt:${isoOf(exportedAt)}`, {
      promisedShipAt: promised,
      cause: "import",
    })
  const presale = earliest(rows.map((row) => row.presaleShipBy))
  if (presale !== null && presale !== before.presaleShipBy)
    tell("promise_changed", exportedAt, `presaleShipBy:${isoOf(exportedAt)}`, {
      order: { presaleShipBy: presale },
      cause: "import",
    })
}

function earliest(all: readonly (Instant | null | undefined)[]): Instant | null {
  let at: Instant | null = null
  for (const each of all) if (each != null && (at === null || each < at)) at = each
  return at
}

/** The latest fact of a row that is not after now, and how many are after it. */
export function latestFact(row: RowFacts, now: Instant): { latest: Instant | null; inFuture: FileFact[] } {
  let latest: Instant | null = null
  const inFuture: FileFact[] = []
  for (const type in row.facts) {
    const at = row.facts[type as FileFact]!
    if (at > now) inFuture.push(type as FileFact)
    else if (latest === null || at > latest) latest = at
  }
  return { latest, inFuture }
}
