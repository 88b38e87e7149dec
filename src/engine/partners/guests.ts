import { admit } from "../../core/door.ts"
import type { OrderKey } from "../../core/events.ts"
import { type Instant, isoOf } from "../../core/instants.ts"
import { Refusal } from "../../core/refusals.ts"
import { localDay } from "../../core/reports.ts"
import { note } from "../../store/audit.ts"
import { transaction } from "../../store/database.ts"
import { listPartners, type Partner } from "../../store/directory.ts"
import { newId, orderPlace } from "../../store/keys.ts"
import { addPartnerUpload, seePartnerList } from "../../store/partnerLists.ts"
import { type PartnerRequest, requestsTo } from "../../store/partnerRequests.ts"
import {
  makePartnerLink,
  openPartnerLink,
  orderOfPartner,
  ordersToShip,
  type PartnerOrder,
  partnerFared,
  partnersOf,
  revokePartnerLink,
  revokePartnerLinks,
} from "../../store/partners.ts"
import type { Session } from "../../store/statement.ts"
import { record } from "../record.ts"
import type { EngineWorld } from "../world.ts"
import { keepList, zoneOf } from "./lists.ts"

const dayMs = 24 * 60 * 60_000
/** How long a link opens unless somebody says otherwise, days. */
const linkDays = 90
/** Orders paid longer ago than this are no partner's work any more. */
const backDays = 60
/** The most orders on a partner's page. */
export const partnerOrdersMax = 2000

/** The partner of a link that opens: all that a page without signing in may know. */
export type Guest = { partner: Partner; names: string[] }

/** By which words orders name a partner. */
export const namesOf = ({ id, name }: Pick<Partner, "id" | "name">): string[] => [id, name]

/** A partner of the directory who ships for us; a closed one does not any more. */
async function shipping(session: Session, id: string): Promise<Partner> {
  const partner = (await partnersOf(session)).find((each) => each.id === id && each.closedAt === null)
  if (!partner) throw new Refusal("not_found", "No partner of this name ships for us.")
  return partner
}

/** Makes a link by which a partner sees its own orders without signing in; its token is told once. */
export const inviteGuest = (
  world: EngineWorld,
  partnerId: string,
  by: string,
  days: number = linkDays,
): Promise<{ id: string; token: string; expiresAt: Instant }> =>
  transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const partner = await shipping(tx, partnerId)
    const expiresAt = at + days * dayMs
    const link = await makePartnerLink(tx, partner.id, { who: by, at, expiresAt })
    await note(
      tx,
      { who: by, what: "partner_link.make", subject: partner.name, after: { id: link.id, expiresAt } },
      at,
    )
    return { ...link, expiresAt }
  })

/** Takes a link back. */
export const dismissGuest = (world: EngineWorld, linkId: string, by: string): Promise<void> =>
  transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    if (!(await revokePartnerLink(tx, linkId, at, by))) throw new Refusal("not_found")
    await note(tx, { who: by, what: "partner_link.revoke", subject: linkId }, at)
  })

/** Takes every link of a partner back, those in its daily mails too; answers how many. */
export const dismissAll = (world: EngineWorld, partnerId: string, by: string): Promise<number> =>
  transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const links = await revokePartnerLinks(tx, partnerId, at, by)
    await note(tx, { who: by, what: "partner_link.revoke_all", subject: partnerId, after: { links } }, at)
    return links
  })

/** Who a token lets in; one refusal for wrong, expired and revoked ones. */
export async function admitGuest(world: EngineWorld, session: Session, token: string): Promise<Guest> {
  const link = await openPartnerLink(session, token, await world.instant(session))
  const partner = link && (await listPartners(session)).find(({ id }) => id === link.partner)
  if (!partner || partner.closedAt !== null) throw new Refusal("link_invalid")
  return { partner, names: namesOf(partner) }
}

/** The orders that a partner has to ship, what is due first first, and how it kept the standard in the last 30 days. */
export async function workOfPartner(
  session: Session,
  names: readonly string[],
  at: Instant,
  limit = partnerOrdersMax,
): Promise<{ orders: PartnerOrder[]; fared: { orders: number; met: number; late: number } }> {
  return {
    orders: await ordersToShip(session, names, at - backDays * dayMs, limit),
    fared: await partnerFared(session, names, at - 30 * dayMs, at),
  }
}

/** What a partner sees: its list of today, how it kept the standard, and what it was asked. That it looked is noted once a day. */
export async function viewOfGuest(
  world: EngineWorld,
  { partner, names }: Guest,
): Promise<
  Awaited<ReturnType<typeof workOfPartner>> & {
    requests: PartnerRequest[]
    at: Instant
  }
> {
  return transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const work = await workOfPartner(tx, names, at)
    await keepList(tx, partner, work.orders.length, at)
    await seePartnerList(tx, partner.id, localDay(at, await zoneOf(tx)), at)
    return { ...work, requests: await requestsTo(tx, partner.id), at }
  })
}

/** How far a partner's clock may be ahead. */
const skewMs = 5 * 60_000

/** A shipment as a partner tells it. */
export type Shipment = { order: OrderKey; carrier: string; trackingNo: string; shippedAt?: Instant | null }

/** Takes shipments in as events of the source `partner:<name>`; an order that is not the partner's, and a shipment before it was paid or that is still to come, is refused by its line. */
export async function tellShipments(
  world: EngineWorld,
  { partner, names }: Guest,
  shipments: readonly Shipment[],
): Promise<{ accepted: number; rejected: { line: number; message: "not_yours" | "bad_shipment" }[] }> {
  const rejected: { line: number; message: "not_yours" | "bad_shipment" }[] = []
  const incoming: Parameters<typeof record>[1][number][] = []
  const teller = { source: `partner:${partner.name}`, mayAgree: false, hasPolicy: () => false }
  const now = await world.instant(world.db.pool)
  for (const [i, { order, carrier, trackingNo, shippedAt }] of shipments.entries()) {
    const own = await orderOfPartner(world.db.pool, names, orderPlace(order))
    if (!own) {
      rejected.push({ line: i + 1, message: "not_yours" })
      continue
    }
    // What left before it was paid is another order's parcel, and would make a breach of this one unsaid; what is to leave has not left.
    if (shippedAt != null && (shippedAt < own.paidAt || shippedAt > now + skewMs)) {
      rejected.push({ line: i + 1, message: "bad_shipment" })
      continue
    }
    const at = isoOf(Math.min(shippedAt ?? now, now))
    const read = admit(
      {
        ...order,
        type: "shipped",
        at,
        eventId: `shipped:${trackingNo}`,
        observedAt: isoOf(now),
        order: { carrier, trackingNo },
      },
      teller,
    )
    if ("refused" in read) rejected.push({ line: i + 1, message: "bad_shipment" })
    else incoming.push(read.admitted)
  }
  if (incoming.length > 0) await record(world, incoming)
  const told = { accepted: incoming.length, rejected: rejected.length }
  await addPartnerUpload(world.db.pool, { id: newId(now), partner: partner.id, at: now, ...told })
  return { accepted: incoming.length, rejected }
}
