import { describe, expect, it } from "vitest"
import { day, hour } from "./calendar.ts"
import { digestOf, planOf } from "./plan.ts"

const now = Date.UTC(2026, 2, 11, 6, 32)

describe("the plan of the sample company", () => {
  const plan = planOf({ seed: "qingheli", now })

  it("is the same for the same seed and start, and another for another seed", () => {
    const digest = (seed: string) => digestOf(planOf({ seed, now, days: 4 }))
    expect(digest("qingheli")).toBe(digest("qingheli"))
    expect(digest("qingheli")).not.toBe(digest("another"))
  })

  it("tells of every order in the order in which its steps happen, and of none twice", () => {
    expect(new Set(plan.orders.map(({ key }) => key.orderNo)).size).toBe(plan.orders.length)
    for (const { paidAt, preparedAt, shippedAt, collectedAt, deliveredAt } of plan.orders) {
      const steps = [paidAt, preparedAt, shippedAt, collectedAt, deliveredAt].filter((at) => at !== null)
      expect(steps).toEqual([...steps].sort((one, other) => one - other))
    }
  })

  it("has a month of a few hundred orders a day, most of them in time", () => {
    const past = plan.orders.filter(
      ({ paidAt, cancelledAt }) => paidAt < now - 2 * day && cancelledAt === null,
    )
    const late = past.filter(
      ({ paidAt, shippedAt, presale }) => !presale && (shippedAt ?? now) > paidAt + 48 * hour,
    )
    expect(past.length).toBeGreaterThan(8_000)
    expect(late.length / past.length).toBeGreaterThan(0.005)
    expect(late.length / past.length).toBeLessThan(0.12)
  })

  it("lets some of the streams' orders fall due unpacked while somebody looks", () => {
    const waiting = (from: number, step: "preparedAt" | "shippedAt") =>
      plan.orders.filter(
        (order) =>
          order.paidAt > now - from * hour &&
          order.paidAt < now - from * hour + hour &&
          order.cancelledAt === null &&
          (order[step] ?? Infinity) > order.paidAt + from * hour,
      ).length
    expect(waiting(24, "preparedAt")).toBeGreaterThan(20)
    expect(waiting(48, "shippedAt")).toBeGreaterThan(5)
  })
})
