import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { eraseDue } from "../engine/receivers/retention.ts"
import { record } from "../engine/record.ts"
import { openStaffed, type Staffed } from "../testing/staffed.ts"
import { told } from "../testing/told.ts"
import type { CustomerErased, CustomerFile, CustomerFound } from "./contract/receivers.ts"

const noon = Date.parse("2026-11-05T12:00:00+08:00")
const hour = 60 * 60_000
const paidAt = noon - hour
const receiver = {
  name: "欧阳小满",
  phone: "138 123 456 78",
  province: "浙江",
  city: "杭州",
  address: "文三路 1 号",
}
const other = { name: "司徒青", phone: "13987654321", province: "浙江", city: "宁波", address: "药行街 2 号" }
const phone = "+86 138-1234-5678"
let house: Staffed
beforeAll(async () => {
  house = await openStaffed(noon, [
    ["顾言", "operations", "owner"],
    ["白芷", "administration", "administration"],
    ["沈一诺", "operations", "operations"],
    ["许静", "service", "service"],
  ])
  await record(house.stage.world, [
    told("done", "paid", paidAt, { order: { receiver, buyer: { id: "buyer-77" } } }),
    told("done", "cancelled", paidAt + 1_000),
    told("moved", "paid", paidAt, { order: { receiver } }),
    told("moved", "address_corrected", paidAt + 1_000, { order: { receiver: other } }),
    told("moved", "cancelled", paidAt + 2_000),
    told("running", "paid", paidAt, { order: { receiver } }),
    told("else", "paid", paidAt, { order: { receiver: other } }),
    told("else", "cancelled", paidAt + 1_000),
    told("tail", "paid", paidAt, { order: { receiver: { ...receiver, phone: "138****5678" } } }),
  ])
})
afterAll(() => house.close())

type Answer = CustomerFound & CustomerErased & CustomerFile & { code: string }
const ask = (name: string, what: "find" | "erase" | "export", more: object = {}) =>
  house.as<Answer>(name, `/api/v1/customers/${what}`, { phone, reason: "本人来电", ...more })
const audited = async () =>
  (
    await house.stage.db.pool.query<{ who: string; what: string; subject: string; after: object }>(
      "select who, what, subject, after from audit where what like 'customer.%' order by at, id",
    )
  ).rows
const left = async () => JSON.stringify(await everything())
async function everything() {
  const { pool } = house.stage.db
  const all = await Promise.all(
    ["orders", "events", "receivers"].map((each) => pool.query(`select * from ${each}`)),
  )
  return all.map(({ rows }) => rows)
}

describe("a customer", () => {
  it("is looked for by owner and administration, as people", async () => {
    expect((await ask("顾言", "find")).body).toEqual({ orders: 3, open: 1 })
    expect((await ask("白芷", "find")).body).toEqual({ orders: 3, open: 1 })
    for (const name of ["沈一诺", "许静"]) expect((await ask(name, "find")).status).toBe(403)
    const key = await house.key("owner")
    for (const what of ["find", "erase", "export"]) {
      const url = `/api/v1/customers/${what}`
      expect((await house.ask(key, { method: "POST", url, payload: { phone, reason: "x" } })).status).toBe(
        403,
      )
    }
  })

  it("is found by a whole number alone", async () => {
    for (const text of ["5678", "138****5678", ""])
      expect((await ask("顾言", "find", { phone: text })).body.code).toBe("phone_not_whole")
    expect((await ask("顾言", "find", { phone: "13812345679" })).body).toEqual({ orders: 0, open: 0 })
  })

  it("gets everything told of their orders as a file, which only the owner makes, for a reason", async () => {
    expect((await ask("白芷", "export")).status).toBe(403)
    expect((await ask("顾言", "export", { reason: " " })).body.code).toBe("reason_needed")
    const { body } = await ask("顾言", "export")
    expect(body.orders.map(({ order }) => order.orderNo).sort()).toEqual(["done", "moved", "running"])
    const done = body.orders.find(({ order }) => order.orderNo === "done")!
    expect(done).toMatchObject({ stage: "cancelled", receivers: [receiver], messages: [] })
    expect(done.events.map(({ type }) => type)).toEqual(["paid", "cancelled"])
    expect(done.events[0]).toMatchObject({ order: { receiver, buyer: { id: "buyer-77" } } })
  })

  it("sees nothing of somebody else to whom an order of theirs went later", async () => {
    const { body } = await ask("顾言", "export")
    const moved = body.orders.find(({ order }) => order.orderNo === "moved")!
    expect(moved.receivers).toEqual([receiver])
    for (const word of ["司徒青", "13987654321", "药行街"]) expect(JSON.stringify(body)).not.toContain(word)
  })

  it("is erased at once where nothing is open, for a reason", async () => {
    expect((await ask("白芷", "erase", { reason: "" })).body.code).toBe("reason_needed")
    expect((await ask("许静", "erase")).status).toBe(403)
    expect((await ask("白芷", "erase")).body).toEqual({ erased: 2, waiting: 1 })
    expect((await ask("白芷", "find")).body).toEqual({ orders: 1, open: 1 })
    const { rows } = await house.stage.db.pool.query("select order_id from receivers")
    // What runs still, what went to somebody else, and what a platform told masked.
    expect(rows).toHaveLength(3)
    expect(await left()).not.toContain("buyer-77")
  })

  it("is erased of an order that still ran in the night after it is done, whatever the retention says", async () => {
    await house.as("白芷", "/api/v1/retention", { days: null }, "PUT")
    expect(await eraseDue(house.stage.world)).toBe(0)
    await record(house.stage.world, [told("running", "cancelled", noon)])
    house.stage.now += 1_000
    expect(await eraseDue(house.stage.world)).toBe(1)
    expect((await ask("白芷", "find")).body).toEqual({ orders: 0, open: 0 })
  })

  it("stands in the audit trail as one and the same customer, by nothing that names them", async () => {
    const rows = await audited()
    const own = rows.filter(({ what }) => what !== "customer.find")
    expect(new Set(own.map(({ subject }) => subject)).size).toBe(1)
    expect(own.find(({ what }) => what === "customer.erase")).toMatchObject({
      who: "白芷",
      after: { reason: "本人来电", erased: 2, waiting: 1 },
    })
    expect(own.find(({ what }) => what === "customer.export")).toMatchObject({
      who: "顾言",
      after: { reason: "本人来电", orders: 3 },
    })
    for (const word of ["5678", "欧", "文三"]) expect(JSON.stringify(rows)).not.toContain(word)
  })
})
