import { createHmac } from "node:crypto"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"

/** A customer's message as a company's gateway got it. */
export type Delivered = { key: string; body: Record<string, unknown> }

/** A company's gateway on loopback: it checks signatures, and takes a message once however often it is posted. */
export type TestGateway = {
  url: string
  secret: string
  /** messages taken, each once */
  got: Delivered[]
  /** requests that came, also those that were refused or repeated */
  asked: number
  /** answers this instead, once a request, while there is any; `takes`: the message is taken all the same */
  instead: { status: number; takes?: boolean; body?: string }[]
  /** what is done while a message is on its way */
  meanwhile: (() => Promise<unknown>) | null
  close(): Promise<void>
}

/** Opens a gateway; `now` is the clock against which timestamps are checked. Its code of the signature is its own. */
export async function openTestGateway(now: () => number): Promise<TestGateway> {
  const gateway: TestGateway = {
    url: "",
    secret: "a secret of sixteen",
    got: [],
    asked: 0,
    instead: [],
    meanwhile: null,
    close: async () => {},
  }
  const server = createServer(async (request, response) => {
    let text = ""
    for await (const chunk of request.setEncoding("utf8")) text += chunk
    gateway.asked += 1
    await gateway.meanwhile?.()
    const { "webhook-id": id, "webhook-timestamp": seconds, "webhook-signature": signature } = request.headers
    const wanted = createHmac("sha256", gateway.secret).update(`${id}.${seconds}.${text}`).digest("base64")
    const key = String(request.headers["idempotency-key"])
    const isFresh = Math.abs(Number(seconds) * 1000 - now()) <= 300_000
    if (signature !== `v1,${wanted}` || !isFresh || key !== id) return void response.writeHead(401).end()
    const instead = gateway.instead.shift()
    if ((!instead || instead.takes) && !gateway.got.some((each) => each.key === key))
      gateway.got.push({ key, body: JSON.parse(text) as Record<string, unknown> })
    if (instead) return void response.writeHead(instead.status).end(instead.body)
    response.writeHead(202, { "content-type": "application/json" })
    response.end(JSON.stringify({ messageId: `m-${gateway.got.length}` }))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  gateway.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/messages`
  gateway.close = () =>
    new Promise((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  return gateway
}
