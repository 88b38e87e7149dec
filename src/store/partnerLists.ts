import type { Instant } from "../core/instants.ts"
import { fetched } from "./bulk.ts"
import { run, type Session, statement, touch } from "./statement.ts"

/** The list that a partner got on a day. */
export type PartnerList = {
  partner: string
  day: string
  orders: number
  madeAt: Instant
  agreedAt: Instant | null
  seenAt: Instant | null
  mailedTo: string | null
  mailedAt: Instant | null
  error: string | null
}
const instant = (name: string) => fetched("p", name, "instant")
const fields = `p.partner, p.day::text as day, p.orders, ${instant("made_at")} as "madeAt", ${instant("agreed_at")} as "agreedAt", ${instant("seen_at")} as "seenAt",
  p.mailed_to as "mailedTo", ${instant("mailed_at")} as "mailedAt", p.error`
const at = (place: number) => `to_timestamp($${place}::float8 / 1000)`

const add = statement(
  "partner_lists.add",
  `insert into partner_lists (partner, day, orders, made_at) values ($1, $2::date, $3, ${at(4)}) on conflict do nothing`,
)
const see = statement(
  "partner_lists.see",
  `update partner_lists set seen_at = ${at(3)} where partner = $1 and day = $2::date and seen_at is null`,
)
const enqueue = statement(
  "partner_lists.queue",
  `update partner_lists set queued_at = ${at(3)} where partner = $1 and day = $2::date and queued_at is null`,
)
const mailed = statement(
  "partner_lists.mailed",
  `update partner_lists set mailed_to = $3, mailed_at = ${at(4)}, error = $5 where partner = $1 and day = $2::date`,
)
const latest = statement(
  "partner_lists.latest",
  `select ${fields} from partner_lists p where p.partner = $1 order by p.day desc limit 30`,
)
const since = statement(
  "partner_lists.since",
  `select ${fields} from partner_lists p where p.made_at >= ${at(1)} order by p.made_at`,
)
const ofDay = statement(
  "partner_lists.of_day",
  `select ${fields} from partner_lists p where p.day = $1::date`,
)

/** Notes that a partner's list of a day was made; answers whether it was the first. */
export const addPartnerList = async (
  tx: Session,
  list: Pick<PartnerList, "partner" | "day" | "orders" | "madeAt">,
): Promise<boolean> => (await touch(tx, add, [list.partner, list.day, list.orders, list.madeAt])) > 0
/** Notes that a partner saw its list of a day. */
export const seePartnerList = (tx: Session, partner: string, day: string, seenAt: Instant): Promise<number> =>
  touch(tx, see, [partner, day, seenAt])
/** Notes that a list goes out by mail; answers whether it did not before. */
export const queuePartnerList = async (
  tx: Session,
  partner: string,
  day: string,
  queuedAt: Instant,
): Promise<boolean> => (await touch(tx, enqueue, [partner, day, queuedAt])) > 0
/** Writes to whom a list went and when, or why it did not. */
export const noteMailed = (
  tx: Session,
  {
    partner,
    day,
    mailedTo,
    mailedAt,
    error,
  }: Pick<PartnerList, "partner" | "day" | "mailedTo" | "mailedAt" | "error">,
): Promise<number> => touch(tx, mailed, [partner, day, mailedTo, mailedAt, error])
/** The lists of a partner of the last days, the newest first. */
export const latestLists = (session: Session, partner: string): Promise<PartnerList[]> =>
  run(session, latest, [partner])
/** The lists made since an instant, oldest first. */
export const listsSince = (session: Session, from: Instant): Promise<PartnerList[]> =>
  run(session, since, [from])
/** The lists of a day. */
export const listsOfDay = (session: Session, day: string): Promise<PartnerList[]> =>
  run(session, ofDay, [day])

// ------------------------------------------------------------------ what partners told

const addUpload = statement(
  "partner_uploads.add",
  `insert into partner_uploads (id, partner, at, accepted, rejected) values ($1, $2, ${at(3)}, $4, $5)`,
)
const lastUploads = statement(
  "partner_uploads.last",
  `select distinct on (u.partner) u.partner, u.id, ${fetched("u", "at", "instant")} as at, u.accepted, u.rejected
   from partner_uploads u order by u.partner, u.at desc`,
)
const uploads = statement(
  "partner_uploads.of",
  `select u.partner, u.id, ${fetched("u", "at", "instant")} as at, u.accepted, u.rejected
   from partner_uploads u where u.partner = $1 order by u.at desc limit 20`,
)
/** Tracking numbers that a partner told at once. */
export type PartnerUpload = { id: string; partner: string; at: Instant; accepted: number; rejected: number }
/** Notes what a partner told. */
export const addPartnerUpload = (tx: Session, each: PartnerUpload): Promise<unknown[]> =>
  run(tx, addUpload, [each.id, each.partner, each.at, each.accepted, each.rejected])
/** What each partner told last. */
export const lastPartnerUploads = (session: Session): Promise<PartnerUpload[]> => run(session, lastUploads)
/** What a partner told, the latest first. */
export const partnerUploads = (session: Session, partner: string): Promise<PartnerUpload[]> =>
  run(session, uploads, [partner])
