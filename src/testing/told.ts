import { admit } from "../core/door.ts"
import { type Instant, isoOf } from "../core/instants.ts"
import type { Incoming } from "../engine/record.ts"

const teller = { source: "erp", mayAgree: true, hasPolicy: () => true }

/** An event of an order of the shop s1 on Douyin as the door admits it; `more` says what else it tells, another channel or shop among it. What is wrong with it is thrown. */
export function told(orderNo: string, type: string, instant: string | Instant, more: object = {}): Incoming {
  const at = typeof instant === "string" ? instant : isoOf(instant)
  const read = admit({ channel: "douyin", shop: "s1", orderNo, type, at, ...more }, teller)
  if ("refused" in read) throw new Error(read.refused.message)
  return read.admitted
}
