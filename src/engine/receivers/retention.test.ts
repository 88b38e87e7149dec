import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { eraseReceivers } from "../../store/erasures.ts"
import { orderPlace } from "../../store/keys.ts"
import { findOrder } from "../../store/orders.ts"
import { tickAll } from "../../testing/cases.ts"
import { type Rehearsal, rehearse } from "../../testing/rehearsal.ts"
import { told } from "../../testing/told.ts"
import { record } from "../record.ts"
import { setWatched } from "../watch.ts"
import type { EngineWorld } from "../world.ts"
import { changeRetention, eraseDue, findRetention, findRetentionRun } from "./retention.ts"

const day = 24 * 60 * 60_000
const start = Date.parse("2026-03-02T10:00:00+08:00")
const receiver = {
  name: "欧阳小满",
  phone: "13812345678",
  province: "浙江",
  city: "杭州",
  address: "文三路 1 号",
}
const order = { receiver, buyer: { id: "buyer-77", language: "en" } }
let stage: Rehearsal
beforeAll(async () => {
  stage = await rehearse(start)
})
afterAll(() => stage.close())

const keyOf = (orderNo: string) => ({ channel: "douyin", shop: "s1", orderNo })
const placeOf = (orderNo: string) => orderPlace(keyOf(orderNo))
/** An order that is paid at the start, with what else is told of it by the day. */
async function tellOrder(orderNo: string, ...more: [type: string, days: number][]): Promise<void> {
  await record(stage.world, [
    told(orderNo, "paid", start, { order }),
    ...more.map(([type, days]) => told(orderNo, type, start + days * day, { order: { receiver } })),
  ])
}
/** Everything in the database that a row of an order says. */
async function rowsOf(orderNo: string): Promise<string> {
  const { bucket, id } = placeOf(orderNo)
  const of = (table: string, column: string) =>
    stage.db.pool.query(`select * from ${table} where bucket = $1 and ${column} = $2`, [bucket, id])
  const all = await Promise.all([of("orders", "id"), of("events", "order_id"), of("receivers", "order_id")])
  return JSON.stringify(all.map(({ rows }) => rows))
}
const isKept = async (orderNo: string): Promise<boolean> => {
  const { bucket, id } = placeOf(orderNo)
  const asked = "select from receivers where bucket = $1 and order_id = $2"
  return (await stage.db.pool.query(asked, [bucket, id])).rowCount !== 0
}
/** What of an order is open: its clocks, all of them, and its cases. */
async function openOf(orderNo: string) {
  const { bucket, id } = placeOf(orderNo)
  const { rows } = await stage.db.pool.query(
    `select (select count(*)::int from clocks where bucket = $1 and subject_id = $2 and subject_kind = 'order' and closed_at is null and not gone) as clocks,
       (select count(*)::int from cases where bucket = $1 and order_id = $2 and archived_at is null) as cases`,
    [bucket, id],
  )
  return rows[0]
}
const audited = async () =>
  (
    await stage.db.pool.query<{ who: string; subject: string; after: unknown }>(
      "select who, subject, after from audit where what = 'receiver.erase' order by at",
    )
  ).rows
/** Lets time pass to some days and a minute after the start, with all that falls due. */
async function passTo(days: number): Promise<void> {
  stage.now = start + days * day + 60_000
  await tickAll(stage)
}

describe("the retention", () => {
  it("is 180 days until the company says otherwise, and erases nothing before", async () => {
    await tellOrder("cancelled", ["cancelled", 1], ["collected", 2])
    await tellOrder("delivered", ["prepared", 0.1], ["shipped", 0.2], ["collected", 0.3], ["delivered", 2])
    await tellOrder("late")
    await tellOrder("running", ["prepared", 0.1])
    await tellOrder("unwatched")
    await tellOrder("inCase")
    const presale = { receiver, type: "presale", presaleShipBy: "2036-01-01T00:00:00+08:00" }
    await record(stage.world, [told("presale", "paid", start, { order: presale })])
    await setWatched(stage.world, keyOf("unwatched"), { watched: false, reason: "补差价", by: "沈一诺" })
    expect(await findRetention(stage.db.pool)).toEqual({ days: 180 })
    await passTo(180)
    expect(await eraseDue(stage.world)).toBe(1)
    expect(await Promise.all(["cancelled", "delivered", "unwatched"].map(isKept))).toEqual([
      true,
      true,
      false,
    ])
    expect(await findRetentionRun(stage.db.pool)).toEqual({ orders: 1, endedAt: stage.now })
  })

  it("counts from the end of an order, or else from the last that happened to it", async () => {
    await passTo(181)
    expect(await eraseDue(stage.world)).toBe(1)
    expect(await Promise.all(["cancelled", "delivered"].map(isKept))).toEqual([false, true])
    await passTo(182)
    expect(await eraseDue(stage.world)).toBe(1)
    expect(await isKept("delivered")).toBe(false)
  })

  it("leaves nothing that names a person, and everything else", async () => {
    const left = await rowsOf("delivered")
    for (const word of ["欧", "138", "5678", "文三", "buyer-77", "***"]) expect(left).not.toContain(word)
    const kept = await findOrder(stage.db.pool, placeOf("delivered"))
    expect(kept?.details).toEqual({
      receiver: { province: "浙江", city: "杭州" },
      buyer: { language: "en" },
    })
    expect(Object.keys(kept!.facts).sort()).toEqual(["collected", "delivered", "paid", "prepared", "shipped"])
  })

  it("keeps whom an order is sent to whose case or clock is open, however old it is", async () => {
    await record(stage.world, [
      told("inCase", "shipped", start + 4 * day),
      told("inCase", "cancelled", start + 5 * day),
    ])
    await passTo(2_000)
    await eraseDue(stage.world)
    expect(await openOf("inCase")).toEqual({ clocks: 0, cases: 1 })
    expect(await openOf("running")).toEqual({ clocks: 1, cases: 1 })
    expect(await openOf("presale")).toEqual({ clocks: 1, cases: 0 })
    expect(await Promise.all(["late", "running", "inCase", "presale"].map(isKept))).not.toContain(false)
  })

  it("waits for no clock of which nobody tells", async () => {
    const { bucket, id } = placeOf("presale")
    await stage.db.pool.query("update clocks set observed = false where bucket = $1 and subject_id = $2", [
      bucket,
      id,
    ])
    expect(await eraseDue(stage.world)).toBe(1)
    expect(await isKept("presale")).toBe(false)
  })

  it("tells how many it erased in the audit trail, and of whom nothing", async () => {
    const rows = await audited()
    expect(rows).toHaveLength(4)
    expect(rows[0]).toEqual({ who: "retention", subject: "1 orders", after: { orders: 1, days: 180 } })
  })

  it("does not bring back what is told again, which is known", async () => {
    const again = await record(stage.world, [told("cancelled", "paid", start, { order })])
    expect(again.answers).toEqual(["duplicate"])
    expect(await isKept("cancelled")).toBe(false)
    expect(await rowsOf("cancelled")).not.toContain("5678")
  })

  it("erases on the next run what a late word of a finished order brings", async () => {
    await record(stage.world, [told("cancelled", "address_corrected", start + day, { order })])
    expect(await isKept("cancelled")).toBe(true)
    expect(await eraseDue(stage.world)).toBe(1)
    expect(await rowsOf("cancelled")).not.toContain("5678")
  })

  it("for ever erases nothing; a change of it stands in the audit trail", async () => {
    await tellOrder("forever", ["cancelled", 1])
    await changeRetention(stage.world, { days: null }, "顾言")
    expect(await eraseDue(stage.world)).toBe(0)
    await changeRetention(stage.world, { days: 30 }, "顾言")
    const { rows } = await stage.db.pool.query(
      "select who, before, after from audit where what = 'retention.change' order by at",
    )
    expect(rows[0]).toEqual({ who: "顾言", before: { days: 180 }, after: { days: null } })
    expect(await eraseDue(stage.world)).toBe(1)
  })

  it("that broke off goes on where it was, and tells of all of it", async () => {
    for (let i = 0; i < 40; i++) await tellOrder(`many${i}`, ["cancelled", 1])
    const stop = new AbortController()
    const before = (await audited()).length
    const { db } = stage
    let asked = 0
    const world: EngineWorld = {
      ...stage.world,
      async instant(tx) {
        asked += 1
        if (asked === 30) stop.abort()
        return stage.world.instant(tx)
      },
    }
    await expect(eraseDue(world, stop.signal)).rejects.toThrow()
    const { rowCount } = await db.pool.query("select distinct order_id from receivers")
    expect(rowCount).toBeGreaterThan(2)
    expect((await audited()).length).toBe(before)
    expect(await eraseDue(stage.world)).toBe(40)
    expect((await audited()).at(-1)).toMatchObject({ after: { orders: 40, days: 30 } })
  })

  it("erases nothing without being told of which", async () => {
    await eraseReceivers(stage.db.pool, [], stage.now)
    expect(await isKept("late")).toBe(true)
  })
})
