import { describe, expect, it } from "vitest"
import { judged } from "../testing/week.ts"
import {
  calendarSchema,
  compilePolicy,
  defaultPolicy,
  type Policy,
  policySchema,
  standardFor,
} from "./policy.ts"

describe("the version of the policy", () => {
  const version = (number: number, effectiveAt: string, hours: number, revertsAt?: string): Policy => ({
    ...defaultPolicy,
    version: number,
    effectiveAt,
    ...(revertsAt === undefined ? {} : { revertsAt }),
    standards: [{ id: "ship", clock: "ship", when: {}, within: `PT${hours}H`, stop: ["shipped"] }],
  })
  const policies = [
    version(1, "2026-11-23T12:00:00+08:00", 48),
    version(2, "2026-11-25T00:00:00+08:00", 24, "2026-11-26T00:00:00+08:00"),
    version(3, "2026-11-27T00:00:00+08:00", 12),
  ]
  it.each([
    ["paid Mon 10:00", 1, "before every version: the first"],
    ["paid Tue 10:00", 1, "in force when it was paid"],
    ["paid Wed 00:00", 2, "at its first instant"],
    ["paid Thu 00:00", 1, "reverted: the one before again"],
    ["paid Tue 10:00 · created Fri 10:00", 1, "later versions never rewrite the past"],
    ["paid Tue 10:00 · applied 3 Fri 10:00", 3, "unless one is applied"],
    ["paid Tue 10:00 · applied 3 Fri 10:00 · applied 2 Fri 11:00", 2, "and then the last that was"],
  ])("%s is judged by version %i (%s)", (told, number) =>
    expect(judged(told, "Sun 10:00", { policies }).policy).toBe(number),
  )
})

describe("a policy as it is told", () => {
  const told = (standard: object, more: object = {}) => ({
    version: 1,
    effectiveAt: "2026-11-24T00:00:00+08:00",
    standards: [{ id: "ship", clock: "ship", within: "PT48H", stop: ["shipped"], ...standard }],
    ...more,
  })
  it.each<[string, unknown, boolean]>([
    ["the default one", defaultPolicy, true],
    ["a small one", told({}), true],
    ["two of within, until and exempt", told({ until: "promisedShipAt" }), false],
    ["none of them", told({ within: undefined }), false],
    ["an exempt one without a stop", told({ within: undefined, stop: undefined, exempt: true }), true],
    ["a stop that is empty", told({ stop: [] }), false],
    ["a stop that is no step", told({ stop: ["paid"] }), false],
    ["no stop", told({ stop: undefined }), false],
    ["a duration that does not parse", told({ within: "48h" }), false],
    ["a percentage that is not whole", told({ warn: ["50.5%"] }), false],
    ["a percentage of nothing", told({ warn: ["0%"] }), false],
    ["a level twice", told({ warn: ["50%", "50%"] }), false],
    ["an unknown key", told({ colour: "red" }), false],
    ["an unknown key of the whole", told({}, { colour: "red" }), false],
    ["an instant without offset", told({}, { effectiveAt: "2026-11-24T00:00:00" }), false],
  ])("%s", (_, policy, isOne) => expect(policySchema.safeParse(policy).success).toBe(isOne))

  it.each<[string, object, boolean]>([
    ["windows and days", { week: { mon: ["09:00-18:00"] }, days: { "2026-10-01": [] } }, true],
    ["a window whose ends are equal", { week: { mon: ["09:00-09:00"] } }, false],
    ["a whole day", { week: { mon: ["00:00-24:00"] } }, true],
    ["a day that does not exist", { days: { "2026-02-30": [] } }, false],
    ["a weekday that does not exist", { week: { monday: [] } }, false],
    ["a zone that does not exist", { timezone: "Asia/Peking" }, false],
  ])("a calendar with %s", (_, more, isOne) =>
    expect(calendarSchema.safeParse({ timezone: "Asia/Shanghai", ...more }).success).toBe(isOne),
  )
})

describe("of several standards that match", () => {
  const standard = (id: string, when: Record<string, string | string[]>) => ({
    id,
    clock: "ship" as const,
    when,
    within: "PT48H",
    stop: ["shipped" as const],
  })
  const policy = compilePolicy({
    ...defaultPolicy,
    standards: [
      standard("any", {}),
      standard("douyin", { channel: "douyin" }),
      standard("own", { fulfilment: "own" }),
      standard("coats", { channel: ["douyin", "tmall"], orderType: "custom" }),
    ],
  })
  it.each([
    [{ channel: "shopify" }, "any"],
    [{ channel: "douyin" }, "douyin"],
    [{ channel: "douyin", fulfilment: "own" }, "douyin"],
    [{ channel: "tmall", fulfilment: "own" }, "own"],
    [{ channel: "tmall", type: "custom", fulfilment: "own" }, "coats"],
  ])("%j falls under %s: the most keys, among equals the first", (about, id) =>
    expect(standardFor(policy, "ship", about)?.id).toBe(id),
  )
})
