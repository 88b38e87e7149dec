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
