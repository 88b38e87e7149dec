import { hash, randomBytes } from "node:crypto"
import type { OrderKey } from "../core/events.ts"

/** How many buckets there are, for ever: 32 shards then get 22 to 40 buckets each. */
export const bucketCount = 1024
/** How many buckets belong to one engine together; a tick takes a span of such runs in one transaction. */
export const runSize = 64
/** How many runs there are. */
export const runCount = bucketCount / runSize

/** Where an order lives: its bucket and its id, both from its key, so that anybody can compute them. */
export type Place = { bucket: number; id: string }
/** The same with the digest of the key as a uuid, to which everything sealed of the order is bound. */
export type KeyPlace = Place & { digest: string }

/** Bucket and digest of a word list, by SHA-256 over its length-prefixed parts (ENGINE §2). Never changes. */
function digestOf(parts: readonly string[]): { bucket: number; digest: string } {
  let at = 0
  for (const part of parts) {
    const room = at + 4 + part.length * 3
    if (room > prefixed.length) prefixed = Buffer.concat([prefixed.subarray(0, at), Buffer.alloc(room * 2)])
    const bytes = prefixed.write(part, at + 4)
    prefixed.writeUInt32BE(bytes, at)
    at += 4 + bytes
  }
  const hex = hash("sha256", prefixed.subarray(0, at))
  return { bucket: Number.parseInt(hex.slice(0, 4), 16) % bucketCount, digest: uuidOf(hex.slice(32), 8) }
}
/** Where the parts are put behind each other: one call into the runtime instead of seven. */
let prefixed: Buffer = Buffer.alloc(1_024)

/**
 * The place of an order. Its id is the digest of its key, but for the first eight digits, which are those of its number (a short
 * one filled up with zeros): numbers of platforms rise with time, so that new orders lie side by side in every index and an event
 * costs the same however many orders there are.
 */
export function orderPlace({ channel, shop, orderNo }: OrderKey): KeyPlace {
  const { bucket, digest } = digestOf([channel, shop, orderNo])
  const head = orderNo
    .replaceAll(/[^0-9]/g, "")
    .slice(0, 8)
    .padStart(8, "0")
  return { bucket, id: head + digest.slice(8), digest }
}

/** The bucket of what has a clock but no order (an inquiry, a help request, a review). */
export const dutyBucket = (kind: string, id: string): number => digestOf([kind, id]).bucket

/** The place of a case as the subject of its clocks: its bucket, and an id that its number is written into. */
export const casePlace = ({ bucket, n }: { bucket: number; n: number }): Place => ({
  bucket,
  id: `00000000-${bucket.toString(16).padStart(4, "0")}-8000-8000-${n.toString(16).padStart(12, "0")}`,
})

/** The first bucket of a run. */
export const runStart = (run: number): number => run * runSize

/** Neighbouring runs, the last one among them. */
export type Span = { first: number; last: number }
/** All runs, one by one. */
export const allRuns: readonly number[] = Array.from({ length: runCount }, (_, run) => run)
/** All runs as one span. */
export const everyRun: Span = { first: 0, last: runCount - 1 }
/** The buckets of a span, the last one among them. */
export const bucketsOf = ({ first, last }: Span): { from: number; to: number } => ({
  from: runStart(first),
  to: runStart(last + 1) - 1,
})

function uuidOf(hex: string, version: number): string {
  const variant = "89ab"[Number.parseInt(hex[16]!, 16) & 3]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${version}${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
}

/** A new id that sorts by the instant of its making (UUIDv7). */
export function newId(at: number): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(Math.max(0, Math.floor(at)), 0, 6)
  return uuidOf(bytes.toString("hex"), 7)
}

/** The greatest number of a case, an incident, an act or an import: the database counts them with four bytes. */
export const numberMax = 2 ** 31 - 1

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
  const n = Math.floor(value / bucketCount)
  return n > numberMax ? null : { bucket: value % bucketCount, n }
}
