import { afterAll, beforeAll, expect, it } from "vitest"
import { everyRun } from "../../store/keys.ts"
import { boundOf } from "../../store/orderBounds.ts"
import { countOrders } from "../../store/orderLists.ts"
import { type Rehearsal, rehearse } from "../../testing/rehearsal.ts"
import { record } from "../record.ts"
import { tick } from "../tick.ts"
import { recount } from "./recount.ts"

const hour = 3_600_000
let stage: Rehearsal
beforeAll(async () => {
  stage = await rehearse(Date.parse("2026-11-24T02:00:00Z"))
  const told = (i: number, type: "paid" | "shipped", at: number) => ({
    key: { channel: "own", shop: `s${i % 3}`, orderNo: String(i) },
    event: {
      type,
      at,
      source: "erp",
      eventId: type,
      ...(i % 2 === 0 &&
        type === "paid" && { order: { liveSession: "晚\u001f八\u001e点", warehouse: `w${i % 5}` } }),
    },
  })
  await record(
    stage.world,
    Array.from({ length: 200 }, (_, i) => [
      told(i, "paid", stage.now - i * hour),
      ...(i % 4 === 0 ? [told(i, "shipped", stage.now - i * hour + 5 * hour)] : []),
    ]).flat(),
  )
})
afterAll(() => stage.close())

it("finds every count as it is kept while time passes", async () => {
  for (const hours of [0, 7, 30]) {
    stage.now += hours * hour
    while ((await tick(stage.world, everyRun)).claimed > 0);
    const { cells, miscounted } = await recount(stage.world)
    expect(miscounted).toEqual([])
    expect(cells).toBeGreaterThan(12)
  }
  // Whatever a session is called, its orders are found by the count of their list.
  const filter = { liveSession: "晚 八\u001e点" }
  expect((await boundOf(stage.db.pool, filter))!.all).toBe(100)
  expect(await countOrders(stage.db, filter, null)).toMatchObject({ all: 100 })
})

it("finds a count that is off by one", async () => {
  await stage.db.pool.query("update orders set watched = false where order_no = '18'")
  expect((await recount(stage.world)).miscounted).toEqual([
    expect.stringMatching(/^open .* own s0$/),
    expect.stringMatching(/^open .* own s0$/),
    expect.stringContaining("session 晚 八\u001e点 "),
    expect.stringMatching(/^stage .* own s0$/),
    expect.stringMatching(/^warehouse w3 /),
  ])
})
