import { createHash } from "node:crypto"
import type { Instant } from "../core/instants.ts"
import { canonical, type Json, type JsonObject } from "../core/json.ts"
import type { FormCode, ReportFields } from "../core/reports.ts"
import { bulkInsert, type Column, columnOf, fetched, parameters, send, unnested } from "./bulk.ts"
import type { CasePlace } from "./evidence.ts"
import { wholeDetails } from "./orders.ts"
import { run, type Session, statement } from "./statement.ts"

/** A report as it is written. Its subject is the number of its case or incident. */
export type StoredReport = {
  bucket: number
  subject: string
  form: FormCode
  state: "draft" | "submitted" | "returned" | "archived"
  fields: ReportFields
  savedAt: Instant
  savedBy: string
  submittedAt: Instant | null
  submittedBy: string | null
  returned: { at: Instant; by: string; gaps: string[]; note: string | null } | null
}
const columns: readonly Column<StoredReport>[] = [
  ["bucket", "bucket", "int2"],
  ["subject", "subject", "text"],
  ["form", "form", "text"],
  ["state", "state", "text"],
  ["fields", "fields", "json"],
  ["saved_at", "savedAt", "instant"],
  ["saved_by", "savedBy", "text"],
  ["submitted_at", "submittedAt", "instant"],
  ["submitted_by", "submittedBy", "text"],
  ["returned", "returned", "json"],
]
const save = bulkInsert(
  "reports.save",
  "reports",
  columns,
  `on conflict (bucket, subject) do update set form = excluded.form, state = excluded.state, fields = excluded.fields,
     saved_at = excluded.saved_at, saved_by = excluded.saved_by, submitted_at = excluded.submitted_at,
     submitted_by = excluded.submitted_by, returned = excluded.returned`,
)
/** Writes a report as it now stands. */
export const saveReport = (tx: Session, report: StoredReport): Promise<number> =>
  send(tx, save, columns, [report])

type Named = Pick<StoredReport, "bucket" | "subject">
const named: readonly Column<Named>[] = [
  ["bucket", "bucket", "int2"],
  ["subject", "subject", "text"],
]
const of = statement(
  "reports.of",
  `select ${columns.map(([name, field, kind]) => `${fetched("r", name, kind)} as "${field}"`).join(", ")}
   from reports r join ${unnested(named)} on r.bucket = k.bucket and r.subject = k.subject`,
)
/** The reports of subjects, those that have one. */
export const reportsOf = (session: Session, subjects: readonly Named[]): Promise<StoredReport[]> =>
  subjects.length === 0 ? Promise.resolve([]) : run(session, of, parameters(named, subjects))

// ------------------------------------------------------------------ what a report is about

/** A case as its report needs it. */
export type CaseReported = CasePlace & {
  orderId: string
  channel: string
  shop: string
  orderNo: string
  details: JsonObject
  facts: Record<string, Instant>
  stage: string
  state: string
  department: string | null
  assignee: string | null
  cause: string | null
  incident: string | null
  /** hand-ons to another department that were not operations' own decision */
  handOns: number
  reopened: number
  openedAt: Instant
}
const placeColumns: readonly Column<CasePlace>[] = [
  ["bucket", "bucket", "int2"],
  ["n", "n", "int4"],
]
const caseReported = statement(
  "reports.cases",
  `select c.bucket, c.n, c.order_id as "orderId", o.channel, o.shop, o.order_no as "orderNo", ${wholeDetails} as details, a.facts, a.stage, c.state,
     c.department, c.assignee::text as assignee, c.cause, c.incident, c.hand_ons as "handOns", c.reopened, ${fetched("c", "opened_at", "instant")} as "openedAt"
   from ${unnested(placeColumns)} join cases c on c.bucket = k.bucket and c.n = k.n
   join orders o on o.bucket = c.bucket and o.id = c.order_id
   join agenda a on a.bucket = c.bucket and a.id = c.order_id order by c.opened_at, c.bucket, c.n`,
)
/** Cases with their orders, the oldest first. */
export const casesReported = (session: Session, cases: readonly CasePlace[]): Promise<CaseReported[]> =>
  cases.length === 0 ? Promise.resolve([]) : run(session, caseReported, parameters(placeColumns, cases))

const names = statement("reports.staff_names", "select id, name from staff order by name limit 5000")
/** Everybody's id and name: reports name steps, not people. */
export const staffNames = (session: Session): Promise<{ id: string; name: string }[]> => run(session, names)

const texts = statement(
  "reports.recent_texts",
  `select a.subject, a.document #>> '{fields,whatHappened}' as text from report_archive a
   where a.archived_at >= to_timestamp($1::float8 / 1000) and a.cause = $2 and a.subject <> $3
   order by a.archived_at desc, a.number desc limit 500`,
)
/** What reports of a cause archived since an instant say happened. */
export const recentTexts = (
  session: Session,
  since: Instant,
  about: { cause: string; except: string },
): Promise<{ subject: string; text: string | null }[]> =>
  run(session, texts, [since, about.cause, about.except])

// ------------------------------------------------------------------ the archive

/** A report that never changes again. */
export type ArchivedReport = {
  number: number
  subject: string
  archivedAt: Instant
  archivedBy: string
  form: FormCode
  cause: string | null
  department: string | null
  document: JsonObject
  digest: Buffer
}
const archiveColumns = `a.number, a.subject, ${fetched("a", "archived_at", "instant")} as "archivedAt", a.archived_by as "archivedBy",
  a.form, a.cause, a.department, a.document, a.digest`

const lock = statement("report_archive.lock", "select pg_advisory_xact_lock(7300003)")
const last = statement(
  "report_archive.last",
  "select number, digest from report_archive order by number desc limit 1",
)
const append = statement(
  "report_archive.append",
  `insert into report_archive (number, subject, archived_at, archived_by, form, cause, department, document, words, digest)
   values ($1, $2, to_timestamp($3::float8 / 1000), $4, $5, $6, $7, $8::jsonb, $9::text[], $10)`,
)
const genesis: Buffer = Buffer.alloc(32)

const digestOf = (report: Omit<ArchivedReport, "digest">, previous: Buffer): Buffer => {
  const { number, subject, archivedAt, archivedBy, form, cause, department, document } = report
  return createHash("sha256")
    .update(previous)
    .update(canonical({ number, subject, archivedAt, archivedBy, form, cause, department, document } as Json))
    .digest()
}

/** Archives a report behind the last one: its digest covers that one's. One at a time, until the transaction ends. */
export async function appendReport(
  tx: Session,
  report: Omit<ArchivedReport, "number" | "digest">,
  words: readonly string[],
): Promise<ArchivedReport> {
  await run(tx, lock)
  const [end] = await run<{ number: number; digest: Buffer }>(tx, last)
  // As it comes back from the database, so that the walk reads what was hashed.
  const document = JSON.parse(JSON.stringify(report.document)) as JsonObject
  const whole = { ...report, document, number: (end?.number ?? 0) + 1 }
  const digest = digestOf(whole, end?.digest ?? genesis)
  await run(tx, append, [
    whole.number,
    whole.subject,
    whole.archivedAt,
    whole.archivedBy,
    whole.form,
    whole.cause,
    whole.department,
    JSON.stringify(document),
    columnOf(words, "text"),
    digest,
  ])
  return { ...whole, digest }
}

const walk = statement(
  "report_archive.walk",
  `select ${archiveColumns} from report_archive a where a.number > $1 order by a.number limit 1000`,
)
/** Walks the chain of archived reports; answers how many hold, and the first number that does not. */
export async function verifyReports(session: Session): Promise<{ rows: number; brokenAt: number | null }> {
  let previous: Buffer = genesis
  let rows = 0
  for (;;) {
    const page = await run<ArchivedReport>(session, walk, [rows])
    if (page.length === 0) return { rows, brokenAt: null }
    for (const report of page) {
      if (report.number !== rows + 1 || !digestOf(report, previous).equals(report.digest))
        return { rows, brokenAt: rows + 1 }
      previous = report.digest
      rows += 1
    }
  }
}

const ofSubject = statement(
  "report_archive.of_subject",
  `select ${archiveColumns} from report_archive a where a.subject = $1 order by a.number desc limit 1`,
)
/** The newest archived report of a case or incident. */
export const archivedOf = async (session: Session, subject: string): Promise<ArchivedReport | null> =>
  (await run<ArchivedReport>(session, ofSubject, [subject]))[0] ?? null

const newest = statement(
  "report_archive.newest",
  `select ${archiveColumns} from report_archive a order by a.number desc limit 1`,
)
/** The report archived last. */
export const lastArchived = async (session: Session): Promise<ArchivedReport | null> =>
  (await run<ArchivedReport>(session, newest))[0] ?? null

const byNumber = statement(
  "report_archive.by_number",
  `select ${archiveColumns} from report_archive a where a.number = $1`,
)
/** An archived report by its number in the chain. */
export const archivedByNumber = async (session: Session, number: number): Promise<ArchivedReport | null> =>
  (await run<ArchivedReport>(session, byNumber, [number]))[0] ?? null

/** What archived reports are narrowed by. */
export type ReportFilter = {
  words: readonly string[]
  cause: string | null
  department: string | null
  from: Instant | null
  to: Instant | null
}
const filtered = `($1::text[] = '{}' or a.words @> $1::text[]) and ($2::text is null or a.cause = $2)
  and ($3::text is null or a.department = $3) and ($4::float8 is null or a.archived_at >= to_timestamp($4 / 1000))
  and ($5::float8 is null or a.archived_at < to_timestamp($5 / 1000))`
const search = statement(
  "report_archive.search",
  `select ${archiveColumns} from report_archive a where ${filtered} and ($6::int8 is null or a.number < $6)
   order by a.number desc limit $7`,
)
const count = statement(
  "report_archive.count",
  `select count(*)::int as n from report_archive a where ${filtered}`,
)
const bound = ({ words, cause, department, from, to }: ReportFilter): unknown[] => [
  columnOf(words, "text"),
  cause,
  department,
  from,
  to,
]
/** A page of archived reports, the newest first, before a number. */
export const searchReports = (
  session: Session,
  filter: ReportFilter,
  page: { before: number | null; limit: number },
): Promise<ArchivedReport[]> => run(session, search, [...bound(filter), page.before, page.limit])
/** How many a filter finds. */
export const countReports = async (session: Session, filter: ReportFilter): Promise<number> =>
  (await run<{ n: number }>(session, count, bound(filter)))[0]!.n
