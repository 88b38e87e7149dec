import { createHash, randomBytes } from "node:crypto"
import type { Instant } from "../core/instants.ts"
import { fetched } from "./bulk.ts"
import { listPartners, type Partner } from "./directory.ts"
import { newId } from "./keys.ts"
import { run, type Session, statement, touch } from "./statement.ts"

/** Partners who ship for us: 一件代发 and 云仓. */
export const partnersOf = async (session: Session): Promise<Partner[]> =>
  (await listPartners(session)).filter(({ kind }) => kind === "dropshipper" || kind === "cloud_warehouse")

// ------------------------------------------------------------------ links without signing in

/** A partner's link; its token is told once and kept as a digest. */
export type PartnerLink = {
  id: string
  partner: string
  createdAt: Instant
  createdBy: string
  expiresAt: Instant
  revokedAt: Instant | null
  usedAt: Instant | null
}
const linkFields = `l.id, l.partner, ${fetched("l", "created_at", "instant")} as "createdAt", l.created_by as "createdBy",
  ${fetched("l", "expires_at", "instant")} as "expiresAt", ${fetched("l", "revoked_at", "instant")} as "revokedAt",
  ${fetched("l", "used_at", "instant")} as "usedAt"`
const digestOf = (token: string): Buffer => createHash("sha256").update(token).digest()

const addLink = statement(
  "partner_links.add",
  `insert into partner_links (hash, id, partner, created_at, created_by, expires_at)
   values ($1, $2, $3, to_timestamp($4::float8 / 1000), $5, to_timestamp($6::float8 / 1000))`,
)
/** Makes a link of 128 random bits; answers its token, which is kept nowhere. */
export async function makePartnerLink(
  tx: Session,
  partner: string,
  by: { who: string; at: Instant; expiresAt: Instant },
): Promise<{ id: string; token: string }> {
  const token = randomBytes(16).toString("base64url")
  const id = newId(by.at)
  await run(tx, addLink, [digestOf(token), id, partner, by.at, by.who, by.expiresAt])
  return { id, token }
}

const byToken = statement(
  "partner_links.by_token",
  `update partner_links l set used_at = to_timestamp($2::float8 / 1000)
   where l.hash = $1 and l.revoked_at is null and l.expires_at > to_timestamp($2::float8 / 1000) returning ${linkFields}`,
)
/** The link of a token that still opens, noting that it was used; null alike for wrong, expired and revoked ones. */
export const openPartnerLink = async (
  session: Session,
  token: string,
  at: Instant,
): Promise<PartnerLink | null> => (await run<PartnerLink>(session, byToken, [digestOf(token), at]))[0] ?? null

const links = statement(
  "partner_links.list",
  `select ${linkFields} from partner_links l where l.partner = $1 order by l.created_at desc limit 50`,
)
/** The links of a partner, the newest first. */
export const partnerLinks = (session: Session, partner: string): Promise<PartnerLink[]> =>
  run(session, links, [partner])

const revoke = statement(
  "partner_links.revoke",
  `update partner_links set revoked_at = to_timestamp($2::float8 / 1000), revoked_by = $3 where id = $1 and revoked_at is null`,
)
/** Takes a link back; answers whether it still opened. */
export const revokePartnerLink = async (tx: Session, id: string, at: Instant, by: string): Promise<boolean> =>
  (await touch(tx, revoke, [id, at, by])) > 0

// ------------------------------------------------------------------ what they see

/** An order as the partner who ships it sees it: nothing of the customer but the region. */
export type PartnerOrder = {
  bucket: number
  id: string
  channel: string
  shop: string
  orderNo: string
  paidAt: Instant
  dueAt: Instant | null
  shippedAt: Instant | null
  items: { name?: string; sku?: string; quantity?: number }[] | null
  province: string | null
  city: string | null
  carrier: string | null
  trackingNo: string | null
}
const orderFields = `o.bucket, o.id, o.channel, o.shop, o.order_no as "orderNo", ${fetched("o", "paid_at", "instant")} as "paidAt",
  ${fetched("a", "next_due_at", "instant")} as "dueAt", (o.facts ->> 'shipped')::float8 as "shippedAt", o.details -> 'items' as items,
  o.details #>> '{receiver,province}' as province, o.details #>> '{receiver,city}' as city, o.details ->> 'carrier' as carrier,
  o.details ->> 'trackingNo' as "trackingNo"`
const theirs = `o.details ->> 'fulfilment' = any($1::text[])`
const toShip = statement(
  "partners.to_ship",
  `select ${orderFields} from orders o join agenda a on a.bucket = o.bucket and a.id = o.id
   where ${theirs} and o.stage in ('paid', 'prepared') and o.end_at is null and o.paid_at >= to_timestamp($2::float8 / 1000)
   order by a.next_due_at nulls last, o.paid_at, o.bucket, o.id limit $3`,
)
/** The orders that a partner has to ship, what is due first first; `names` are those by which orders name it. */
export const ordersToShip = (
  session: Session,
  names: readonly string[],
  since: Instant,
  limit: number,
): Promise<PartnerOrder[]> => run(session, toShip, [names as string[], since, limit])

const oneOfTheirs = statement(
  "partners.order",
  `select ${orderFields} from orders o join agenda a on a.bucket = o.bucket and a.id = o.id
   where ${theirs} and o.bucket = $2 and o.id = $3`,
)
/** An order of a partner; null for one that is somebody else's. */
export const orderOfPartner = async (
  session: Session,
  names: readonly string[],
  place: { bucket: number; id: string },
): Promise<PartnerOrder | null> =>
  (await run<PartnerOrder>(session, oneOfTheirs, [names as string[], place.bucket, place.id]))[0] ?? null

const fared = statement(
  "partners.fared",
  `select count(*)::int as orders, count(*) filter (where c.state = 'closed' and c.outcome = 'met')::int as met,
     count(*) filter (where c.outcome = 'late' or c.state = 'over')::int as late
   from orders o join clocks c on c.bucket = o.bucket and c.subject_kind = 'order' and c.subject_id = o.id and c.kind = 'ship' and c.basis = 'company'
   where ${theirs} and o.paid_at >= to_timestamp($2::float8 / 1000) and o.paid_at < to_timestamp($3::float8 / 1000)`,
)
/** How a partner kept the standard of shipping, of orders paid in a span; those still running count in `orders` only. */
export const partnerFared = async (
  session: Session,
  names: readonly string[],
  from: Instant,
  to: Instant,
): Promise<{ orders: number; met: number; late: number }> =>
  (
    await run<{ orders: number; met: number; late: number }>(session, fared, [names as string[], from, to])
  )[0]!

// ------------------------------------------------------------------ lists

/** The list that a partner got on a day. */
export type PartnerList = {
  partner: string
  day: string
  orders: number
  madeAt: Instant
  agreedAt: Instant | null
  seenAt: Instant | null
}
const listFields = `p.partner, p.day::text as day, p.orders, ${fetched("p", "made_at", "instant")} as "madeAt",
  ${fetched("p", "agreed_at", "instant")} as "agreedAt", ${fetched("p", "seen_at", "instant")} as "seenAt"`
const lists = statement(
  "partner_lists.since",
  `select ${listFields} from partner_lists p where p.made_at >= to_timestamp($1::float8 / 1000) order by p.made_at`,
)
/** The lists made since an instant, oldest first. */
export const listsSince = (session: Session, since: Instant): Promise<PartnerList[]> =>
  run(session, lists, [since])

const addList = statement(
  "partner_lists.add",
  `insert into partner_lists (partner, day, orders, made_at, agreed_at)
   values ($1, $2::date, $3, to_timestamp($4::float8 / 1000), to_timestamp($5::float8 / 1000)) on conflict do nothing`,
)
/** Notes that a partner's list of a day was made; answers whether it was the first. */
export const addPartnerList = async (tx: Session, list: Omit<PartnerList, "seenAt">): Promise<boolean> =>
  (await touch(tx, addList, [list.partner, list.day, list.orders, list.madeAt, list.agreedAt])) > 0

// ------------------------------------------------------------------ requests

/** What a partner was asked, by when, and what it answered. */
export type PartnerRequest = {
  id: string
  bucket: number
  partner: string
  kind: "chase" | "restock" | "ship" | "other"
  /** number of the case or incident */
  subject: string
  text: string
  via: "mail" | "call"
  askedAt: Instant
  askedBy: string
  dueAt: Instant
  answeredAt: Instant | null
  answeredBy: string | null
  answer: string | null
  promisedAt: Instant | null
}
const requestFields = `r.id, r.bucket, r.partner, r.kind, r.subject, r.text, r.via, ${fetched("r", "asked_at", "instant")} as "askedAt",
  r.asked_by as "askedBy", ${fetched("r", "due_at", "instant")} as "dueAt", ${fetched("r", "answered_at", "instant")} as "answeredAt",
  r.answered_by as "answeredBy", r.answer, ${fetched("r", "promised_at", "instant")} as "promisedAt"`
const addRequest = statement(
  "partner_requests.add",
  `insert into partner_requests (id, bucket, partner, kind, subject, text, via, asked_at, asked_by, due_at)
   values ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8::float8 / 1000), $9, to_timestamp($10::float8 / 1000))`,
)
/** Keeps a request. */
export const addPartnerRequest = (tx: Session, each: PartnerRequest): Promise<unknown[]> =>
  run(tx, addRequest, [
    each.id,
    each.bucket,
    each.partner,
    each.kind,
    each.subject,
    each.text,
    each.via,
    each.askedAt,
    each.askedBy,
    each.dueAt,
  ])

const answer = statement(
  "partner_requests.answer",
  `update partner_requests r set answered_at = to_timestamp($2::float8 / 1000), answered_by = $3, answer = $4,
     promised_at = to_timestamp($5::float8 / 1000) where r.id = $1 and r.answered_at is null returning ${requestFields}`,
)
/** Writes an answer down; null where there is no open request. */
export const answerPartnerRequest = async (
  tx: Session,
  id: string,
  given: { at: Instant; by: string; answer: string; promisedAt: Instant | null },
): Promise<PartnerRequest | null> =>
  (await run<PartnerRequest>(tx, answer, [id, given.at, given.by, given.answer, given.promisedAt]))[0] ?? null

const ofSubject = statement(
  "partner_requests.of",
  `select ${requestFields} from partner_requests r where r.subject = $1 order by r.asked_at`,
)
/** What was asked about a case or incident, oldest first. */
export const requestsOf = (session: Session, subject: string): Promise<PartnerRequest[]> =>
  run(session, ofSubject, [subject])

const ofPartner = statement(
  "partner_requests.of_partner",
  `select ${requestFields} from partner_requests r where r.partner = $1 order by r.answered_at is not null, r.due_at limit 200`,
)
/** What a partner was asked, what is open and due first first. */
export const requestsTo = (session: Session, partner: string): Promise<PartnerRequest[]> =>
  run(session, ofPartner, [partner])

const openOnes = statement(
  "partner_requests.open",
  `select ${requestFields} from partner_requests r where r.answered_at is null order by r.due_at limit 500`,
)
/** Every request without an answer, what is due first first. */
export const openRequests = (session: Session): Promise<PartnerRequest[]> => run(session, openOnes)

const overdue = statement(
  "partner_requests.remind",
  `update partner_requests r set reminded_at = to_timestamp($1::float8 / 1000)
   where r.answered_at is null and r.reminded_at is null and r.due_at <= to_timestamp($1::float8 / 1000) returning ${requestFields}`,
)
/** The requests whose answer is overdue and of which nobody was told yet; they are told now, each once. */
export const takeOverdueRequests = (tx: Session, at: Instant): Promise<PartnerRequest[]> =>
  run(tx, overdue, [at])
