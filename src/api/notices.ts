import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { isoOf, isoOrNull, parseInstant } from "../core/instants.ts"
import { languages } from "../core/words.ts"
import { composeNotice, draftNotice, type Telling } from "../engine/notices.ts"
import { partOf } from "../engine/parts.ts"
import { transaction } from "../store/database.ts"
import { noticesOf, type StoredNotice } from "../store/notices.ts"
import { placeOf } from "./causes.ts"
import type { NoticePreview, NoticeTemplate, NoticeView } from "./contract/causes.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

const instant = z.string().transform((text, context) => {
  const at = parseInstant(text)
  if (at === null) context.addIssue({ code: "custom", message: "expected an instant with an offset" })
  return at ?? 0
})
const caseId = z.object({ id: z.string().max(64) })
const body = z.object({
  template: z.string().max(64),
  newDate: instant.nullish(),
  replyBy: instant.nullish(),
  language: z.enum(languages).optional(),
  more: z.record(z.string().max(32), z.string().max(200)).optional(),
})

/** Messages to customers: the company's texts, a preview for a case, and what is drafted and was told. */
export default async function notices(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const { pool } = world.db

  app.get(
    "/api/v1/notices/templates",
    { schema: { tags: ["notices"], summary: "The company's messages to customers" } },
    async (request): Promise<NoticeTemplate[]> => {
      await require(world, request, "read", "case")
      const { part } = await partOf(pool, "notices")
      return part.notices.map(({ code, name, trigger, customerActs, caution }) => ({
        code,
        name,
        trigger,
        customerActs,
        caution,
      }))
    },
  )

  app.get(
    "/api/v1/cases/:id/notices",
    {
      schema: {
        tags: ["notices"],
        summary: "What the customer of a case was told, and what is drafted",
        params: caseId,
      },
    },
    async (request): Promise<NoticeView[]> => {
      await require(world, request, "read", "case")
      return (await noticesOf(pool, [placeOf(request.params.id)])).map(noticeView)
    },
  )

  app.post(
    "/api/v1/cases/:id/notices/preview",
    {
      schema: {
        tags: ["notices"],
        summary: "A message as each channel would carry it; nothing is kept",
        params: caseId,
        body,
      },
    },
    async (request): Promise<NoticePreview> => {
      const who = await require(world, request, "read", "case")
      const { texts, missing, tooLong, caution, language } = await composeNotice(
        pool,
        placeOf(request.params.id),
        tellingOf(request.body, who.person?.name ?? null),
      )
      return { template: request.body.template, language, texts, missing, tooLong, caution }
    },
  )

  app.post(
    "/api/v1/cases/:id/notices",
    {
      schema: {
        tags: ["notices"],
        summary: "Draft a message; each fact is told once",
        params: caseId,
        body: body.extend({ fact: z.string().min(1).max(64) }),
      },
    },
    async (request): Promise<NoticeView> => {
      const who = await require(world, request, "act", "case")
      const place = placeOf(request.params.id)
      return transaction(world.db, async (tx) =>
        noticeView(
          await draftNotice(
            world,
            tx,
            place,
            request.body.fact,
            tellingOf(request.body, who.person?.name ?? null),
            await world.instant(tx),
          ),
        ),
      )
    },
  )
}

const tellingOf = (
  { template, newDate, replyBy, language, more }: z.infer<typeof body>,
  agent: string | null,
): Telling => ({
  template,
  newDate: newDate ?? null,
  replyBy: replyBy ?? null,
  agent,
  language,
  ...(more ? { more } : {}),
})

const noticeView = (notice: StoredNotice): NoticeView => {
  const { caution, ...texts } = notice.texts
  return {
    id: notice.id,
    fact: notice.fact,
    template: notice.template,
    language: notice.language,
    texts,
    caution,
    state: notice.state,
    draftedAt: isoOf(notice.draftedAt),
    toldAt: isoOrNull(notice.toldAt),
    toldBy: notice.toldBy,
    channel: notice.channel,
    text: notice.text,
    error: notice.state === "failed" ? notice.error : null,
  }
}
