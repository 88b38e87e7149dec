import type { Instant } from "./instants.ts"
import type { Clock } from "./judge.ts"

/** What is counted as it happens; every other figure is counted again from rows. A dim is its parts joined by `\u001f`. */
export const topics = {
  /** orders that are watched: stage, the states of their open clocks (`statesOf`), channel, shop · slot −1 */
  stage: ["stage", "states", "channel", "shop"],
  /** orders by the earliest due of their open clocks of a kind: kind, basis, over or not, channel, shop · slot of that due */
  ribbon: ["kind", "basis", "over", "channel", "shop"],
  /** open clocks of watched orders: kind, basis, state, channel, shop · slot of the due, −1 without one */
  open: ["kind", "basis", "state", "channel", "shop"],
  /** closed clocks of watched orders: kind, basis, outcome, channel, shop · slot of the due */
  closed: ["kind", "basis", "outcome", "channel", "shop"],
  /** what is odd about watched orders: word, channel, shop · slot −1 */
  anomaly: ["word", "channel", "shop"],
  /** breaches that stand: kind, basis, channel, shop · slot of the due */
  breach: ["kind", "basis", "channel", "shop"],
  /** breaches by the instant at which they took effect: kind, basis, channel, shop · slot of the firing; withdrawals are taken back where they fired */
  fired: ["kind", "basis", "channel", "shop"],
  /** warnings: kind, basis, level, channel, shop · slot of the firing */
  warning: ["kind", "basis", "level", "channel", "shop"],
  /** orders created and paid: fact, channel, shop, live session · slot is a minute */
  arrival: ["fact", "channel", "shop", "liveSession"],
  /** orders of a live session: session, stage · slot −1 */
  session: ["liveSession", "stage"],
  /** orders of a warehouse: warehouse, stage · slot −1 */
  warehouse: ["warehouse", "stage"],
  /** cases: state, department · slot −1 */
  case: ["state", "department"],
} as const

/** A thing that is counted. */
export type Topic = keyof typeof topics

const minute = 60_000
/** Milliseconds of a slot: 15 minutes UTC. */
export const slotMs = 15 * minute

/** Arrivals older than this when an order is first heard of are history, and counted from rows. */
const arrivalsKeptMs = 2 * 24 * 60 * minute

/** The slot of an instant: 15 minutes UTC counted from 1970; −1 for none. */
export const slotOf = (at: Instant | null): number => (at === null ? -1 : Math.floor(at / slotMs))
/** The minute of an instant, counted from 1970. */
export const minuteOf = (at: Instant): number => Math.floor(at / minute)

/** Signed changes of counts, summed by key before they are written. */
export class Tally {
  readonly #counts = new Map<string, number>()

  /** Adds n to the count of a topic's slot and parts. */
  add(n: number, topic: Topic, slot: number, parts: readonly (string | null | undefined)[]): void {
    let key = `${topic}\u001e${slot}\u001e`
    for (let i = 0; i < parts.length; i++) key += i > 0 ? `\u001f${parts[i] ?? ""}` : (parts[i] ?? "")
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + n)
  }

  /** What is left to write: topic, slot, dim and a number that is not 0. */
  rows(): { topic: string; slot: number; dim: string; n: number }[] {
    const rows = []
    for (const [key, n] of this.#counts) {
      if (n === 0) continue
      const [topic, slot, ...dim] = key.split("\u001e") as [string, string, ...string[]]
      rows.push({ topic, slot: Number(slot), dim: dim.join("\u001e"), n })
    }
    return rows
  }
}

/** A name by which orders are counted, without what parts the key of a count; null: there is none. */
export const countedName = (value: unknown): string | null =>
  typeof value === "string" && value !== "" ? value.replaceAll("\u001f", " ") : null

/** What of an order its counts depend on: as it is stored, so that what it counted in can always be taken back. */
export type Counted = {
  channel: string
  shop: string
  stage: string
  createdAt: Instant | null
  paidAt: Instant | null
  receivedAt: Instant
  liveSession: string | null
  warehouse: string | null
  watched: boolean
  anomalies?: readonly string[]
  /** false: no valid event speaks of it (an undone import) */
  spokenOf: boolean
}

/** What of a clock its counts depend on. */
export type CountedClock = Pick<
  Clock,
  "kind" | "basis" | "state" | "dueAt" | "observed" | "unconfirmed" | "outcome"
>

/** The states that an open clock can have. */
export const openStates = ["over", "near", "running", "paused"] as const
/** A state that an open clock can have. */
export type OpenState = (typeof openStates)[number]

/** A figure for each of these states. */
export const byState = (figure: (state: OpenState) => number): Record<OpenState, number> => ({
  over: figure("over"),
  near: figure("near"),
  running: figure("running"),
  paused: figure("paused"),
})

/** Each state that one of some open clocks has, once, in one order, with spaces between; `beside`: states that others have. */
export const statesOf = (open: readonly Pick<Clock, "state">[], beside = ""): string =>
  openStates.filter((state) => open.some((each) => each.state === state) || hasState(beside, state)).join(" ")

/** Whether states as `statesOf` writes them have one of them. */
export const hasState = (states: string, state: string): boolean => states.split(" ").includes(state)

const overOrNot = (over: boolean): string => (over ? "over" : "")

/** The clock of a kind that is due first; clocks come in the order of their bases. */
function earliestDue(open: readonly CountedClock[], kind: string): CountedClock | null {
  let first: CountedClock | null = null
  for (const each of open)
    if (each.kind === kind && each.dueAt !== null && (first === null || each.dueAt < first.dueAt!))
      first = each
  return first
}

/** Adds what time alone can change of an order's counts: the states of its clocks (`beside`: of those that are not given), and its place in the ribbon. */
export function countPassing(
  tally: Tally,
  order: Pick<Counted, "channel" | "shop" | "stage" | "watched" | "spokenOf">,
  clocks: readonly CountedClock[],
  n: number,
  beside = "",
): void {
  if (!order.watched || !order.spokenOf) return
  const { channel, shop, stage } = order
  const open = clocks.filter((each) => each.state !== "closed" && each.observed)
  tally.add(n, "stage", -1, [stage, statesOf(open, beside), channel, shop])
  for (const kind of ["prepare", "ship", "collect", "deliver"] as const) {
    const first = earliestDue(open, kind)
    if (first)
      tally.add(n, "ribbon", slotOf(first.dueAt), [
        kind,
        first.basis,
        overOrNot(first.state === "over"),
        channel,
        shop,
      ])
  }
}

/** Adds an order to the tally n times (−1 takes it out as it was). */
export function countOrder(tally: Tally, order: Counted, clocks: readonly CountedClock[], n: number): void {
  if (!order.watched || !order.spokenOf) return
  const { channel, shop, stage } = order
  countPassing(tally, order, clocks, n)
  for (const word of order.anomalies ?? []) tally.add(n, "anomaly", -1, [word, channel, shop])
  if (order.liveSession) tally.add(n, "session", -1, [order.liveSession, stage])
  if (order.warehouse) tally.add(n, "warehouse", -1, [order.warehouse, stage])
  for (const [fact, at] of [
    ["created", order.createdAt],
    ["paid", order.paidAt],
  ] as const)
    if (at !== null && at >= order.receivedAt - arrivalsKeptMs)
      tally.add(n, "arrival", minuteOf(at), [fact, channel, shop, order.liveSession])
}

/** Adds a clock of an order to the tally n times; unobserved ones and those of unwatched orders count nowhere. */
export function countClock(
  tally: Tally,
  order: Pick<Counted, "channel" | "shop" | "watched">,
  clock: CountedClock,
  n: number,
): void {
  if (!order.watched || !clock.observed) return
  const { channel, shop } = order
  if (clock.state === "closed")
    tally.add(n, "closed", slotOf(clock.dueAt), [clock.kind, clock.basis, clock.outcome, channel, shop])
  else {
    const state = clock.unconfirmed ? "unconfirmed" : clock.state
    tally.add(n, "open", slotOf(clock.dueAt), [clock.kind, clock.basis, state, channel, shop])
  }
}
