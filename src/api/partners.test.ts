import { afterAll, beforeAll, expect, it } from "vitest"
import { isoOf } from "../core/instants.ts"
import { makeLists, sendList } from "../engine/partners/lists.ts"
import { askPartner, mailRequest, remindOfRequests } from "../engine/partners/requests.ts"
import { transaction } from "../store/database.ts"
import { savePartner } from "../store/directory.ts"
import { listEvents } from "../store/events.ts"
import { caseNumber, newId, orderPlace } from "../store/keys.ts"
import { saveSetting } from "../store/settings.ts"
import { caseOf, tellOrders, tickAll } from "../testing/cases.ts"
import { type House, openHouse } from "../testing/house.ts"
import { openMailbox, readableOf } from "../testing/mailbox.ts"
import { on } from "../testing/week.ts"
import type { EvidenceOfCase } from "./contract/causes.ts"
import type {
  GuestView,
  PartnerLinkView,
  PartnerPage,
  PartnerRequestView,
  PartnerRow,
} from "./contract/partners.ts"

let house: House
let operations: string
let token: string
const partner = newId(1)
const paid = on("Mon 10:00")

beforeAll(async () => {
  house = await openHouse(on("Mon 12:00"))
  operations = await house.key("operations")
  await savePartner(house.stage.db.pool, {
    id: partner,
    kind: "cloud_warehouse",
    name: "金华云仓",
    contacts: [],
    note: "",
    closedAt: null,
  })
  const order = (orderNo: string, fulfilment: string) => ({
    orderNo,
    order: {
      fulfilment,
      items: [{ line: "1", sku: "A", name: "枕套", quantity: 2 }],
      receiver: { name: "林小姐", phone: "13912346021", province: "浙江", city: "宁波" },
    },
    events: [["paid", paid]] as [string, number][],
  })
  await tellOrders(house.stage, [order("1", "金华云仓"), order("2", partner), order("3", "一仓")])
})
afterAll(() => house.close())

const post = <Body>(url: string, payload: object, key: string | null = operations) =>
  house.ask<Body>(key, { method: "POST", url, payload })
const guest = async () => (await post<GuestView>("/api/v1/guest/orders", { token }, null)).body

it("a partner opens its own orders by a link that is told once, and sees nothing of the customer but the region", async () => {
  const { body } = await post<{ path: string }>(`/api/v1/partners/${partner}/links`, {})
  token = body.path.split("/").at(-1)!
  expect(Buffer.from(token, "base64url")).toHaveLength(16)
  const view = await guest()
  expect(view).toMatchObject({ partner: "金华云仓", fared: { orders: 2, met: 0, late: 0 } })
  expect(view.orders.map(({ order }) => order.orderNo).sort()).toEqual(["1", "2"])
  expect(view.orders[0]).toMatchObject({
    region: "浙江 宁波",
    items: [{ name: "枕套", quantity: 2 }],
    trackingNo: null,
  })
  expect(JSON.stringify(view)).not.toMatch(/林|139|6021/)
  const stored = await house.stage.db.pool.query("select hash::text from partner_links")
  expect(JSON.stringify(stored.rows)).not.toContain(token)
})

it("an order of a partner comes near when its deadline warns, as on the board", async () => {
  const near = async () => (await guest()).orders.map((each) => each.near)
  expect(await near()).toEqual([false, false])
  await house.stage.db.pool.query("update clocks set state = 'near' where due_at is not null")
  expect(await near()).toEqual([true, true])
  await house.stage.db.pool.query("update clocks set state = 'running' where state = 'near'")
})

it("wrong, revoked and expired links are one answer", async () => {
  house.stage.now += 1000
  const wrong = await post("/api/v1/guest/orders", { token: "A".repeat(22) }, null)
  expect(wrong.status).toBe(410)
  const { body } = await post<{ id: string; path: string }>(`/api/v1/partners/${partner}/links`, {})
  const other = body.path.split("/").at(-1)!
  expect((await post(`/api/v1/partner-links/${body.id}/revoke`, {})).status).toBe(200)
  expect((await post("/api/v1/guest/orders", { token: other }, null)).body).toEqual(wrong.body)
  const { links } = (
    await house.ask<{ links: PartnerLinkView[] }>(operations, { url: `/api/v1/partners/${partner}/links` })
  ).body
  expect(links.map(({ revokedAt, usedAt }) => [revokedAt !== null, usedAt !== null])).toEqual([
    [true, false],
    [false, true],
  ])
})

it("its tracking numbers are events of its own source; orders of others are refused by their line", async () => {
  house.stage.now = on("Mon 15:00")
  const shipment = (orderNo: string) => ({
    order: { channel: "douyin", shop: "s1", orderNo },
    carrier: "圆通",
    trackingNo: `YT88420167${orderNo}`,
  })
  const { body } = await post(
    "/api/v1/guest/shipments",
    { token, shipments: [shipment("1"), shipment("3"), shipment("9")] },
    null,
  )
  expect(body).toEqual({
    accepted: 1,
    rejected: [
      { line: 2, message: "not_yours" },
      { line: 3, message: "not_yours" },
    ],
  })
  const place = orderPlace({ channel: "douyin", shop: "s1", orderNo: "1" })
  const events = (await listEvents(house.stage.db.pool, [place])).get(place.id)!
  expect(events.map(({ type, source, at }) => [type, source, at])).toEqual([
    ["paid", "erp", paid],
    ["shipped", "partner:金华云仓", on("Mon 15:00")],
  ])
  expect((await guest()).orders.map(({ order }) => order.orderNo)).toEqual(["2"])
})

it("a shipment from before the order was paid, or from tomorrow, is refused by its line", async () => {
  const order = { channel: "douyin", shop: "s1", orderNo: "2" }
  for (const at of [paid - 1, house.stage.now + 24 * 60 * 60_000]) {
    const shipment = { order, carrier: "圆通", trackingNo: "YT884201672", shippedAt: isoOf(at) }
    const { body } = await post("/api/v1/guest/shipments", { token, shipments: [shipment] }, null)
    expect(body).toEqual({ accepted: 0, rejected: [{ line: 1, message: "bad_shipment" }] })
  }
})

it("a request to a partner has a deadline, is seen by it alone, and its answer is kept", async () => {
  const ask = { partner, kind: "ship", subject: "C-7K2F", text: "这单今天能发吗？", via: "mail" }
  const { body } = await post<PartnerRequestView>("/api/v1/partner-requests", ask)
  expect(body).toMatchObject({
    partner: { name: "金华云仓" },
    dueAt: new Date(on("Mon 19:00")).toISOString(),
    answer: null,
  })
  expect((await guest()).requests).toMatchObject([{ id: body.id, text: ask.text }])
  const answer = { token, request: body.id, answer: "今晚发", promisedAt: "2026-11-23T22:00:00+08:00" }
  expect((await post("/api/v1/guest/answers", answer, null)).status).toBe(200)
  expect((await post("/api/v1/guest/answers", answer, null)).status).toBe(404)
  const { body: all } = await house.ask<PartnerRequestView[]>(operations, {
    url: "/api/v1/partner-requests?subject=C-7K2F",
  })
  expect(all).toMatchObject([
    { answer: "今晚发", answeredBy: "partner:金华云仓", promisedAt: "2026-11-23T14:00:00.000Z" },
  ])
})

it("an answer that does not come in time is told to whoever asked, once", async () => {
  const { pool } = house.stage.db
  const asker = newId(5)
  await pool.query(
    "insert into staff (id, auth_user_id, name, email, created_at) values ($1, 'u', '陈露', 'a@example.com', now())",
    [asker],
  )
  await askPartner(
    house.world,
    { partner, kind: "chase", subject: "C-7K2F", text: "这件到哪里了？", via: "call" },
    { id: asker, name: "陈露" },
  )
  expect(await remindOfRequests(house.world)).toBe(0)
  house.stage.now = on("Mon 19:01")
  expect([await remindOfRequests(house.world), await remindOfRequests(house.world)]).toEqual([1, 0])
  const { rows } = await pool.query("select kind, data from staff_notices")
  expect(rows).toEqual([{ kind: "request_overdue", data: { partner: "金华云仓", subject: "C-7K2F" } }])
  expect(await makeLists(house.world)).toBe(1)
})

it("an order that it did not ship in time is proposed as its cause, with the list that it had", async () => {
  house.stage.now = on("Tue 10:30")
  await tellOrders(house.stage, [{ orderNo: "4", events: [["paid", on("Tue 10:20")]] }])
  await tickAll(house.stage)
  const place = await caseOf(house.stage, "2")
  const { body } = await house.ask<EvidenceOfCase>(operations, {
    url: `/api/v1/cases/${caseNumber(place.n, place.bucket)}/evidence`,
  })
  expect(body.proposals[0]).toMatchObject({ cause: "partner_warehouse_late", confidence: 95 })
  expect(body.split.parts).toMatchObject([{ party: "fulfilment_partner", department: null }])
  expect((await guest()).fared).toEqual({ orders: 2, met: 1, late: 0 })
})

it("the list of the day and a request go by mail once, with a link that opens; a server that stumbles is asked again", async () => {
  const { pool } = house.stage.db
  const mailbox = await openMailbox()
  await transaction(house.stage.db, (tx) =>
    saveSetting(
      tx,
      "mail",
      {
        host: "127.0.0.1",
        port: mailbox.port,
        secure: false,
        user: null,
        password: null,
        from: "zs@example.com",
      },
      house.stage.now,
    ),
  )
  const contact = { name: "老金", role: "调度", phone: "", email: "jin@example.com", hours: "" }
  await savePartner(pool, {
    id: partner,
    kind: "cloud_warehouse",
    name: "金华云仓",
    contacts: [contact],
    note: "",
    closedAt: null,
  })
  const list = { partner, day: "2026-11-24" }
  expect(await makeLists(house.world)).toBe(1)
  mailbox.refuse = "451 later"
  await expect(sendList(house.world, list)).rejects.toThrow(/not be sent yet/)
  const page = async () =>
    (await house.ask<PartnerPage>(operations, { url: `/api/v1/partners/${partner}/page` })).body
  expect((await page()).lists[0]).toMatchObject({ mailedAt: null, error: expect.stringContaining("later") })
  mailbox.refuse = null
  await sendList(house.world, list)
  await sendList(house.world, list)
  expect(mailbox.mails.map(({ to }) => to)).toEqual(["jin@example.com"])
  const text = readableOf(mailbox.mails[0]!.text)
  expect(text).not.toMatch(/林小姐|139/)
  const mailed = /\/partner\/([\w-]+)/.exec(text)![1]!
  expect((await post<GuestView>("/api/v1/guest/orders", { token: mailed }, null)).body.partner).toBe(
    "金华云仓",
  )

  const { body } = await post<PartnerRequestView>("/api/v1/partner-requests", {
    partner,
    kind: "restock",
    subject: "",
    text: "什么时候补货？",
    via: "mail",
  })
  await mailRequest(house.world, body.id)
  await mailRequest(house.world, body.id)
  expect(mailbox.mails).toHaveLength(2)
  expect(readableOf(mailbox.mails[1]!.text)).toContain("什么时候补货？")
  const { requests, ships } = await page()
  expect(requests.find(({ id }) => id === body.id)).toMatchObject({ contact: "jin@example.com", error: null })
  expect(ships).toMatchObject({ orders: 1, list: { mailedTo: "jin@example.com" } })
  await mailbox.close()
})

it("staff choose how long a link opens, and take all of them back at once", async () => {
  const made = await post<{ expiresAt: string }>(`/api/v1/partners/${partner}/links`, { days: 7 })
  expect(Date.parse(made.body.expiresAt)).toBe(house.stage.now + 7 * 86_400_000)
  const { body } = await post<{ revoked: number }>(`/api/v1/partners/${partner}/links/revoke`, {})
  expect(body.revoked).toBeGreaterThanOrEqual(2)
  expect((await post("/api/v1/guest/orders", { token }, null)).status).toBe(410)
  const { body: rows } = await house.ask<PartnerRow[]>(operations, { url: "/api/v1/partners/overview" })
  expect(rows).toMatchObject([{ name: "金华云仓", openRequests: 2, ships: { fared: { orders: 2 } } }])
})
