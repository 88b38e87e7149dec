import { expect, it } from "vitest"
import { hoursSchema } from "./hours.ts"
import { defaultPolicy, policySchema } from "./policy.ts"
import { deviationsOf, partsOf, withParts } from "./policyParts.ts"

const causes = { apply: 75, gather: 58, gatherFrom: 10 }
const own = partsOf(defaultPolicy, causes)
const hours = hoursSchema.parse({
  timezone: "Asia/Shanghai",
  days: ["mon"],
  windows: ["09:00-18:00"],
  holidays: true,
})

it("parts put back unchanged make the same policy", () => {
  expect(withParts(defaultPolicy, own, causes)).toEqual(defaultPolicy)
})

it("parts put into a policy are read out of it again", () => {
  const parts = {
    within: { ...own.within, analyse: 90, report: 2880, tell: 45 },
    hours: { warehouse: hours },
    thresholds: { ...causes, apply: 80 },
    autoNotices: ["delay_new_date"],
  }
  const policy = policySchema.parse(withParts(defaultPolicy, parts, causes))
  expect(partsOf(policy, causes)).toEqual(parts)
  expect(policy.inner.map(({ within }) => within)).toContain("P2D")
})

it.each([
  // analyse, hours of, deviations
  [60, [], []],
  [30, [], []],
  [61, [], ["3.3a within"]],
  [60, ["warehouse"], ["3.3 hours"]],
  [90, ["warehouse", "service"], ["3.3a within", "3.3 hours", "3.3 hours"]],
])("an analysis of %i minutes, with working hours of %j, deviates by %j", (analyse, departments, said) => {
  const parts = {
    within: { ...own.within, analyse },
    hours: Object.fromEntries(departments.map((id) => [id, hours])),
  }
  expect(deviationsOf(parts).map(({ clause, what }) => `${clause} ${what}`)).toEqual(said)
})
