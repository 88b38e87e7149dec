import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { lives, tell } from "../testing/lives.ts"
import type { OrderEvent } from "./events.ts"
import { judge } from "./judge.ts"
import { type Told, validAt } from "./ledger.ts"

const at = Date.UTC(2026, 10, 24)
const paid = (minute: number, more: Partial<OrderEvent> = {}): OrderEvent => ({
  type: "paid",
  at: at + minute * 60_000,
  source: "erp",
  ...more,
})
const id = (observed: number | null, minute = 0): OrderEvent =>
  paid(minute, observed === null ? { eventId: "e" } : { eventId: "e", observedAt: at + observed })

describe("what becomes of an event that is told", () => {
  it.each<[string, OrderEvent[], string]>([
    ["the same content twice", [paid(0), paid(0)], "accepted duplicate"],
    ["the same content from another source", [paid(0), paid(0, { source: "wms" })], "accepted duplicate"],
    ["other content without an eventId", [paid(0), paid(1)], "accepted accepted"],
    ["one eventId of two sources", [id(1), { ...id(2, 1), source: "wms" }], "accepted accepted"],
    ["a later telling corrects", [id(1), id(2, 1)], "accepted corrected"],
    ["an earlier telling comes too late", [id(2), id(1, 1)], "accepted superseded"],
    ["other content told at the same time", [id(1), id(1, 1)], "accepted conflict"],
    ["other content of unknown time", [id(1), id(null, 1)], "accepted conflict"],
    ["back to what held before", [id(1), id(2, 1), id(3)], "accepted corrected corrected"],
    [
      "a repeat lifts the telling, so what lay between comes too late",
      [id(1), id(3), id(2, 1)],
      "accepted duplicate superseded",
    ],
    [
      "a repeat that brings the first time lifts too",
      [id(null), id(3), id(2, 1)],
      "accepted duplicate superseded",
    ],
    [
      "a version told again too late stays superseded",
      [id(1), id(5, 1), id(3)],
      "accepted corrected superseded",
    ],
  ])("%s", (_, events, answers) => expect(tell(events).answers.join(" ")).toBe(answers))

  it("one version of an event holds and the others stay", () => {
    const { told } = tell([id(1), id(2, 1), id(3, 2)])
    expect(told.map(({ holds }) => holds)).toEqual([false, false, true])
  })

  it("a conflict changes nothing", () => {
    const { told } = tell([id(1), id(1, 1)])
    expect(told).toEqual(tell([id(1)]).told)
  })
})

describe("a retraction", () => {
  const ship: OrderEvent = { type: "shipped", at, source: "erp", eventId: "s" }
  const takesBack = (of: OrderEvent["of"] & object, more: Partial<OrderEvent> = {}): OrderEvent => ({
    type: "retracted",
    at: at + 10,
    source: "erp",
    of,
    ...more,
  })
  it.each<[string, OrderEvent[], number]>([
    ["by eventId of the same source voids", [ship, takesBack({ eventId: "s" })], 0],
    ["by eventId of another source does not", [ship, takesBack({ eventId: "s" }, { source: "wms" })], 1],
    [
      "by type and instant voids whatever the source",
      [ship, takesBack({ type: "shipped", at }, { source: "wms" })],
      0,
    ],
    ["voids what arrives after it", [takesBack({ eventId: "s" }), ship], 0],
    ["does not void before its own instant", [ship, takesBack({ eventId: "s" }, { at: at + 1000 })], 1],
    [
      "cannot be retracted",
      [ship, takesBack({ eventId: "s" }, { eventId: "r" }), takesBack({ eventId: "r" })],
      0,
    ],
  ])("%s", (_, events, left) =>
    expect(validAt(tell(events).told, at + 100).filter(({ event }) => event.type === "shipped").length).toBe(
      left,
    ),
  )
})

describe("the order of arrival", () => {
  const kept = (told: readonly Told[]) =>
    told
      .map(({ identity, content, observedAt, holds }) =>
        JSON.stringify([identity, content, observedAt, holds]),
      )
      .sort()

  it("never matters where no conflict was rejected", () => {
    let compared = 0
    fc.assert(
      fc.property(
        lives.chain((life) =>
          fc.tuple(fc.constant(life), fc.shuffledSubarray(life.events, { minLength: life.events.length })),
        ),
        ([{ order, events, rules, now }, shuffled]) => {
          const one = tell(events)
          const other = tell(shuffled)
          if (one.answers.includes("conflict") || other.answers.includes("conflict")) return
          compared++
          expect(kept(other.told)).toEqual(kept(one.told))
          expect(judge(order, other.told, rules, now)).toEqual(judge(order, one.told, rules, now))
        },
      ),
      { numRuns: 1500 },
    )
    expect(compared).toBeGreaterThan(300)
  })

  it("and repeats never matter either", () => {
    fc.assert(
      fc.property(lives, ({ order, events, rules, now }) => {
        const once = tell(events)
        fc.pre(!once.answers.includes("conflict"))
        const again = tell([...events, ...events])
        expect(kept(again.told)).toEqual(kept(once.told))
        expect(judge(order, again.told, rules, now)).toEqual(judge(order, once.told, rules, now))
      }),
      { numRuns: 500 },
    )
  })
})
