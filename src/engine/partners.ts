import { admit } from "../core/door.ts"
import type { OrderKey } from "../core/events.ts"
import { type Instant, isoOf } from "../core/instants.ts"
import { Refusal } from "../core/refusals.ts"
import { localDay } from "../core/reports.ts"
import { note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import { listPartners, type Partner } from "../store/directory.ts"
import { dutyBucket, newId, orderPlace } from "../store/keys.ts"
import {
  addPartnerList,
  addPartnerRequest,
  answerPartnerRequest,
  makePartnerLink,
  openPartnerLink,
  orderOfPartner,
  ordersToShip,
  type PartnerOrder,
  type PartnerRequest,
  partnerFared,
  partnersOf,
  requestsTo,
  revokePartnerLink,
  takeOverdueRequests,
} from "../store/partners.ts"
import { findCompany } from "../store/people.ts"
import { staffNames } from "../store/reports.ts"
import type { Session } from "../store/statement.ts"
import { tellStaff } from "./alerts/bell.ts"
import { record } from "./record.ts"
import type { EngineWorld } from "./world.ts"

const dayMs = 24 * 60 * 60_000
const linkDays = 90
/** Orders paid longer ago than this are no partner's work any more. */
const backDays = 60
/** The most orders on a partner's page. */
export const partnerOrdersMax = 2000

/** The partner of a link that opens: all that a page without signing in may know. */
export type Guest = { partner: Partner; names: string[] }

/** By which words orders name a partner. */
const namesOf = ({ id, name }: Partner): string[] => [id, name]

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
): Promise<{ id: string; token: string; expiresAt: Instant }> =>
  transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const partner = await shipping(tx, partnerId)
    const expiresAt = at + linkDays * dayMs
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

/** Who a token lets in; one refusal for wrong, expired and revoked ones. */
export async function admitGuest(world: EngineWorld, session: Session, token: string): Promise<Guest> {
  const link = await openPartnerLink(session, token, await world.instant(session))
  const partner = link && (await listPartners(session)).find(({ id }) => id === link.partner)
  if (!partner || partner.closedAt !== null) throw new Refusal("link_invalid")
  return { partner, names: namesOf(partner) }
}

/** What a partner sees: its list of today, how it kept the standard in the last 30 days, and what it was asked. Making the list is noted once a day. */
export async function viewOfGuest(
  world: EngineWorld,
  { partner, names }: Guest,
): Promise<{
  orders: PartnerOrder[]
  fared: { orders: number; met: number; late: number }
  requests: PartnerRequest[]
  at: Instant
}> {
  return transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const orders = await ordersToShip(tx, names, at - backDays * dayMs, partnerOrdersMax)
    await keepList(tx, partner, orders.length, at)
    return {
      orders,
      fared: await partnerFared(tx, names, at - 30 * dayMs, at),
      requests: await requestsTo(tx, partner.id),
      at,
    }
  })
}

async function keepList(tx: Session, partner: Partner, orders: number, at: Instant): Promise<void> {
  const zone = (await findCompany(tx))?.timezone ?? "Asia/Shanghai"
  await addPartnerList(tx, {
    partner: partner.id,
    day: localDay(at, zone),
    orders,
    madeAt: at,
    agreedAt: null,
  })
}

/** Makes the list of the day of every partner that has orders, so that it is there before anybody looks: called each morning. */
export const makeLists = (world: EngineWorld): Promise<number> =>
  transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    let made = 0
    for (const partner of await partnersOf(tx)) {
      if (partner.closedAt !== null) continue
      const orders = await ordersToShip(tx, namesOf(partner), at - backDays * dayMs, partnerOrdersMax)
      if (orders.length === 0) continue
      await keepList(tx, partner, orders.length, at)
      made += 1
    }
    return made
  })

/** A shipment as a partner tells it. */
export type Shipment = { order: OrderKey; carrier: string; trackingNo: string; shippedAt?: Instant | null }

/** Takes shipments in as events of the source `partner:<name>`; an order that is not the partner's is refused by its line. */
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
    if (!(await orderOfPartner(world.db.pool, names, orderPlace(order)))) {
      rejected.push({ line: i + 1, message: "not_yours" })
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
  return { accepted: incoming.length, rejected }
}

// ------------------------------------------------------------------ requests

/** How long a partner has to answer, by what it is asked. */
const answerMs: Record<PartnerRequest["kind"], number> = {
  chase: 4 * 3_600_000,
  restock: 8 * 3_600_000,
  ship: 4 * 3_600_000,
  other: 24 * 3_600_000,
}

/** Asks a partner for something about a case or incident; when the answer is due is its clock. */
export const askPartner = (
  world: EngineWorld,
  asked: {
    partner: string
    kind: PartnerRequest["kind"]
    subject: string
    text: string
    via: "mail" | "call"
    dueAt?: Instant | null
  },
  by: string,
): Promise<PartnerRequest> =>
  transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const partner = (await listPartners(tx)).find(({ id }) => id === asked.partner)
    if (!partner) throw new Refusal("not_found", "There is no such partner.")
    const id = newId(at)
    const request: PartnerRequest = {
      id,
      bucket: dutyBucket("request", id),
      partner: partner.id,
      kind: asked.kind,
      subject: asked.subject,
      text: asked.text,
      via: asked.via,
      askedAt: at,
      askedBy: by,
      dueAt: asked.dueAt ?? at + answerMs[asked.kind],
      answeredAt: null,
      answeredBy: null,
      answer: null,
      promisedAt: null,
    }
    await addPartnerRequest(tx, request)
    await note(
      tx,
      {
        who: by,
        what: "partner_request.ask",
        subject: asked.subject,
        after: { partner: partner.name, kind: asked.kind, text: asked.text },
      },
      at,
    )
    return request
  })

/** Writes down what a partner answered: a date where it promised one. */
export const answerRequest = (
  world: EngineWorld,
  id: string,
  {
    answer,
    promisedAt,
    by,
    partner,
  }: { answer: string; promisedAt?: Instant | null; by: string; partner?: string },
): Promise<PartnerRequest> =>
  transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    if (partner !== undefined && !(await requestsTo(tx, partner)).some((each) => each.id === id))
      throw new Refusal("not_found")
    const answered = await answerPartnerRequest(tx, id, { at, by, answer, promisedAt: promisedAt ?? null })
    if (!answered) throw new Refusal("not_found")
    await note(
      tx,
      {
        who: by,
        what: "partner_request.answer",
        subject: answered.subject,
        after: { answer, promisedAt: promisedAt ?? null },
      },
      at,
    )
    return answered
  })

/** Tells whoever asked that a partner did not answer in time, each request once. */
export async function remindOfRequests(world: EngineWorld): Promise<number> {
  const told = new Set<string>()
  const overdue = await transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const requests = await takeOverdueRequests(tx, at)
    if (requests.length === 0) return requests
    const [staff, partners] = [await staffNames(tx), await listPartners(tx)]
    for (const { askedBy, partner, subject } of requests) {
      const asker = staff.find(({ name }) => name === askedBy)
      if (!asker) continue
      const data = { partner: partners.find(({ id }) => id === partner)?.name ?? "–", subject }
      await tellStaff(tx, [asker.id], { kind: "request_overdue", data, link: `/report/${subject}` }, at)
      told.add(asker.id)
    }
    return requests
  })
  if (told.size > 0) world.changed({ staff: [...told] })
  return overdue.length
}
