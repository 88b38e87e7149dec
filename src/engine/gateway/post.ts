import { createHmac } from "node:crypto"
import type { Instant } from "../../core/instants.ts"
import type { Language } from "../../core/words.ts"
import { answerMaxMs, codeOf, firstBytes, parsed } from "../alerts/post.ts"

/** A message to one customer as the company's gateway gets it; `id` is the same at every try. A test has no phone. */
export type Message = {
  id: string
  test?: true
  template: string
  language: Language
  text: string
  channel: string
  shop: string
  orderNo: string
  phone: string | null
}
/** Where messages go, its secrets opened. */
export type OpenGateway = { url: string; secret: string }
/** How it went; `why` never holds anything that the gateway said. */
export type Answer = { sent: true; messageId: string | null } | { sent: false; why: string }

/** The key of a secret: what follows `whsec_` is base64 (Standard Webhooks); any other secret is its own bytes. */
const keyOf = (secret: string): Buffer =>
  secret.startsWith("whsec_") ? Buffer.from(secret.slice("whsec_".length), "base64") : Buffer.from(secret)

/** The signature of Standard Webhooks: HMAC-SHA-256 over `id.timestamp.body`, base64; the timestamp is seconds. */
export const signatureOf = (secret: string, id: string, timestamp: number, body: string): string =>
  `v1,${createHmac("sha256", keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest("base64")}`

/** Posts a message; 2xx is sent, everything else is not. Throws nothing. */
export async function postMessage(
  { url, secret }: OpenGateway,
  message: Message,
  at: Instant,
): Promise<Answer> {
  const { id } = message
  const timestamp = Math.floor(at / 1000)
  const body = JSON.stringify(message)
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json; charset=utf-8",
        "idempotency-key": id,
        "webhook-id": id,
        "webhook-timestamp": String(timestamp),
        "webhook-signature": signatureOf(secret, id, timestamp, body),
      },
      body,
      redirect: "error",
      signal: AbortSignal.timeout(answerMaxMs),
    })
    const text = await firstBytes(answer)
    if (!answer.ok) return { sent: false, why: `HTTP ${answer.status}` }
    return { sent: true, messageId: messageIdOf(parsed(text)?.messageId, message.phone) }
  } catch (error) {
    return { sent: false, why: codeOf(error) }
  }
}

/** What the gateway calls the message, where that is a plain name and not the customer's phone. */
const messageIdOf = (value: unknown, phone: string | null): string | null =>
  typeof value === "string" && /^[\w.:-]{1,100}$/.test(value) && !(phone && value.includes(phone))
    ? value
    : null
