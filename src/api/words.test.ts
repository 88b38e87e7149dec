import { createHash, randomBytes } from "node:crypto"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { forgetUnsaid } from "../engine/attachments/keep.ts"
import { addPerson, saveDepartment } from "../store/people.ts"
import { type House, openHouse } from "../testing/house.ts"
import type { CasesPage } from "./contract/cases.ts"
import type { AttachmentView, HelpView, MessageView } from "./contract/words.ts"

const hour = 3_600_000
const start = Date.parse("2026-11-24T02:00:00Z")
let house: House
let operations: string
let integration: string
let number: string
let other: string
let he: string

/** The smallest picture there is. */
const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
)
const pdf = Buffer.from("%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF")

beforeAll(async () => {
  house = await openHouse(start)
  operations = await house.key("operations")
  integration = await house.key("integration")
  const { pool } = house.stage.db
  for (const id of ["operations", "purchasing"]) await saveDepartment(pool, { id, name: id, parent: null })
  he = await addPerson(
    pool,
    {
      authUserId: "he",
      name: "何舟",
      email: "he@example.com",
      expiresAt: null,
      department: "purchasing",
      roles: [{ role: "viewer", department: null }],
    },
    start,
  )
  const events = ["N1", "N2"].map((orderNo) => ({
    channel: "douyin",
    shop: "s1",
    orderNo,
    type: "paid",
    at: new Date(start - 25 * hour).toISOString(),
    order: { items: [{ line: "1", sku: "A", name: "四件套" }] },
  }))
  await house.ask(integration, { method: "POST", url: "/api/v1/order-events", payload: events })
  await house.tickAll()
  const { body } = await house.ask<CasesPage>(operations, { url: "/api/v1/cases" })
  number = body.items[0]!.number
  other = body.items[1]!.number
})
afterAll(() => house.close())

async function upload(content: Buffer, name: string | null, of = number, key = operations) {
  const edge = "----edge"
  const payload = Buffer.concat([
    Buffer.from(
      `--${edge}\r\ncontent-disposition: form-data; name="file"${name === null ? "" : `; filename="${name}"`}\r\ncontent-type: ${name === null ? "application/octet-stream" : "image/png"}\r\n\r\n`,
    ),
    content,
    Buffer.from(`\r\n--${edge}--\r\n`),
  ])
  return house.ask<AttachmentView & { code?: string }>(key, {
    method: "POST",
    url: `/api/v1/cases/${of}/attachments`,
    headers: { "content-type": `multipart/form-data; boundary=${edge}` },
    payload,
  })
}
const say = (payload: object, of = number) =>
  house.ask<MessageView & { code?: string }>(operations, {
    method: "POST",
    url: `/api/v1/cases/${of}/messages`,
    payload,
  })
const open = (sha256: string, of = number, key: string | null = operations) =>
  house.app.inject({
    url: `/api/v1/cases/${of}/attachments/${sha256}`,
    headers: key === null ? {} : { "x-api-key": key },
  })

describe("a file of a thread", () => {
  it("is kept under its content, encrypted, and opens as what it is and nothing else", async () => {
    const { status, body } = await upload(png, "现场 照片.png")
    expect([status, body.type, body.bytes, body.name]).toEqual([
      200,
      "image/png",
      png.length,
      "现场 照片.png",
    ])
    expect(body.sha256).toBe(createHash("sha256").update(png).digest("hex"))
    const stored = (await house.world.shelf.get(body.sha256))!
    expect(stored.includes(png.subarray(0, 16))).toBe(false)
    await say({ text: "看图", attachments: [body.sha256] })
    const answer = await open(body.sha256)
    expect(answer.rawPayload.equals(png)).toBe(true)
    expect(answer.headers).toMatchObject({
      "content-type": "image/png",
      "x-content-type-options": "nosniff",
      "content-security-policy": "default-src 'none'; sandbox",
      "cache-control": "private, no-cache",
    })
    expect(answer.headers["content-disposition"]).toContain("inline; filename*=UTF-8''%E7%8E%B0")
  })

  it("that is a PDF is saved and never drawn in the page", async () => {
    const { body } = await upload(pdf, "../../回单.pdf")
    expect([body.type, body.name]).toEqual(["application/pdf", "回单.pdf"])
    await say({ text: "", attachments: [body.sha256] })
    expect((await open(body.sha256)).headers["content-disposition"]).toMatch(/^attachment/)
  })

  it("is known by its content, not its name, and has its limit", async () => {
    const page = await upload(Buffer.from("<html><script>alert(1)</script></html>"), "photo.png")
    expect([page.status, page.body.code]).toEqual([415, "file_type"])
    const svg = await upload(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), "photo.png")
    expect(svg.body.code).toBe("file_type")
    const large = await upload(Buffer.concat([png, randomBytes(10 * 2 ** 20)]), "big.png")
    expect([large.status, large.body.code]).toEqual([413, "file_too_large"])
    expect((await upload(Buffer.alloc(0), "empty.png")).body.code).toBe("file_type")
  })

  it("belongs to its own thread: not to another case's, and not to whoever may not read it", async () => {
    const { body } = await upload(png, "a.png")
    expect((await open(body.sha256, other)).statusCode).toBe(404)
    expect((await open(body.sha256, number, null)).statusCode).toBe(401)
    expect((await say({ text: "x", attachments: [body.sha256] }, other)).body.code).toBe("upload_gone")
  })

  it("that was never sent is forgotten after a day, and no other with the same content", async () => {
    const picture = Buffer.concat([png, Buffer.from("a")])
    const { body: one } = await upload(picture, "a.png", number)
    const { body: kept } = await upload(picture, "a.png", other)
    await say({ text: "留着", attachments: [kept.sha256] }, other)
    const { body: alone } = await upload(Buffer.concat([png, Buffer.from("b")]), "b.png")
    house.stage.now += 25 * hour
    expect(await forgetUnsaid(house.world)).toBe(2)
    expect((await open(one.sha256)).statusCode).toBe(404)
    expect((await open(kept.sha256, other)).statusCode).toBe(200)
    expect(await house.world.shelf.get(alone.sha256)).toBeNull()
  })

  it("has a name also where the form gives none or a very long one", async () => {
    expect((await upload(Buffer.concat([png, randomBytes(8)]), null)).body.name).toBe("file")
    const long = await upload(Buffer.concat([png, randomBytes(8)]), `${"😀".repeat(200)}.jpeg`)
    expect([long.status, long.body.name]).toEqual([200, `${"😀".repeat(115)}.jpeg`])
  })
})

describe("a thread", () => {
  it("rings the bells of people and departments that words name, and tells who was named", async () => {
    const { body } = await say({
      text: "@何舟 @purchasing 还有货吗",
      people: [he],
      departments: ["purchasing"],
    })
    expect(body.mentions).toEqual({ people: [{ id: he, name: "何舟" }], departments: ["purchasing"] })
    const { rows } = await house.stage.db.pool.query(
      "select kind, link from staff_notices where staff = $1",
      [he],
    )
    expect(rows).toEqual([{ kind: "mentioned", link: `/cases/${number}` }])
  })

  it("is there for an incident too", async () => {
    await house.stage.db.pool.query(
      `insert into incidents (id, n, title, shared, state, opened_at, changed_at)
       values ('00000000-0000-7000-8000-000000000084', 84, 'QH-2041', '{}', 'open', now(), now())`,
    )
    const url = "/api/v1/incidents/I-84/messages"
    const said = await house.ask<MessageView>(operations, {
      method: "POST",
      url,
      payload: { text: "一起办" },
    })
    expect(said.status).toBe(200)
    expect((await house.ask<MessageView[]>(operations, { url })).body.map(({ text }) => text)).toEqual([
      "一起办",
    ])
    expect((await house.ask(operations, { url: "/api/v1/incidents/I-85/messages" })).status).toBe(404)
  })

  it("shows a question with its clock, and the answer beside it", async () => {
    house.stage.now += 60_000
    const asked = await house.ask<HelpView>(operations, {
      method: "POST",
      url: `/api/v1/cases/${number}/help`,
      payload: { department: "purchasing", text: "能调 36 件吗" },
    })
    expect([asked.status, asked.body.clock?.kind, asked.body.may]).toEqual([
      200,
      "answer",
      { answer: true, withdraw: true },
    ])
    house.stage.now += 60_000
    const answered = await house.ask<HelpView & { code?: string }>(operations, {
      method: "POST",
      url: `/api/v1/help/${asked.body.id}/answer`,
      payload: { text: "能，明早到" },
    })
    expect(answered.body).toMatchObject({ state: "answered", clock: { outcome: "met" } })
    const { body } = await house.ask<MessageView[]>(operations, { url: `/api/v1/cases/${number}/messages` })
    expect(body.slice(-2).map(({ help, answers }) => [help?.id, answers?.id])).toEqual([
      [asked.body.id, undefined],
      [undefined, asked.body.id],
    ])
    const again = await house.ask<{ code: string }>(operations, {
      method: "POST",
      url: `/api/v1/help/${asked.body.id}/withdraw`,
    })
    expect([again.status, again.body.code]).toEqual([409, "help_settled"])
    for (const [payload, code] of [
      [{ text: "?" }, "whom_to_ask"],
      [{ text: "?", department: "nowhere" }, "unknown_department"],
      [{ text: " ", department: "purchasing" }, "text_needed"],
    ] as const) {
      const { body: no } = await house.ask<{ code: string }>(operations, {
        method: "POST",
        url: `/api/v1/cases/${number}/help`,
        payload,
      })
      expect(no.code).toBe(code)
    }
  })
})
