import { createHmac } from "node:crypto"
import type { Card } from "../../core/alerts/card.ts"
import { type RobotKind, readAnswer, robotBody, robotHosts, type Verdict } from "../../core/alerts/robots.ts"
import type { Instant } from "../../core/instants.ts"
import { type OpenMailServer, sendMail } from "../mail.ts"

/** How long a platform may take to answer. */
export const answerMaxMs = 10_000
const answerBytesMax = 64 * 1024

/** Where a message goes, its secrets opened. */
export type Target = {
  kind: RobotKind
  address: string
  secret: string | null
  keyword: string | null
}

/** 钉钉's signature: HMAC-SHA-256 over `timestamp\nsecret` with the secret as key, base64; the timestamp is milliseconds. */
export const dingtalkSign = (timestamp: number, secret: string): string =>
  createHmac("sha256", secret).update(`${timestamp}\n${secret}`).digest("base64")
/** 飞书's signature: HMAC-SHA-256 over nothing with `timestamp\nsecret` as key, base64; the timestamp is seconds. */
export const feishuSign = (timestamp: number, secret: string): string =>
  createHmac("sha256", `${timestamp}\n${secret}`).digest("base64")

/** Whether a robot of a kind may post to an address: one of its platform's hosts over https, or a host that the environment allows. Whatever is typed here is never fetched from anywhere else. */
export function mayPost(
  kind: Exclude<RobotKind, "mail">,
  address: string,
  allowed: readonly string[],
): boolean {
  return mayReach(robotHosts[kind], address, allowed)
}

/** Whether anything may be posted to an address: over https to one of some hosts, or to a host that the environment allows. */
export function mayReach(hosts: readonly string[], address: string, allowed: readonly string[]): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname, host, port, username } = new URL(address)
  if (username !== "" || !/^https?:$/.test(protocol)) return false
  if (allowed.includes(host) || allowed.includes(hostname)) return true
  return protocol === "https:" && port === "" && hosts.includes(hostname)
}

/** Posts a card to a group robot and says how it went; `key` is the same at every try of the same message. Throws nothing. */
export async function postToRobot(
  { kind, address, secret, keyword }: Target & { kind: Exclude<RobotKind, "mail"> },
  card: Card,
  key: string,
  at: Instant,
  allowed: readonly string[],
): Promise<Verdict> {
  if (!mayPost(kind, address, allowed))
    return { how: "refused", why: "form", code: "host", message: "the address is not one of the platform's" }
  const url = new URL(address)
  const body = robotBody(kind, card, keyword)
  if (kind === "dingtalk" && secret !== null) {
    url.searchParams.set("timestamp", String(at))
    url.searchParams.set("sign", dingtalkSign(at, secret))
  }
  if (kind === "feishu" && secret !== null) {
    const seconds = Math.floor(at / 1000)
    Object.assign(body, { timestamp: String(seconds), sign: feishuSign(seconds, secret) })
  }
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8", "idempotency-key": key },
      body: JSON.stringify(body),
      redirect: "error",
      signal: AbortSignal.timeout(answerMaxMs),
    })
    return readAnswer(kind, answer.status, parsed(await firstBytes(answer)))
  } catch (error) {
    return { how: "again", why: "unreachable", code: codeOf(error), message: messageOf(error) }
  }
}

/** The beginning of an answer, which says enough. */
export async function firstBytes(answer: Response): Promise<string> {
  let text = ""
  const decoder = new TextDecoder()
  if (answer.body)
    for await (const chunk of answer.body) {
      text += decoder.decode(chunk as Uint8Array, { stream: true })
      if (text.length > answerBytesMax) break
    }
  return text
}

/** An answer as an object, or null where it is none. */
export function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/** Why nothing came back, in a word. */
export const codeOf = (error: unknown): string => {
  const { code, name, cause } = error as { code?: string; name?: string; cause?: { code?: string } }
  return cause?.code ?? code ?? name ?? "error"
}
const messageOf = (error: unknown): string => {
  const { message, cause } = error as { message?: string; cause?: { message?: string } }
  return (cause?.message ?? message ?? "").slice(0, 300)
}

/** Sends a card as mail and says how it went. */
export const postMail = (server: OpenMailServer, to: string, card: Card, key: string): Promise<Verdict> =>
  sendMail(server, {
    to,
    subject: card.phone,
    text: [card.title, ...card.lines, ...linksOf(card).map(({ says, url }) => `${says}: ${url}`)].join("\n"),
    html: mailHtml(card),
    key,
  })

const linksOf = (card: Card) => [card.open, card.take].flatMap((link) => (link ? [link] : []))
const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (char) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[char] ?? char)
const mailHtml = (card: Card): string =>
  `<div style="font:15px/1.6 sans-serif;max-width:520px"><h2 style="font-size:17px">${escaped(card.title)}</h2>${card.lines
    .map((line) => `<div>${escaped(line)}</div>`)
    .join("")}<p>${linksOf(card)
    .map(({ says, url }) => `<a href="${escaped(url)}">${escaped(says)}</a>`)
    .join(" &nbsp; ")}</p></div>`
