import type { Instant } from "./instants.ts"
import { parseInstant } from "./instants.ts"
import { canonical, type Json, type JsonObject, withoutNulls } from "./json.ts"

export type { Json, JsonObject } from "./json.ts"

/** Facts that happen once (CLOCKS §1). */
export const onceTypes = [
  "created",
  "deposit_paid",
  "paid",
  "prepared",
  "shipped",
  "collected",
  "delivered",
  "cancelled",
] as const
/** The steps of an order, each implying those before it (R9). */
export const stepTypes = ["prepared", "shipped", "collected", "delivered"] as const
/** Everything that may be told of an order. */
export const eventTypes = [
  ...onceTypes,
  "refunded",
  "held",
  "released",
  "refund_requested",
  "refund_rejected",
  "refund_withdrawn",
  "promise_changed",
  "date_agreed",
  "policy_applied",
  "address_corrected",
  "retracted",
] as const
export type EventType = (typeof eventTypes)[number]
export type OnceType = (typeof onceTypes)[number]
export type StepType = (typeof stepTypes)[number]

/** What identifies an order: the smallest thing with a promise of its own on a shop of a channel. */
export type OrderKey = { channel: string; shop: string; orderNo: string }

/** Somebody's word that something happened to an order. Instants are milliseconds; fields not named here belong to the content too. */
export type OrderEvent = {
  type: EventType
  at: Instant
  source: string
  eventId?: string
  observedAt?: Instant
  lines?: string[]
  order?: JsonObject
  reason?: string
  hold?: string
  full?: boolean
  promisedShipAt?: Instant
  date?: Instant
  version?: number
  of?: { eventId: string } | { type: string; at: Instant }
  [more: string]: Json | undefined
}

const instantFields = ["at", "observedAt", "date", "promisedShipAt"] as const
const detailInstants = ["promisedShipAt", "presaleShipBy"] as const

/** Turns the instants of a told event into milliseconds and leaves out what is null (CLOCKS, preface). Answers the name of a field that is no instant. */
export function normalise(told: JsonObject): { event: OrderEvent } | { badInstant: string } {
  const event = withoutNulls(told)
  for (const field of instantFields) if (!toInstant(event, field)) return { badInstant: field }
  const { of, order } = event
  if (isObject(of) && !toInstant(of, "at")) return { badInstant: "of.at" }
  if (isObject(order))
    for (const field of detailInstants) if (!toInstant(order, field)) return { badInstant: `order.${field}` }
  return { event: event as OrderEvent }
}

/** Whether a JSON value is an object. */
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

function toInstant(holder: JsonObject, field: string): boolean {
  const value = holder[field]
  if (value === undefined) return true
  const at = typeof value === "string" ? parseInstant(value) : null
  if (at === null) return false
  holder[field] = at
  return true
}

/** R1: the content of an event, every field but source, eventId and observedAt, as canonical JSON. */
export function contentOf(event: OrderEvent): string {
  const ofEvent = event.type === "retracted" && event.of !== undefined && "eventId" in event.of
  return canonical(event, ofEvent ? aboutTelling : aboutTeller)
}
/** What of an event is kept as its body: all but who told it and when, as canonical JSON. */
export const bodyOf = (event: OrderEvent): string => canonical(event, aboutTeller)

const aboutTelling: ReadonlySet<string> = new Set(["eventId", "observedAt"])
const aboutTeller: ReadonlySet<string> = new Set(["source", "eventId", "observedAt"])
