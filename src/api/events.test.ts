import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { parseInstant } from "../core/instants.ts"
import { type House, openHouse } from "../testing/house.ts"
import type { EventsAnswer, OrderView } from "./contract.ts"

let house: House
let key: string
beforeAll(async () => {
  house = await openHouse(parseInstant("2026-11-03T12:00:00+08:00")!)
  key = await house.key("integration", "erp")
})
afterAll(() => house.close())

const url = "/api/v1/order-events"
const at = (hour: string) => `2026-11-0${hour}:00:00+08:00`
const told = (orderNo: string, type: string, instant: string, more: object = {}) => ({
  channel: "douyin",
  shop: "s1",
  orderNo,
  type,
  at: instant,
  ...more,
})
const post = (payload: unknown, type = "application/json") =>
  house.ask<EventsAnswer>(key, {
    method: "POST",
    url,
    payload: typeof payload === "string" ? payload : JSON.stringify(payload),
    headers: { "content-type": type },
  })
const look = async (orderNo: string) =>
  (await house.ask<OrderView>(key, { url: `/api/v1/orders/douyin/s1/${orderNo}` })).body

describe("telling events", () => {
  it("every line counts in exactly one of the four, and only the rejected are listed", async () => {
    const { status, body } = await post([
      told("E1", "paid", at("1T10"), { eventId: "1" }),
      told("E1", "paid", at("1T10"), { eventId: "1" }),
      told("E1", "paid", "2026-11-01 10:00", { eventId: "2" }),
      told("E1", "paid", at("1T11"), { eventId: "1" }),
      told("", "paid", at("1T10")),
      told("E1", "vanished", at("1T10")),
      told("E1", "date_agreed", at("1T10"), { date: at("2T10") }),
    ])
    expect(status).toBe(200)
    expect(body).toMatchObject({ accepted: 1, duplicates: 1, corrected: 0 })
    expect(body.rejected.map(({ line, code, field }) => [line, code, field])).toEqual([
      [3, "bad_instant", "at"],
      [4, "conflict", "eventId"],
      [5, "bad_id", "orderNo"],
      [6, "unknown_type", "type"],
      [7, "forbidden", "type"],
    ])
  })

  it("a JSON object a line: a line that is no JSON is rejected, empty ones are numbered", async () => {
    const lines = [
      JSON.stringify(told("E2", "paid", at("1T10"))),
      "",
      "{ not json",
      JSON.stringify(told("E2", "shipped", at("2T10"))),
    ]
    const { body } = await post(lines.join("\n"), "application/x-ndjson")
    expect(body).toMatchObject({ accepted: 2, rejected: [{ line: 3, code: "bad_json" }] })
  })

  it("a line with half a surrogate pair, as a name that was cut off has it, does not lose the others", async () => {
    const cut = told("E9", "paid", at("1T10"), { order: { liveSession: "双十一🎉".slice(0, -1) } })
    const { status, body } = await post([cut, told("E10", "paid", at("1T10"))])
    expect(status).toBe(200)
    expect(body).toMatchObject({ accepted: 1, rejected: [{ line: 1, code: "bad_text" }] })
  })

  it("the same new orders told twenty times at once are there once, and every call hears so", async () => {
    for (let round = 0; round < 10; round++) {
      const batch = [told(`T${round}a`, "paid", at("1T10")), told(`T${round}b`, "paid", at("1T10"))]
      const answers = await Promise.all(Array.from({ length: 20 }, () => post(batch)))
      expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
      expect(answers.filter(({ body }) => body.accepted === 2)).toHaveLength(1)
    }
  })

  it("a body that is no list is refused whole, and one that is too long too", async () => {
    expect((await post({ one: 1 })).status).toBe(400)
    expect((await post("nonsense")).status).toBe(400)
    expect(
      (await post(Array.from({ length: 5_001 }, (_, i) => told(`x${i}`, "paid", at("1T10"))))).status,
    ).toBe(413)
    expect((await post("a,b", "text/csv")).status).toBe(415)
  })

  it("nobody tells without a key that may", async () => {
    expect(
      (
        await house.ask(null, {
          method: "POST",
          url,
          payload: "[]",
          headers: { "content-type": "application/json" },
        })
      ).status,
    ).toBe(401)
    const viewer = await house.key("viewer")
    expect(
      (
        await house.ask(viewer, {
          method: "POST",
          url,
          payload: "[]",
          headers: { "content-type": "application/json" },
        })
      ).status,
    ).toBe(403)
  })

  it("a later word corrects, an earlier one comes too late", async () => {
    const first = told("E3", "paid", at("1T10"), { eventId: "p", observedAt: at("1T10") })
    expect((await post([first])).body.accepted).toBe(1)
    expect((await post([{ ...first, at: at("1T12"), observedAt: at("1T13") }])).body.corrected).toBe(1)
    expect((await post([{ ...first, at: at("1T11"), observedAt: at("1T11") }])).body.accepted).toBe(1)
    expect((await look("E3")).facts.paid).toBe("2026-11-01T04:00:00.000Z")
  })

  it("twice, reversed, in one batch and one by one: the clocks are the same", async () => {
    const life = (no: string) => [
      told(no, "created", at("1T09"), {
        eventId: "c",
        order: {
          type: "normal",
          promisedShipAt: at("3T10"),
          items: [
            { line: "1", sku: "a" },
            { line: "2", sku: "b" },
          ],
        },
      }),
      told(no, "paid", at("1T10"), { eventId: "p" }),
      told(no, "held", at("1T12"), { eventId: "h", reason: "customer" }),
      told(no, "released", at("1T15"), { eventId: "r", reason: "customer" }),
      told(no, "prepared", at("2T11"), { eventId: "a", lines: ["1"] }),
      told(no, "prepared", at("2T12"), { eventId: "b", lines: ["2"] }),
      told(no, "shipped", at("3T11"), { eventId: "s", order: { carrier: "zto", trackingNo: "Y1" } }),
      told(no, "retracted", at("3T12"), { eventId: "x", of: { eventId: "b" } }),
    ]
    await post(life("S1"))
    await post(life("S2"))
    await post(life("S2"))
    await post(life("S3").reverse())
    for (const event of life("S4").sort((one, other) => one.type.localeCompare(other.type)))
      await post([event])
    const [first, ...others] = await Promise.all(["S1", "S2", "S3", "S4"].map(look))
    expect(first!.clocks.length).toBe(3)
    for (const other of others) {
      expect(other.clocks).toEqual(first!.clocks)
      expect(other.facts).toEqual(first!.facts)
      expect(other.events.length).toBe(first!.events.length)
    }
  })

  it("a receiver is masked in every answer and nowhere in the clear", async () => {
    const receiver = {
      name: "林小姐",
      phone: "13912346021",
      province: "浙江",
      city: "宁波",
      address: "某路 1 号",
    }
    await post([told("R1", "paid", at("1T10"), { eventId: "1", order: { receiver } })])
    const view = await look("R1")
    expect(view.order.receiver).toEqual({
      name: "林**",
      phone: "139****6021",
      province: "浙江",
      city: "宁波",
      address: "***",
    })
    expect(JSON.stringify(view)).not.toMatch(/13912346021|林小姐|某路/)
    const rows = await house.stage.db.pool.query(
      "select o.details::text, e.body::text from orders o join events e on e.order_id = o.id",
    )
    expect(JSON.stringify(rows.rows)).not.toMatch(/13912346021|林小姐|某路/)
    const tail = await house.ask<{ items: unknown[] }>(key, { url: "/api/v1/orders?q=6021&shop=s1" })
    expect(tail.body.items).toHaveLength(1)
  })
})
