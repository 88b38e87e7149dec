import { emptySince } from "./causes/signals/goods.ts"
import { windowsOf } from "./causes/signals/handling.ts"
import type { CaseFacts, Cause } from "./causes.ts"
import type { Instant } from "./instants.ts"

/** In whose hands an order was: a stage of its way, or something that stood in it. */
export type LateStage =
  | "unknown_order"
  | "order_check"
  | "goods"
  | "preparing"
  | "handing_over"
  | "pickup"
  | "transit"
  | "own_outage"
  | "platform_outage"
  | "force_majeure"

/** A part of a lateness: the time over the deadline that an order spent in one stage. */
export type LatePart = {
  stage: LateStage
  /** the department whose time it is; null: an outside party's */
  department: string | null
  /** the outside party, else null */
  party: "carrier" | "fulfilment_partner" | "platform" | "force_majeure" | null
  ms: number
}

/** A span that counts for nobody: a hold that the customer, a refund or the platform asked for. */
export type NotCounted = {
  reason: string
  hold: string
  from: Instant
  to: Instant
  ms: number
  afterDue: boolean
}

/** Whose hours a lateness is. The parts and what is not counted after the due add up to `latenessMs` exactly. */
export type LatenessSplit = {
  /** from the due to the stop, or to now while it runs; 0 while there is none */
  latenessMs: number
  /** longest first */
  parts: LatePart[]
  notCounted: NotCounted[]
}

/** Holds that are not ours: their time counts for nobody. */
const outside = ["customer", "refund", "platform"]
/** A payment that is known this much later was late in coming. */
const promptMs = 5 * 60_000

type Layer = {
  stage: LateStage
  department: string | null
  party: LatePart["party"]
  from: Instant
  to: Instant
}

/**
 * Splits the lateness of a clock by the time that the order spent in each stage after the due (DESIGN §7.4), so that one owner
 * is not blamed for another's hours. Of what stood over each other the nearer to the order's own stage gives way: a hold that is
 * not ours, then force majeure, an outage, an order that nobody knew of, one in check, goods that were not there, the stage itself.
 */
export function splitLateness(
  facts: CaseFacts,
  cause: Pick<Cause, "code" | "department"> | null = null,
): LatenessSplit {
  const { dueAt, startAt } = facts.clock
  const endAt = facts.clock.closedAt ?? facts.now
  const latenessMs = Math.max(0, endAt - dueAt)
  const holds = facts.holds.filter(({ reason }) => reason !== undefined && outside.includes(reason))
  const layers = layersOf(facts, cause)
  const cuts = new Set([dueAt, Math.max(dueAt, endAt)])
  for (const { from, to } of [...holds, ...layers])
    for (const at of [from, to]) if (at > dueAt && at < endAt) cuts.add(at)
  const instants = [...cuts].sort((one, other) => one - other)

  const parts = new Map<string, LatePart>()
  const notCounted: NotCounted[] = holds.flatMap((hold) =>
    notCountedOf(hold, startAt, Math.min(dueAt, endAt), false),
  )
  for (let i = 1; i < instants.length; i++) {
    const from = instants[i - 1]!
    const to = instants[i]!
    const hold = holds.find((each) => each.from <= from && each.to >= to)
    if (hold) {
      notCounted.push(...notCountedOf(hold, from, to, true))
      continue
    }
    const { stage, department, party } = layers.find((each) => each.from <= from && each.to >= to)!
    const key = `${stage} ${department} ${party}`
    const part = parts.get(key)
    if (part) part.ms += to - from
    else parts.set(key, { stage, department, party, ms: to - from })
  }
  return {
    latenessMs,
    parts: [...parts.values()].sort((one, other) => other.ms - one.ms),
    notCounted: joined(notCounted),
  }
}

function notCountedOf(
  hold: CaseFacts["holds"][number],
  spanFrom: Instant,
  spanTo: Instant,
  afterDue: boolean,
): NotCounted[] {
  const from = Math.max(hold.from, spanFrom)
  const to = Math.min(hold.to, spanTo)
  return to > from ? [{ reason: hold.reason!, hold: hold.name, from, to, ms: to - from, afterDue }] : []
}

/** Pieces of one hold that meet are one. */
function joined(pieces: readonly NotCounted[]): NotCounted[] {
  const all: NotCounted[] = []
  for (const piece of pieces) {
    const before = all.find(
      (each) => each.hold === piece.hold && each.afterDue === piece.afterDue && each.to === piece.from,
    )
    if (before) Object.assign(before, { to: piece.to, ms: before.ms + piece.ms })
    else all.push({ ...piece })
  }
  return all
}

/** Everything that the order was in, what stands over the rest first; the last layers cover all time. */
function layersOf(facts: CaseFacts, cause: Pick<Cause, "code" | "department"> | null): Layer[] {
  const within = (from: Instant, to: Instant | null): Pick<Layer, "from" | "to"> => ({
    from,
    to: to ?? Infinity,
  })
  // A typhoon or a platform's failure takes the hours only of a case that it caused: elsewhere work could go on.
  const majeure =
    cause?.code === "severe_weather"
      ? windowsOf(facts, "weather")
      : cause?.code === "traffic_control"
        ? windowsOf(facts, "control")
        : []
  const platform = cause?.code === "platform_outage" ? windowsOf(facts, "platform_outage") : []
  const layers: Layer[] = [
    ...majeure.map(
      ({ from, to }): Layer => ({
        stage: "force_majeure",
        department: null,
        party: "force_majeure",
        ...within(from, to),
      }),
    ),
    ...platform.map(
      ({ from, to }): Layer => ({
        stage: "platform_outage",
        department: null,
        party: "platform",
        ...within(from, to),
      }),
    ),
    ...windowsOf(facts, "own_outage").map(
      ({ from, to }): Layer => ({ stage: "own_outage", department: "it", party: null, ...within(from, to) }),
    ),
  ]
  if (facts.paidKnownAt !== null && facts.paidKnownAt - facts.paidAt > promptMs)
    layers.push({
      stage: "unknown_order",
      department: "it",
      party: null,
      from: facts.paidAt,
      to: facts.paidKnownAt,
    })
  for (const { reason, name, from, to } of facts.holds) {
    if (reason === undefined || outside.includes(reason)) continue
    if (name === "quality") layers.push({ stage: "goods", department: "quality", party: null, from, to })
    else if (name === "stock")
      layers.push({ stage: "goods", department: "purchasing", party: null, from, to })
    else layers.push({ stage: "order_check", department: "operations", party: null, from, to })
  }
  const empty = emptySince(facts) ?? emptySince(facts, true)
  const ready = facts.steps.preparedAt ?? Infinity
  if (empty)
    layers.push({
      stage: "goods",
      department: goodsDepartment(cause?.department ?? null),
      party: null,
      from: empty.since,
      to: Math.min(ready, stockedAgain(facts, empty)),
    })
  return [...layers, ...stagesOf(facts)]
}

/** Whose goods: the department of the cause where that is one for goods, else purchasing. */
const goodsDepartment = (causeDepartment: string | null): string =>
  causeDepartment !== null && ["purchasing", "live", "quality", "warehouse"].includes(causeDepartment)
    ? causeDepartment
    : "purchasing"

function stockedAgain({ stock }: CaseFacts, empty: { sku: string; since: Instant }): Instant {
  const again = stock.find(
    ({ sku, at, sellable }) => sku === empty.sku && at > empty.since && sellable !== null && sellable > 0,
  )
  return again?.at ?? Infinity
}

/** The order's own stages, one after another over all time. */
function stagesOf({ steps, partner }: CaseFacts): Layer[] {
  const own = partner
    ? ({ department: null, party: "fulfilment_partner" } as const)
    : ({ department: "warehouse", party: null } as const)
  const carrier = { department: null, party: "carrier" } as const
  const prepared = steps.preparedAt ?? Infinity
  const shipped = Math.max(prepared, steps.shippedAt ?? Infinity)
  const collected = Math.max(shipped, steps.collectedAt ?? Infinity)
  return [
    { stage: "preparing", ...own, from: -Infinity, to: prepared },
    { stage: "handing_over", ...own, from: prepared, to: shipped },
    { stage: "pickup", ...carrier, from: shipped, to: collected },
    { stage: "transit", ...carrier, from: collected, to: Infinity },
  ]
}
