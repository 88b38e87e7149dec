import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { isoOf } from "../core/instants.ts"
import { caseNumber } from "../store/keys.ts"
import { caseOf, tellOrders } from "../testing/cases.ts"
import { openStaffed, type Staffed } from "../testing/staffed.ts"
import type { CaseView } from "./contract/cases.ts"
import type { CausesView } from "./contract/causes.ts"
import type { PolicyBody, PolicyView } from "./contract/settings.ts"

/** Thursday 12:00 in Shanghai. */
const noon = Date.parse("2026-11-05T12:00:00+08:00")
const hour = 3_600_000
const people = [
  ["林悦", "operations", "owner"],
  ["沈一诺", "operations", "operations"],
  ["周楠", "warehouse", "warehouse"],
] as const

let house: Staffed
beforeAll(async () => {
  house = await openStaffed(noon, people)
})
afterAll(() => house.close())

const policy = async () => (await house.as<PolicyView>("林悦", "/api/v1/policy")).body
const office = {
  timezone: "Asia/Shanghai",
  days: ["mon", "tue", "wed", "thu", "fri"],
  windows: ["09:00-12:00", "13:30-18:00"],
  holidays: true,
} as const

/** Publishes what is there with some of it changed. */
async function publish(
  change: (parts: PolicyView["parts"]) => void,
  more: Partial<PolicyBody> = {},
  name = "林悦",
) {
  const { version, parts } = await policy()
  change(parts)
  const body = { base: version, parts, reason: "双十一人手不够", ...more }
  return house.as<PolicyView & { code: string; errors: object[] }>(name, "/api/v1/policy/versions", body)
}

/** Opens a case of an order that is late and gives it to a department now; answers when its analysis is due. */
async function analysisDue(orderNo: string, department = "warehouse"): Promise<string> {
  const paidAt = house.stage.now - 25 * hour
  await tellOrders(house.stage, [{ orderNo, events: [["paid", paidAt]] }])
  await house.tickAll()
  const number = await numberOf(orderNo)
  const asked = { act: "assign", department, version: (await read(number)).version }
  await house.as("沈一诺", `/api/v1/cases/${number}/acts`, asked)
  return dueOf(number)
}
const numberOf = async (orderNo: string) => {
  const { n, bucket } = await caseOf(house.stage, orderNo)
  return caseNumber(n, bucket)
}
const read = async (number: string) => (await house.as<CaseView>("沈一诺", `/api/v1/cases/${number}`)).body
const dueOf = async (number: string) =>
  (await read(number)).clocks.find(({ kind }) => kind === "analyse")!.dueAt!

describe("the parts of the policy", () => {
  it("are the regulation's to begin with", async () => {
    expect(await policy()).toMatchObject({
      version: 1,
      parts: {
        within: { assign: 30, analyse: 60, whole: 120, tell: 30, report: 1440, archive: 1440, answer: 60 },
        hours: {},
        thresholds: { apply: 75, gather: 58, gatherFrom: 10 },
      },
      earliest: null,
      versions: [{ version: 1, by: null, reason: null, state: "inForce" }],
    })
    expect(await analysisDue("before")).toBe(isoOf(noon + hour))
  })

  it("are published by an owner alone, with a reason, of the version that the page shows", async () => {
    const longer = (parts: PolicyView["parts"]) => void Object.assign(parts.within, { analyse: 90 })
    expect(await publish(longer, {}, "周楠")).toMatchObject({ status: 403 })
    expect(await publish(longer, {}, "沈一诺")).toMatchObject({ status: 403 })
    expect(await publish(longer, { reason: " " })).toMatchObject({ body: { code: "reason_needed" } })
    expect(await publish(longer, { base: 7 })).toMatchObject({ body: { code: "stale_version" } })
    expect(await publish(() => {})).toMatchObject({ body: { code: "nothing_changed" } })
    const past = isoOf(house.stage.now - 1)
    expect(await publish(longer, { effectiveAt: past })).toMatchObject({ body: { code: "starts_in_past" } })
    expect((await policy()).version).toBe(1)
  })

  it("that are not well formed, or contradict each other, say which field and what is expected", async () => {
    const wrong = [
      [{ within: { analyse: 180 } }, "whole"],
      [{ within: { analyse: 1 } }, "analyse"],
      [{ thresholds: { apply: 50, gather: 58, gatherFrom: 10 } }, "gather"],
      [{ hours: { warehouse: { ...office, windows: ["9-18"] } } }, "hours"],
      [{ hours: { warehouse: { ...office, days: [] } } }, "hours"],
    ] as const
    for (const [change, field] of wrong) {
      const { status, body } = await publish((parts) => {
        for (const [key, value] of Object.entries(change)) Object.assign(parts[key as "within"], value)
      })
      expect([status, body.code]).toEqual([400, "bad_request"])
      expect(JSON.stringify(body.errors)).toContain(field)
    }
    const strange = await publish((parts) => void Object.assign(parts.hours, { moon: office }))
    expect(strange.body.code).toBe("unknown_department")
  })

  it("hold for what is assigned from then on; what was assigned before keeps its limit", async () => {
    house.stage.now += 60_000
    const done = await publish((parts) => void Object.assign(parts.within, { analyse: 90 }))
    expect(done).toMatchObject({
      status: 200,
      body: {
        version: 2,
        versions: [{ version: 2, by: "林悦", reason: "双十一人手不够", state: "inForce" }, {}],
      },
    })
    house.stage.now += 60_000
    expect(await analysisDue("after")).toBe(isoOf(house.stage.now + 1.5 * hour))
    expect(await dueOf(await numberOf("before"))).toBe(isoOf(noon + hour))
  })

  it("stand in the audit trail: who changed what, from what, and why", async () => {
    const { body } = await house.as<{
      items: { who: string; what: string; before: object; after: object }[]
    }>("林悦", "/api/v1/audit")
    expect(body.items.find(({ what }) => what === "policy.publish")).toMatchObject({
      who: "林悦",
      subject: "policy/2",
      before: { "within.analyse": 60 },
      after: { "within.analyse": 90, reason: "双十一人手不够" },
    })
  })

  it("with working hours: what comes in the evening is due after the department has opened; others run on", async () => {
    await publish((parts) => void Object.assign(parts.hours, { warehouse: office }))
    // Friday 20:00; 1.5 hours of Monday from 09:00 on
    house.stage.now = Date.parse("2026-11-06T20:00:00+08:00")
    expect(await analysisDue("evening")).toBe("2026-11-09T02:30:00.000Z")
    expect(await analysisDue("service", "operations")).toBe(isoOf(house.stage.now + 1.5 * hour))
    // over lunch
    house.stage.now = Date.parse("2026-11-09T11:30:00+08:00")
    expect(await analysisDue("lunch")).toBe("2026-11-09T06:30:00.000Z")
  })

  it("may be planned; until then the old ones hold, and no other version slips in before", async () => {
    const begins = house.stage.now + 24 * hour
    const planned = await publish((parts) => void Object.assign(parts, { hours: {} }), {
      effectiveAt: isoOf(begins),
    })
    expect(planned.body).toMatchObject({
      version: 4,
      earliest: isoOf(begins),
      parts: { hours: {} },
      inForce: { version: 3, parts: { hours: { warehouse: office } } },
    })
    expect(planned.body.versions.map(({ state }) => state)).toEqual(["planned", "inForce", "past", "past"])
    const shorter = (parts: PolicyView["parts"]) => void Object.assign(parts.within, { analyse: 60 })
    const early = await publish(shorter, { effectiveAt: isoOf(begins - 1) })
    expect(early.body.code).toBe("before_planned")
    const rules = { rules: [{ type: "virtual", when: { titleContains: ["邮费"] } }] }
    await house.as("林悦", "/api/v1/type-rules", rules, "PUT")
    expect(await policy()).toMatchObject({ version: 5, inForce: { version: 3 } })
    house.stage.now = begins + 60_000
    expect(await policy()).toMatchObject({ earliest: null, inForce: { version: 5 } })
    expect(await analysisDue("next day")).toBe(isoOf(house.stage.now + 1.5 * hour))
  })

  it("say from which certainty a cause is applied", async () => {
    await publish((parts) => void Object.assign(parts.thresholds, { apply: 90, gather: 80 }))
    expect((await house.as<CausesView>("林悦", "/api/v1/causes")).body.threshold).toBe(90)
  })
})
