import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { refusals } from "../core/refusals.ts"
import { chainAudit, verifyAudit } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import { makeLink } from "../store/people.ts"
import { type House, openHouse } from "../testing/house.ts"
import type { Me } from "./contract.ts"
import { statusOf } from "./problems.ts"

let house: House
beforeAll(async () => {
  house = await openHouse(Date.parse("2026-11-03T04:00:00Z"))
})
afterAll(() => house.close())

const origin = { origin: "http://localhost:7300" }
const send = (url: string, payload: object, cookie = "") =>
  house.app.inject({ method: "POST", url, payload, headers: { ...origin, ...(cookie ? { cookie } : {}) } })
async function signIn(email: string, password: string): Promise<string> {
  const answer = await send("/api/auth/sign-in/email", { email, password })
  expect(answer.statusCode).toBe(200)
  return answer.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join("; ")
}
const owner = { companyName: "青禾里", name: "沈一诺", email: "owner@example.com", password: "long enough 1" }

describe("the first owner", () => {
  it("comes by a link that works once", async () => {
    const token = await makeLink(house.stage.db.pool, "owner", {}, house.stage.now, 86_400_000)
    expect((await house.app.inject({ url: `/api/v1/first-owner/${token}` })).json()).toMatchObject({
      valid: true,
    })
    expect((await send("/api/v1/first-owner", { ...owner, token: "wrong" })).statusCode).toBe(410)
    expect((await send("/api/v1/first-owner", { ...owner, token, password: "short" })).json()).toMatchObject({
      code: "bad_request",
      errors: [{ field: "password" }],
    })
    expect((await send("/api/v1/first-owner", { ...owner, token })).statusCode).toBe(200)
    expect((await send("/api/v1/first-owner", { ...owner, token })).statusCode).toBe(410)
  })

  it("signs in, and nobody signs up", async () => {
    const cookie = await signIn(owner.email, owner.password)
    const me = (await house.app.inject({ url: "/api/v1/me", headers: { cookie } })).json<Me>()
    expect(me).toMatchObject({
      person: { name: "沈一诺" },
      roles: [{ role: "owner" }],
      company: { name: "青禾里", timezone: "Asia/Shanghai" },
    })
    expect(
      (
        await send("/api/auth/sign-up/email", {
          email: "x@example.com",
          password: "long enough 1",
          name: "x",
        })
      ).statusCode,
    ).toBeGreaterThanOrEqual(400)
    expect(
      (await send("/api/auth/sign-in/email", { email: owner.email, password: "wrong password" })).statusCode,
    ).toBe(401)
  })
})

it("nobody gives themselves another name past the company, and what sign-in does not know is not found", async () => {
  const cookie = await signIn(owner.email, owner.password)
  for (const url of ["/api/auth/update-user", "/api/auth/nothing"]) {
    const answer = await send(url, { name: "x".repeat(100_000) }, cookie)
    expect([answer.statusCode, answer.headers["content-type"]]).toEqual([
      404,
      expect.stringContaining("problem+json"),
    ])
  }
  await signIn(owner.email, owner.password)
})

it("a sign-in whose header Host names no host is refused", async () => {
  const url = "/api/auth/get-session"
  const answer = await house.app.inject({ url, headers: { host: "a b" } })
  expect(answer.json()).toMatchObject({ code: "bad_request" })
})

describe("staff", () => {
  const invite = () =>
    makeLink(
      house.stage.db.pool,
      "invitation",
      {
        name: "",
        email: null,
        roles: [{ role: "viewer", department: null }],
        expiresAt: null,
        invitedBy: "",
      },
      house.stage.now,
      86_400_000,
    )
  const join = async (token: string, email: string) =>
    (await send(`/api/v1/invitations/${token}`, { name: "何舟", email, password: "long enough 2" }))
      .statusCode

  it("who come too late to a link for one person keep their address for the next one", async () => {
    const emails = ["first@example.com", "second@example.com", "third@example.com"]
    const token = await invite()
    const answers = await Promise.all(emails.map((email) => join(token, email)))
    expect([...answers].sort()).toEqual([200, 410, 410])
    const late = emails.filter((_, i) => answers[i] === 410)
    for (const email of late) expect(await join(await invite(), email)).toBe(200)
  })

  it("who take up invitations with one address at once are one person", async () => {
    const tokens = await Promise.all([1, 2, 3, 4].map(invite))
    const answers = await Promise.all(tokens.map((token) => join(token, "twice@example.com")))
    expect(answers.sort()).toEqual([200, 409, 409, 409])
  })

  it("are invited by role with a link that works once, and may do what the role may", async () => {
    const cookie = await signIn(owner.email, owner.password)
    const invited = (
      await send(
        "/api/v1/invitations",
        { name: "周楠", roles: [{ role: "warehouse", department: "warehouse" }] },
        cookie,
      )
    ).json<{ token: string }>()
    const join = { name: "周楠", email: "zhou@example.com", password: "long enough 2" }
    expect((await send(`/api/v1/invitations/${invited.token}`, join)).statusCode).toBe(200)
    expect((await send(`/api/v1/invitations/${invited.token}`, join)).statusCode).toBe(410)
    const own = await signIn(join.email, join.password)
    expect((await house.app.inject({ url: "/api/v1/orders", headers: { cookie: own } })).statusCode).toBe(200)
    expect(
      (await house.app.inject({ url: "/api/v1/people", headers: { cookie: own } })).json(),
    ).toMatchObject({ code: "forbidden" })
    expect(
      (await send("/api/v1/invitations", { name: "x", roles: [{ role: "viewer" }] }, own)).statusCode,
    ).toBe(403)
  })

  it("get back in by a link, after which the old password is none", async () => {
    const user = (await house.world.signIn.findByEmail("zhou@example.com"))!
    const token = await makeLink(
      house.stage.db.pool,
      "reset",
      { userId: user.id, email: "zhou@example.com" },
      house.stage.now,
      86_400_000,
    )
    expect((await send(`/api/v1/reset/${token}`, { password: "another long one" })).statusCode).toBe(200)
    expect(
      (await send("/api/auth/sign-in/email", { email: "zhou@example.com", password: "long enough 2" }))
        .statusCode,
    ).toBe(401)
    await signIn("zhou@example.com", "another long one")
  })
})

// The table of roles (DESIGN §9), as requests: 200 may, 403 may not.
const rows: [
  role:
    | "owner"
    | "operations"
    | "service"
    | "warehouse"
    | "finance"
    | "administration"
    | "viewer"
    | "supervisor"
    | "integration",
  orders: number,
  cases: number,
  tell: number,
  watch: number,
  people: number,
][] = [
  ["owner", 200, 200, 200, 404, 200],
  ["operations", 200, 200, 200, 404, 200],
  ["service", 200, 200, 403, 403, 403],
  ["warehouse", 200, 200, 403, 403, 403],
  ["finance", 200, 200, 403, 403, 403],
  ["administration", 200, 200, 403, 403, 200],
  ["viewer", 200, 200, 403, 403, 403],
  ["supervisor", 200, 200, 403, 403, 403],
  ["integration", 200, 200, 200, 403, 403],
]
it.each(rows)(
  "a key of the role %s: orders %i, cases %i, events %i, watch %i, people %i",
  async (role, orders, cases, tell, watch, people) => {
    const key = await house.key(role, `table ${role}`)
    const ask = async (method: "GET" | "POST", url: string, payload?: object) =>
      (await house.ask(key, { method, url, ...(payload ? { payload } : {}) })).status
    expect(await ask("GET", "/api/v1/orders")).toBe(orders)
    expect(await ask("GET", "/api/v1/cases")).toBe(cases)
    expect(await ask("POST", "/api/v1/order-events", [])).toBe(tell)
    expect(await ask("POST", "/api/v1/orders/a/b/none/watch", { watched: false, reason: "why" })).toBe(watch)
    expect(await ask("GET", "/api/v1/people")).toBe(people)
  },
)

it("what people and keys changed stands in a chain that shows when something was altered", async () => {
  await transaction(house.stage.db, chainAudit)
  const { rows: length, brokenAt } = await verifyAudit(house.stage.db.pool)
  expect(length).toBeGreaterThan(3)
  expect(brokenAt).toBeNull()
  await house.stage.db.pool.query("update audit set who = 'somebody else' where number = 2")
  expect((await verifyAudit(house.stage.db.pool)).brokenAt).toBe(2)
})

it("every expected no has a status and is a problem document", async () => {
  for (const code of Object.keys(refusals))
    expect(statusOf[code as keyof typeof refusals], code).toBeGreaterThanOrEqual(400)
  const answer = await house.app.inject({ url: "/api/v1/nothing" })
  expect(answer.headers["content-type"]).toContain("application/problem+json")
  expect(answer.json()).toMatchObject({ code: "not_found", status: 404 })
})
