import { z } from "zod"
import { Refusal } from "../core/refusals.ts"

const place = z.tuple([z.number(), z.uuid()])
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
