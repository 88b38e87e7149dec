import { describe, expect, it } from "vitest"
import { judged } from "../testing/week.ts"
import { compilePolicy, standardFor } from "./compiledPolicy.ts"
import { defaultPolicy, type Policy } from "./policy.ts"

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
