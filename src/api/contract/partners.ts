/**
 * Partners: those who ship for us, and carriers, suppliers and platforms that are asked something, as types. Instants are ISO strings.
 *
 * | method | path | takes → answers |
 * | --- | --- | --- |
 * | GET | /api/v1/partners/overview · /api/v1/partners/{id}/page | → PartnerRow[] · → PartnerPage |
 * | GET, POST | /api/v1/partners/{id}/links · POST /api/v1/partner-links/{id}/revoke · /api/v1/partners/{id}/links/revoke | → links, fared · { days? } → { id, path, expiresAt } |
 * | GET, POST | /api/v1/partner-requests?subject= · POST …/{id}/answer | → PartnerRequestView[] · RequestBody → PartnerRequestView |
 * | POST | /api/v1/guest/orders · /api/v1/guest/shipments · /api/v1/guest/answers | { token } → GuestView · … (no signing in) |
 */
import type { Iso, OrderKeyView } from "../contract.ts"
import type { ContactView, PartnerKind } from "./settings.ts"

/** Of the last 30 days; those still running count in `orders` only. */
export type FaredView = { orders: number; met: number; late: number }

export type PartnerLinkView = {
  id: string
  /** it went out with the list of a day */
  daily: boolean
  createdAt: Iso
  createdBy: string
  expiresAt: Iso
  revokedAt: Iso | null
  usedAt: Iso | null
}
/** A partner among all: for those who ship for us, how they stand. */
export type PartnerRow = {
  id: string
  kind: PartnerKind
  name: string
  contacts: ContactView[]
  note: string
  openRequests: number
  lateRequests: number
  ships: {
    orders: number
    over: number
    fared: FaredView
    list: PartnerListView | null
    uploadedAt: Iso | null
  } | null
}
/** The list that a partner got on a day. */
export type PartnerListView = {
  day: string
  orders: number
  madeAt: Iso
  seenAt: Iso | null
  mailedTo: string | null
  mailedAt: Iso | null
  error: string | null
}
/** All of one partner. */
export type PartnerPage = PartnerRow & {
  links: PartnerLinkView[]
  lists: PartnerListView[]
  uploads: { id: string; at: Iso; accepted: number; rejected: number }[]
  /** what is due first first, at most 200 */
  orders: PartnerOrderView[]
  requests: PartnerRequestView[]
  /** lists go out by mail: there is a mail server */
  mails: boolean
  serverTime: Iso
}
export type PartnerOrderView = {
  order: OrderKeyView
  paidAt: Iso
  dueAt: Iso | null
  /** the deadline warned that it comes near, as on the board */
  near: boolean
  shippedAt: Iso | null
  items: { name: string; sku: string | null; quantity: number }[]
  region: string
  carrier: string | null
  trackingNo: string | null
}
export type RequestKind = "chase" | "restock" | "ship" | "other"
export type PartnerRequestView = {
  id: string
  partner: { id: string; name: string }
  kind: RequestKind
  subject: string
  text: string
  via: "mail" | "call"
  /** whom it was said to: the address or number */
  contact: string
  /** of one that goes by mail: when it left, or why it did not */
  mailedAt: Iso | null
  error: string | null
  askedAt: Iso
  askedBy: string
  dueAt: Iso
  answeredAt: Iso | null
  answeredBy: string | null
  answer: string | null
  promisedAt: Iso | null
}
export type RequestBody = {
  partner: string
  kind: RequestKind
  subject: string
  text: string
  via: "mail" | "call"
  contact?: string
  dueAt?: Iso
}
/** What a partner sees without signing in: its orders, nothing of the customer but the region. */
export type GuestView = {
  partner: string
  serverTime: Iso
  fared: FaredView
  orders: PartnerOrderView[]
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
