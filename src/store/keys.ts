import { createHash, randomBytes } from "node:crypto"
import type { OrderKey } from "../core/events.ts"

/** How many buckets there are, for ever: 32 shards then get 22 to 40 buckets each. */
export const bucketCount = 1024
/** How many buckets one tick of the engine takes in one transaction. */
export const runSize = 64
/** How many runs there are. */
export const runCount = bucketCount / runSize

/** Where an order lives: its bucket and its id, both from the digest of its key, so that anybody can compute them. */
export type Place = { bucket: number; id: string }

/** The place of a word list, by SHA-256 over its length-prefixed parts (ENGINE §2). Never changes. */
function placeOf(parts: readonly string[]): Place {
  const hash = createHash("sha256")
  const length = Buffer.alloc(4)
  for (const part of parts) {
    const bytes = Buffer.from(part, "utf8")
    length.writeUInt32BE(bytes.length)
    hash.update(length).update(bytes)
  }
  const digest = hash.digest()
  return { bucket: digest.readUInt16BE(0) % bucketCount, id: uuidOf(digest.subarray(16, 32), 8) }
}

/** The place of an order. */
export const orderPlace = (key: OrderKey): Place => placeOf([key.channel, key.shop, key.orderNo])

/** The bucket of what has a clock but no order (an inquiry, a help request, a review). */
export const dutyBucket = (kind: string, id: string): number => placeOf([kind, id]).bucket

/** The first bucket of a run. */
export const runStart = (run: number): number => run * runSize

function uuidOf(bytes: Buffer, version: number): string {
  const own = Buffer.from(bytes)
  own[6] = (own[6]! & 0x0f) | (version << 4)
  own[8] = (own[8]! & 0x3f) | 0x80
  const hex = own.toString("hex")
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** A new id that sorts by the instant of its making (UUIDv7). */
export function newId(at: number): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(Math.max(0, Math.floor(at)), 0, 6)
  return uuidOf(bytes, 7)
}

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

/** A case's number as people read it out: `C-` and Crockford's base 32 of (counter × 1,024 + bucket), so that it finds its shard. */
export function caseNumber(counter: number, bucket: number): string {
  let rest = counter * bucketCount + bucket
  let text = ""
  do {
    text = crockford[rest % 32] + text
    rest = Math.floor(rest / 32)
  } while (rest > 0)
  return `C-${text.padStart(4, "0")}`
}

/** What a case's number is made of, or null when it is none; reads O as 0, I and L as 1, as Crockford's base 32 does. */
export function readCaseNumber(number: string): { bucket: number; n: number } | null {
  const text = number.trim().toUpperCase().replace(/^C-?/, "").replaceAll("O", "0").replace(/[IL]/g, "1")
  if (!/^[0-9A-HJKMNP-TV-Z]{4,10}$/.test(text)) return null
  let value = 0
  for (const digit of text) value = value * 32 + crockford.indexOf(digit)
  return { bucket: value % bucketCount, n: Math.floor(value / bucketCount) }
}
