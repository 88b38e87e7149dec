import { expect, it } from "vitest"
import type { ClockView } from "../../src/api/contract.ts"
import { type ClockFilter, listedClock } from "./states.ts"

const clock = (kind: string, state: string, dueAt: string | null, more: object = {}) =>
  ({
    kind,
    basis: "company",
    state,
    dueAt,
    observed: true,
    binding: false,
    closedAt: null,
    ...more,
  }) as ClockView

/** Late to be prepared, and its promised shipment is what can still be kept. */
const late = [
  clock("prepare", "over", "2026-11-24T10:00:00Z"),
  clock("ship", "over", "2026-11-25T10:00:00Z"),
  clock("ship", "near", "2026-11-26T10:00:00Z", { basis: "agreed", binding: true }),
]

it.each<[string, ClockFilter, string]>([
  ["by itself", {}, "prepare company over"],
  ["what is over", { state: "over" }, "prepare company over"],
  ["what is near", { state: "near" }, "ship agreed near"],
  ["shipments that are over", { clock: "ship", state: "over" }, "ship company over"],
  ["what is agreed", { basis: "agreed" }, "ship agreed near"],
  ["what is due from an instant on", { dueFrom: "2026-11-25T12:00:00Z" }, "ship agreed near"],
])("in a list of %s an order shows the clock by which it stands there", (_, filter, expected) => {
  const { kind, basis, state } = listedClock(late, filter)!
  expect(`${kind} ${basis} ${state}`).toBe(expected)
})

it("an order without such a clock shows the one that ended last", () => {
  const ended = [
    clock("prepare", "closed", "2026-11-24T10:00:00Z", { closedAt: "2026-11-24T09:00:00Z" }),
    clock("ship", "closed", "2026-11-25T10:00:00Z", { closedAt: "2026-11-25T09:00:00Z" }),
  ]
  expect(listedClock(ended, {})?.kind).toBe("ship")
})
