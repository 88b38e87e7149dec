import { isoOf, isoOrNull } from "../../core/instants.ts"
import type { PartnerList } from "../../store/partnerLists.ts"
import type { PartnerRequest } from "../../store/partnerRequests.ts"
import type { PartnerLink, PartnerOrder } from "../../store/partners.ts"
import type {
  PartnerLinkView,
  PartnerListView,
  PartnerOrderView,
  PartnerRequestView,
} from "../contract/partners.ts"

/** An order as its partner and staff see it: nothing of the customer but the region. */
export const orderView = (each: PartnerOrder): PartnerOrderView => ({
  order: { channel: each.channel, shop: each.shop, orderNo: each.orderNo },
  paidAt: isoOf(each.paidAt),
  dueAt: isoOrNull(each.dueAt),
  near: each.near,
  shippedAt: isoOrNull(each.shippedAt),
  items: (each.items ?? []).map(({ name, sku, quantity }) => ({
    name: name ?? sku ?? "–",
    sku: sku ?? null,
    quantity: quantity ?? 1,
  })),
  region: [each.province, each.city].filter(Boolean).join(" "),
  carrier: each.carrier,
  trackingNo: each.trackingNo,
})

export const linkView = (each: PartnerLink): PartnerLinkView => ({
  id: each.id,
  daily: each.daily,
  createdAt: isoOf(each.createdAt),
  createdBy: each.createdBy,
  expiresAt: isoOf(each.expiresAt),
  revokedAt: isoOrNull(each.revokedAt),
  usedAt: isoOrNull(each.usedAt),
})

export const listView = (each: PartnerList): PartnerListView => ({
  day: each.day,
  orders: each.orders,
  madeAt: isoOf(each.madeAt),
  seenAt: isoOrNull(each.seenAt),
  mailedTo: each.mailedTo,
  mailedAt: isoOrNull(each.mailedAt),
  error: each.error,
})

export const requestView = (
  each: PartnerRequest,
  names: ReadonlyMap<string, string>,
): PartnerRequestView => ({
  id: each.id,
  partner: { id: each.partner, name: names.get(each.partner) ?? "–" },
  kind: each.kind,
  subject: each.subject,
  text: each.text,
  via: each.via,
  contact: each.contact,
  mailedAt: isoOrNull(each.mailedAt),
  error: each.error,
  askedAt: isoOf(each.askedAt),
  askedBy: each.askedBy,
  dueAt: isoOf(each.dueAt),
  answeredAt: isoOrNull(each.answeredAt),
  answeredBy: each.answeredBy,
  answer: each.answer,
  promisedAt: isoOrNull(each.promisedAt),
})
