import fc from "fast-check"
import { expect, it } from "vitest"
import { bareCase, mondayTen } from "../testing/caseFacts.ts"
import type { CaseFacts } from "./causes.ts"
import { splitLateness } from "./lateness.ts"

const hour = 3_600_000
const at = (hours: number) => mondayTen + hours * hour
const told = (sellable: number, hours: number): CaseFacts["stock"][number] => ({
  sku: "QH-2041",
  warehouse: null,
  at: at(hours),
  onHand: null,
  sellable,
  locked: null,
  counted: null,
  blocked: null,
  inbound: null,
})
const parts = (facts: Partial<CaseFacts>, code = "other", department = "warehouse") =>
  splitLateness({ ...bareCase, ...facts }, { code, department }).parts.map((part) => [
    part.stage,
    part.department ?? part.party,
    part.ms / hour,
  ])

it("waiting for goods is purchasing's, what comes after it the warehouse's", () => {
  const facts = { now: at(38.7), stock: [told(0, 11), told(36, 33.5)] }
  expect(parts(facts, "stock_out", "purchasing")).toEqual([
    ["goods", "purchasing", 9.5],
    ["preparing", "warehouse", expect.closeTo(5.2)],
  ])
  expect(parts(facts, "oversold_live", "live")[0]).toEqual(["goods", "live", 9.5])
})

it("a late first scan is split between the warehouse and the carrier", () => {
  const clock = {
    ...bareCase.clock,
    kind: "ship",
    basis: "platform",
    dueAt: at(48),
    closedAt: at(60),
    withinMs: null,
  } as const
  const steps = { preparedAt: at(20), shippedAt: at(51), collectedAt: at(60), deliveredAt: null }
  expect(parts({ clock, steps, now: at(70) })).toEqual([
    ["pickup", "carrier", 9],
    ["handing_over", "warehouse", 3],
  ])
})

it("the customer's hold before the due moved the due and is shown; after it, it counts for nobody", () => {
  const holds = [
    { name: "address", reason: "customer", from: at(14), to: at(17.5) },
    { name: "later", reason: "customer", from: at(25), to: at(27) },
  ]
  const split = splitLateness({ ...bareCase, holds, now: at(30) })
  expect(split.notCounted.map(({ hold, ms, afterDue }) => [hold, ms / hour, afterDue])).toEqual([
    ["address", 3.5, false],
    ["later", 2, true],
  ])
  expect(split.parts).toEqual([{ stage: "preparing", department: "warehouse", party: null, ms: 4 * hour }])
  expect(split.latenessMs).toBe(6 * hour)
})

it("what a typhoon, an outage or a partner took is not the warehouse's", () => {
  const windows: CaseFacts["windows"] = [
    { kind: "weather", name: "台风", from: at(20), to: at(26), regions: ["广东省"], about: null },
    { kind: "own_outage", name: "仓储系统", from: at(23), to: at(28), regions: [], about: null },
  ]
  expect(parts({ windows, now: at(31) }, "severe_weather", "service")).toEqual([
    ["preparing", "warehouse", 3],
    ["force_majeure", "force_majeure", 2],
    ["own_outage", "it", 2],
  ])
  expect(parts({ windows, now: at(31) })).toEqual([
    ["own_outage", "it", 4],
    ["preparing", "warehouse", 3],
  ])
  const partner = { name: "金华云仓", listSentAt: null, listAgreedAt: null, trackedAt: null }
  expect(parts({ partner })).toEqual([["preparing", "fulfilment_partner", 2]])
})

it("an order that is not late has no parts", () => {
  expect(splitLateness({ ...bareCase, now: at(20) })).toEqual({ latenessMs: 0, parts: [], notCounted: [] })
})

const instant = fc.integer({ min: -20, max: 200 }).map((halfHours) => mondayTen + (halfHours * hour) / 2)
const maybe = fc.option(instant, { nil: null })
const anything = fc.record({
  now: instant,
  closedAt: maybe,
  preparedAt: maybe,
  shippedAt: maybe,
  collectedAt: maybe,
  known: maybe,
  holds: fc.array(
    fc.record({
      name: fc.constantFrom("address", "stock", "quality", "check", "refund"),
      reason: fc.constantFrom("customer", "refund", "platform", "warehouse"),
      from: instant,
      lasts: fc.option(fc.nat(60), { nil: null }),
    }),
    { maxLength: 4 },
  ),
  windows: fc.array(
    fc.record({
      kind: fc.constantFrom("weather" as const, "own_outage" as const, "platform_outage" as const),
      from: instant,
      to: maybe,
    }),
    { maxLength: 3 },
  ),
  stock: fc.array(fc.tuple(instant, fc.integer({ min: -2, max: 3 })), { maxLength: 4 }),
})

it("the parts and what is not counted after the due add up to the lateness, to the millisecond", () => {
  fc.assert(
    fc.property(anything, (given) => {
      const { dueAt } = bareCase.clock
      const split = splitLateness({
        ...bareCase,
        now: given.now,
        clock: { ...bareCase.clock, closedAt: given.closedAt },
        steps: {
          preparedAt: given.preparedAt,
          shippedAt: given.shippedAt,
          collectedAt: given.collectedAt,
          deliveredAt: null,
        },
        paidKnownAt: given.known,
        holds: given.holds.map(({ lasts, ...hold }) => ({
          ...hold,
          to: lasts === null ? Infinity : hold.from + (lasts * hour) / 2,
        })),
        windows: given.windows.map((each) => ({ ...each, name: "x", regions: [], about: null })),
        stock: given.stock
          .map(([when, sellable]) => ({ ...told(sellable, 0), at: when }))
          .sort((one, other) => one.at - other.at),
      })
      const late = Math.max(0, (given.closedAt ?? given.now) - dueAt)
      const sum = (all: readonly { ms: number }[]) => all.reduce((total, { ms }) => total + ms, 0)
      expect(split.latenessMs).toBe(late)
      expect(sum(split.parts) + sum(split.notCounted.filter(({ afterDue }) => afterDue))).toBe(late)
      for (const { ms } of [...split.parts, ...split.notCounted]) expect(ms).toBeGreaterThan(0)
    }),
    { numRuns: 500 },
  )
})
