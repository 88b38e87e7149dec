import type { Iso } from "../contract.ts"

/** POST /api/v1/orders/{channel}/{shop}/{orderNo}/receiver. */
export type RevealBody = { reason: string }
/** Whom an order is sent to, whole, as told last; what was not told is left out. It is shown for so many seconds. */
export type RevealedView = {
  name?: string
  phone?: string
  province?: string
  city?: string
  address?: string
  seconds: number
}

/** GET and PUT /api/v1/retention: days after an order is finished, null: for ever; what the last run erased; how long backups are kept. */
export type RetentionView = {
  days: number | null
  run: { orders: number; endedAt: Iso | null } | null
  backupDays: number
}
