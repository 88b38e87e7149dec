import { exact } from "../../core/dates.ts"
import type { Instant } from "../../core/instants.ts"
import { Refusal } from "../../core/refusals.ts"
import { beginningOf } from "../../core/saying.ts"
import { note } from "../../store/audit.ts"
import { transaction } from "../../store/database.ts"
import { listPartners, type Partner } from "../../store/directory.ts"
import { dutyBucket, newId } from "../../store/keys.ts"
import {
  addPartnerRequest,
  answerPartnerRequest,
  findPartnerRequest,
  noteRequestMailed,
  type PartnerRequest,
  requestsTo,
  takeOverdueRequests,
} from "../../store/partnerRequests.ts"
import { findCompany } from "../../store/people.ts"
import { findSubject, pathOfSubject } from "../../store/subjects.ts"
import { tellStaff } from "../alerts/bell.ts"
import { readingOf } from "../alerts/settings.ts"
import { queue } from "../jobs.ts"
import { openMailServer, sendMail } from "../mail.ts"
import type { EngineWorld } from "../world.ts"
import { mailOf } from "./lists.ts"
import { letterWords } from "./words.ts"

/** A request on its way by mail. */
export const requestQueue = queue<{ request: string }>("partners.request", {
  retries: 8,
  retryAfterSeconds: 20,
})

const hourMs = 3_600_000
/** How long a partner has to answer, by what it is asked. */
const answerMs: Record<PartnerRequest["kind"], number> = {
  chase: 4 * hourMs,
  restock: 8 * hourMs,
  ship: 4 * hourMs,
  other: 24 * hourMs,
}

/** What a partner is asked, by mail or in a call, and by when. */
export type PartnerAsking = {
  partner: string
  kind: PartnerRequest["kind"]
  subject: string
  text: string
  via: "mail" | "call"
  /** whom it is said to; of a mail the address */
  contact?: string | undefined
  dueAt?: Instant | null
}

/** Asks a partner for something about a case or incident; when the answer is due is its clock. By mail it leaves at once where there is a mail server and an address. */
export async function askPartner(
  world: EngineWorld,
  asked: PartnerAsking,
  by: { id: string | null; name: string },
): Promise<PartnerRequest> {
  const request = await transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const partner = (await listPartners(tx)).find(({ id }) => id === asked.partner)
    if (!partner) throw new Refusal("not_found", "There is no such partner.")
    const address = asked.via === "mail" ? addressOf(partner, asked.contact) : null
    const goes = address !== null && (await openMailServer(world, tx)) !== null
    const id = newId(at)
    const request: PartnerRequest = {
      id,
      bucket: dutyBucket("request", id),
      partner: partner.id,
      kind: asked.kind,
      subject: (await findSubject(tx, asked.subject))?.number ?? asked.subject,
      text: asked.text,
      via: asked.via,
      askedAt: at,
      askedBy: by.name,
      byStaff: by.id,
      contact: address ?? asked.contact ?? "",
      mailedAt: null,
      error: null,
      dueAt: asked.dueAt ?? at + answerMs[asked.kind],
      answeredAt: null,
      answeredBy: null,
      answer: null,
      promisedAt: null,
    }
    await addPartnerRequest(tx, request)
    if (goes) await world.jobs.send(tx, requestQueue, { request: id }, { id })
    const after = { partner: partner.name, kind: asked.kind, text: asked.text, via: asked.via }
    await note(tx, { who: by.name, what: "partner_request.ask", subject: request.subject, after }, at)
    return request
  })
  world.changed({ cases: [request.subject] })
  return request
}

/** Where a request by mail goes: to the contact that is named, else to the first with an address. */
const addressOf = (partner: Partner, contact: string | undefined): string | null =>
  partner.contacts.find(({ email }) => email !== "" && email === contact)?.email ?? mailOf(partner)

/** Sends a request by mail; what left, or was answered meanwhile, does not leave again. A mail server that stumbles is asked again. */
export async function mailRequest(world: EngineWorld, id: string): Promise<void> {
  const { pool } = world.db
  const request = await findPartnerRequest(pool, id)
  const server = await openMailServer(world, pool)
  if (!request || request.mailedAt !== null || request.answeredAt !== null || !server) return
  const at = await world.instant(pool)
  const { language, zone } = await readingOf(world, pool, at)
  const words = letterWords[language]
  const verdict = await sendMail(server, {
    to: request.contact,
    subject: words.requestSubject((await findCompany(pool))?.name ?? "", request.subject),
    text: [request.text, "", words.answerBy(exact(request.dueAt, zone)), words.answerHere].join("\n"),
    key: `request-${id}`,
  })
  const sent = verdict.how === "sent"
  await noteRequestMailed(pool, id, { mailedAt: sent ? at : null, error: sent ? null : verdict.message })
  world.changed({ cases: [request.subject] })
  if (verdict.how === "again") throw new Error(`the request could not be sent yet: ${verdict.message}`)
}

/** Writes down what a partner answered: a date where it promised one. Whoever asked hears of it. */
export async function answerRequest(
  world: EngineWorld,
  id: string,
  {
    answer,
    promisedAt,
    by,
    partner,
  }: {
    answer: string
    promisedAt?: Instant | null
    by: { id: string | null; name: string }
    partner?: string
  },
): Promise<PartnerRequest> {
  const { answered, staff } = await transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    if (partner !== undefined && !(await requestsTo(tx, partner)).some((each) => each.id === id))
      throw new Refusal("not_found")
    const answered = await answerPartnerRequest(tx, id, {
      at,
      by: by.name,
      answer,
      promisedAt: promisedAt ?? null,
    })
    if (!answered) throw new Refusal("not_found")
    const after = { answer, promisedAt: promisedAt ?? null }
    await note(tx, { who: by.name, what: "partner_request.answer", subject: answered.subject, after }, at)
    const staff = answered.byStaff !== null && answered.byStaff !== by.id ? [answered.byStaff] : []
    const data = {
      partner: await nameOf(tx, answered.partner),
      subject: answered.subject,
      text: beginningOf(answer, 120),
    }
    const link = pathOf(answered.subject, answered.partner)
    await tellStaff(tx, staff, { kind: "request_answered", data, link }, at)
    return { answered, staff }
  })
  world.changed({ cases: [answered.subject], staff })
  return answered
}

/** Where a request is seen: with what it is about, else with its partner. */
const pathOf = (subject: string, partner: string): string =>
  subject === "" ? `/partners?partner=${partner}` : pathOfSubject(subject)

const nameOf = async (tx: Parameters<typeof listPartners>[0], id: string): Promise<string> =>
  (await listPartners(tx)).find((each) => each.id === id)?.name ?? "–"

/** Tells whoever asked that a partner did not answer in time, each request once. */
export async function remindOfRequests(world: EngineWorld): Promise<number> {
  const told = new Set<string>()
  const overdue = await transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const requests = await takeOverdueRequests(tx, at)
    for (const { byStaff, partner, subject } of requests) {
      if (byStaff === null) continue
      const data = { partner: await nameOf(tx, partner), subject }
      await tellStaff(tx, [byStaff], { kind: "request_overdue", data, link: pathOf(subject, partner) }, at)
      told.add(byStaff)
    }
    return requests
  })
  if (overdue.length > 0) world.changed({ staff: [...told], cases: overdue.map(({ subject }) => subject) })
  return overdue.length
}
