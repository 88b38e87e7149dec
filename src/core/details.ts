import type { Instant } from "./instants.ts"
import { byCodeUnits, isSet, type Json, type JsonObject, put } from "./json.ts"
import { type Told, tellingOf } from "./ledger.ts"

/** R11: order of two tellings that state the same detail; the greatest holds. */
export function byTelling(one: Told, other: Told): number {
  return (
    tellingOf(one) - tellingOf(other) ||
    one.event.at - other.event.at ||
    byCodeUnits(one.event.eventId ?? "", other.event.eventId ?? "") ||
    byCodeUnits(one.content, other.content)
  )
}

/** What a telling states of the details: its `order`, of a promise_changed the promise beside it before that in it. */
export function statedBy({ event }: Told): JsonObject | undefined {
  if (event.type !== "promise_changed" || !isSet(event.promisedShipAt)) return event.order
  return { ...event.order, promisedShipAt: event.promisedShipAt }
}

/** R11: the details of an order, each field replayed by itself. */
export function detailsOf(valid: readonly Told[]): JsonObject {
  const details: JsonObject = {}
  const by = new Map<string, Told>()
  for (const told of valid) {
    const stated = statedBy(told)
    if (stated === undefined) continue
    for (const field in stated) {
      const value = stated[field]
      if (!isSet(value)) continue
      const held = by.get(field)
      if (held !== undefined && byTelling(told, held) <= 0) continue
      by.set(field, told)
      put(details, field, value)
    }
  }
  return details
}

/** The tellings that state a detail which is an instant, in the order of R11. */
export function deadlinesStated(valid: readonly Told[], field: string): { at: Instant; told: Instant }[] {
  const stating: { telling: Told; value: Json }[] = []
  for (const telling of valid) {
    const value = statedBy(telling)?.[field]
    if (typeof value === "number") stating.push({ telling, value })
  }
  return stating
    .sort((one, other) => byTelling(one.telling, other.telling))
    .map(({ telling, value }) => ({ at: value as Instant, told: tellingOf(telling) }))
}
