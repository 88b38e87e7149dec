import type { AddressInfo } from "node:net"
import { createServer, type Server } from "node:net"
import { afterAll, beforeAll, expect, it } from "vitest"
import { tellStaff } from "../engine/alerts/bell.ts"
import { sendDue } from "../engine/alerts/send.ts"
import { transaction } from "../store/database.ts"
import { makeLink } from "../store/people.ts"
import { alertAll } from "../testing/alerting.ts"
import { type House, openHouse } from "../testing/house.ts"
import { openReceiver, type Receiver } from "../testing/receiver.ts"
import type {
  AlertSettingsView,
  Bell,
  CardPreview,
  DeliveryRow,
  RobotRow,
  WarningRow,
} from "./contract/alerts.ts"
import type { LiveMessage, Me, Page } from "./contract.ts"

const hour = 3_600_000
const start = Date.parse("2026-11-03T10:07:00+08:00")
let house: House
let cookie: string
let receiver: Receiver
let me: Me

beforeAll(async () => {
  house = await openHouse(start)
  receiver = await openReceiver({ kind: "feishu", secret: "sign me", now: () => house.stage.now })
  const token = await makeLink(house.stage.db.pool, "owner", {}, start, 86_400_000)
  const owner = {
    companyName: "青禾里",
    name: "沈一诺",
    email: "owner@example.com",
    password: "long enough 1",
  }
  await ask("POST", "/api/v1/first-owner", { ...owner, token })
  const answer = await house.app.inject({
    method: "POST",
    url: "/api/auth/sign-in/email",
    payload: { email: owner.email, password: owner.password },
    headers: { origin: "http://localhost:7300" },
  })
  cookie = answer.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join("; ")
  me = (await ask<Me>("GET", "/api/v1/me")).body
})
afterAll(async () => {
  await receiver.close()
  await house.close()
})

async function ask<Body = Record<string, unknown>>(
  method: "GET" | "POST" | "PUT" | "DELETE",
  url: string,
  payload?: object | null,
) {
  const answer = await house.app.inject({
    method,
    url,
    ...(payload === undefined ? {} : { payload: payload as object }),
    headers: {
      origin: "http://localhost:7300",
      ...(cookie ? { cookie } : {}),
      ...(payload === null ? { "content-type": "application/json" } : {}),
    },
  })
  return { status: answer.statusCode, body: answer.json<Body>() }
}

const wish = (more: object = {}) => ({
  kind: "feishu",
  name: "宁波一仓值班群",
  department: "warehouse",
  address: receiver.url,
  secret: "sign me",
  ...more,
})
let robot: string

it("a robot is added, tested at once, and neither its address nor its secret is ever shown", async () => {
  const added = await ask<{ id: string }>("POST", "/api/v1/robots", wish())
  expect(added.status).toBe(200)
  robot = added.body.id
  expect((await ask("POST", `/api/v1/robots/${robot}/test`)).body).toMatchObject({ state: "sent" })
  expect(receiver.got[0]!.text).toContain("准时试发一张 · 宁波一仓值班群")
  const { body } = await ask<{ items: RobotRow[] }>("GET", "/api/v1/robots")
  expect(body.items).toMatchObject([
    { shown: expect.stringMatching(/^127\.0\.0\.1:\d+\/…\/hook\/9f2c…$/), minute: { posted: 1, most: 100 } },
  ])
  const { rows } = await house.stage.db.pool.query<{ all: string }>(
    "select jsonb_agg(a)::text as all from audit a",
  )
  for (const text of [JSON.stringify(body), rows[0]!.all]) {
    expect(text).not.toContain("sign me")
    expect(text).not.toContain("9f2c1a77")
  }
})

it("a wrong secret is told in the platform's code; mended, the dead message goes out", async () => {
  await ask("PUT", `/api/v1/robots/${robot}`, wish({ address: undefined, secret: "old" }))
  const tested = await ask<{ id: string }>("POST", `/api/v1/robots/${robot}/test`)
  expect(tested.body).toMatchObject({ state: "dead", why: "sign", platform: { code: "19021" } })
  const dead = await ask<Page<DeliveryRow>>("GET", "/api/v1/deliveries?state=dead")
  expect(dead.body.items).toMatchObject([
    { id: tested.body.id, why: "sign", robot: { name: "宁波一仓值班群" } },
  ])
  expect((await ask("GET", "/api/v1/deliveries/counts")).body).toMatchObject({ today: 2, dead: 1 })
  await ask("PUT", `/api/v1/robots/${robot}`, wish({ address: undefined }))
  expect((await ask("POST", `/api/v1/deliveries/${tested.body.id}/retry`)).body).toMatchObject({
    state: "sent",
  })
  expect((await ask("POST", `/api/v1/deliveries/${tested.body.id}/retry`)).body).toMatchObject({
    code: "not_dead",
  })
})

it("nobody makes the server post where it should not", async () => {
  for (const address of [
    "http://169.254.169.254/latest",
    "https://evil.example/hook",
    "ftp://open.feishu.cn/x",
    "no address",
  ])
    expect((await ask("POST", "/api/v1/robots", wish({ address }))).body).toMatchObject({
      code: "robot_address",
    })
  expect((await ask("POST", "/api/v1/robots", wish({ kind: "wecom" }))).body).toMatchObject({
    code: "robot_has_no_secret",
  })
  expect(
    (await ask("POST", "/api/v1/robots", wish({ kind: "mail", address: "a@example.com", secret: undefined })))
      .body,
  ).toMatchObject({
    code: "mail_needs_server",
  })
  const viewer = await house.key("viewer")
  expect((await house.ask(viewer, { url: "/api/v1/robots" })).status).toBe(403)
  const operations = await house.key("operations")
  expect((await house.ask(operations, { url: "/api/v1/robots" })).status).toBe(200)
  expect(
    (await house.ask(operations, { method: "POST", url: "/api/v1/robots", payload: wish() })).status,
  ).toBe(403)
})

it("a warning is on the list with its owner, is taken with one tap, and says who has it", async () => {
  const key = await house.key("integration")
  const payload = Array.from({ length: 3 }, (_, i) => ({
    channel: "douyin",
    shop: "s1",
    orderNo: `W${100000 + i}`,
    type: "paid",
    at: new Date(start).toISOString(),
    eventId: "paid",
  }))
  await house.ask(key, { method: "POST", url: "/api/v1/order-events", payload })
  house.stage.now = start + 22 * hour
  await house.tickAll()
  house.stage.now += 6_000
  await alertAll(house.world)
  const { body } = await ask<{ items: WarningRow[] }>("GET", "/api/v1/warnings")
  const warning = body.items.find(({ title }) => title?.["zh-Hans"].includes("备货"))!
  expect(warning).toMatchObject({ total: 3, open: 3, takenBy: null, department: "warehouse", code: "near" })
  expect((await ask("GET", `/api/v1${warning.path}`)).body).toMatchObject({ items: [{}, {}, {}] })
  expect((await house.ask(key, { method: "POST", url: `/api/v1/warnings/${warning.id}/take` })).status).toBe(
    403,
  )
  const taken = await ask<WarningRow>("POST", `/api/v1/warnings/${warning.id}/take`)
  expect(taken.body).toMatchObject({ takenBy: { name: "沈一诺" }, mine: true, escalatesAt: null })
  expect((await ask("GET", `/api/v1/alerts/${warning.id}`)).body).toMatchObject({ takeable: false })
  expect((await ask<{ items: WarningRow[] }>("GET", "/api/v1/warnings?mine=true")).body.items).toHaveLength(1)
  await ask("POST", `/api/v1/warnings/${warning.id}/release`)
  expect((await ask("POST", `/api/v1/warnings/${warning.id}/release`)).status).toBe(404)
  const preview = await ask<CardPreview>("GET", `/api/v1/robots/${robot}/preview`)
  expect(preview.body.card.lines.length).toBeGreaterThan(1)
})

it("the bell rings live, counts what is unread, and forgets nothing that is read", async () => {
  const heard: LiveMessage[] = []
  const staff = me.person!.id
  const rang = new Promise<void>((resolve) => {
    house.world.live.listen(
      (message) => {
        heard.push(message)
        resolve()
      },
      { seesOrders: false, staff },
    )
  })
  const before = (await ask<Bell>("GET", "/api/v1/bell")).body.unread
  house.stage.now += 1_000
  await transaction(house.stage.db, (tx) =>
    tellStaff(tx, [staff, staff], { kind: "mention", data: { by: "周楠" }, link: "/cases" }, house.stage.now),
  )
  house.world.live.tell({ staff: [staff] })
  await rang
  expect(heard).toEqual([{ topic: "bell" }])
  const { body } = await ask<Bell>("GET", "/api/v1/bell?limit=1")
  expect(body).toMatchObject({ unread: before + 1, items: [{ kind: "mention", readAt: null }] })
  expect((await ask("POST", "/api/v1/bell/read", { ids: [body.items[0]!.id] })).body).toEqual({
    unread: before,
  })
  expect((await ask("POST", `/api/v1/bell/${body.items[0]!.id}/unread`)).body).toEqual({ unread: before + 1 })
  expect((await ask("POST", "/api/v1/bell/read", {})).body).toEqual({ unread: 0 })
  const next = await ask<Bell>("GET", `/api/v1/bell?limit=1&cursor=${body.next}`)
  expect(next.body.items[0]!.id).not.toBe(body.items[0]!.id)
})

/** A mail server that takes everything, and what it was sent. */
async function openMailbox(): Promise<{ port: number; mails: string[]; server: Server }> {
  const mails: string[] = []
  const server = createServer((socket) => {
    let isData = false
    let text = ""
    socket.write("220 local\r\n")
    socket.setEncoding("utf8")
    socket.on("error", () => {})
    socket.on("data", (chunk: string) => {
      text += chunk
      if (isData) {
        if (!text.endsWith("\r\n.\r\n")) return
        mails.push(text)
        isData = false
        text = ""
        socket.write("250 taken\r\n")
        return
      }
      if (!text.endsWith("\r\n")) return
      const command = text.slice(0, 4).toUpperCase()
      text = ""
      if (command === "DATA") {
        isData = true
        socket.write("354 go on\r\n")
      } else if (command === "QUIT") socket.end("221 bye\r\n")
      else socket.write(command === "EHLO" ? "250-local\r\n250 8BITMIME\r\n" : "250 ok\r\n")
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return { port: (server.address() as AddressInfo).port, mails, server }
}

it("mail goes through the company's server, whose password stays hidden", async () => {
  const mailbox = await openMailbox()
  const server = { host: "127.0.0.1", port: mailbox.port, secure: false, user: null, from: "zs@example.com" }
  expect(
    (await ask("PUT", "/api/v1/alert-settings/mail", { ...server, password: "hidden one" })).status,
  ).toBe(200)
  const { body } = await ask<AlertSettingsView>("GET", "/api/v1/alert-settings")
  expect(body).toMatchObject({ digestAt: "09:00", mail: { host: "127.0.0.1", hasPassword: true } })
  expect(JSON.stringify(body)).not.toContain("hidden one")
  const added = await ask<{ id: string }>(
    "POST",
    "/api/v1/robots",
    wish({ kind: "mail", name: "主管邮箱", address: "head@example.com, b@example.com", secret: undefined }),
  )
  expect((await ask("POST", `/api/v1/robots/${added.body.id}/test`)).body).toMatchObject({ state: "sent" })
  expect(mailbox.mails).toHaveLength(1)
  expect(mailbox.mails[0]).toContain("To: head@example.com, b@example.com")
  expect(mailbox.mails[0]).toMatch(/Message-ID: <[0-9a-f-]+@zhunshi>/i)
  await sendDue(house.world)
  mailbox.server.close()
  expect((await ask("DELETE", `/api/v1/robots/${added.body.id}`)).status).toBe(200)
  expect((await ask("DELETE", `/api/v1/robots/${added.body.id}`)).status).toBe(404)
})

it("the settings change who hears of a warning when, and stand in the audit trail", async () => {
  const settings = { escalateMinutes: { "*": 20, warehouse: 10 }, digestAt: null }
  expect((await ask("PUT", "/api/v1/alert-settings", settings)).status).toBe(200)
  expect((await ask<AlertSettingsView>("GET", "/api/v1/alert-settings")).body).toMatchObject(settings)
  expect((await ask("PUT", "/api/v1/alert-settings", { ...settings, digestAt: "25:00" })).status).toBe(400)
  expect((await ask<{ items: RobotRow[] }>("GET", "/api/v1/robots")).body.items[0]).toMatchObject({
    escalateMinutes: 10,
  })
  const { rows } = await house.stage.db.pool.query("select from audit where what = 'alerts.settings'")
  expect(rows).toHaveLength(1)
})

it("dead jobs are shown, and what is none cannot be revived", async () => {
  expect((await ask("GET", "/api/v1/jobs/dead")).body).toEqual({ items: [] })
  expect((await ask("POST", "/api/v1/jobs/00000000-0000-4000-8000-000000000000/revive")).status).toBe(404)
})
