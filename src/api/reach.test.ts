import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type House, openHouse } from "../testing/house.ts"
import { isForOutside, listenOutside } from "./outside.ts"
import { reachSelf } from "./reach.ts"

let house: House
let url: string
const servers: Server[] = []
beforeAll(async () => {
  house = await openHouse(Date.parse("2026-11-03T04:00:00Z"))
  await house.app.listen({ host: "127.0.0.1", port: 0 })
  url = `http://127.0.0.1:${(house.app.server.address() as AddressInfo).port}`
})
afterAll(async () => {
  for (const each of servers) each.close()
  await house.close()
})

/** A stranger's server on loopback that answers everything the same way. */
async function stranger(status: number, headers: Record<string, string>, body: string): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status, headers).end(body))
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe("can my address be reached", () => {
  it("yes, when this very server answers", async () => {
    expect(await reachSelf(house.world, url)).toMatchObject({ answer: "self" })
  })

  it("no, when something else does, however alive it says it is", async () => {
    const other = await stranger(200, { "content-type": "application/json" }, '{"alive":true,"echo":"x"}')
    expect(await reachSelf(house.world, other)).toMatchObject({ answer: "other" })
    const long = await stranger(200, {}, `"${"x".repeat(5_000_000)}"`)
    expect(await reachSelf(house.world, long)).toMatchObject({ answer: "other" })
  })

  it("a redirection is not followed, not even back to us", async () => {
    const redirecting = await stranger(302, { location: `${url}/healthz` }, "")
    expect(await reachSelf(house.world, redirecting)).toMatchObject({ answer: "other" })
  })

  it("nobody there, or no address at all", async () => {
    expect(await reachSelf(house.world, "http://127.0.0.1:9")).toMatchObject({ answer: "none" })
    expect(await reachSelf(house.world, null)).toMatchObject({ answer: "unset" })
  })

  it("is asked by those who look after the settings", async () => {
    const ask = async (role: "administration" | "viewer") =>
      house.ask(await house.key(role), { method: "POST", url: "/api/v1/reach/check" })
    expect((await ask("administration")).body).toEqual({ answer: "unset", tookMs: 0 })
    expect((await ask("viewer")).status).toBe(403)
  })
})

describe("the port for outside", () => {
  it.each([
    ["/t/abc", true],
    ["/t/abc?x=/board", true],
    ["/api/v1/hooks/kuaidi100", true],
    ["/partner/abc", true],
    ["/api/v1/partners", false],
    ["/healthz", true],
    ["/", false],
    ["/board", false],
    ["/api/v1/orders", false],
    ["/api/auth/sign-in/email", false],
    ["/metrics", false],
    ["/healthz/x", false],
    ["/t/../api/v1/orders", false],
    ["/t/%2e%2e/api/v1/orders", false],
    ["/t/..%2fapi", false],
    ["//t/x", false],
  ])("%s is for outside: %s", (path, is) => expect(isForOutside(path)).toBe(is))

  it("serves the same application without the staff's part", async () => {
    const server = await listenOutside(house.app, { host: "127.0.0.1", port: 0 })
    servers.push(server)
    const there = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    expect((await fetch(`${there}/healthz`)).status).toBe(200)
    const key = await house.key("viewer", "outside")
    expect((await fetch(`${url}/api/v1/orders`, { headers: { "x-api-key": key } })).status).toBe(200)
    expect((await fetch(`${there}/api/v1/orders`, { headers: { "x-api-key": key } })).status).toBe(404)
  })
})
