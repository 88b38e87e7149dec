import { describe, expect, it } from "vitest"
import { calendarSchema, defaultPolicy, policySchema } from "./policy.ts"

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
