import { causeOf } from "../core/causes.ts"
import type { Instant } from "../core/instants.ts"
import type { JsonObject } from "../core/json.ts"
import { Refusal } from "../core/refusals.ts"
import {
  type FormCode,
  type Gap,
  gapsOf,
  progressOf,
  type ReportFields,
  type ReportForm,
  resolvedAtOf,
  whyLong,
  wordsOf,
} from "../core/reports.ts"
import type { Words } from "../core/words.ts"
import {
  type ArchivedReport,
  appendReport,
  reportsOf,
  type StoredReport,
  saveReport,
} from "../store/reports.ts"
import type { Session } from "../store/statement.ts"
import { partOf } from "./parts.ts"
import { type Dossier, namesOf, openDossier, type ReportSubject } from "./reporting.ts"
import type { EngineWorld } from "./world.ts"

export { ofCase, type ReportSubject } from "./reporting.ts"

/** A report with its form and all that it still lacks. */
export type Examined = Dossier & {
  form: ReportForm
  code: FormCode
  /** why the one-minute form does not do; empty: it does */
  why: Words[]
  gaps: Gap[]
  progress: { done: number; of: number; open: string[] }
}

/** Opens a report and looks at what it lacks, on the form asked for, else that of its draft, else the shortest that does. */
export async function examineReport(
  world: EngineWorld,
  session: Session,
  subject: ReportSubject,
  at: Instant,
  asked: { form?: FormCode; fields?: ReportFields } = {},
): Promise<Examined> {
  const { part: form } = await partOf(session, "report-form")
  const dossier = await openDossier(world, session, subject, at, asked.fields)
  const { fields } = dossier
  const given = { form, taxonomy: dossier.taxonomy, about: dossier.about, fields, timezone: dossier.timezone }
  const why = whyLong(given)
  const wished = asked.form ?? dossier.stored?.form ?? "short"
  const code = why.length > 0 ? "long" : wished
  const gaps = gapsOf(given, code)
  return { ...dossier, fields, form, code, why, gaps, progress: progressOf(form, code, gaps) }
}

/** Keeps what was written of a report so far. An archived one is not written any more. */
export async function saveDraft(
  tx: Session,
  { bucket, subject }: Pick<ReportSubject, "bucket" | "subject">,
  { form, fields, by }: { form: FormCode; fields: ReportFields; by: string },
  at: Instant,
): Promise<StoredReport> {
  const [before] = await reportsOf(tx, [{ bucket, subject }])
  const report: StoredReport = {
    bucket,
    subject,
    form,
    state: before?.state === "returned" ? "returned" : "draft",
    fields: { ...(before?.fields ?? {}), ...fields },
    savedAt: at,
    savedBy: by,
    submittedAt: null,
    submittedBy: null,
    returned: before?.returned ?? null,
  }
  await saveReport(tx, report)
  return report
}

/** Hands a report in; refused with every gap named where something that blocks is missing. Answers what it warns of. */
export async function submitReport(
  world: EngineWorld,
  tx: Session,
  subject: ReportSubject,
  { form, fields, by }: { form?: FormCode | undefined; fields?: ReportFields | undefined; by: string },
  at: Instant,
): Promise<Gap[]> {
  const examined = await examineReport(world, tx, subject, at, {
    ...(form ? { form } : {}),
    ...(fields ? { fields } : {}),
  })
  const blocking = examined.gaps.filter(({ severity }) => severity === "block")
  if (blocking.length > 0)
    throw new Refusal(
      "report_incomplete",
      blocking.map(({ sentence }) => sentence.en).join(" "),
      blocking.map(({ field, code, sentence }) => ({ field, message: code, says: sentence })),
    )
  await saveReport(tx, {
    bucket: subject.bucket,
    subject: subject.subject,
    form: examined.code,
    state: "submitted",
    fields: examined.fields,
    savedAt: at,
    savedBy: by,
    submittedAt: at,
    submittedBy: by,
    returned: examined.stored?.returned ?? null,
  })
  return examined.gaps
}

/** Gives a report back with its gaps named: codes of the list `return_report`, or of completeness. */
export async function returnReport(
  tx: Session,
  { bucket, subject }: Pick<ReportSubject, "bucket" | "subject">,
  { gaps, note, by }: { gaps: string[]; note?: string | null | undefined; by: string },
  at: Instant,
): Promise<void> {
  if (gaps.length === 0) throw new Refusal("reason_needed")
  const [report] = await reportsOf(tx, [{ bucket, subject }])
  if (report?.state !== "submitted") throw new Refusal("report_not_submitted")
  await saveReport(tx, { ...report, state: "returned", returned: { at, by, gaps, note: note ?? null } })
}

/** Archives the report of a case or incident: from then on it never changes, and its digest covers the one before (clause 3.3d). */
export async function archiveReport(
  world: EngineWorld,
  tx: Session,
  subject: ReportSubject,
  by: string,
  at: Instant,
): Promise<ArchivedReport> {
  const examined = await examineReport(world, tx, subject, at)
  const { stored, about, taxonomy } = examined
  if (stored?.state !== "submitted") throw new Refusal("report_not_submitted")
  const cause = stored.fields.cause ?? about.cause.code
  const document = documentOf(examined, stored)
  const archived = await appendReport(
    tx,
    {
      subject: subject.subject,
      archivedAt: at,
      archivedBy: by,
      form: stored.form,
      cause: cause ?? null,
      department: about.department,
      document,
    },
    searchedOf(examined, stored, causeOf(taxonomy, cause ?? null)?.name),
  )
  await saveReport(tx, { ...stored, state: "archived" })
  return archived
}

/** What is kept for ever: what people wrote, and what was known when it was archived. Staff and rivals of the text are not part of it. */
function documentOf(
  { about, taxonomy, form, timezone, progress }: Examined,
  stored: StoredReport,
): JsonObject {
  const { staff: _, alike: __, proposed, ...known } = about
  const proposal = proposed?.proposals.find(({ cause }) => cause === stored.fields.cause) ?? null
  return {
    fields: stored.fields,
    about: known,
    proposal,
    resolvedAt: resolvedAtOf(about, stored.fields.result),
    causeName: causeOf(taxonomy, stored.fields.cause ?? null)?.name ?? taxonomy.fallback.name,
    departmentName: about.department === null ? null : namesOf(taxonomy, [])("department", about.department),
    formVersion: form.version,
    taxonomyVersion: taxonomy.version,
    timezone,
    sections: progress.of,
    submittedAt: stored.submittedAt,
    submittedBy: stored.submittedBy,
    returned: stored.returned,
  } as unknown as JsonObject
}

/** The words by which an archived report is found. */
function searchedOf(
  { about, fields, taxonomy }: Examined,
  stored: StoredReport,
  causeName: Words | undefined,
): string[] {
  const department = about.department === null ? "" : namesOf(taxonomy, [])("department", about.department)
  const texts = [
    stored.subject,
    ...about.orders.flatMap(({ channel, shop, orderNo, product }) => [channel, shop, orderNo, product ?? ""]),
    ...Object.values(causeName ?? {}),
    ...(typeof department === "string" ? [department] : Object.values(department)),
    ...about.course.flatMap(({ sentence }) => Object.values(sentence)),
    ...Object.values(fields).flatMap((value) => (typeof value === "string" ? [value] : [])),
    ...(fields.prevention ?? []).flatMap(({ what, owner, measure }) => [what, owner ?? "", measure ?? ""]),
    ...(fields.causeEvidence ?? []).map(({ text }) => text ?? ""),
  ]
  return wordsOf(texts.join("\n"))
}
