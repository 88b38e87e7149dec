import { type Actor, type CaseStand, mayReport, runsOperations } from "../../core/cases.ts"
import { causeOf, type Proposal, type Taxonomy } from "../../core/causes.ts"
import { isoOf, isoOrNull } from "../../core/instants.ts"
import { Refusal } from "../../core/refusals.ts"
import { type ReportAbout, type ReportFields, type ReportForm, resolvedAtOf } from "../../core/reports.ts"
import { ofIncident } from "../../engine/incidents/report.ts"
import { partOf } from "../../engine/parts.ts"
import { namesOf } from "../../engine/reporting.ts"
import { examineReport, ofCase, type ReportSubject } from "../../engine/reports.ts"
import { findIncident, findIncidentId } from "../../store/incidents.ts"
import { findCompany } from "../../store/people.ts"
import {
  type ArchivedReport,
  archivedByNumber,
  archivedOf,
  casesReported,
  lastArchived,
} from "../../store/reports.ts"
import type { Session } from "../../store/statement.ts"
import { factView, placeOf, splitView, zoneOf } from "../causes.ts"
import type { FieldView, ReportKnown, ReportPage, ReportSection } from "../contract/causes.ts"
import type { Basis, ClockKind } from "../contract.ts"
import type { World } from "../world.ts"
import { documentOf, linkOf } from "./archived.ts"

/** Whose report a number names, a case's or an incident's, and how that stands. */
export async function reportOf(
  session: Session,
  number: string,
): Promise<{
  subject: ReportSubject
  state: string
  reopened: number
  holder: Pick<CaseStand, "department" | "assignee">
}> {
  const id = /^I-\d+$/i.test(number) ? await findIncidentId(session, number) : null
  const incident = id === null ? null : await findIncident(session, id)
  if (incident !== null) {
    const subject = await ofIncident(session, incident)
    // Nothing can be told of one whose cases all went elsewhere.
    if (subject.cases.length === 0) throw new Refusal("not_found", "The incident has no cases.")
    const { state, department, owner } = incident
    return { subject, state, reopened: 0, holder: { department, assignee: owner } }
  }
  const subject = ofCase(placeOf(number))
  const [own] = await casesReported(session, subject.cases)
  if (own === undefined) throw new Refusal("not_found", "There is no case of this number.")
  const { department, assignee, state, reopened } = own
  return { subject, state, reopened, holder: { department, assignee } }
}

/** The report of a case or an incident: as it is written, or as it was archived. */
export async function pageOf(world: World, id: string, actor: Actor): Promise<ReportPage> {
  const { pool } = world.db
  const { subject, holder } = await reportOf(pool, id)
  const now = await world.now()
  const archived = await archivedOf(pool, subject.subject)
  const examined = await examineReport(world, pool, subject, now)
  const { stored } = examined
  if (archived && (stored === null || stored.state === "archived")) return archivedPage(world, archived)
  const [reasons, company, last] = await Promise.all([
    partOf(pool, "reasons"),
    findCompany(pool),
    lastArchived(pool),
  ])
  const returnReasons = reasons.part.lists.find(({ code }) => code === "return_report")?.reasons ?? []
  return {
    subject: subject.subject,
    incident: subject.incident,
    company: company?.name ?? "",
    state: stored?.state ?? "none",
    mayWrite: mayReport(actor, holder),
    mayClose: runsOperations(actor),
    form: examined.code,
    why: examined.why,
    savedAt: isoOrNull(stored?.savedAt),
    savedBy: stored?.savedBy ?? null,
    submittedAt: isoOrNull(stored?.submittedAt),
    submittedBy: stored?.submittedBy ?? null,
    returned: stored?.returned
      ? {
          ...stored.returned,
          at: isoOf(stored.returned.at),
          gaps: stored.returned.gaps.map((code) => ({
            code,
            label: returnReasons.find((each) => each.code === code)?.label ??
              examined.form.completeness.find((each) => each.code === code)?.sentence ?? {
                "zh-Hans": code,
                "zh-Hant": code,
                en: code,
              },
          })),
        }
      : null,
    sections: sectionsOf(examined.form, examined.code, examined.progress.open),
    fields: examined.fields,
    known: knownOf(
      examined.about,
      examined.taxonomy,
      examined.fields,
      examined.about.proposed?.proposals ?? [],
      examined.timezone,
    ),
    gaps: examined.gaps,
    progress: { done: examined.progress.done, of: examined.progress.of },
    chain: null,
    previous: linkOf(last),
    archivedAt: null,
    archivedBy: null,
    serverTime: isoOf(now),
  }
}

/** An archived report. */
export async function archivedPage(world: World, archived: ArchivedReport): Promise<ReportPage> {
  const { pool } = world.db
  const [{ part: form }, { part: taxonomy }, company, previous] = await Promise.all([
    partOf(pool, "report-form"),
    partOf(pool, "causes"),
    findCompany(pool),
    archived.number > 1 ? archivedByNumber(pool, archived.number - 1) : Promise.resolve(null),
  ])
  const { fields, about, proposal, causeName, departmentName, submittedAt, submittedBy } =
    documentOf(archived)
  const sections = sectionsOf(form, archived.form, [])
  const known = knownOf(
    { ...about, proposed: null, staff: [], alike: null },
    taxonomy,
    fields,
    proposal ? [proposal] : [],
    await zoneOf(world),
  )
  return {
    subject: archived.subject,
    incident: about.incident,
    company: company?.name ?? "",
    state: "archived",
    mayWrite: false,
    mayClose: false,
    form: archived.form,
    why: [],
    savedAt: isoOrNull(submittedAt),
    savedBy: submittedBy,
    submittedAt: isoOrNull(submittedAt),
    submittedBy,
    returned: null,
    sections,
    fields,
    known: { ...known, causeName, departmentName },
    gaps: [],
    progress: { done: sections.length, of: sections.length },
    chain: linkOf(archived),
    previous: linkOf(previous),
    archivedAt: isoOf(archived.archivedAt),
    archivedBy: archived.archivedBy,
    serverTime: isoOf(await world.now()),
  }
}

function sectionsOf(form: ReportForm, code: "short" | "long", open: readonly string[]): ReportSection[] {
  return form.sections.flatMap((section) => {
    const fields = form.fields
      .filter((field) => field.section === section.code && field.required[code] !== "hidden")
      .map(
        ({ code: name, type, label, help, prefill, required, maxLength, choices }): FieldView => ({
          code: name,
          section: section.code,
          type,
          label,
          help,
          editable: prefill === null || prefill.editable,
          required: required[code] === "yes",
          maxLength,
          choices,
        }),
      )
    return fields.length === 0
      ? []
      : [{ code: section.code, label: section.label, done: !open.includes(section.code), fields }]
  })
}

function knownOf(
  about: ReportAbout,
  taxonomy: Taxonomy,
  fields: ReportFields,
  proposals: readonly Proposal[],
  zone: string,
): ReportKnown {
  const cause = fields.cause ?? about.cause.code
  const found = causeOf(taxonomy, cause)
  const proposal = proposals.find((each) => each.cause === cause)
  return {
    orders: about.orders.slice(0, 500),
    department: about.department,
    departmentName: about.department === null ? null : namesOf(taxonomy, [])("department", about.department),
    handOns: about.handOns,
    breaches: about.breaches.map(({ clock, basis, dueAt, closedAt }) => ({
      clock: clock as ClockKind,
      basis: basis as Basis,
      dueAt: isoOf(dueAt),
      closedAt: isoOrNull(closedAt),
      lateMs: Math.max(0, (closedAt ?? about.at) - dueAt),
    })),
    split: about.split ? splitView(about.split) : null,
    course: about.course.map(({ at, what, who, sentence }) => ({ at: isoOf(at), what, who, sentence })),
    tellings: about.tellings.map(({ at, text: said }) => ({ at: isoOf(at), text: said })),
    resolvedAt: isoOrNull(resolvedAtOf(about, fields.result)),
    causeName: found?.name ?? taxonomy.fallback.name,
    causeClass: found?.class ?? null,
    evidence: (proposal?.for ?? []).flatMap((fact) => factView(fact, taxonomy, zone)),
    differing: [...about.differing],
    against: (proposal?.against ?? []).flatMap((fact) => factView(fact, taxonomy, zone)),
  }
}
