import type { OrderEvent } from "../core/events.ts"
import { isoOf, isoOrNull } from "../core/instants.ts"
import type { JsonObject } from "../core/json.ts"
import { bindingOf } from "../core/judge.ts"
import type { Policy } from "../core/policy.ts"
import type { StoredClock } from "../store/clocks.ts"
import type { StoredEvent } from "../store/events.ts"
import type { StoredOrder } from "../store/orders.ts"
import type { ClockView, EventView, OrderDetailsView, OrderRow } from "./contract.ts"

/** A clock as the API tells it. */
export function clockView(clock: StoredClock, binding: boolean, policies: readonly Policy[]): ClockView {
  const standard = policies
    .find(({ version }) => version === clock.policy)
    ?.standards.find(({ id }) => id === clock.standard)
  return {
    kind: clock.kind as ClockView["kind"],
    basis: clock.basis,
    round: clock.round,
    standard: clock.standard,
    clause: standard?.clause ?? null,
    policyVersion: clock.policy,
    startAt: isoOf(clock.startAt),
    dueAt: isoOrNull(clock.dueAt),
    warnAt: clock.warnAt.map(isoOrNull),
    state: clock.state,
    outcome: clock.outcome,
    closedAt: isoOrNull(clock.closedAt),
    stoppedBy: clock.stoppedBy,
    observed: clock.observed,
    unconfirmed: clock.unconfirmed,
    binding,
  }
}

/** An order's details with instants as text; receivers are masked where they are stored. */
export function detailsView(order: StoredOrder): OrderDetailsView {
  const details: JsonObject = { ...order.details }
  for (const field of ["promisedShipAt", "presaleShipBy"])
    if (typeof details[field] === "number") details[field] = isoOf(details[field])
  return { channel: order.channel, shop: order.shop, orderNo: order.orderNo, ...details } as OrderDetailsView
}

/** An order without its events, as lists tell it. */
export function orderRow(
  order: StoredOrder,
  clocks: readonly StoredClock[],
  cases: readonly string[],
  policies: readonly Policy[],
): OrderRow {
  const binding = bindingOf(clocks)
  return {
    order: detailsView(order),
    stage: order.stage as OrderRow["stage"],
    endAt: isoOrNull(order.endAt),
    facts: Object.fromEntries(Object.entries(order.facts).map(([type, at]) => [type, isoOf(at)])),
    policy: order.policy,
    anomalies: order.anomalies,
    clocks: clocks.map((clock, i) => clockView(clock, i === binding, policies)),
    nextDueAt: isoOrNull(order.nextDueAt),
    cases: [...cases],
    watched: order.watched,
  }
}

/** An event as told, with its source; its receiver is masked where it is stored. */
export function eventView({ body, source, eventId, observedAt, holds, recordedAt }: StoredEvent): EventView {
  const {
    at,
    date,
    promisedShipAt,
    order,
    of,
    source: _,
    eventId: __,
    observedAt: ___,
    ...rest
  } = body as OrderEvent
  const details: JsonObject | undefined = order && { ...order }
  for (const field of ["promisedShipAt", "presaleShipBy"])
    if (details && typeof details[field] === "number") details[field] = isoOf(details[field])
  return {
    ...rest,
    type: rest.type,
    at: isoOf(at),
    ...(typeof date === "number" ? { date: isoOf(date) } : {}),
    ...(typeof promisedShipAt === "number" ? { promisedShipAt: isoOf(promisedShipAt) } : {}),
    ...(of && "at" in of ? { of: { ...of, at: isoOf(of.at) } } : of ? { of } : {}),
    ...(details ? { order: details } : {}),
    source,
    ...(eventId !== null ? { eventId } : {}),
    ...(observedAt !== null ? { observedAt: isoOf(observedAt) } : {}),
    holds,
    recordedAt: isoOf(recordedAt),
  }
}
