import { z } from "zod"
import { Refusal } from "../core/refusals.ts"
import { bucketCount, numberMax } from "../store/keys.ts"

/** The instant of a place in a list: from year 0 on, as far as there are dates. */
export const placeAt = z.number().min(-62_167_219_200_000).max(8.64e15)
/** The bucket of a place in a list. */
export const placeBucket = z
  .int()
  .min(0)
  .max(bucketCount - 1)
/** A number as the database counts cases, incidents, acts and imports. */
export const counted = z.coerce.number().int().min(1).max(numberMax)

const place = z.tuple([placeAt, z.uuid()])
/** Where a list goes on, as a text. */
export const writePlace = ({ createdAt, id }: { createdAt: number; id: string }): string =>
  Buffer.from(JSON.stringify([createdAt, id])).toString("base64url")
/** Reads it back; a wrong one is refused. */
export function readPlace(text: string | undefined): { at: number; id: string } | null {
  if (text === undefined) return null
  try {
    const [at, id] = place.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")))
    return { at, id }
  } catch {
    throw new Refusal("bad_cursor")
  }
}
