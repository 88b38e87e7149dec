import { afterAll, beforeAll, expect, it } from "vitest"
import { queue } from "../engine/jobs.ts"
import { Lags } from "../engine/lags.ts"
import { record } from "../engine/record.ts"
import { beatEngine } from "../store/engines.ts"
import { newId } from "../store/keys.ts"
import { type House, openHouse } from "../testing/house.ts"
import type { EnginePage } from "./contract/engine.ts"

const hour = 3_600_000
let house: House
let key: string
beforeAll(async () => {
  house = await openHouse(Date.now())
  key = await house.key("owner")
})
afterAll(() => house.close())

const page = async (): Promise<EnginePage> =>
  (await house.ask<EnginePage>(key, { method: "GET", url: "/api/v1/engine/page" })).body

it("shows what waits, what fired today and when the next thing happens", async () => {
  const paid = (orderNo: string, hoursAgo: number) => ({
    key: { channel: "own", shop: "main", orderNo },
    event: { type: "paid" as const, at: house.stage.now - hoursAgo * hour, source: "erp", eventId: "p" },
  })
  await record(house.stage.world, [paid("over", 60), paid("new", 1)])
  await house.tickAll()
  const shown = await page()
  expect(shown).toMatchObject({ dueUnfired: 0, today: { breaches: 2 }, stuckOrders: [], letters: [] })
  expect(Date.parse(shown.nextAt!)).toBeGreaterThan(house.stage.now)
  expect(shown.outbox).toBeGreaterThan(0)
})

it("keeps the beats of the last two minutes of an engine, and no more", async () => {
  const id = newId(house.stage.now)
  for (let n = 0; n < 70; n++) await beatEngine(house.stage.db.pool, id, new Lags().told())
  const beats = (await page()).beats[id]!
  expect(beats).toHaveLength(60)
  expect([...beats].sort()).toEqual(beats)
})

it("lists an order that cannot be judged with its error, and looks at it again when it is asked to", async () => {
  const { pool } = house.stage.db
  const stuck = { error: "no rule fits", since: house.stage.now - hour, tries: 5 }
  await pool.query(
    "update agenda set stuck = $1, next_at = judged_at + interval '1 hour' where id in (select id from orders where order_no = 'new')",
    [JSON.stringify(stuck)],
  )
  expect((await page()).stuckOrders).toMatchObject([{ orderNo: "new", error: "no rule fits", tries: 5 }])
  const { body } = await house.ask(key, { method: "POST", url: "/api/v1/engine/look-again" })
  expect(body).toEqual({ orders: 1 })
  await house.tickAll()
  expect((await page()).stuckOrders).toEqual([])
})

it("lists a job that failed at every try, and gives it its tries again", async () => {
  const failing = queue<{ n: number }>("failing", { retries: 0 })
  const { jobs } = house.world
  let works = false
  jobs.on(failing, async () => {
    if (!works) throw new Error("the robot said no")
  })
  const quiet = { error: () => {}, info: () => {} }
  await jobs.start(quiet, async () => "Asia/Shanghai")
  await jobs.send(house.stage.db.pool, failing, { n: 1 })
  await expect.poll(async () => (await page()).letters.length, { timeout: 20_000 }).toBe(1)
  const [letter] = (await page()).letters
  expect(letter).toMatchObject({ queue: "failing", error: "the robot said no" })
  works = true
  const again = await house.ask(key, { method: "POST", url: `/api/v1/engine/letters/${letter!.id}/again` })
  expect(again.status).toBe(200)
  await expect.poll(async () => (await page()).letters.length, { timeout: 20_000 }).toBe(0)
})
