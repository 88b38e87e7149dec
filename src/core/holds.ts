import type { OrderEvent } from "./events.ts"
import type { Instant } from "./instants.ts"
import { byCodeUnits } from "./json.ts"
import type { Told } from "./ledger.ts"

/** A hold; `to` is Infinity while nothing closed it. */
export type Hold = { name: string; reason: string | undefined; from: Instant; to: Instant }

const closing = new Set(["released", "refund_rejected", "refund_withdrawn", "refunded", "address_corrected"])

/** R17: the holds that valid events open and close, each ending `maxMs` after it opened at the latest. */
export function holdsOf(valid: readonly Told[], maxMs: number): Hold[] {
  const concerned = valid
    .filter(
      ({ event }) => event.type === "held" || event.type === "refund_requested" || closing.has(event.type),
    )
    .sort((one, other) => one.event.at - other.event.at)
  const holds: Hold[] = []
  for (let i = 0; i < concerned.length; ) {
    const at = concerned[i]!.event.at
    const group: Told[] = []
    while (i < concerned.length && concerned[i]!.event.at === at) group.push(concerned[i++]!)
    instant(holds, group, at, maxMs)
  }
  return holds
}

/** What the events of one instant do: closers look at what was open before it, openers come next, then closers that closed nothing. */
function instant(holds: Hold[], group: readonly Told[], at: Instant, maxMs: number): void {
  const before = holds.filter((hold) => hold.to >= at && hold.from < at)
  const closers = group.filter(({ event }) => closing.has(event.type))
  const idle = closers.filter(({ event }) => {
    const closed = before.filter((hold) => closes(event, hold))
    for (const hold of closed) hold.to = at
    return closed.length === 0
  })
  const opened = open(holds, group, at, maxMs)
  for (const { event } of idle) for (const hold of opened) if (closes(event, hold)) hold.to = at
}

function open(holds: Hold[], group: readonly Told[], at: Instant, maxMs: number): Hold[] {
  const opened: Hold[] = []
  const openers = group.filter(({ event }) => event.type === "held" || event.type === "refund_requested")
  if (openers.length > 1) openers.sort((one, other) => byCodeUnits(one.content, other.content))
  for (const { event } of openers) {
    const name = event.type === "held" ? (event.hold ?? event.reason!) : "refund"
    const isOpen = holds.some((hold) => hold.name === name && hold.to > at)
    if (isOpen || opened.some((hold) => hold.name === name)) continue
    const hold = { name, reason: event.type === "held" ? event.reason : "refund", from: at, to: at + maxMs }
    opened.push(hold)
    holds.push(hold)
  }
  return opened
}

function closes(event: OrderEvent, hold: Hold): boolean {
  if (event.type === "address_corrected") return hold.name === "address"
  if (event.type !== "released") return hold.name === "refund"
  if (event.hold !== undefined) return hold.name === event.hold
  if (event.reason !== undefined) return hold.reason === event.reason
  return hold.reason !== "refund"
}

/** A span of time that does not count; `to` is Infinity while open-ended. */
export type Pause = { from: Instant; to: Instant; reasons: string[] }

/** R17, R20: the pauses of a clock, disjoint and sorted. Of a closed clock holds stand as they stood at `closedAt`. */
export function pausesOf(
  holds: readonly Hold[],
  pauseOn: readonly string[],
  closedAt: Instant | null,
  maxMs: number,
): Pause[] {
  const pauses: Pause[] = []
  for (const hold of holds) {
    if (hold.reason === undefined || !pauseOn.includes(hold.reason)) continue
    if (closedAt !== null && hold.from >= closedAt) continue
    const to = closedAt !== null && hold.to > closedAt ? hold.from + maxMs : hold.to
    if (to <= hold.from) continue
    const last = pauses.at(-1)
    if (last && hold.from <= last.to) {
      last.to = Math.max(last.to, to)
      if (!last.reasons.includes(hold.reason)) last.reasons.push(hold.reason)
    } else pauses.push({ from: hold.from, to, reasons: [hold.reason] })
  }
  return pauses
}
