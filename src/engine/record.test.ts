import { afterAll, beforeAll, expect, it } from "vitest"
import { parseInstant } from "../core/instants.ts"
import { listClocks } from "../store/clocks.ts"
import { transaction } from "../store/database.ts"
import { everyRun, orderPlace } from "../store/keys.ts"
import { findOrder } from "../store/orders.ts"
import { readTallies } from "../store/rollups.ts"
import { changeSettings } from "../store/rules.ts"
import { type Rehearsal, rehearse } from "../testing/rehearsal.ts"
import { told } from "../testing/told.ts"
import { tickHalving } from "./loop.ts"
import { record } from "./record.ts"
import { type Ticked, tick } from "./tick.ts"

const at = (text: string) => parseInstant(text)!
let stage: Rehearsal
beforeAll(async () => {
  stage = await rehearse(at("2026-11-02T10:00:00+08:00"))
})
afterAll(() => stage.close())

async function tickAll(): Promise<Ticked[]> {
  return [await tick(stage.world, everyRun)]
}
const sum = (all: Ticked[], field: "warned" | "breached" | "withdrawn" | "claimed") =>
  all.reduce((n, each) => n + each[field], 0)
const clocksOf = async (orderNo: string) => {
  const place = orderPlace({ channel: "douyin", shop: "s1", orderNo })
  return (await listClocks(stage.db.pool, [place])).get(place.id) ?? []
}
const breachesOf = async (orderNo: string) =>
  (await clocksOf(orderNo))
    .filter(({ breachDueAt }) => breachDueAt !== null)
    .map(({ kind, breachStanding, breachWhy }) => ({
      kind,
      standing: breachStanding,
      withdrawnWhy: breachWhy,
    }))

it("a paid order gets its two clocks, and the same events again change nothing", async () => {
  const batch = [
    told("A1", "created", "2026-11-02T09:59:00+08:00"),
    told("A1", "paid", "2026-11-02T10:00:00+08:00", {
      order: {
        items: [{ line: "1", sku: "x", name: "被" }],
        receiver: { name: "林小姐", phone: "13912346021", city: "宁波", address: "某路 1 号" },
      },
    }),
  ]
  expect((await record(stage.world, batch)).answers).toEqual(["accepted", "accepted"])
  expect((await record(stage.world, [...batch].reverse())).answers).toEqual(["duplicate", "duplicate"])
  const clocks = await clocksOf("A1")
  expect(clocks.map(({ kind, basis, dueAt }) => [kind, basis, dueAt])).toEqual([
    ["prepare", "company", at("2026-11-03T10:00:00+08:00")],
    ["ship", "company", at("2026-11-04T10:00:00+08:00")],
  ])
  const order = await findOrder(stage.db.pool, orderPlace({ channel: "douyin", shop: "s1", orderNo: "A1" }))
  expect(order).toMatchObject({
    stage: "paid",
    version: 1,
    details: { receiver: { name: "林**", phone: "139****6021", city: "宁波", address: "***" } },
  })
  const stored = await stage.db.pool.query(
    "select body::text, (select count(*)::int from receivers) as receivers from events",
  )
  expect(JSON.stringify(stored.rows)).not.toMatch(/林小姐|13912346021|某路/)
  expect(stored.rows[0].receivers).toBe(1)
})

it("a warning and a breach take effect once, and a breach opens a case", async () => {
  stage.now = at("2026-11-02T22:00:00+08:00")
  expect(sum(await tickAll(), "warned")).toBe(1)
  expect(sum(await tickAll(), "claimed")).toBe(0)
  stage.now = at("2026-11-03T10:00:00+08:00")
  expect(sum(await tickAll(), "breached")).toBe(0)
  stage.now += 1
  expect(sum(await tickAll(), "breached")).toBe(1)
  expect(sum(await tickAll(), "breached")).toBe(0)
  const { rows } = await stage.db.pool.query("select bucket, n, state from cases")
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({
    bucket: orderPlace({ channel: "douyin", shop: "s1", orderNo: "A1" }).bucket,
    n: 1,
  })
})

it("a breach that a correction shows never happened is withdrawn visibly, and its case with it", async () => {
  await record(stage.world, [told("A1", "prepared", "2026-11-03T09:00:00+08:00")])
  expect(sum(await tickAll(), "withdrawn")).toBe(1)
  expect(await breachesOf("A1")).toMatchObject([{ standing: false, withdrawnWhy: { reason: "met" } }])
  const { rows } = await stage.db.pool.query("select state, withdrawn from cases")
  expect(rows).toEqual([{ state: "archived", withdrawn: true }])
})

it("a late shipment told before the tick is still found late", async () => {
  await record(stage.world, [
    told("A2", "paid", "2026-10-30T10:00:00+08:00"),
    told("A2", "shipped", "2026-11-02T10:00:00+08:00"),
  ])
  await tickAll()
  expect((await breachesOf("A2")).map(({ kind, standing }) => [kind, standing])).toEqual(
    expect.arrayContaining([
      ["prepare", true],
      ["ship", true],
    ]),
  )
})

it("an event told ahead takes effect in time", async () => {
  await record(stage.world, [
    told("A3", "paid", "2026-11-03T10:00:00+08:00"),
    told("A3", "prepared", "2026-11-03T12:00:00+08:00"),
  ])
  stage.now = at("2026-11-03T12:00:00+08:00")
  await tickAll()
  expect((await clocksOf("A3"))[0]).toMatchObject({ kind: "prepare", state: "closed", outcome: "met" })
})

it("a parcel is there while a valid event states it: not before it was sent, nor after that was taken back", async () => {
  const parcels = async () =>
    (
      await stage.db.pool.query("select tracking_no, lines from parcels where order_id = $1", [
        orderPlace({ channel: "douyin", shop: "s1", orderNo: "P1" }).id,
      ])
    ).rows
  const shipped = { eventId: "s", order: { carrier: "sf", trackingNo: "SF1" }, lines: ["a"] }
  await record(stage.world, [
    told("P1", "paid", "2026-11-03T10:00:00+08:00", { order: { items: [{ line: "a" }] } }),
    told("P1", "shipped", "2026-11-03T13:00:00+08:00", shipped),
  ])
  expect(await parcels()).toEqual([])
  stage.now = at("2026-11-03T13:00:00+08:00")
  await tickAll()
  expect(await parcels()).toEqual([{ tracking_no: "SF1", lines: ["a"] }])
  await record(stage.world, [told("P1", "retracted", "2026-11-03T13:00:00+08:00", { of: { eventId: "s" } })])
  expect(await parcels()).toEqual([])
})

it("two clocks that are over at one instant both have their breach", async () => {
  const promised = { order: { promisedShipAt: "2026-11-04T10:07:00+08:00" } }
  await record(stage.world, [told("S1", "paid", "2026-11-03T10:07:00+08:00", promised)])
  const before = stage.now
  stage.now = at("2026-11-04T10:07:00+08:00")
  await tickAll()
  stage.now += 1
  await tickAll()
  expect((await breachesOf("S1")).map(({ kind, standing }) => [kind, standing])).toEqual([
    ["prepare", true],
    ["ship", true],
  ])
  stage.now = before
})

it("what nobody could confirm until its grace was over is not late by that", async () => {
  const hour = 3_600_000
  const paidAt = at("2026-11-03T10:07:00+08:00")
  const before = stage.now
  await transaction(stage.db, (tx) =>
    changeSettings(tx, { "douyin/s9": { mode: "batch", graceMs: 2 * hour } }, { who: "test", at: stage.now }),
  )
  await record(stage.world, [told("G1", "paid", "2026-11-03T10:07:00+08:00", { shop: "s9" })])
  let lags: number[] = []
  for (const passed of [12 * hour, 22 * hour, 24 * hour + 1, 26 * hour + 3]) {
    stage.now = paidAt + passed
    lags = (await tickAll()).flatMap(({ lagsMs }) => lagsMs)
  }
  // Beside those of cases that other orders have.
  expect(lags).toContain(3)
  expect(lags).not.toContain(2 * hour + 3)
  stage.now = before
})

it("one order that cannot be ticked is set aside, and stops nothing", async () => {
  const place = (no: string) => orderPlace({ channel: "douyin", shop: "s1", orderNo: no })
  // Two orders of one run, so that the bad one stands in the good one's way.
  const numbers = Array.from({ length: 400 }, (_, i) => `Z${i}`)
    .filter((no) => place(no).bucket < 64)
    .slice(0, 2)
  await record(
    stage.world,
    numbers.map((no, i) => told(no, "paid", `2026-11-03T1${i}:30:00+08:00`)),
  )
  await stage.db.pool.query("update clocks set warnings = '5' where subject_id = $1", [place(numbers[0]!).id])
  stage.now = at("2026-11-04T23:00:00+08:00")
  await expect(tick(stage.world, everyRun)).rejects.toThrow()
  for (let i = 0; i < 5; i++) await tickHalving(stage.world, everyRun, 500)
  expect((await breachesOf(numbers[1]!)).map(({ standing }) => standing)).toEqual([true])
  const { rows } = await stage.db.pool.query(
    "select o.order_no, a.stuck ->> 'tries' as tries from orders o join agenda a using (bucket, id) where a.stuck is not null",
  )
  expect(rows).toEqual([{ order_no: numbers[0], tries: "1" }])
  await stage.db.pool.query("update clocks set warnings = '[]' where subject_id = $1", [
    place(numbers[0]!).id,
  ])
  stage.now += 60_000
  await tickAll()
  expect((await breachesOf(numbers[0]!)).length).toBe(1)
  expect((await stage.db.pool.query("select 1 from agenda where stuck is not null")).rowCount).toBe(0)
})

it("counts are those of the rows", async () => {
  const counted = await readTallies(stage.db.pool, ["stage", "open", "closed", "breach"])
  const total = (topic: string) =>
    counted.filter((each) => each.topic === topic).reduce((n, each) => n + each.n, 0)
  const { rows } = await stage.db.pool.query(
    `select (select count(*)::int from orders) as orders, (select count(*)::int from clocks where subject_kind = 'order' and closed_at is null) as open,
       (select count(*)::int from clocks where subject_kind = 'order' and closed_at is not null) as closed, (select count(*)::int from breaches where subject_kind = 'order' and standing) as breaches`,
  )
  expect({
    orders: total("stage"),
    open: total("open"),
    closed: total("closed"),
    breaches: total("breach"),
  }).toEqual(rows[0])
})
