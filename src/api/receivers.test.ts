import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { isoOf } from "../core/instants.ts"
import { revealsAnHour } from "../core/masking.ts"
import { eraseDue } from "../engine/receivers/retention.ts"
import { record } from "../engine/record.ts"
import { openStaffed, type Staffed } from "../testing/staffed.ts"
import { told } from "../testing/told.ts"
import type { RetentionView } from "./contract/receivers.ts"
import type { OrderView } from "./contract.ts"

const noon = Date.parse("2026-11-05T12:00:00+08:00")
const hour = 60 * 60_000
const paidAt = noon - hour
const receiver = {
  name: "欧阳小满",
  phone: "13812345678",
  province: "浙江省",
  city: "杭州市",
  address: "文三路 1 号",
}
const moved = { ...receiver, phone: "13987654321", address: "古墩路 2 号" }
let house: Staffed
beforeAll(async () => {
  house = await openStaffed(noon, [
    ["林悦", "operations", "owner"],
    ["沈一诺", "operations", "operations"],
    ["许静", "service", "service"],
    ["周楠", "warehouse", "warehouse"],
    ["秦朗", "finance", "finance"],
    ["白芷", "administration", "administration"],
    ["顾言", "operations", "viewer"],
    ["督导", "operations", "supervisor"],
    ["部长", "warehouse", "head"],
  ])
  await record(house.stage.world, [
    told("A", "paid", paidAt, { order: { receiver } }),
    told("bare", "paid", paidAt),
    told("moved", "paid", paidAt, { order: { receiver } }),
    told("moved", "address_corrected", paidAt + 1_000, { eventId: "later", order: { receiver: moved } }),
    told("back", "paid", paidAt, { order: { receiver } }),
    told("back", "address_corrected", paidAt + 1_000, { eventId: "wrong", order: { receiver: moved } }),
    told("back", "retracted", paidAt + 2_000, { of: { eventId: "wrong" } }),
  ])
})
afterAll(() => house.close())

const open = (name: string, orderNo: string, reason = "要打电话") =>
  house.as<Record<string, unknown>>(name, `/api/v1/orders/douyin/s1/${orderNo}/receiver`, { reason })
const audited = async () =>
  (
    await house.stage.db.pool.query<{ who: string; subject: string; after: unknown }>(
      "select who, subject, after from audit where what = 'receiver.reveal' order by at, id",
    )
  ).rows

describe("the receiver of an order", () => {
  it.each([
    ["林悦", 200],
    ["沈一诺", 200],
    ["许静", 200],
    ["周楠", 200],
    ["秦朗", 403],
    ["白芷", 403],
    ["顾言", 403],
    ["督导", 403],
    ["部长", 403],
  ])("is opened to %s: %i", async (name, status) => {
    const before = (await audited()).length
    const answer = await open(name, "A")
    expect(answer.status).toBe(status)
    if (status === 200) expect(answer.body).toEqual({ ...receiver, seconds: 60 })
    else expect(JSON.stringify(answer.body)).not.toContain("5678")
    expect((await audited()).length - before).toBe(status === 200 ? 1 : 0)
  })

  it("is opened to no key, whatever its role", async () => {
    for (const role of ["integration", "operations", "owner"] as const) {
      const key = await house.key(role)
      const url = "/api/v1/orders/douyin/s1/A/receiver"
      const answer = await house.ask(key, { method: "POST", url, payload: { reason: "要打电话" } })
      expect([role, answer.status]).toEqual([role, 403])
    }
  })

  it("leaves who opened which order and why in the audit trail, and nothing of whom it is sent to", async () => {
    await open("许静", "A", "快递要核实：顺丰来电")
    const row = { who: "许静", subject: "douyin/s1/A", after: { reason: "快递要核实：顺丰来电" } }
    expect((await audited()).filter(({ after }) => JSON.stringify(after).includes("顺丰"))).toEqual([row])
    const all = JSON.stringify((await house.stage.db.pool.query("select * from audit")).rows)
    for (const word of ["欧阳", "13812345678", "5678", "文三路"]) expect(all).not.toContain(word)
  })

  it("is not opened without a reason", async () => {
    expect((await open("许静", "A", "  ")).body.code).toBe("reason_needed")
  })

  it("is the one that was told last and was not taken back", async () => {
    expect((await open("许静", "moved")).body).toMatchObject(moved)
    expect((await open("许静", "back")).body).toMatchObject(receiver)
  })

  it("that was never told is said so", async () => {
    expect(await open("许静", "bare")).toMatchObject({ status: 404, body: { code: "no_receiver" } })
    expect(await open("许静", "none")).toMatchObject({ status: 404, body: { code: "not_found" } })
  })

  it("is kept by nobody on the way", async () => {
    const cookie = (
      await house.app.inject({
        method: "POST",
        url: "/api/auth/sign-in/email",
        headers: { origin: "http://localhost:7300" },
        payload: { email: "p2@example.com", password: "long enough 1" },
      })
    ).cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`)
    const { headers } = await house.app.inject({
      method: "POST",
      url: "/api/v1/orders/douyin/s1/A/receiver",
      headers: { origin: "http://localhost:7300", cookie: cookie.join("; ") },
      payload: { reason: "要打电话" },
    })
    expect(headers["cache-control"]).toBe("no-store")
  })
})

describe("how many a person opens", () => {
  const numbers = Array.from({ length: revealsAnHour + 1 }, (_, i) => `N${i}`)
  it("is so many different orders an hour, also when asked for at once; the same order again is no other", async () => {
    const orders = numbers.map((orderNo) => told(orderNo, "paid", paidAt, { order: { receiver } }))
    await record(house.stage.world, orders)
    house.stage.now += hour + 1
    const answers = await Promise.all(numbers.map((orderNo) => open("周楠", orderNo)))
    const refused = answers.filter(({ status }) => status !== 200)
    expect(refused).toMatchObject([{ status: 429, body: { code: "too_many_reveals" } }])
    const seen = numbers[answers.findIndex(({ status }) => status === 200)]!
    expect((await open("周楠", seen)).status).toBe(200)
    expect((await open("许静", seen)).status).toBe(200)
    house.stage.now += hour - 1
    expect((await open("周楠", "A")).status).toBe(429)
    house.stage.now += 1
    expect((await open("周楠", "A")).status).toBe(200)
  })
})

describe("for how long receivers are kept", () => {
  const settle = (name: string, days: number | null) =>
    house.as<RetentionView & { code: string }>(name, "/api/v1/retention", { days }, "PUT")
  it("is seen by whoever sees the settings and changed by whoever changes them", async () => {
    const { body } = await house.as<RetentionView>("秦朗", "/api/v1/retention")
    expect([body, (await house.as("沈一诺", "/api/v1/retention")).status]).toMatchObject([
      { code: "forbidden" },
      200,
    ])
    expect((await settle("沈一诺", 30)).status).toBe(403)
    expect((await settle("白芷", 29)).body.code).toBe("bad_request")
    expect((await settle("白芷", 30)).body).toEqual({ days: 30, run: null, backupDays: 14 })
  })

  it("is told of an order whose receiver is erased, and then it is opened to nobody", async () => {
    await record(house.stage.world, [
      told("gone", "paid", paidAt, { order: { receiver } }),
      told("gone", "cancelled", paidAt + 1_000),
    ])
    const url = "/api/v1/orders/douyin/s1/gone"
    const before = await house.as<OrderView>("许静", url)
    expect(before.body).toMatchObject({ receiverErasedAt: null, order: { receiver: { name: "欧**" } } })
    house.stage.now = noon + 31 * 24 * hour
    await eraseDue(house.stage.world)
    const after = await house.as<OrderView>("许静", url)
    expect(after.body.receiverErasedAt).toBe(isoOf(house.stage.now))
    expect(after.body.order.receiver).toEqual({ province: "浙江省", city: "杭州市" })
    expect(after.body.events[0]).toMatchObject({
      order: { receiver: { province: "浙江省", city: "杭州市" } },
    })
    expect(await open("许静", "gone")).toMatchObject({ status: 410, body: { code: "receiver_erased" } })
    const { body } = await house.as<RetentionView>("白芷", "/api/v1/retention")
    expect(body.run).toEqual({ orders: 1, endedAt: isoOf(house.stage.now) })
  })
})
