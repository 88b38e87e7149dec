/** What the HTTP API answers, as types: the one file of this room that the web may import. Instants are ISO strings. */

import type { Flaw } from "../core/refusals.ts"
import type { CaseState } from "./contract/cases.ts"

export type Iso = string
export type ClockKind = "prepare" | "ship" | "collect" | "deliver"
export type Basis = "company" | "platform" | "agreed"
export type ClockState = "running" | "near" | "paused" | "over" | "closed"
export type Outcome = "met" | "late" | "cancelled" | "replaced"
export type Stage =
  | "created"
  | "deposit_paid"
  | "paid"
  | "prepared"
  | "shipped"
  | "collected"
  | "delivered"
  | "cancelled"
  | "refunded"
  | "unknown"

/** One clock of an order (CLOCKS.md §7). */
export type ClockView = {
  kind: ClockKind
  basis: Basis
  round: number
  standard: string | null
  clause: string | null
  policyVersion: number | null
  startAt: Iso
  dueAt: Iso | null
  warnAt: (Iso | null)[]
  state: ClockState
  outcome: Outcome | null
  closedAt: Iso | null
  stoppedBy: string | null
  observed: boolean
  unconfirmed: boolean
  binding: boolean
}

export type OrderKeyView = { channel: string; shop: string; orderNo: string }

/** An order's details as last told; `receiver` is always masked. */
export type OrderDetailsView = OrderKeyView & {
  parentNo?: string
  type?: string
  warehouse?: string
  fulfilment?: string
  liveSession?: string
  host?: string
  carrier?: string
  trackingNo?: string
  amount?: number
  currency?: string
  promisedShipAt?: Iso
  presaleShipBy?: Iso
  items?: { line?: string; sku?: string; name?: string; quantity?: number; amount?: number; kind?: string }[]
  receiver?: { name?: string; phone?: string; province?: string; city?: string; address?: string }
  [more: string]: unknown
}

/** A row of GET /api/v1/orders: an order without its events. */
export type OrderRow = {
  order: OrderDetailsView
  stage: Stage
  endAt: Iso | null
  facts: Partial<Record<Stage | "deposit_paid", Iso>>
  policy: number | null
  anomalies: string[]
  clocks: ClockView[]
  nextDueAt: Iso | null
  cases: string[]
  watched: boolean
}

export type EventView = {
  type: string
  at: Iso
  source: string
  eventId?: string
  observedAt?: Iso
  holds: boolean
  recordedAt: Iso
  [more: string]: unknown
}

/** GET /api/v1/orders/{channel}/{shop}/{orderNo}. */
export type OrderView = OrderRow & {
  events: EventView[]
  caseRefs: { id: string; number: string; state: CaseState }[]
  unwatched: { by: string; at: Iso; reason: string } | null
  /** when its receiver was erased; null: it was not */
  receiverErasedAt: Iso | null
  serverTime: Iso
}

export type Page<T> = { items: T[]; next: string | null; total?: number }

/** GET /api/v1/orders query. `cause`-like filters are single values; empty means any. */
export type OrdersQuery = {
  stage?: Stage
  clock?: ClockKind
  basis?: Basis
  state?: "running" | "near" | "paused" | "over"
  channel?: string
  shop?: string
  warehouse?: string
  liveSession?: string
  dueFrom?: Iso
  dueTo?: Iso
  anomaly?: string
  watched?: "true" | "false"
  /** what an alert is about, by its id */
  alert?: string
  q?: string
  sort?: "nextDueAt" | "-paidAt"
  limit?: number
  cursor?: string
}

/** GET /api/v1/orders/counts (same filters, without `state`): how many of the list have an open clock in each state. */
export type OrderCounts = {
  all: number
  over: number
  near: number
  running: number
  paused: number
  exact: boolean
}

/** GET …/explain: each clock's arithmetic, in words and data. */
export type ExplainStep = {
  what: string
  at: Iso | null
  ms: number | null
  data: Record<string, unknown>
  words: { "zh-Hans": string; "zh-Hant": string; en: string }
}
export type ExplainView = {
  order: OrderKeyView
  clocks: (ClockView & { steps: ExplainStep[]; pauses: { from: Iso; to: Iso | null; reason: string }[] })[]
}

export type { CaseRow, CaseState, CasesQuery, CaseView } from "./contract/cases.ts"

export type RibbonKey = "overdue" | "1h" | "4h" | "12h" | "24h" | "later"
/** One section of the time-to-due ribbon; [from, to) are due instants, also the link's dueFrom/dueTo (null = open-ended). */
export type RibbonSection = {
  key: RibbonKey
  from: Iso | null
  to: Iso | null
  count: number
  byBasis: Partial<Record<Basis, number>>
  oldestDueAt: Iso | null
  /** orders due in each slot of the section: [slot start, count]; 15-minute slots */
  slots: [Iso, number][]
}

export type Flow = { lastMinute: number; lastHour: number; today: number }

/** GET /api/v1/board?channel=&shop= : every number opens exactly the rows that it counts. */
export type Board = {
  asOf: Iso
  timezone: string
  stages: { stage: Stage; count: number; over: number }[]
  clocks: { running: number; near: number; paused: number; overdue: number }
  ribbon: { prepare: RibbonSection[]; ship: RibbonSection[] }
  today: { warnings: number; breaches: number; since: Iso }
  arrivals: {
    created: Flow
    paid: Flow
    byChannel: { channel: string; created: Flow; paid: Flow }[]
    byShop: { channel: string; shop: string; created: Flow; paid: Flow }[]
    bySession: { liveSession: string; channel: string; shop: string; created: Flow; paid: Flow }[]
    /** paid a minute since the day began in the company's zone: [minute, created, paid] */
    minutes: [Iso, number, number][]
    /** the same minutes of the days before, averaged over those that exist (up to 7): [minute of day, paid per minute] or [] */
    usual: [number, number][]
  }
  /** the next 48 hours by hour: clocks that fall due, prepare and ship */
  echo: { hour: Iso; prepare: number; ship: number }[]
  cases: {
    open: number
    byState: { state: CaseState; count: number }[]
    byDepartment: {
      department: string | null
      count: number
      oldest: { id: string; number: string; what: string; dueAt: Iso | null } | null
    }[]
  }
  channels: ChannelAge[]
  /** what needs a person now: grouped, most urgent first */
  attention: Attention[]
}
export type ChannelAge = {
  channel: string
  shop: string
  mode: "live" | "batch"
  lastToldAt: Iso | null
  lastReceivedAt: Iso | null
  stale: boolean
}
export type Attention = {
  kind: "over" | "near" | "case" | "anomaly" | "stuck" | "stale"
  /** for anomaly: no_deadline, no_paid, unknown_line …; for over/near: the clock kind */
  what: string
  count: number
  dueAt: Iso | null
  /** address of the page that shows exactly these rows, e.g. /orders?state=over&clock=ship */
  link: string
  example: { channel: string; shop: string; orderNo: string } | null
}

/** What one line of POST /api/v1/order-events was refused for. */
export type RejectedLine = { line: number; code: string; field?: string; message: string }
export type EventsAnswer = {
  accepted: number
  duplicates: number
  corrected: number
  rejected: RejectedLine[]
}

export type Problem = {
  type: string
  title: string
  status: number
  code: string
  detail?: string
  errors?: Flaw[]
}

export type RoleName =
  | "owner"
  | "operations"
  | "service"
  | "warehouse"
  | "finance"
  | "administration"
  | "viewer"
  | "head"
  | "supervisor"
  | "integration"
export type Me = {
  person: { id: string; name: string; email: string }
  roles: { role: RoleName; department: string | null }[]
  abilities: unknown[]
  company: { name: string; timezone: string; language: string } | null
  version: string
}

/** GET /api/v1/engine. */
export type EngineView = {
  dueUnfired: number
  lagMs: { p50: number; p99: number; max: number }
  openClocks: number
  runs: { owned: number; unowned: number }
  engines: {
    id: string
    beatAt: Iso
    alive: boolean
    runs: number[]
    startedAt: Iso
    /** how late its breaches took effect since it started: a count for each of `lagBoundsMs`, the last for what is later */
    lag: { counts: number[]; sumMs: number; p50: number; p99: number; max: number }
  }[]
  lagBoundsMs: number[]
  stuck: number
}

/** Messages of GET /api/v1/live (server-sent events; `event:` is the topic). */
export type LiveMessage =
  | { topic: "board"; asOf: Iso }
  | { topic: "orders"; changed: string[] /* "channel/shop/orderNo", at most 200 */; more: boolean }
  | { topic: "cases"; changed: string[] }
  | { topic: "incidents"; changed: string[] }
  | { topic: "import"; number: number; state: string; rows: number }
  | { topic: "alerts" }
  | { topic: "bell" }
  | { topic: "hello"; serverTime: Iso }
