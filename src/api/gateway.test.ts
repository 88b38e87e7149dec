import { afterAll, beforeAll, expect, it } from "vitest"
import { openTestGateway, type TestGateway } from "../testing/gateway.ts"
import { openStaffed, type Staffed } from "../testing/staffed.ts"
import type { GatewayBody, GatewayTried, GatewayView, PolicyView } from "./contract/settings.ts"

const noon = Date.parse("2026-11-05T12:00:00+08:00")
let house: Staffed
let gateway: TestGateway
beforeAll(async () => {
  house = await openStaffed(noon, [
    ["林悦", "operations", "owner"],
    ["沈一诺", "operations", "operations"],
    ["周楠", "warehouse", "warehouse"],
  ])
  gateway = await openTestGateway(() => house.stage.now)
})
afterAll(async () => {
  await gateway.close()
  await house.close()
})

const view = async () => (await house.as<GatewayView>("林悦", "/api/v1/gateway")).body
const put = (body: NonNullable<GatewayBody>, name = "林悦") =>
  house.as<{ code: string }>(name, "/api/v1/gateway", body, "PUT")
const test = (name = "林悦") =>
  house.as<GatewayTried & { code: string }>(name, "/api/v1/gateway/test", undefined, "POST")
async function publish(autoNotices: string[]) {
  const { body } = await house.as<PolicyView>("林悦", "/api/v1/policy")
  const parts = { ...body.parts, autoNotices }
  const asked = { base: body.version, parts, reason: "省人手" }
  return house.as<PolicyView & { code: string }>("林悦", "/api/v1/policy/versions", asked)
}
const own = () => ({ url: gateway.url, secret: gateway.secret })

it("without a gateway nothing is tested, and no message can leave by itself", async () => {
  expect(await view()).toEqual({ gateway: null })
  expect((await test()).body.code).toBe("gateway_needed")
  expect((await publish(["delay_new_date"])).body.code).toBe("gateway_needed")
  expect((await house.as<PolicyView>("林悦", "/api/v1/policy")).body).toMatchObject({
    gateway: false,
    parts: { autoNotices: [] },
  })
})

it("is named by whoever may change the settings, at a host that the server allows, with a secret", async () => {
  expect((await put(own(), "沈一诺")).status).toBe(403)
  expect((await test("沈一诺")).status).toBe(403)
  expect((await house.as("周楠", "/api/v1/gateway")).status).toBe(403)
  for (const url of [
    "https://sms.elsewhere.com/x",
    "ftp://127.0.0.1/x",
    "http://u:p@127.0.0.1/x",
    "127.0.0.1",
  ])
    expect([url, (await put({ ...own(), url })).body.code]).toEqual([url, "gateway_address"])
  expect((await put({ secret: gateway.secret })).body.code).toBe("gateway_address")
  expect((await put({ url: gateway.url })).body.code).toBe("gateway_secret")
  expect((await put({ ...own(), secret: "short" })).body.code).toBe("bad_request")
  expect(await view()).toEqual({ gateway: null })
  expect((await put(own())).status).toBe(200)
})

it("shows its host and nothing else, also in the audit trail", async () => {
  expect(await view()).toEqual({
    gateway: { shown: new URL(gateway.url).host, changedAt: new Date(noon).toISOString() },
  })
  const { body } = await house.as<{ items: { what: string }[] }>("林悦", "/api/v1/audit")
  expect(body.items.map(({ what }) => what)).toContain("gateway.settings")
  const { rows } = await house.stage.db.pool.query(
    "select audit::text from audit union all select settings::text from settings",
  )
  expect(JSON.stringify(rows)).not.toMatch(/sixteen|\/messages/)
})

it("gets a test of no customer, and what it says of it is answered", async () => {
  expect((await test()).body).toEqual({ sent: true, why: null, messageId: "m-1" })
  expect(gateway.got[0]!.body).toMatchObject({ test: true, phone: null })
  gateway.instead = [{ status: 500 }]
  expect((await test()).body).toEqual({ sent: false, why: "HTTP 500", messageId: null })
  await put({ secret: "another secret of more" })
  expect((await test()).body).toMatchObject({ sent: false, why: "HTTP 401" })
  await put({ secret: gateway.secret })
  expect((await test()).body.sent).toBe(true)
})

it("lets the policy name the messages that leave by themselves, of those that there are", async () => {
  expect((await publish(["nonsense"])).body.code).toBe("not_found")
  expect((await publish(["delay_new_date"])).body).toMatchObject({
    gateway: true,
    version: 2,
    parts: { autoNotices: ["delay_new_date"] },
  })
  const { body } = await house.as<{ items: { what: string; after: object }[] }>("林悦", "/api/v1/audit")
  expect(body.items.find(({ what }) => what === "policy.publish")!.after).toMatchObject({
    autoNotices: ["delay_new_date"],
  })
})

it("can be taken away: what would leave by itself is then left to people", async () => {
  const answer = await house.app.inject({
    method: "PUT",
    url: "/api/v1/gateway",
    headers: { "content-type": "application/json", "x-api-key": await house.key("owner") },
    payload: "null",
  })
  expect(answer.statusCode).toBe(200)
  expect(await view()).toEqual({ gateway: null })
  expect((await publish([])).body).toMatchObject({ gateway: false, version: 3, parts: { autoNotices: [] } })
})
