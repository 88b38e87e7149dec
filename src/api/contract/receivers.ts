import type { EventView, Iso, OrderDetailsView } from "../contract.ts"

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

/** POST /api/v1/customers/find: how many orders were sent to a whole phone number, and of how many something is open. */
export type CustomerFound = { orders: number; open: number }
/** POST /api/v1/customers/erase: of how many orders the receiver is erased, and of how many it will be. */
export type CustomerErased = { erased: number; waiting: number }
/** POST /api/v1/customers/export: the file. */
export type CustomerFile = {
  exportedAt: Iso
  company: string | null
  orders: {
    order: OrderDetailsView
    stage: string
    facts: Record<string, Iso>
    receivers: object[]
    events: EventView[]
    messages: { at: Iso; channel: string | null; text: string | null }[]
  }[]
}
