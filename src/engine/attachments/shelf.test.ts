import { createHash } from "node:crypto"
import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openShelf } from "./shelf.ts"

const data = mkdtempSync(join(tmpdir(), "zs-shelf-"))
const files = new Map<string, Buffer>()
const wrong: string[] = []
let server: Server
let url: string

/** A small stand-in for S3: it wants signed requests whose content is what they say. */
beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      const body = Buffer.concat(chunks)
      const { authorization = "", "x-amz-content-sha256": digest } = request.headers
      if (!/^AWS4-HMAC-SHA256 Credential=key\/\d{8}\/eu-west-1\/s3\/aws4_request/.test(authorization))
        wrong.push(`${request.method} is not signed`)
      if (digest !== createHash("sha256").update(body).digest("hex"))
        wrong.push(`${request.method} is other content`)
      const name = request.url!
      if (request.method === "PUT") files.set(name, body)
      if (request.method === "DELETE") files.delete(name)
      const found = files.get(name)
      if (request.method === "GET" && !found) return response.writeHead(404).end()
      response.writeHead(request.method === "DELETE" ? 204 : 200).end(request.method === "GET" ? found : "")
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/zhunshi`
})
afterAll(() => {
  server.close()
  rmSync(data, { recursive: true, force: true })
})

const sha256 = "ab".repeat(32)
const bytes = Buffer.from([0, 1, 2, 255, 254])
const shelves = {
  "the data directory": () => openShelf(data, null),
  "an S3-compatible bucket": () =>
    openShelf(data, { url, keyId: "key", secret: "secret", region: "eu-west-1" }),
}

describe.each(Object.entries(shelves))("files in %s", (_name, open) => {
  it("are there when put, as often as they are put, and gone when dropped", async () => {
    const shelf = open()
    expect(await shelf.get(sha256)).toBeNull()
    await Promise.all([shelf.put(sha256, bytes), shelf.put(sha256, bytes)])
    expect((await shelf.get(sha256))?.equals(bytes)).toBe(true)
    await shelf.drop(sha256)
    await shelf.drop(sha256)
    expect(await shelf.get(sha256)).toBeNull()
  })
})

it("leaves nothing half written in the folder, and signs every request to the bucket", () => {
  expect(readdirSync(join(data, "attachments/ab"))).toEqual([])
  expect(wrong).toEqual([])
})
