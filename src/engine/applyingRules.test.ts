import { afterAll, beforeAll, expect, it } from "vitest"
import { listClocks } from "../store/clocks.ts"
import { everyRun, orderPlace } from "../store/keys.ts"
import { findOrder } from "../store/orders.ts"
import { listShops } from "../store/rules.ts"
import { type Rehearsal, rehearse } from "../testing/rehearsal.ts"
import { carryOutApplying, countRetyped } from "./applyingRules.ts"
import { type Incoming, record } from "./record.ts"
import { tick } from "./tick.ts"
import { changeTypeRules } from "./typeRules.ts"

const hour = 3_600_000
let stage: Rehearsal
beforeAll(async () => {
  stage = await rehearse(Date.parse("2026-11-02T02:00:00Z"))
})
afterAll(() => stage.close())

const key = (orderNo: string) => ({ channel: "own", shop: "main", orderNo })
const told = (orderNo: string, type: "paid" | "shipped", title: string): Incoming => ({
  key: key(orderNo),
  event: { type, at: stage.now, source: "erp", eventId: type, order: { title } },
})
const tickAll = async () => (await tick(stage.world, everyRun)).withdrawn
const order = async (orderNo: string) => (await findOrder(stage.db.pool, orderPlace(key(orderNo))))!
const prepare = async (orderNo: string) =>
  (await listClocks(stage.db.pool, [orderPlace(key(orderNo))]))
    .get(orderPlace(key(orderNo)).id)!
    .find(({ kind }) => kind === "prepare")!

it("new type rules reach paid orders that have not left, as an event of their own; a breach that no longer holds is withdrawn", async () => {
  await record(stage.world, [
    told("wait", "paid", "预售四件套"),
    told("left", "paid", "预售四件套"),
    told("plain", "paid", "四件套"),
  ])
  stage.now += 10 * hour
  await record(stage.world, [told("left", "shipped", "预售四件套")])
  stage.now += 15 * hour
  await tickAll()
  expect(await prepare("wait")).toMatchObject({ state: "over", breachStanding: true })
  const before = await order("wait")
  const heard = await listShops(stage.db.pool)

  const version = await changeTypeRules(
    stage.world,
    [{ type: "presale", when: { titleContains: ["预售"] } }],
    { name: "沈一诺" },
  )
  expect(await countRetyped(stage.world)).toBe(1)
  stage.now += hour
  expect([
    await carryOutApplying(stage.world, version),
    await carryOutApplying(stage.world, version),
  ]).toEqual([1, 0])
  expect(await tickAll()).toBeGreaterThan(0)
  expect(await prepare("wait")).toMatchObject({ gone: true, breachStanding: false })
  const policies = await Promise.all(["wait", "left", "plain"].map(async (no) => (await order(no)).policy))
  expect(policies).toEqual([version, 1, 1])
  // The house speaks, not the shop: nothing is fresher for it.
  expect((await order("wait")).toldAt).toBe(before.toldAt)
  expect(await listShops(stage.db.pool)).toEqual(heard)
})
