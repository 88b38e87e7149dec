import type { Basis } from "../clocks.ts"
import type { Hold } from "../holds.ts"
import type { Instant } from "../instants.ts"
import type { ClockKind } from "../policy.ts"

/** A span that somebody declared; `to` null: it lasts. */
export type Span = { from: Instant; to: Instant | null }

/** A line of the order, with what is known of it at the instant of looking. */
export type LineFacts = {
  line: string
  name: string
  sku: string | null
  quantity: number
  /** gift, resend or exchange: it does not count */
  extra: boolean
  preparedAt: Instant | null
  shippedAt: Instant | null
  leftAt: Instant | null
}

/** What was known of a SKU's stock from an instant on; null is not known. */
export type StockFacts = {
  sku: string
  warehouse: string | null
  at: Instant
  onHand: number | null
  /** what may still be sold: on hand without what is locked or blocked */
  sellable: number | null
  locked: number | null
  counted: number | null
  blocked: number | null
  /** open purchase orders and transfers; null: nobody said whether there are any */
  inbound: InboundFacts[] | null
}
/** Goods on their way in. */
export type InboundFacts = {
  kind: "purchase" | "transfer"
  ref: string
  expectedAt: Instant | null
  receivedAt: Instant | null
  quantity: number | null
  supplier: string | null
  /** the supplier's own answer: when, and which date */
  answeredAt: Instant | null
}

/** An outage or a force majeure that somebody declared, with its proof. */
export type WindowFacts = Span & {
  kind: "own_outage" | "platform_outage" | "weather" | "control" | "carrier_limit"
  /** the system, platform, carrier or notice */
  name: string
  /** provinces or cities that it covers; empty: everywhere */
  regions: string[]
  /** the carrier or channel that it is about; null: all */
  about: string | null
}

/** How a warehouse went around the deadline, beside its usual pace; null: too few orders to say. */
export type StageFacts = {
  stage: "prepare" | "handover"
  /** median time of the stage in the hour of the deadline, and usually, milliseconds */
  hourMs: number | null
  usualMs: number | null
  /** `leftMs` before the deadline: orders at least as old that still waited, and how many an hour went through */
  waiting: number
  perHour: number | null
  leftMs: number
}

/**
 * Everything that may speak for or against a cause, as plain data about one breached clock at one instant. What is null or
 * left out is not known, and no signal that needs it holds.
 */
export type CaseFacts = {
  now: Instant
  order: {
    channel: string
    shop: string
    orderNo: string
    warehouse: string | null
    carrier: string | null
    liveSession: string | null
    type: string
    promisedShipAt: Instant | null
    presaleShipBy: Instant | null
  }
  clock: {
    kind: ClockKind
    basis: Basis
    startAt: Instant
    dueAt: Instant
    closedAt: Instant | null
    withinMs: number | null
  }
  paidAt: Instant
  /** the instants of the order's steps, whenever they were */
  steps: {
    preparedAt: Instant | null
    shippedAt: Instant | null
    collectedAt: Instant | null
    deliveredAt: Instant | null
  }
  /** whether a `shipped` of its own was told, or only follows from a later step */
  shippedTold: boolean
  lines: LineFacts[]
  holds: Hold[]
  addressCorrectedAt: Instant | null
  promiseChanges: { at: Instant; to: Instant; cause: string | null }[]
  datesAgreed: { at: Instant; date: Instant; askedBy: "customer" | "company" | null }[]
  refundRequestedAt: Instant | null
  /** how the channel tells: which types, and when it was last heard of */
  channel: { brings: readonly string[]; mode: "live" | "batch"; heardAt: Instant | null }
  paidKnownAt: Instant | null
  /** orders of the channel paid in the same hour that came more than 30 minutes late */
  cameLate: number
  stages: StageFacts[]
  /** same SKU, warehouse and hour of payment: how many, and how many prepared in time */
  wave: { orders: number; preparedInTime: number } | null
  /** parcels of the same carrier and warehouse shipped that day, how many without a pickup within 12 h; and those of other carriers */
  pickup: { ready: number; missed: number; others: { ready: number; missed: number } } | null
  /** a number used for other receivers too; its last digits */
  reusedTracking: string | null
  stock: StockFacts[]
  /** in how many shops the order's SKUs were sold in the week before the deadline */
  shopsOfSku: { sku: string; shops: number } | null
  /** other types among orders of the same SKU and live session */
  otherTypes: { type: string; count: number } | null
  /** words of another type in a title, with that type */
  typeWords: { words: string; type: string } | null
  windows: WindowFacts[]
  regions: { sender: string[]; receiver: string[] }
  /** orders of the same warehouse to the same province paid in the same day that were shipped in time */
  laneShipped: number | null
  partner: {
    name: string
    listSentAt: Instant | null
    listAgreedAt: Instant | null
    trackedAt: Instant | null
  } | null

  // What a warehouse system, a carrier's tracking, a stream's plan and the customers' contacts will tell; nothing holds without it.
  scans?: {
    handoverAt: Instant | null
    manifest: string | null
    refused: { at: Instant; expected: string; scanned: string } | null
    shortPick: { at: Instant; bin: string; book: number } | null
    packing: {
      stopped: { since: Instant; material: string } | null
      enough: { material: string; quantity: number } | null
    } | null
  }
  capacity?: { window: string; due: number; capacity: number }
  roster?: { shift: string; planned: number; present: number }
  tracking?: {
    state:
      | "created"
      | "waiting_pickup"
      | "picked_up"
      | "in_transit"
      | "customs"
      | "problem"
      | "returned"
      | "cancelled"
      | "signed"
    lastScanAt: Instant | null
    place: string | null
    stallLimitMs: number
    stalledAtPlace: number
    problem: { at: Instant; detail: string } | null
    anomaly: string | null
    customs: { since: Instant; usualMs: number; clearedAt: Instant | null } | null
  }
  upload?: {
    refused: { at: Instant; detail: string } | null
    tried: boolean
    labelRefused: { at: Instant; detail: string } | null
  }
  session?: {
    name: string
    locked: number | null
    sold: number
    onHandAtStart: number | null
    planned: number | null
    actual: number
    spokenPromise: { spoken: Instant; listed: Instant } | null
    replayChecked: boolean
  }
  skuMapped?: { sku: string; mapped: boolean }
  care?: {
    addressCheck: { passed: boolean; detail: string } | null
    attempts: { count: number; lastAt: Instant } | null
    contactAt: Instant | null
    wish: { askedAt: Instant; passedAt: Instant | null; limitMs: number } | null
  }
  heartbeatRegular?: boolean
}
