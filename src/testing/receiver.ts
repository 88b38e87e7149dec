import { createHmac } from "node:crypto"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"

/** A message as a group got it. */
export type Received = {
  path: string
  at: number
  key: string
  body: Record<string, unknown>
  /** all that a person reads of it */
  text: string
}

/** A group's robot on loopback that behaves as its platform documents: signatures, keywords and limits are checked, and told in its own codes. */
export type Receiver = {
  url: string
  got: Received[]
  /** requests that came, also those that were refused */
  asked: number
  /** answers this instead, once a request, while there is any */
  instead: { status: number; body?: unknown; hang?: boolean }[]
  close(): Promise<void>
}

type Rules = {
  kind: "wecom" | "dingtalk" | "feishu"
  secret?: string
  keyword?: string
  now(): number
}

const limits = {
  wecom: [[20, 60_000]],
  dingtalk: [[20, 60_000]],
  feishu: [
    [5, 1_000],
    [100, 60_000],
  ],
} as const

/** Opens a group's robot. Its own code of the signatures is written from the platforms' pages, not from ours. */
export async function openReceiver(rules: Rules): Promise<Receiver> {
  const receiver: Receiver = { url: "", got: [], asked: 0, instead: [], close: async () => {} }
  const server = createServer((request, response) => {
    let text = ""
    request.setEncoding("utf8")
    request.on("data", (chunk: string) => {
      text += chunk
    })
    request.on("end", () => {
      receiver.asked += 1
      const answer = (status: number, body: unknown) =>
        void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
      const instead = receiver.instead.shift()
      if (instead?.hang) return
      if (instead) return answer(instead.status, instead.body ?? {})
      const body = JSON.parse(text) as Record<string, unknown>
      const url = new URL(request.url!, "http://localhost")
      const no = refusal(rules, url, body, text, receiver.got)
      if (no) return answer(200, no)
      receiver.got.push({
        path: url.pathname,
        at: rules.now(),
        key: String(request.headers["idempotency-key"]),
        body,
        text: readable(body),
      })
      answer(200, rules.kind === "feishu" ? { code: 0, msg: "success" } : { errcode: 0, errmsg: "ok" })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  receiver.url = `http://127.0.0.1:${port}/hook/9f2c1a77`
  receiver.close = () =>
    new Promise((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  return receiver
}

function refusal(
  { kind, secret, keyword, now }: Rules,
  url: URL,
  body: Record<string, unknown>,
  text: string,
  got: readonly Received[],
): object | null {
  if (limits[kind].some(([most, within]) => got.filter(({ at }) => at > now() - within).length >= most))
    return kind === "wecom"
      ? { errcode: 45009, errmsg: "api freq out of limit" }
      : kind === "dingtalk"
        ? { errcode: 410100, errmsg: "发送速度太快而限流" }
        : { code: 11232, msg: "frequency limited" }
  if (kind === "dingtalk" && secret !== undefined) {
    const timestamp = url.searchParams.get("timestamp")
    const wanted = createHmac("sha256", secret).update(`${timestamp}\n${secret}`, "utf8").digest("base64")
    if (url.searchParams.get("sign") !== wanted || Math.abs(Number(timestamp) - now()) > 3_600_000)
      return { errcode: 310000, errmsg: "sign not match" }
  }
  if (kind === "feishu" && secret !== undefined) {
    const wanted = createHmac("sha256", `${String(body.timestamp)}\n${secret}`)
      .update("")
      .digest("base64")
    if (body.sign !== wanted || Math.abs(Number(body.timestamp) * 1000 - now()) > 3_600_000)
      return { code: 19021, msg: "sign match fail or timestamp is not within one hour from current time" }
  }
  if (keyword !== undefined && !text.includes(keyword))
    return kind === "feishu"
      ? { code: 19024, msg: "Key Words Not Found" }
      : { errcode: 310000, errmsg: "keywords not in content" }
  return null
}

/** Every text in a message. */
function readable(value: unknown): string {
  if (typeof value === "string") return value
  if (typeof value !== "object" || value === null) return ""
  return Object.values(value).map(readable).join("\n")
}
