import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { isZone } from "../core/calendars.ts"
import { isoOf } from "../core/instants.ts"
import { listAudit, note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import { type Company, findCompany, saveCompany } from "../store/people.ts"
import type { AuditRow } from "./contract/people.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

/** Whose law binds the company: it decides the legal guards (deductions from pay, keeping of personal data). */
export const regions = ["cn", "hk", "mo", "tw", "sg", "my", "other"] as const

/** The company, and the audit of who changed what. */
export default async function company(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const tags = ["settings"]

  app.get(
    "/api/v1/company",
    { schema: { tags, summary: "The company: name, time zone, language, region" } },
    async (request): Promise<Company | null> => {
      await require(world, request, "read", "settings")
      return findCompany(world.db.pool)
    },
  )

  app.put(
    "/api/v1/company",
    {
      schema: {
        tags,
        summary: "Change the company; the zone decides what is today, everywhere",
        body: z.object({
          name: z.string().trim().min(1).max(80),
          timezone: z.string().refine(isZone, "expected a time zone such as Asia/Shanghai"),
          language: z.enum(["zh-Hans", "zh-Hant", "en"]),
          region: z.enum(regions),
        }),
      },
    },
    async (request) => {
      const who = await require(world, request, "act", "settings")
      const at = await world.now()
      await transaction(world.db, async (tx) => {
        const before = await findCompany(tx)
        await saveCompany(tx, { ...before, ...request.body }, at)
        await note(
          tx,
          { who: who.name, what: "company.change", subject: "company", before, after: request.body },
          at,
        )
      })
      return { done: true }
    },
  )

  app.get(
    "/api/v1/audit",
    {
      schema: {
        tags,
        summary: "What people and keys changed, newest first",
        querystring: z.object({
          subject: z.string().max(200).optional(),
          q: z.string().max(80).optional(),
          limit: z.coerce.number().int().min(1).max(500).default(100),
          before: z.uuid().optional(),
        }),
      },
    },
    async (request): Promise<{ items: AuditRow[]; next: string | null }> => {
      await require(world, request, "read", "settings")
      const { limit } = request.query
      const rows = await listAudit(world.db.pool, request.query)
      return {
        items: rows.map((each) => ({ ...each, at: isoOf(each.at) })),
        next: rows.length === limit ? rows.at(-1)!.id : null,
      }
    },
  )
}
