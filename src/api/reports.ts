import exceljs from "exceljs"
import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { causeOf, type Proposal, type Taxonomy } from "../core/causes.ts"
import { type Instant, isoOf, isoOrNull, parseInstant } from "../core/instants.ts"
import { Refusal } from "../core/refusals.ts"
import {
  fieldsSchema,
  type ReportAbout,
  type ReportFields,
  type ReportForm,
  resolvedAtOf,
  wantedWords,
} from "../core/reports.ts"
import { sayDate, saySpan } from "../core/saying.ts"
import type { Language, Words } from "../core/words.ts"
import { ofIncident } from "../engine/incidents/report.ts"
import { partOf } from "../engine/parts.ts"
import { namesOf } from "../engine/reporting.ts"
import { examineReport, ofCase, type ReportSubject, saveDraft } from "../engine/reports.ts"
import { harmless } from "../files/formula.ts"
import { transaction } from "../store/database.ts"
import { findIncident, findIncidentId } from "../store/incidents.ts"
import { findCompany } from "../store/people.ts"
import {
  type ArchivedReport,
  archivedByNumber,
  archivedOf,
  casesReported,
  countReports,
  lastArchived,
  type ReportFilter,
  searchReports,
} from "../store/reports.ts"
import type { Session } from "../store/statement.ts"
import { factView, placeOf, splitView, zoneOf } from "./causes.ts"
import type { ArchivedRow, FieldView, ReportKnown, ReportPage, ReportSection } from "./contract/causes.ts"
import type { Basis, ClockKind, Page } from "./contract.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

const empty = (value: unknown) => (value === "" ? undefined : value)
const text = z.preprocess(empty, z.string().max(200).optional())
const query = z.object({
  q: text,
  cause: text,
  department: text,
  from: text,
  to: text,
  limit: z.preprocess(empty, z.coerce.number().int().min(1).max(500).default(50)),
  cursor: text,
})
const caseId = z.object({ id: z.string().max(64) })
const draft = z.object({ form: z.enum(["short", "long"]).optional(), fields: fieldsSchema })

/** Reports: the one of a case as it is written, the archive with its search, and its workbook. */
export default async function reports(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const { pool } = world.db

  app.get(
    "/api/v1/cases/:id/report",
    {
      schema: {
        tags: ["reports"],
        summary: "The report of a case, filled in as far as facts go",
        params: caseId,
      },
    },
    async (request): Promise<ReportPage> => {
      await require(world, request, "read", "case")
      return pageOf(world, request.params.id)
    },
  )

  app.put(
    "/api/v1/cases/:id/report",
    { schema: { tags: ["reports"], summary: "Keep what was written so far", params: caseId, body: draft } },
    async (request): Promise<ReportPage> => {
      const who = await require(world, request, "act", "case")
      await transaction(world.db, async (tx) => {
        const at = await world.instant(tx)
        const { subject, state, reopened } = await reportOf(tx, request.params.id)
        const examined = await examineReport(world, tx, subject, at)
        // What was handed in is operations'; an archived one is written anew only after its case was opened again.
        const isClosed = state === "reported" || state === "archived"
        if (isClosed || (examined.stored?.state === "archived" && reopened === 0))
          throw new Refusal("stale_version")
        await saveDraft(
          tx,
          subject,
          { form: request.body.form ?? examined.code, fields: request.body.fields, by: who.name },
          at,
        )
      })
      return pageOf(world, request.params.id)
    },
  )

  app.get(
    "/api/v1/reports",
    { schema: { tags: ["reports"], summary: "Archived reports, by any words in them", querystring: query } },
    async (request): Promise<Page<ArchivedRow>> => {
      await require(world, request, "read", "case")
      const { limit, cursor } = request.query
      const filter = filterOf(request.query)
      const before = cursor === undefined ? null : Number(cursor)
      if (before !== null && !Number.isSafeInteger(before)) throw new Refusal("bad_cursor")
      const [found, total] = await Promise.all([
        searchReports(pool, filter, { before, limit: limit + 1 }),
        countReports(pool, filter),
      ])
      const shown = found.slice(0, limit)
      return {
        items: shown.map(rowOf),
        next: found.length > limit ? String(shown.at(-1)!.number) : null,
        total,
      }
    },
  )

  app.get(
    "/api/v1/reports/:number",
    {
      schema: {
        tags: ["reports"],
        summary: "An archived report",
        params: z.object({ number: z.coerce.number().int().min(1) }),
      },
    },
    async (request): Promise<ReportPage> => {
      await require(world, request, "read", "case")
      const archived = await archivedByNumber(pool, request.params.number)
      if (!archived) throw new Refusal("not_found")
      return archivedPage(world, archived)
    },
  )

  app.get(
    "/api/v1/reports/export",
    {
      schema: {
        tags: ["reports"],
        summary: "The reports of a search as a workbook",
        querystring: query.extend({ language: z.enum(["zh-Hans", "zh-Hant", "en"]).default("zh-Hans") }),
      },
    },
    async (request, reply) => {
      await require(world, request, "read", "case")
      const filter = filterOf(request.query)
      const zone = await zoneOf(world)
      const { language } = request.query
      reply.hijack()
      reply.raw.writeHead(200, {
        "content-type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "content-disposition": `attachment; filename="reports.xlsx"; filename*=UTF-8''${encodeURIComponent(heads[language].file)}.xlsx`,
      })
      // A row is written as it is read, so that ten thousand reports do not stand in memory.
      const book = new exceljs.stream.xlsx.WorkbookWriter({ stream: reply.raw })
      const sheet = book.addWorksheet(heads[language].file, { views: [{ state: "frozen", ySplit: 1 }] })
      sheet.columns = heads[language].columns.map((header) => ({ header, width: 20 }))
      sheet.getRow(1).font = { bold: true }
      for (let before: number | null = null; ; ) {
        const page: ArchivedReport[] = await searchReports(pool, filter, { before, limit: 200 })
        for (const each of page) sheet.addRow(cellsOf(each, language, zone).map(harmless)).commit()
        if (page.length < 200) break
        before = page.at(-1)!.number
      }
      await book.commit()
    },
  )
}

const heads: Record<Language, { file: string; columns: string[] }> = {
  "zh-Hans": {
    file: "超时报告",
    columns: [
      "编号",
      "超时单",
      "归档时间",
      "归档人",
      "渠道",
      "店铺",
      "订单",
      "商品",
      "责任部门",
      "原因",
      "迟到",
      "经过",
      "根本原因",
      "结果",
      "对客户的影响",
      "防范",
      "校验值",
    ],
  },
  "zh-Hant": {
    file: "逾時報告",
    columns: [
      "編號",
      "逾時單",
      "歸檔時間",
      "歸檔人",
      "渠道",
      "店鋪",
      "訂單",
      "商品",
      "責任部門",
      "原因",
      "遲到",
      "經過",
      "根本原因",
      "結果",
      "對客戶的影響",
      "防範",
      "校驗值",
    ],
  },
  en: {
    file: "Timeout reports",
    columns: [
      "No.",
      "Case",
      "Archived",
      "By",
      "Channel",
      "Shop",
      "Order",
      "Product",
      "Department",
      "Cause",
      "Late",
      "What happened",
      "Root cause",
      "Result",
      "Effect on customers",
      "Prevention",
      "Digest",
    ],
  },
}

function cellsOf(each: ArchivedReport, language: Language, zone: string): string[] {
  const { fields, about, causeName, departmentName } = documentOf(each)
  const [order] = about.orders
  return [
    String(each.number),
    each.subject,
    sayDate(each.archivedAt, zone, language),
    each.archivedBy,
    order?.channel ?? "",
    order?.shop ?? "",
    order?.orderNo ?? "",
    order?.product ?? "",
    typeof departmentName === "string" ? departmentName : (departmentName?.[language] ?? ""),
    causeName[language],
    about.split ? saySpan(about.split.latenessMs) : "",
    fields.whatHappened ?? "",
    fields.rootCause ?? "",
    fields.result ?? "",
    fields.customerEffect ?? "",
    (fields.prevention ?? [])
      .map(({ what, owner, by }) => [what, owner, by].filter(Boolean).join(" · "))
      .join("\n"),
    each.digest.toString("hex").slice(0, 24),
  ]
}

function filterOf({ q, cause, department, from, to }: z.infer<typeof query>): ReportFilter {
  const at = (value: string | undefined): Instant | null => {
    if (value === undefined) return null
    const read = parseInstant(value)
    if (read === null) throw new Refusal("bad_instant")
    return read
  }
  return {
    words: wantedWords(q ?? ""),
    cause: cause ?? null,
    department: department ?? null,
    from: at(from),
    to: at(to),
  }
}

/** What an archived report keeps. */
type Document = {
  fields: ReportFields
  about: Omit<ReportAbout, "staff" | "alike" | "proposed">
  proposal: Proposal | null
  causeName: Words
  departmentName: Words | string | null
  submittedAt: Instant | null
  submittedBy: string | null
}
const documentOf = ({ document }: ArchivedReport): Document => document as unknown as Document

function rowOf(each: ArchivedReport): ArchivedRow {
  const { fields, about, causeName, departmentName } = documentOf(each)
  const [order] = about.orders
  return {
    number: each.number,
    subject: each.subject,
    archivedAt: isoOf(each.archivedAt),
    archivedBy: each.archivedBy,
    form: each.form,
    cause: each.cause,
    causeName,
    department: each.department,
    departmentName,
    whatHappened: fields.whatHappened ?? null,
    order: order
      ? { channel: order.channel, shop: order.shop, orderNo: order.orderNo, product: order.product }
      : null,
    orders: about.orders.length,
    latenessMs: about.split?.latenessMs ?? null,
    digest: digestText(each),
  }
}
const digestText = ({ digest }: Pick<ArchivedReport, "digest">): string => Buffer.from(digest).toString("hex")
const linkOf = (each: ArchivedReport | null) =>
  each ? { number: each.number, subject: each.subject, digest: digestText(each) } : null

/** Whose report a number names, a case's or an incident's, and how that stands. */
async function reportOf(
  session: Session,
  number: string,
): Promise<{ subject: ReportSubject; state: string | undefined; reopened: number }> {
  const id = /^I-\d+$/i.test(number) ? await findIncidentId(session, number) : null
  const incident = id === null ? null : await findIncident(session, id)
  if (incident !== null) {
    const subject = await ofIncident(session, incident)
    // Nothing can be told of one whose cases all went elsewhere.
    if (subject.cases.length === 0) throw new Refusal("not_found", "The incident has no cases.")
    return { subject, state: incident.state, reopened: 0 }
  }
  const subject = ofCase(placeOf(number))
  const [own] = await casesReported(session, subject.cases)
  return { subject, state: own?.state, reopened: own?.reopened ?? 0 }
}

async function pageOf(world: World, id: string): Promise<ReportPage> {
  const { pool } = world.db
  const { subject } = await reportOf(pool, id)
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

async function archivedPage(world: World, archived: ArchivedReport): Promise<ReportPage> {
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
    against: (proposal?.against ?? []).flatMap((fact) => factView(fact, taxonomy, zone)),
  }
}
