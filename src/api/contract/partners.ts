/**
 * Partners who ship for us, as types. Instants are ISO strings.
 *
 * | method | path | takes → answers |
 * | --- | --- | --- |
 * | GET, POST | /api/v1/partners/{id}/links · POST /api/v1/partner-links/{id}/revoke | → links, fared · → { id, path, expiresAt } |
 * | GET, POST | /api/v1/partner-requests?subject= · POST …/{id}/answer | → PartnerRequestView[] · RequestBody → PartnerRequestView |
 * | POST | /api/v1/guest/orders · /api/v1/guest/shipments · /api/v1/guest/answers | { token } → GuestView · … (no signing in) |
 */
import type { Iso, OrderKeyView } from "../contract.ts"

export type PartnerLinkView = {
  id: string
  createdAt: Iso
  createdBy: string
  expiresAt: Iso
  revokedAt: Iso | null
  usedAt: Iso | null
}
export type PartnerRequestView = {
  id: string
  partner: { id: string; name: string }
  kind: "chase" | "restock" | "ship" | "other"
  subject: string
  text: string
  via: "mail" | "call"
  askedAt: Iso
  askedBy: string
  dueAt: Iso
  answeredAt: Iso | null
  answeredBy: string | null
  answer: string | null
  promisedAt: Iso | null
}
/** What a partner sees without signing in: its orders, nothing of the customer but the region. */
export type GuestView = {
  partner: string
  serverTime: Iso
  /** of the last 30 days */
  fared: { orders: number; met: number; late: number }
  orders: {
    order: OrderKeyView
    paidAt: Iso
    dueAt: Iso | null
    shippedAt: Iso | null
    items: { name: string; sku: string | null; quantity: number }[]
    region: string
    carrier: string | null
    trackingNo: string | null
  }[]
  requests: {
    id: string
    kind: string
    text: string
    askedAt: Iso
    dueAt: Iso
    answeredAt: Iso | null
    answer: string | null
  }[]
}
