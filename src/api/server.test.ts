import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type House, openHouse } from "../testing/house.ts"
import type { Problem } from "./contract.ts"

let house: House
let owner: string
beforeAll(async () => {
  house = await openHouse(Date.parse("2026-11-03T04:00:00Z"))
  owner = await house.key("owner")
})
afterAll(() => house.close())

describe("a text that the database cannot keep is refused by its field", () => {
  const partner = { kind: "carrier", name: "顺丰" }
  it.each<[string, "GET" | "POST" | "DELETE", string, object | undefined, string]>([
    ["in a search", "GET", "/api/v1/orders?q=a%00b", undefined, "q"],
    ["in a search given twice", "GET", "/api/v1/cases?shop=a&shop=%00", undefined, "shop.1"],
    ["in an address", "DELETE", "/api/v1/case-views/a%00b", undefined, "name"],
    ["in a body", "POST", "/api/v1/partners", { ...partner, note: "a\u0000b" }, "note"],
    ["half a character", "POST", "/api/v1/partners", { ...partner, name: "顺丰\ud83d" }, "name"],
    [
      "deep in a body",
      "POST",
      "/api/v1/partners",
      { ...partner, contacts: [{ name: "\u0000" }] },
      "contacts.0.name",
    ],
    ["as a name", "POST", "/api/v1/partners", { ...partner, "a\u0000": 1 }, "a\u0000"],
  ])("%s", async (_, method, url, payload, field) => {
    const { status, body } = await house.ask<Problem>(owner, { method, url, ...(payload ? { payload } : {}) })
    expect([status, body.code]).toEqual([400, "bad_request"])
    expect(body.errors?.map((each) => each.field)).toEqual([field])
  })

  it("however deep it lies", async () => {
    const payload = `${"[".repeat(100_000)}"\\u0000"${"]".repeat(100_000)}`
    const headers = { "content-type": "application/json" }
    const { status } = await house.ask(owner, { method: "POST", url: "/api/v1/partners", payload, headers })
    expect(status).toBe(400)
  })
})

describe("an address", () => {
  it("holds an order's number as long as one may be", async () => {
    const [channel, shop, orderNo] = ["own", "店".repeat(42), "9".repeat(128)]
    const told = { channel, shop, orderNo, type: "paid", at: "2026-11-03T10:00:00+08:00" }
    await house.ask(owner, { method: "POST", url: "/api/v1/order-events", payload: [told] })
    const url = `/api/v1/orders/${channel}/${encodeURIComponent(shop)}/${orderNo}`
    for (const each of [url, `${url}/explain`])
      expect((await house.ask(owner, { url: each })).status).toBe(200)
  })

  it.each([
    ["that is no UTF-8", "%ED%A0%80"],
    ["with a part longer than any id", "x".repeat(3000)],
  ])("%s leads nowhere", async (_, part) => {
    for (const url of [`/api/v1/help/${part}/withdraw`, `/api/v1/cases/${part}/acts`]) {
      const { status, body } = await house.ask<Problem>(owner, { method: "POST", url, payload: {} })
      expect([status, body.type]).toEqual([404, "urn:zhunshi:problem:not_found"])
    }
  })
})

describe("a number beyond what is counted", () => {
  const beyond = 3_000_000_000
  it.each([
    [404, "/api/v1/cases/C-ZZZZZZZZZZ"],
    [404, "/api/v1/cases/C-ZZZZZZZZZZ/evidence"],
    [404, "/api/v1/cases/C-ZZZZZZZZZZ/messages"],
    [404, "/api/v1/cases/C-ZZZZZZZZZZ/report"],
    [404, `/api/v1/incidents/I-${beyond}`],
    [404, `/api/v1/reports/${beyond}`],
    [400, `/api/v1/imports/${beyond}`],
    [400, `/api/v1/imports/${beyond}/undo`],
    [400, `/api/v1/incidents?cursor=${beyond}`],
    [400, `/api/v1/incidents/I-1/acts/${beyond}/refused`],
  ])("is answered with %i: %s", async (expected, url) =>
    expect((await house.ask(owner, { url })).status).toBe(expected),
  )

  it("does not lose an act on other cases", async () => {
    const payload = { ids: ["C-ZZZZZZZZZZ", "C-0001"], input: { act: "take" } }
    const { body } = await house.ask(owner, { method: "POST", url: "/api/v1/cases/bulk", payload })
    expect(body).toMatchObject({ items: [{ code: "not_found" }, { code: "not_found" }] })
  })

  const id = "01a181dd-d000-7186-bb15-f89496b1f8dd"
  it.each<[string, unknown]>([
    ["orders", { part: "due", at: 1e308, bucket: 1, id }],
    ["orders", { part: "due", at: -1e300, bucket: 1, id }],
    ["orders", { part: "rest", at: null, bucket: 40_000, id }],
    ["cases", { at: 1e308, bucket: 1, n: 1 }],
    ["cases", { at: 1, bucket: 0.5, n: 1 }],
    ["cases", { at: 1, bucket: 1, n: beyond }],
    ["deliveries", [1e308, id]],
  ])("in a cursor of %s is no place there: %j", async (list, place) => {
    const cursor = Buffer.from(JSON.stringify(place)).toString("base64url")
    const { status, body } = await house.ask<Problem>(owner, { url: `/api/v1/${list}?cursor=${cursor}` })
    expect([status, body.code]).toEqual([400, "bad_cursor"])
  })
})

describe("a form that cannot be read is refused with what to do", () => {
  const head = '--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
  it.each([
    ["without a boundary", "multipart/form-data", "{}"],
    ["cut off before its file", "multipart/form-data; boundary=x", "--x\r\n"],
    ["cut off within its file", "multipart/form-data; boundary=x", `${head}订单编号,`],
  ])("%s", async (_, type, payload) => {
    for (const url of ["/api/v1/imports/uploads", "/api/v1/stock/files"]) {
      const headers = { "content-type": type }
      const { status, body } = await house.ask<Problem>(owner, { method: "POST", url, payload, headers })
      expect([url, status, body.code]).toEqual([url, 400, "bad_request"])
      expect(body.detail).toMatch(/send it again/)
    }
  })
})

it.each([
  ["none", 'name="file"'],
  ["one with U+0000", 'name="file"; filename="\u0000"'],
])("an export whose form names %s is a file all the same", async (_, name) => {
  const type = "content-type: application/octet-stream"
  const payload = `--x\r\ncontent-disposition: form-data; ${name}\r\n${type}\r\n\r\n订单编号,支付时间\n1,2026-11-03 10:00:00\r\n--x--\r\n`
  const headers = { "content-type": "multipart/form-data; boundary=x" }
  const url = "/api/v1/imports/uploads"
  const { body } = await house.ask<{ file: string }>(owner, { method: "POST", url, payload, headers })
  expect(body.file).toBe("file")
})

it("HEAD asks for no hints to a page, which would be an answer without an end", async () => {
  expect((await house.ask(owner, { method: "HEAD", url: "/api/v1/live" })).status).toBe(404)
})
