import { createHash, randomBytes } from "node:crypto"
import type { Instant } from "../core/instants.ts"
import { fetched } from "./bulk.ts"
import { listPartners, type Partner } from "./directory.ts"
import { newId } from "./keys.ts"
import { orderTables } from "./orders.ts"
import { run, type Session, statement, touch } from "./statement.ts"

/** Partners who ship for us: 一件代发 and 云仓. */
export const partnersOf = async (session: Session): Promise<Partner[]> =>
  (await listPartners(session)).filter(({ kind }) => kind === "dropshipper" || kind === "cloud_warehouse")

// ------------------------------------------------------------------ links without signing in

/** A partner's link; its token is told once and kept as a digest. */
export type PartnerLink = {
  id: string
  /** it went out with the list of a day */
  daily: boolean
  partner: string
  createdAt: Instant
  createdBy: string
  expiresAt: Instant
  revokedAt: Instant | null
  usedAt: Instant | null
}
const linkFields = `l.id, l.partner, l.daily, ${fetched("l", "created_at", "instant")} as "createdAt", l.created_by as "createdBy",
  ${fetched("l", "expires_at", "instant")} as "expiresAt", ${fetched("l", "revoked_at", "instant")} as "revokedAt",
  ${fetched("l", "used_at", "instant")} as "usedAt"`
const digestOf = (token: string): Buffer => createHash("sha256").update(token).digest()

const addLink = statement(
  "partner_links.add",
  `insert into partner_links (hash, id, partner, created_at, created_by, expires_at, daily)
   values ($1, $2, $3, to_timestamp($4::float8 / 1000), $5, to_timestamp($6::float8 / 1000), $7)`,
)
/** Makes a link of 128 random bits; answers its token, which is kept nowhere. */
export async function makePartnerLink(
  tx: Session,
  partner: string,
  by: { who: string; at: Instant; expiresAt: Instant; daily?: boolean },
): Promise<{ id: string; token: string }> {
  const token = randomBytes(16).toString("base64url")
  const id = newId(by.at)
  await run(tx, addLink, [digestOf(token), id, partner, by.at, by.who, by.expiresAt, by.daily ?? false])
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

const revokeAll = statement(
  "partner_links.revoke_all",
  `update partner_links set revoked_at = to_timestamp($2::float8 / 1000), revoked_by = $3
   where partner = $1 and revoked_at is null and expires_at > to_timestamp($2::float8 / 1000)`,
)
/** Takes every link of a partner back; answers how many opened still. */
export const revokePartnerLinks = (tx: Session, partner: string, at: Instant, by: string): Promise<number> =>
  touch(tx, revokeAll, [partner, at, by])

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
  /** the clock that is due then warned that it comes near */
  near: boolean
  shippedAt: Instant | null
  items: { name?: string; sku?: string; quantity?: number }[] | null
  province: string | null
  city: string | null
  carrier: string | null
  trackingNo: string | null
}
const orderFields = `o.bucket, o.id, o.channel, o.shop, o.order_no as "orderNo", ${fetched("o", "paid_at", "instant")} as "paidAt",
  ${fetched("a", "next_due_at", "instant")} as "dueAt", exists (select from clocks c where c.bucket = o.bucket and c.subject_kind = 'order' and c.subject_id = o.id
    and c.due_at = a.next_due_at and c.closed_at is null and not c.gone and c.observed and c.state = 'near') as near, (a.facts ->> 'shipped')::float8 as "shippedAt", o.details -> 'items' as items,
  o.details #>> '{receiver,province}' as province, o.details #>> '{receiver,city}' as city, coalesce(a.shipment ->> 'carrier', o.details ->> 'carrier') as carrier,
  coalesce(a.shipment ->> 'trackingNo', o.details ->> 'trackingNo') as "trackingNo"`
// The second half is the predicate of the index.
const theirs = `o.details ->> 'fulfilment' = any($1::text[]) and o.details ->> 'fulfilment' is not null`
const toShip = statement(
  "partners.to_ship",
  `select ${orderFields} from ${orderTables}
   where ${theirs} and a.stage in ('paid', 'prepared') and o.end_at is null and o.paid_at >= to_timestamp($2::float8 / 1000)
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
  `select ${orderFields} from ${orderTables}
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
