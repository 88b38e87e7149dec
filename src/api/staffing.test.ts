import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { makeLink } from "../store/people.ts"
import { type House, openHouse } from "../testing/house.ts"
import type { DepartmentRow, PersonRow, PersonView } from "./contract/people.ts"

const day = 86_400_000
let house: House
let owner: string
const cookies: Record<string, string> = {}
const origin = { origin: "http://localhost:7300" }

type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE"
async function ask<Body = Record<string, unknown>>(
  cookie: string,
  method: Method,
  url: string,
  payload?: object,
): Promise<{ status: number; body: Body }> {
  return house.ask<Body>(null, {
    method,
    url,
    headers: { ...origin, cookie },
    ...(payload ? { payload } : {}),
  })
}
async function signIn(email: string, password: string): Promise<string> {
  const answer = await house.app.inject({
    method: "POST",
    url: "/api/auth/sign-in/email",
    headers: origin,
    payload: { email, password },
  })
  return answer.cookies.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join("; ")
}
/** Invites somebody and lets them in; answers their id. */
async function hire(name: string, roles: object[], department: string, email: string): Promise<string> {
  const invited = await ask<{ token: string }>(owner, "POST", "/api/v1/invitations", {
    name,
    roles,
    department,
  })
  await ask("", "POST", `/api/v1/invitations/${invited.body.token}`, { name, email, password: email })
  cookies[name] = await signIn(email, email)
  return (await people()).find((each) => each.name === name)!.id
}
const people = async (cookie = owner): Promise<PersonRow[]> =>
  (await ask<{ items: PersonRow[] }>(cookie, "GET", "/api/v1/people")).body.items
const departments = async (): Promise<DepartmentRow[]> =>
  (await ask<{ items: DepartmentRow[] }>(owner, "GET", "/api/v1/departments")).body.items

let zhou = ""
let jiang = ""
let xu = ""
beforeAll(async () => {
  house = await openHouse(Date.parse("2026-11-03T04:00:00Z"))
  const token = await makeLink(house.stage.db.pool, "owner", {}, house.stage.now, day)
  await ask("", "POST", "/api/v1/first-owner", {
    token,
    companyName: "青禾里",
    name: "顾言",
    email: "gu@example.com",
    password: "long enough 1",
  })
  owner = await signIn("gu@example.com", "long enough 1")
  zhou = await hire("周楠", [{ role: "warehouse", department: "warehouse" }], "warehouse", "zhou@example.com")
  jiang = await hire(
    "蒋伟",
    [{ role: "warehouse", department: "warehouse" }],
    "warehouse",
    "jiang@example.com",
  )
  xu = await hire("许静", [{ role: "service", department: "service" }], "service", "xujing@example.com")
})
afterAll(() => house.close())

describe("departments", () => {
  it("are those of the regulation and administration at the start, and more are proposed", async () => {
    expect((await departments()).map(({ id, name }) => [id, name])).toEqual([
      ["operations", "运营"],
      ["service", "客服"],
      ["warehouse", "仓储物流"],
      ["administration", "行政"],
    ])
    const more = await ask<{ items: { id: string }[] }>(owner, "GET", "/api/v1/departments/proposed")
    expect(more.body.items.map(({ id }) => id)).toContain("purchasing")
  })

  it("name a head, who then holds the role for it; the former loses it", async () => {
    const save = (head: string) =>
      ask(owner, "POST", "/api/v1/departments", { id: "warehouse", name: "仓储物流", head })
    expect((await save(jiang)).status).toBe(200)
    expect((await save(zhou)).status).toBe(200)
    const roles = async (id: string) =>
      (await ask<PersonView>(owner, "GET", `/api/v1/people/${id}`)).body.roles.map(({ role }) => role)
    expect(await roles(zhou)).toEqual(["head", "warehouse"])
    expect(await roles(jiang)).toEqual(["warehouse"])
    expect((await departments()).find(({ id }) => id === "warehouse")).toMatchObject({
      headName: "周楠",
      people: 2,
    })
  })

  it("do not stand above themselves, and close only when empty", async () => {
    const save = (id: string, parent: string | null) =>
      ask(owner, "POST", "/api/v1/departments", { id, name: id, parent })
    await save("night", "warehouse")
    expect((await save("warehouse", "night")).body).toMatchObject({ code: "bad_request" })
    const close = (id: string) => ask(owner, "DELETE", `/api/v1/departments/${id}`)
    expect((await close("warehouse")).body).toMatchObject({ code: "department_in_use" })
    expect((await close("night")).status).toBe(200)
  })

  it("that change at once stand in no ring, and have a name each", async () => {
    const save = (id: string, name: string, parent: string | null = null) =>
      ask(owner, "POST", "/api/v1/departments", { id, name, parent })
    await save("east", "东仓")
    await save("west", "西仓")
    const rings = await Promise.all([save("east", "东仓", "west"), save("west", "西仓", "east")])
    expect(rings.map(({ status }) => status).sort()).toEqual([200, 400])
    const names = await Promise.all(["one", "two", "three"].map((id) => save(id, "夜班")))
    expect(names.map(({ status }) => status).sort()).toEqual([200, 409, 409])
  })
})

describe("a head", () => {
  it("sees and changes the people of the department, nobody else", async () => {
    expect((await people(cookies.周楠)).map(({ name }) => name).sort()).toEqual(["周楠", "蒋伟"].sort())
    expect((await ask(cookies.周楠!, "PATCH", `/api/v1/people/${xu}`, { active: false })).status).toBe(403)
    expect((await ask(cookies.周楠!, "GET", `/api/v1/people/${xu}`)).status).toBe(403)
    const changed = await ask<PersonView>(cookies.周楠!, "PATCH", `/api/v1/people/${jiang}`, {
      expiresAt: "2026-12-01T00:00:00+08:00",
    })
    expect(changed.body).toMatchObject({ state: "temporary" })
  })

  it("gives no role that reaches past the department, and resets nobody who has one", async () => {
    const roles = [{ role: "administration", department: null }]
    expect((await ask(cookies.周楠!, "PATCH", `/api/v1/people/${jiang}`, { roles })).status).toBe(403)
    expect((await ask(cookies.周楠!, "POST", "/api/v1/invitations", { name: "x", roles })).status).toBe(403)
    expect((await ask(cookies.周楠!, "POST", `/api/v1/people/${zhou}/reset`)).status).toBe(403)
    expect((await ask(cookies.周楠!, "POST", `/api/v1/people/${jiang}/reset`)).status).toBe(200)
  })
})

describe("a person", () => {
  it("holds several roles, and is in the department of then", async () => {
    const roles = [
      { role: "warehouse", department: "warehouse" },
      { role: "supervisor", department: null },
    ]
    house.stage.now += 3 * day
    const changed = await ask<PersonView>(owner, "PATCH", `/api/v1/people/${jiang}`, {
      roles,
      department: "operations",
      since: "2026-11-05T00:00:00+08:00",
    })
    expect(changed.body).toMatchObject({ department: "operations" })
    expect(changed.body.roles.map(({ role }) => role)).toEqual(["supervisor", "warehouse"])
    expect(changed.body.departments.map(({ department, to }) => [department, to !== null])).toEqual([
      ["warehouse", true],
      ["operations", false],
    ])
  })

  it("who is switched off is out at once", async () => {
    const orders = async () => (await ask(cookies.许静!, "GET", "/api/v1/orders")).status
    expect(await orders()).toBe(200)
    await ask(owner, "PATCH", `/api/v1/people/${xu}`, { active: false })
    expect(await orders()).toBe(401)
    await ask(owner, "PATCH", `/api/v1/people/${xu}`, { active: true })
    expect(await orders()).toBe(200)
  })

  it("gets back in by a link that an administrator makes", async () => {
    const { body } = await ask<{ token: string }>(owner, "POST", `/api/v1/people/${xu}/reset`)
    expect(
      (await ask("", "POST", `/api/v1/reset/${body.token}`, { password: "a new long one" })).status,
    ).toBe(200)
    expect(await signIn("xujing@example.com", "a new long one")).not.toBe("")
  })

  it("the last owner neither leaves nor loses the role", async () => {
    const gu = (await people()).find(({ name }) => name === "顾言")!
    for (const change of [
      { active: false },
      { leavesAt: "2026-12-01T00:00:00+08:00" },
      { roles: [{ role: "viewer", department: null }] },
    ])
      expect(
        (await ask(owner, "PATCH", `/api/v1/people/${gu.id}`, change)).body,
        JSON.stringify(change),
      ).toMatchObject({
        code: "last_owner",
      })
  })

  it("two owners who switch each other off at once leave one", async () => {
    const lin = await hire("林悦", [{ role: "owner", department: null }], "operations", "lin@example.com")
    const gu = (await people()).find(({ name }) => name === "顾言")!
    const off = (cookie: string, id: string) =>
      ask(cookie, "PATCH", `/api/v1/people/${id}`, { active: false })
    const answers = await Promise.all([off(owner, lin), off(cookies.林悦!, gu.id)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    const [left, other] = answers[0]!.status === 200 ? [owner, lin] : [cookies.林悦!, gu.id]
    expect((await ask(left, "PATCH", `/api/v1/people/${other}`, { active: true })).status).toBe(200)
  })
})

describe("an invitation", () => {
  it("may be one link for several, and is taken back", async () => {
    const made = await ask<{ token: string }>(owner, "POST", "/api/v1/invitations", {
      roles: [{ role: "warehouse", department: "warehouse" }],
      uses: 2,
      expiresAt: "2026-11-15T24:00:00+08:00".replace("24:00", "23:59"),
    })
    const join = (n: number) =>
      ask("", "POST", `/api/v1/invitations/${made.body.token}`, {
        name: `临时${n}`,
        email: `temp${n}@example.com`,
        password: "long enough 9",
      })
    expect((await join(1)).status).toBe(200)
    const open = await ask<{ items: { id: string; uses: number }[] }>(owner, "GET", "/api/v1/invitations")
    expect(open.body.items).toMatchObject([{ uses: 1, usesMax: 2, department: "warehouse" }])
    expect((await join(2)).status).toBe(200)
    expect((await join(3)).status).toBe(410)
    expect((await people()).filter(({ state }) => state === "temporary")).toHaveLength(3)

    const other = await ask<{ token: string }>(owner, "POST", "/api/v1/invitations", {
      name: "某",
      roles: [{ role: "viewer" }],
    })
    const [only] = (await ask<{ items: { id: string }[] }>(owner, "GET", "/api/v1/invitations")).body.items
    await ask(owner, "DELETE", `/api/v1/invitations/${only!.id}`)
    expect((await ask("", "GET", `/api/v1/invitations/${other.body.token}`)).status).toBe(410)
  })
})

it("the company has a region, and who changed what is told", async () => {
  const company = { name: "青禾里家居", timezone: "Asia/Taipei", language: "zh-Hans", region: "tw" }
  expect((await ask(owner, "PUT", "/api/v1/company", company)).status).toBe(200)
  expect((await ask(owner, "PUT", "/api/v1/company", { ...company, timezone: "Mars" })).status).toBe(400)
  expect((await ask(owner, "GET", "/api/v1/company")).body).toEqual(company)
  const told = await ask<{ items: { who: string; what: string; before: object }[] }>(
    owner,
    "GET",
    "/api/v1/audit?subject=company&limit=1",
  )
  expect(told.body.items).toMatchObject([
    { who: "顾言", what: "company.change", before: { name: "青禾里" }, after: { region: "tw" } },
  ])
  expect((await ask(cookies.许静!, "GET", "/api/v1/audit")).status).toBe(403)
})
