import { stepTypes } from "./events.ts"
import type { Instant } from "./instants.ts"
import { isSet, type Json, type JsonObject } from "./json.ts"
import type { Told } from "./ledger.ts"

/** One line of an order as events speak of it. */
export type Line = {
  /** R7 winners of prepared, shipped, collected, delivered among the events that speak of the line */
  steps: (Instant | null)[]
  /** R9: when it left, and by what */
  left: { at: Instant; by: "refunded" | "cancelled" } | null
}

/** R8: the lines of an order that count, and whether an event named one that is not there. */
export type Lines = { counting: Line[]; unknown: boolean }

const speaking = new Set<string>([...stepTypes, "refunded", "cancelled"])

/** R7: the instant that holds among tellings of one type: the latest explicit telling, of equal ones the earliest instant. */
export function winner(tellings: readonly Told[]): Instant | null {
  let held: Told | null = null
  for (const each of tellings) {
    if (held === null) held = each
    else {
      const later = (each.observedAt ?? -Infinity) - (held.observedAt ?? -Infinity)
      if (later > 0 || ((Number.isNaN(later) || later === 0) && each.event.at < held.event.at)) held = each
    }
  }
  return held === null ? null : held.event.at
}

/** The lines of an order from its valid tellings and the detail `items`. */
export function linesOf(valid: readonly Told[], items: Json | undefined): Lines {
  const known = Array.isArray(items) ? idsOf(items as JsonObject[]) : null
  const naming = valid.filter(({ event }) => Array.isArray(event.lines) && speaking.has(event.type))
  const unknown = naming.some(({ event }) => event.lines!.some((id) => known === null || !known.has(id)))
  const counting = known === null ? [] : [...known].filter(([, counts]) => counts).map(([id]) => id)
  // Without lines that count the order is one line, of which only events without `lines` speak.
  if (counting.length === 0) return { counting: [lineOf(valid, null)], unknown }
  // Where no event names lines, all are alike and one stands for them.
  if (naming.length === 0) return { counting: [lineOf(valid, null)], unknown }
  return { counting: counting.map((id) => lineOf(valid, id)), unknown }
}

/** The ids of the items, each with whether it counts: it has an item that is no gift, resend or exchange. */
function idsOf(items: readonly JsonObject[]): Map<Json, boolean> {
  const ids = new Map<Json, boolean>()
  for (const item of items) {
    const id = isSet(item.line) ? item.line : item.sku
    if (!isSet(id)) continue
    const counts = item.kind !== "gift" && item.kind !== "resend" && item.kind !== "exchange"
    ids.set(id, counts || ids.get(id) === true)
  }
  return ids
}

function lineOf(valid: readonly Told[], id: Json | null): Line {
  const speaks = ({ event }: Told): boolean =>
    event.lines === undefined || (id !== null && event.lines.includes(id as string))
  return {
    steps: stepTypes.map((type) => winner(valid.filter((each) => each.event.type === type && speaks(each)))),
    left: id === null ? null : leavingOf(valid, id),
  }
}

/** R9: a line leaves at the earliest valid refunded (unless `full: false`) or cancelled that names it, of equal ones cancelled. */
function leavingOf(valid: readonly Told[], id: Json): Line["left"] {
  let left: Line["left"] = null
  for (const { event } of valid) {
    if (!event.lines?.includes(id as string)) continue
    const by =
      event.type === "cancelled"
        ? "cancelled"
        : event.type === "refunded" && event.full !== false
          ? "refunded"
          : null
    if (by === null) continue
    if (left === null || event.at < left.at || (event.at === left.at && by === "cancelled"))
      left = { at: event.at, by }
  }
  return left
}

/** R9: a line's step: the earliest of the winners of that step and of each later one, with the type that did it. */
export function stepOf(line: Line, from: number): { at: Instant; step: number } | null {
  let done: { at: Instant; step: number } | null = null
  for (let step = from; step < stepTypes.length; step++) {
    const at = line.steps[step]
    if (at != null && (done === null || at < done.at)) done = { at, step }
  }
  return done
}

/** R9: when a step is a fact of the order; null when it is none. */
export function stepFact(lines: readonly Line[], step: number): Instant | null {
  let latest: Instant | null = null
  let isDone = false
  for (const line of lines) {
    const done = stepOf(line, step)
    if (done === null && line.left === null) return null
    const at = done === null ? line.left!.at : line.left === null ? done.at : Math.min(done.at, line.left.at)
    if (latest === null || at > latest) latest = at
    if (done !== null && (line.left === null || done.at <= line.left.at)) isDone = true
  }
  return isDone ? latest : null
}

/** How a clock stops. */
export type Stop = { at: Instant; by: string }

/** R16: when the last counting line is done by one of the stop types or has left, if a step did at least one; null while it has not. */
export function stopOf(lines: readonly Line[], stop: readonly string[]): Stop | null {
  const from = stepTypes.findIndex((type) => stop.includes(type))
  if (from < 0) return null
  let last: { at: Instant; rank: number } | null = null
  let isDone = false
  for (const line of lines) {
    const done = stepOf(line, from)
    if (done !== null && (line.left === null || done.at <= line.left.at)) isDone = true
    const own = doneBy(line, done)
    if (own === null) return null
    if (last === null || own.at > last.at || (own.at === last.at && own.rank < last.rank)) last = own
  }
  return isDone && last !== null ? { at: last.at, by: ranks[last.rank]! } : null
}

/** What counts as how a line was done, of several at one instant: a step before a leaving, the first in step order, cancelled before refunded. */
const ranks = [...stepTypes, "cancelled", "refunded"]

function doneBy(
  { left }: Line,
  done: { at: Instant; step: number } | null,
): { at: Instant; rank: number } | null {
  if (left !== null && (done === null || left.at < done.at))
    return { at: left.at, rank: ranks.indexOf(left.by) }
  return done === null ? null : { at: done.at, rank: done.step }
}
