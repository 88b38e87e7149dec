import { PassThrough } from "node:stream"
import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { mayReport } from "../core/cases.ts"
import { type Instant, parseInstant } from "../core/instants.ts"
import { Refusal } from "../core/refusals.ts"
import { fieldsSchema, wantedWords } from "../core/reports.ts"
import { partOf } from "../engine/parts.ts"
import { examineReport, saveDraft } from "../engine/reports.ts"
import { transaction } from "../store/database.ts"
import {
  type ArchivedReport,
  archivedByNumber,
  countReports,
  type ReportFilter,
  searchReports,
} from "../store/reports.ts"
import type { Session } from "../store/statement.ts"
import { actorOf } from "./cases/actor.ts"
import { zoneOf } from "./causes.ts"
import type { ArchivedRow, ReportPage } from "./contract/causes.ts"
import type { Page } from "./contract.ts"
import { rowOf } from "./reports/archived.ts"
import { archivedPage, pageOf, reportOf } from "./reports/page.ts"
import { heads, writeWorkbook } from "./reports/workbook.ts"
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
      return pageOf(world, request.params.id, (await actorOf(world, request)).actor)
    },
  )

  app.put(
    "/api/v1/cases/:id/report",
    { schema: { tags: ["reports"], summary: "Keep what was written so far", params: caseId, body: draft } },
    async (request): Promise<ReportPage> => {
      const { who, actor } = await actorOf(world, request)
      await transaction(world.db, async (tx) => {
        const at = await world.instant(tx)
        const { subject, state, reopened, holder } = await reportOf(tx, request.params.id)
        if (!mayReport(actor, holder)) throw new Refusal("not_your_case")
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
      return pageOf(world, request.params.id, actor)
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
      const [zone, { part: form }] = await Promise.all([zoneOf(world), partOf(pool, "report-form")])
      const { language } = request.query
      const book = new PassThrough()
      // Whoever waits hears of a failure: the connection breaks off where the rows do.
      writeWorkbook(book, allOf(pool, filter), { form, language, zone }).catch((error) => book.destroy(error))
      return reply
        .headers({
          "content-type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
          "content-disposition": `attachment; filename="reports.xlsx"; filename*=UTF-8''${encodeURIComponent(heads[language].file)}.xlsx`,
        })
        .send(book)
    },
  )
}

const pageOfExport = 200
/** All that a search finds, a page at a time. */
async function* allOf(session: Session, filter: ReportFilter): AsyncGenerator<ArchivedReport[]> {
  for (let before: number | null = null; ; ) {
    const page: ArchivedReport[] = await searchReports(session, filter, { before, limit: pageOfExport })
    yield page
    if (page.length < pageOfExport) return
    before = page.at(-1)!.number
  }
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
