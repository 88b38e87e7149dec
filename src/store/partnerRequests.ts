import type { Instant } from "../core/instants.ts"
import { fetched } from "./bulk.ts"
import { run, type Session, statement, touch } from "./statement.ts"

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
  byStaff: string | null
  /** whom it was said to, with the address or number */
  contact: string
  /** of one that goes by mail: when it left, or why it did not */
  mailedAt: Instant | null
  error: string | null
  dueAt: Instant
  answeredAt: Instant | null
  answeredBy: string | null
  answer: string | null
  promisedAt: Instant | null
}
const requestFields = `r.id, r.bucket, r.partner, r.kind, r.subject, r.text, r.via, ${fetched("r", "asked_at", "instant")} as "askedAt",
  r.asked_by as "askedBy", r.by_staff as "byStaff", r.contact, ${fetched("r", "mailed_at", "instant")} as "mailedAt", r.error, ${fetched("r", "due_at", "instant")} as "dueAt", ${fetched("r", "answered_at", "instant")} as "answeredAt",
  r.answered_by as "answeredBy", r.answer, ${fetched("r", "promised_at", "instant")} as "promisedAt"`
const addRequest = statement(
  "partner_requests.add",
  `insert into partner_requests (id, bucket, partner, kind, subject, text, via, asked_at, asked_by, due_at, by_staff, contact)
   values ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8::float8 / 1000), $9, to_timestamp($10::float8 / 1000), $11, $12)`,
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
    each.byStaff,
    each.contact,
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

const byId = statement(
  "partner_requests.one",
  `select ${requestFields} from partner_requests r where r.id = $1`,
)
/** A request by its id. */
export const findPartnerRequest = async (session: Session, id: string): Promise<PartnerRequest | null> =>
  (await run<PartnerRequest>(session, byId, [id]))[0] ?? null

const mailed = statement(
  "partner_requests.mailed",
  "update partner_requests set mailed_at = to_timestamp($2::float8 / 1000), error = $3 where id = $1",
)
/** Writes when a request left by mail, or why it did not. */
export const noteRequestMailed = (
  tx: Session,
  id: string,
  { mailedAt, error }: { mailedAt: Instant | null; error: string | null },
): Promise<number> => touch(tx, mailed, [id, mailedAt, error])

const askedOf = statement(
  "partner_requests.asked_by",
  `select ${requestFields} from partner_requests r where r.answered_at is null and r.by_staff = $1 order by r.due_at limit 200`,
)
/** What somebody asked partners and waits for, what is due first first. */
export const requestsAskedBy = (session: Session, staff: string): Promise<PartnerRequest[]> =>
  run(session, askedOf, [staff])
