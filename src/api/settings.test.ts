import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { carryOutApplying } from "../engine/applyingRules.ts"
import { carryOutRejudging } from "../engine/rejudging.ts"
import { beginSetup } from "../engine/setup.ts"
import { saveCompany } from "../store/people.ts"
import { type House, openHouse } from "../testing/house.ts"
import type {
  ChannelsView,
  SetupView,
  TypeRulesTried,
  TypeRulesView,
  WarehouseView,
} from "./contract/settings.ts"

let house: House
let admin: string
let erp: string
beforeAll(async () => {
  house = await openHouse(Date.parse("2026-11-03T04:00:00Z"))
  admin = await house.key("administration")
  erp = await house.key("integration")
  await saveCompany(
    house.stage.db.pool,
    { name: "青禾里", timezone: "Asia/Shanghai", language: "zh-Hans" },
    house.stage.now,
  )
  await beginSetup(house.stage.db.pool, house.stage.now)
})
afterAll(() => house.close())

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE"
const ask = <Body>(method: Method, url: string, payload?: object, as = admin) =>
  house.ask<Body>(as, { method, url, ...(payload ? { payload } : {}) })

describe("type rules", () => {
  const rules = (...words: string[]) => [{ type: "virtual", when: { titleContains: words } }]
  it("are written into the first version while there are no orders", async () => {
    const first = await ask<TypeRulesView>("PUT", "/api/v1/type-rules", { rules: rules("补差价") })
    expect(first.body).toEqual({ policy: 1, orders: 0, behind: 0, rules: rules("补差价") })
  })

  it("are tried on the open orders before they hold", async () => {
    const paid = (orderNo: string, name: string, type?: string) => ({
      channel: "douyin",
      shop: "s1",
      orderNo,
      type: "paid",
      at: "2026-11-03T10:00:00+08:00",
      order: { items: [{ sku: orderNo, name }], ...(type ? { type } : {}) },
    })
    const told = await ask(
      "POST",
      "/api/v1/order-events",
      [
        paid("1", "邮费补拍") as object,
        paid("2", "定制名字刺绣四件套"),
        paid("3", "四件套"),
        paid("4", "定制", "normal"),
      ] as unknown as object,
      erp,
    )
    expect(told.status).toBe(200)
    const tried = await ask<TypeRulesTried>("POST", "/api/v1/type-rules/try", {
      rules: [...rules("邮费"), { type: "custom", when: { titleContains: ["定制", "邮费"] } }],
    })
    expect(tried.body).toMatchObject({
      looked: 4,
      whole: true,
      changed: 2,
      rules: [
        { takes: 1, examples: [{ orderNo: "1", title: "邮费补拍" }] },
        { takes: 1, examples: [{ orderNo: "2" }] },
      ],
    })
  })

  it("become a new version once there are orders, and the past is judged as it was", async () => {
    const changed = await ask<TypeRulesView>("PUT", "/api/v1/type-rules", { rules: rules("邮费") })
    expect(changed.body).toMatchObject({ policy: 2, orders: 4, behind: 1 })
    const policyOf = async (orderNo: string) =>
      (await ask<{ policy: number }>("GET", `/api/v1/orders/douyin/s1/${orderNo}`)).body.policy
    house.stage.now += 60_000
    await ask(
      "POST",
      "/api/v1/order-events",
      [
        {
          channel: "douyin",
          shop: "s1",
          orderNo: "5",
          type: "paid",
          at: "2026-11-03T12:00:30+08:00",
          order: { items: [{ sku: "5", name: "邮费" }] },
        },
      ] as unknown as object,
      erp,
    )
    expect([await policyOf("1"), await policyOf("5")]).toEqual([1, 2])
    expect((await ask<{ clocks: object[] }>("GET", "/api/v1/orders/douyin/s1/5")).body.clocks).toEqual([])
  })

  it("reach orders already paid when somebody asks for it", async () => {
    expect((await ask("POST", "/api/v1/type-rules/apply", undefined, erp)).status).toBe(403)
    expect((await ask("POST", "/api/v1/type-rules/apply")).body).toEqual({ policy: 2 })
    expect(await carryOutApplying(house.world, 2)).toBe(1)
    const { body } = await ask<{ policy: number; clocks: object[] }>("GET", "/api/v1/orders/douyin/s1/1")
    expect(body).toMatchObject({ policy: 2, clocks: [] })
    expect((await ask<TypeRulesView>("GET", "/api/v1/type-rules")).body.behind).toBe(0)
  })

  it("need the right to change the policy, and a word each", async () => {
    expect((await ask("PUT", "/api/v1/type-rules", { rules: [] }, erp)).status).toBe(403)
    expect((await ask("PUT", "/api/v1/type-rules", { rules: [{ type: "virtual", when: {} }] })).status).toBe(
      400,
    )
  })
})

describe("shops and channels", () => {
  it("are numbered, and orders already there are judged again", async () => {
    await house.world.hearing.flush(house.stage.db)
    const changed = await ask<ChannelsView>("PUT", "/api/v1/channels", {
      channels: { "douyin/s1": { mode: "batch", platformStop: "collected", graceHours: 12 } },
    })
    expect(changed.body).toMatchObject({
      number: 1,
      shops: [
        {
          channel: "douyin",
          shop: "s1",
          settings: { mode: "batch", platformStop: "collected", graceHours: 12 },
          toldAt: "2026-11-03T04:00:30.000Z",
        },
      ],
      rejudging: { number: 1, finishedAt: null },
    })
    await vi.waitUntil(async () => (await carryOutRejudging(house.world, 1)) !== null, { timeout: 20_000 })
    expect((await ask<ChannelsView>("GET", "/api/v1/channels")).body.rejudging).toMatchObject({ orders: 3 })
  })

  it("a shop nobody has heard of can be taken away, others cannot", async () => {
    await ask("PUT", "/api/v1/channels", { channels: { "tmall/打错了": { mode: "live" } } })
    const gone = await ask<ChannelsView>("PUT", "/api/v1/channels", { channels: { "tmall/打错了": null } })
    expect(gone.body.shops.map(({ channel }) => channel)).toEqual(["douyin"])
    expect((await ask("PUT", "/api/v1/channels", { channels: { "douyin/s1": null } })).body).toMatchObject({
      code: "shop_heard",
    })
    expect((await ask("PUT", "/api/v1/channels", { channels: { x: { mode: "often" } } })).status).toBe(400)
  })
})

it("warehouses have carriers with cut-offs; those that orders name and nobody described are told", async () => {
  await ask(
    "POST",
    "/api/v1/order-events",
    [
      {
        channel: "douyin",
        shop: "s1",
        orderNo: "6",
        type: "paid",
        at: "2026-11-03T12:00:30+08:00",
        order: { warehouse: "宁波仓" },
      },
    ] as unknown as object,
    erp,
  )
  const list = () => ask<{ items: WarehouseView[]; unknown: object[] }>("GET", "/api/v1/warehouses")
  expect((await list()).body).toEqual({ items: [], unknown: [{ id: "宁波仓", n: 1 }] })
  const own = {
    id: "宁波仓",
    name: "宁波仓",
    region: "浙江 宁波",
    carriers: [{ carrier: "中通", cutOffs: ["16:00", "21:30"] }],
  }
  expect((await ask("POST", "/api/v1/warehouses", own)).status).toBe(200)
  expect((await list()).body).toMatchObject({ items: [own], unknown: [] })
  expect((await ask("POST", "/api/v1/warehouses", { ...own, id: "b" })).body).toMatchObject({
    code: "name_taken",
  })
  const wrong = { ...own, carriers: [{ carrier: "中通", cutOffs: ["25:00"] }] }
  expect((await ask("POST", "/api/v1/warehouses", wrong)).status).toBe(400)
})

it("partners have contacts, and end without being forgotten", async () => {
  const contact = { name: "老胡", role: "网点", phone: "13800000000", email: "", hours: "8-20" }
  const made = await ask<{ id: string }>("POST", "/api/v1/partners", {
    kind: "carrier",
    name: "中通宁波",
    contacts: [contact],
  })
  const partners = async () => (await ask<{ items: object[] }>("GET", "/api/v1/partners")).body.items
  expect(await partners()).toMatchObject([{ name: "中通宁波", contacts: [contact], closedAt: null }])
  await ask("PUT", `/api/v1/partners/${made.body.id}`, { kind: "carrier", name: "中通宁波", closed: true })
  expect(await partners()).toMatchObject([{ closedAt: expect.any(String) }])
  expect((await ask("GET", "/api/v1/partners", undefined, await house.key("integration", "b"))).status).toBe(
    200,
  )
})

it("keys are made and taken back on a page, and shown once", async () => {
  const made = await ask<{ key: string }>("POST", "/api/v1/keys", { name: "旺店通" })
  expect((await ask("GET", "/api/v1/orders", undefined, made.body.key)).status).toBe(200)
  const listed = await ask<{ items: { id: string; name: string }[] }>("GET", "/api/v1/keys")
  expect(JSON.stringify(listed.body)).not.toContain(made.body.key.slice(3))
  const own = listed.body.items.find(({ name }) => name === "旺店通")!
  expect((await ask("DELETE", `/api/v1/keys/${own.id}`)).status).toBe(200)
  expect((await ask("DELETE", `/api/v1/keys/${own.id}`)).status).toBe(404)
})

it("keys that are made at once have a name each, which is free again when its key is taken back", async () => {
  const make = () => ask<{ key?: string }>("POST", "/api/v1/keys", { name: "聚水潭" })
  const made = await Promise.all([make(), make(), make(), make()])
  expect(made.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409])
  const { items } = (await ask<{ items: { id: string; name: string }[] }>("GET", "/api/v1/keys")).body
  await ask("DELETE", `/api/v1/keys/${items.find(({ name }) => name === "聚水潭")!.id}`)
  expect((await make()).status).toBe(200)
})

it("setup is left and taken up again", async () => {
  const walked = await ask<SetupView>("PATCH", "/api/v1/setup", {
    steps: { company: "done", people: "skipped" },
  })
  expect(walked.body.steps.map(({ id, state }) => [id, state])).toEqual([
    ["company", "done"],
    ["shops", "open"],
    ["departments", "open"],
    ["people", "skipped"],
    ["warehouses", "open"],
    ["types", "open"],
    ["import", "open"],
  ])
  await ask("PATCH", "/api/v1/setup", { steps: { people: "done" }, finished: true })
  const later = await ask<SetupView>("GET", "/api/v1/setup")
  expect(later.body.finishedAt).not.toBeNull()
  expect(later.body.steps.find(({ id }) => id === "people")).toMatchObject({ state: "done" })
  expect(later.body.steps.find(({ id }) => id === "warehouses")).toMatchObject({ says: { n: 1 } })
  // A shop that only delivers orders is one too.
  const { shops } = (await ask<ChannelsView>("GET", "/api/v1/channels")).body
  const n = shops.filter(({ shop }) => shop !== null).length
  expect(n).toBeGreaterThan(0)
  expect(later.body.steps.find(({ id }) => id === "shops")).toMatchObject({ says: { n } })
})

it("warehouses and partners that are added at once have a name each", async () => {
  const add = (url: string, each: object) => ask("POST", url, each).then(({ status }) => status)
  const three = <Of>(act: (n: number) => Promise<Of>) => Promise.all([1, 2, 3].map(act))
  const warehouses = await three((n) => add("/api/v1/warehouses", { id: `at-once-${n}`, name: "保税仓" }))
  expect(warehouses.sort()).toEqual([200, 409, 409])
  const partners = await three(() => add("/api/v1/partners", { kind: "supplier", name: "苏南纺织" }))
  expect(partners.sort()).toEqual([200, 409, 409])
})
