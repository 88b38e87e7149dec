import { afterAll, beforeAll, expect, it, vi } from "vitest"
import { parseInstant } from "../core/instants.ts"
import { listClocks } from "../store/clocks.ts"
import { everyRun, orderPlace } from "../store/keys.ts"
import { findOrder } from "../store/orders.ts"
import { listRejudgings } from "../store/rejudgings.ts"
import { readTallies } from "../store/rollups.ts"
import { type Rehearsal, rehearse } from "../testing/rehearsal.ts"
import { told } from "../testing/told.ts"
import { record } from "./record.ts"
import { carryOutRejudging, changeChannels } from "./rejudging.ts"
import { tick } from "./tick.ts"

const at = (text: string) => parseInstant(text)!
let stage: Rehearsal
beforeAll(async () => {
  stage = await rehearse(at("2026-11-02T10:00:00+08:00"))
})
afterAll(() => stage.close())

const tickAll = async () => (await tick(stage.world, everyRun)).withdrawn
const platform = async (shop: string, orderNo: string) => {
  const place = orderPlace({ channel: "douyin", shop, orderNo })
  return (await listClocks(stage.db.pool, [place])).get(place.id)!.find(({ basis }) => basis === "platform")!
}
const number = async (shop: string, orderNo: string) =>
  (await findOrder(stage.db.pool, orderPlace({ channel: "douyin", shop, orderNo })))!.settings
const standing = async () =>
  (await readTallies(stage.db.pool, ["breach"], 0))
    .filter(({ parts }) => parts[1] === "platform")
    .reduce((sum, { n }) => sum + n, 0)

/** Other tests' transactions on the same server are waited for too. */
const carriedOut = (next: number) =>
  vi.waitUntil(async () => (await carryOutRejudging(stage.world, next)) !== null, { timeout: 20_000 })
const orders = async (next: number) =>
  (await listRejudgings(stage.db.pool)).find((each) => each.number === next)!.orders

it("new settings judge what is open again; what is no longer late is withdrawn with their number as the reason", async () => {
  const both = { platformStop: "collected" as const }
  const first = await changeChannels(
    stage.world,
    { "douyin/s1": both, "douyin/s2": both },
    { name: "沈一诺" },
  )
  await carriedOut(first)
  // Handed over in time, but the platform counts the first scan: A1 has none yet, A2's came late and closed all its clocks.
  for (const [shop, orderNo] of [
    ["s1", "A1"],
    ["s1", "A2"],
    ["s2", "B1"],
  ] as const)
    await record(stage.world, [
      told(orderNo, "paid", "2026-11-02T10:00:00+08:00", {
        shop,
        order: { promisedShipAt: "2026-11-04T10:00:00+08:00" },
      }),
      told(orderNo, "shipped", "2026-11-04T09:00:00+08:00", { shop }),
    ])
  stage.now = at("2026-11-04T13:00:00+08:00")
  await record(stage.world, [told("A2", "collected", "2026-11-04T12:00:00+08:00", { shop: "s1" })])
  await tickAll()
  expect(await platform("s1", "A1")).toMatchObject({ state: "over", breachStanding: true })
  expect(await standing()).toBe(3)

  const second = await changeChannels(
    stage.world,
    { "douyin/s1": { platformStop: "shipped" } },
    { name: "沈一诺" },
  )
  await carriedOut(second)
  await carriedOut(second)
  expect([await orders(first), await orders(second)]).toEqual([0, 1])
  expect(await platform("s1", "A1")).toMatchObject({ outcome: "met", breachStanding: true })
  expect(await tickAll()).toBe(1)
  expect(await platform("s1", "A1")).toMatchObject({
    breachStanding: false,
    breachWhy: { reason: "settings", settings: second },
  })
  expect(await platform("s1", "A2")).toMatchObject({ outcome: "late", breachStanding: true })
  expect(await platform("s2", "B1")).toMatchObject({ state: "over", breachStanding: true })
  expect([await number("s1", "A1"), await number("s1", "A2"), await number("s2", "B1")]).toEqual([
    second,
    first,
    first,
  ])
  expect(await standing()).toBe(2)
})

it("what is judged again waits for transactions that began before the change", async () => {
  const early = await stage.db.pool.connect()
  try {
    await early.query("begin")
    await early.query("select pg_current_xact_id()")
    const next = await changeChannels(stage.world, { douyin: { graceMs: 3_600_000 } }, { name: "沈一诺" })
    expect(await carryOutRejudging(stage.world, next)).toBeNull()
    await early.query("commit")
    // The orders of the whole channel that are still open: B1 alone.
    await carriedOut(next)
    expect(await orders(next)).toBe(1)
    expect(await number("s2", "B1")).toBe(next)
  } finally {
    early.release()
  }
})

it("an order whose writer read the settings of before is judged again, also when it came while they changed", async () => {
  /** Tells of a new order and halts once the settings were read; `go` lets it on. */
  async function writeSlowly(orderNo: string) {
    const [reached, halted] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const ruleBook: typeof stage.world.ruleBook = async (tx) => {
      const book = await stage.world.ruleBook(tx)
      if (++books === 2) reached.resolve()
      if (books >= 2) await halted.promise
      return book
    }
    let books = 0
    const written = record({ ...stage.world, ruleBook }, [
      told(orderNo, "created", "2026-11-04T12:00:00+08:00", { shop: "s4" }),
    ])
    await reached.promise
    return async () => {
      halted.resolve()
      await written
    }
  }
  const goD1 = await writeSlowly("D1")
  let goD2 = async () => {}
  const { jobs } = stage.world
  // The last thing a change does: its number was taken, nothing of it can be seen yet.
  const send: typeof jobs.send = async (...args) => {
    goD2 = await writeSlowly("D2")
    return jobs.send(...args)
  }
  const next = await changeChannels(
    { ...stage.world, jobs: { ...jobs, send } },
    { "douyin/s4": { mode: "batch" } },
    { name: "沈一诺" },
  )
  expect(await carryOutRejudging(stage.world, next)).toBeNull()
  await goD1()
  expect(await carryOutRejudging(stage.world, next)).toBeNull()
  await goD2()
  await carriedOut(next)
  expect(await orders(next)).toBe(2)
  expect([await number("s4", "D1"), await number("s4", "D2")]).toEqual([next, next])
})

it("a rejudging that was cut off goes on where it stood", async () => {
  const many = Array.from({ length: 1_100 }, (_, i) =>
    told(`C${i}`, "created", "2026-11-04T12:00:00+08:00", { shop: "s3" }),
  )
  await record(stage.world, many)
  const next = await changeChannels(stage.world, { "douyin/s3": { mode: "batch" } }, { name: "沈一诺" })
  const dying = {
    ...stage.world,
    changed: () => {
      throw new Error("the process died")
    },
  }
  await vi.waitUntil(
    () =>
      carryOutRejudging(dying, next).then(
        () => false,
        () => true,
      ),
    { timeout: 20_000 },
  )
  expect((await listRejudgings(stage.db.pool))[0]).toMatchObject({ orders: 500, finishedAt: null })
  await carriedOut(next)
  expect(await orders(next)).toBe(1_100)
})
