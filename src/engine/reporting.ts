import { causeOf, propose, type Taxonomy } from "../core/causes.ts"
import { type Instant, parseInstant } from "../core/instants.ts"
import type { JsonObject } from "../core/json.ts"
import { splitLateness } from "../core/lateness.ts"
import { validAt } from "../core/ledger.ts"
import { maskReceiver } from "../core/masking.ts"
import {
  alikeness,
  courseOf,
  goodsNamed,
  type Happening,
  prefill,
  type ReportAbout,
  type ReportFields,
  withWritten,
} from "../core/reports.ts"
import type { Words } from "../core/words.ts"
import { readContent } from "../files/content.ts"
import { type CaseEntry, listCaseLog } from "../store/cases.ts"
import { listClocks } from "../store/clocks.ts"
import { listEvents } from "../store/events.ts"
import type { CasePlace } from "../store/evidence.ts"
import { caseNumber } from "../store/keys.ts"
import { noticesOf } from "../store/notices.ts"
import { findCompany } from "../store/people.ts"
import { proposalsOf } from "../store/proposals.ts"
import {
  type CaseReported,
  casesReported,
  recentTexts,
  reportsOf,
  type StoredReport,
  staffNames,
} from "../store/reports.ts"
import type { Session } from "../store/statement.ts"
import { gatherFacts } from "./evidence.ts"
import { partOf } from "./parts.ts"
import { tellingOf } from "./telling.ts"
import type { EngineWorld } from "./world.ts"

const dayMs = 24 * 60 * 60_000
const alikeDays = 30

/** Whose report it is: a case, or an incident with all its cases. */
export type ReportSubject = {
  bucket: number
  subject: string
  cases: readonly CasePlace[]
  incident: string | null
}

/** The report of one case. */
export const ofCase = (place: CasePlace): ReportSubject => ({
  bucket: place.bucket,
  subject: caseNumber(place.n, place.bucket),
  cases: [place],
  incident: null,
})

/** Everything that a report rests on: what is known, the rules, what is filled in and what people wrote. */
export type Dossier = {
  subject: ReportSubject
  about: ReportAbout
  stored: StoredReport | null
  taxonomy: Taxonomy
  filled: ReportFields
  fields: ReportFields
  timezone: string
}

/** The zone in which a company that was not set up yet tells its times. */
const defaultZone = "Asia/Shanghai"

/** Gathers what is known of a report's subject at an instant. */
export async function openDossier(
  world: EngineWorld,
  session: Session,
  subject: ReportSubject,
  at: Instant,
  written: ReportFields = {},
): Promise<Dossier> {
  const company = await findCompany(session)
  const timezone = company?.timezone ?? defaultZone
  const language =
    company?.language === "en" || company?.language === "zh-Hant" ? company.language : "zh-Hans"
  const { part: taxonomy } = await partOf(session, "causes")
  const cases = await casesReported(session, subject.cases)
  const [stored = null] = await reportsOf(session, [subject])
  const about = await aboutOf(world, session, subject, cases, taxonomy, timezone, at)
  const filled = prefill(about, taxonomy, language, timezone)
  const fields = withWritten(withWritten(filled, stored?.fields ?? {}), written)
  about.alike = await alikeOf(session, subject, fields, filled, at)
  return { subject, about, stored, taxonomy, filled, fields, timezone }
}

/** The report most like this one; what the product itself wrote into it is like others by nature and not looked at. */
async function alikeOf(
  session: Session,
  { subject }: ReportSubject,
  { cause, whatHappened }: ReportFields,
  filled: ReportFields,
  at: Instant,
): Promise<ReportAbout["alike"]> {
  if (!cause || !whatHappened || whatHappened === filled.whatHappened) return null
  const others = await recentTexts(session, at - alikeDays * dayMs, { cause, except: subject })
  let most: ReportAbout["alike"] = null
  for (const { subject: other, text } of others) {
    const percent = text === null ? 0 : alikeness(whatHappened, text)
    if (percent > (most?.percent ?? 0)) most = { subject: other, percent }
  }
  return most
}

async function aboutOf(
  world: EngineWorld,
  session: Session,
  subject: ReportSubject,
  cases: readonly CaseReported[],
  taxonomy: Taxonomy,
  timezone: string,
  at: Instant,
): Promise<ReportAbout> {
  // An incident is told by its first case; what differs from case to case is counted over all.
  const lead = cases[0]!
  const place = { bucket: lead.bucket, id: lead.orderId }
  const [gathered] = await gatherFacts(world, session, [lead], at)
  const clocks = ((await listClocks(session, [place])).get(lead.orderId) ?? []).filter(
    ({ breachDueAt }) => breachDueAt !== null,
  )
  const [proposal] = await proposalsOf(session, [lead])
  const log = standing(await listCaseLog(session, lead))
  const staff = await staffNames(session)
  const sent = await noticesOf(session, cases.slice(0, tellingsMax))
  // What the customer of the first case was told stands in its log, each message that left among it.
  const notices = sent.filter(
    ({ state, bucket, caseN }) => state === "told" && (bucket !== lead.bucket || caseN !== lead.n),
  )
  const events = (await listEvents(session, [place])).get(lead.orderId) ?? []
  // What was taken back or is yet to come did not happen.
  const valid = validAt(
    events.map((row) => tellingOf(row, () => null)),
    at,
  )
  const cause = lead.cause ?? (proposal?.state === "applied" ? proposal.cause : null)
  const proposed = gathered ? propose(taxonomy, gathered.facts) : null
  const own = clocks.filter(({ caseN }) => caseN === lead.n)
  const fired = own.flatMap((clock) => (clock.fired ?? []).map(([, , firedAt]) => ({ firedAt, clock })))
  const told = log.filter(({ what }) => what === "told")
  return {
    at,
    subject: subject.subject,
    incident: subject.incident,
    orders: cases.slice(0, ordersMax).map(orderAbout),
    department: lead.department,
    handOns: lead.handOns,
    reopened: lead.reopened,
    breaches: own.map((clock) => ({
      clock: clock.kind,
      basis: clock.basis,
      round: clock.round,
      dueAt: clock.breachDueAt!,
      closedAt: clock.closedAt,
      stoppedBy: clock.stoppedBy,
    })),
    cause: {
      code: cause,
      class: causeOf(taxonomy, cause)?.class ?? null,
      classAtOpening: causeOf(taxonomy, proposal?.proposals[0]?.cause ?? null)?.class ?? null,
      changeReason: proposal?.reason ?? null,
      agreed:
        cause !== null &&
        (proposal === undefined || proposal.state !== "waiting" || proposal.cause !== cause),
    },
    proposed,
    split: gathered ? splitLateness(gathered.facts, causeOf(taxonomy, cause) ?? null) : null,
    course: courseOf(
      [
        ...valid.map(
          ({ event }): Happening => ({
            at: event.at,
            what: event.type,
            who: null,
            data: { ...event, goods: goodsNamed(event.lines, lead.details.items) },
          }),
        ),
        ...fired
          .filter(({ firedAt, clock }) => firedAt < clock.breachDueAt!)
          .slice(0, 1)
          .map(
            ({ firedAt, clock }): Happening => ({
              at: firedAt,
              what: "warned",
              who: null,
              data: { clock: clock.kind, dueAt: clock.breachDueAt },
            }),
          ),
        {
          at: lead.openedAt,
          what: "opened",
          who: null,
          data: own[0] ? { clock: own[0].kind, basis: own[0].basis, dueAt: own[0].breachDueAt } : {},
        },
        ...log.map((entry): Happening => ({ ...entry, data: withInstants(entry.data) })),
      ],
      namesOf(taxonomy, staff),
      timezone,
    ),
    warnings: {
      fired: fired.length > 0,
      taken: log.some(({ what }) => what === "warning_taken"),
      inTime: fired.some(({ firedAt, clock }) => firedAt < clock.breachDueAt!),
    },
    facts: factsOf(lead, own, gathered?.telling ?? null),
    openLines: openLinesOf(lead, gathered?.telling.lines ?? []),
    tellings: [
      ...notices.map(({ toldAt, text }) => ({ at: toldAt!, text: text ?? "" })),
      ...told.map(({ at: when, data }) => ({
        at: when,
        text: typeof data.text === "string" ? data.text : "",
      })),
    ],
    complaints: { upheld: 0 },
    platformDeduction: null,
    companyCompensation: null,
    differing: cases
      .filter((each) => resultOf(each) !== resultOf(lead))
      .map(({ n, bucket }) => caseNumber(n, bucket)),
    staff: staff.map(({ name }) => name),
    alike: null,
  }
}

/** What was done and not taken back. */
function standing(log: readonly CaseEntry[]): CaseEntry[] {
  const undone = new Set(log.flatMap(({ what, data }) => (what === "undone" ? [data.of] : [])))
  return log.filter(({ id }) => !undone.has(id))
}

/** Of how many orders of an incident a report tells what their customers heard. */
const tellingsMax = 20
/** How many orders of an incident a report lists; all stand in its export. */
const ordersMax = 5000

function orderAbout({ channel, shop, orderNo, details }: CaseReported): ReportAbout["orders"][number] {
  const items = Array.isArray(details.items) ? (details.items as JsonObject[]) : []
  const [first] = items
  const receiver = maskReceiver((details.receiver ?? {}) as Parameters<typeof maskReceiver>[0])
  const said = [receiver.name, receiver.phone, [receiver.province, receiver.city].filter(Boolean).join("")]
    .filter(Boolean)
    .join(" ")
  return {
    channel,
    shop,
    orderNo,
    product: typeof first?.name === "string" ? first.name : null,
    quantity:
      items.reduce((sum, { quantity }) => sum + (typeof quantity === "number" ? quantity : 1), 0) || null,
    amount: typeof details.amount === "number" ? details.amount : null,
    currency: typeof details.currency === "string" ? details.currency : null,
    receiver: said === "" ? null : said,
  }
}

const resultOf = ({ stage, facts }: CaseReported): string =>
  stage === "cancelled" || stage === "refunded" ? stage : facts.shipped !== undefined ? "shipped" : "open"

function factsOf(
  { facts }: CaseReported,
  breached: readonly { kind: string }[],
  telling: { refundedAt: Instant | null; cancelledAt: Instant | null; datesAgreed: { at: Instant }[] } | null,
): ReportAbout["facts"] {
  return {
    shipped: facts.shipped ?? null,
    refunded: telling?.refundedAt ?? null,
    cancelled: telling?.cancelledAt ?? facts.cancelled ?? null,
    date_accepted: telling?.datesAgreed.at(-1)?.at ?? null,
    prepared: breached.every(({ kind }) => kind === "prepare") ? (facts.prepared ?? null) : null,
  }
}

/** Lines that count and were neither shipped nor left; none once the order has ended or is shipped as a whole. */
function openLinesOf(
  { facts, stage }: CaseReported,
  lines: readonly { extra: boolean; shippedAt: Instant | null; leftAt: Instant | null }[],
): number {
  if (facts.shipped !== undefined || stage === "cancelled" || stage === "refunded") return 0
  return Math.max(
    1,
    lines.filter(({ extra, shippedAt, leftAt }) => !extra && shippedAt === null && leftAt === null).length,
  )
}

/** Entries of a log keep instants as they were written; the course reads milliseconds. */
function withInstants(data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      const at = typeof value === "string" && /At$|^date$/.test(key) ? parseInstant(value) : null
      return [key, at ?? value]
    }),
  )
}

type Department = { code: string; name: Words }
/** The departments' names by code, read once. */
const departments = new Map<string, Words>()
/** A department's name in every language; one of the company's own is called as it is. */
export function departmentNamed(code: string): Words | string {
  if (departments.size === 0)
    for (const each of readContent<{ departments: Department[] }>("departments").departments)
      departments.set(each.code, each.name)
  return departments.get(code) ?? code
}

/** Names by code: departments and causes in every language, people by their id. */
export function namesOf(taxonomy: Taxonomy, staff: readonly { id: string; name: string }[]) {
  const byId = new Map(staff.map(({ id, name }) => [id, name]))
  return (kind: "department" | "cause" | "person", code: string): Words | string => {
    if (kind === "department") return departmentNamed(code)
    if (kind === "cause") return causeOf(taxonomy, code)?.name ?? code
    return byId.get(code) ?? code
  }
}
