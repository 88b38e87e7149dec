import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { answerRequest, askPartner } from "../../engine/partners/requests.ts"
import { listPartners } from "../../store/directory.ts"
import { openRequests, requestsOf } from "../../store/partnerRequests.ts"
import { findSubject } from "../../store/subjects.ts"
import { instant } from "../cases/lists.ts"
import { subjectFor } from "../cases/subjects.ts"
import type { PartnerRequestView } from "../contract/partners.ts"
import { require, type Who } from "../who.ts"
import type { World } from "../world.ts"
import { requestView } from "./views.ts"

const request = z.object({
  partner: z.uuid(),
  kind: z.enum(["chase", "restock", "ship", "other"]),
  subject: z.string().max(32),
  text: z.string().trim().min(2).max(1000),
  via: z.enum(["mail", "call"]),
  contact: z.string().trim().max(120).optional(),
  dueAt: instant.nullish(),
})
/** What a partner answered, with the date that it promised, if any. */
export const answerBody = z.object({
  answer: z.string().trim().min(1).max(1000),
  promisedAt: instant.nullish(),
})

/** Requests to partners about a case or incident: chase a parcel, confirm a restock. */
export default async function requests(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const { pool } = world.db
  const tags = ["partners"]
  const namesOfAll = async () => new Map((await listPartners(pool)).map(({ id, name }) => [id, name]))

  app.get(
    "/api/v1/partner-requests",
    {
      schema: {
        tags,
        summary: "Requests to partners: of a case or incident, else all that are open",
        querystring: z.object({ subject: z.string().max(32).optional() }),
      },
    },
    async (given): Promise<PartnerRequestView[]> => {
      const { subject } = given.query
      if (subject && (await findSubject(pool, subject))) await subjectFor(world, given, subject)
      else await require(world, given, "read", "case")
      const names = await namesOfAll()
      return (subject ? await requestsOf(pool, subject) : await openRequests(pool)).map((each) =>
        requestView(each, names),
      )
    },
  )
  app.post(
    "/api/v1/partner-requests",
    { schema: { tags, summary: "Ask a partner: chase a parcel, confirm a restock", body: request } },
    async (given): Promise<PartnerRequestView> => {
      const who = await require(world, given, "act", "case")
      const asked = { ...given.body, dueAt: given.body.dueAt ?? null }
      return requestView(await askPartner(world, asked, byOf(who)), await namesOfAll())
    },
  )
  app.post(
    "/api/v1/partner-requests/:id/answer",
    {
      schema: {
        tags,
        summary: "Write down what the partner answered",
        params: z.object({ id: z.uuid() }),
        body: answerBody,
      },
    },
    async (given): Promise<PartnerRequestView> => {
      const who = await require(world, given, "act", "case")
      const { answer, promisedAt } = given.body
      const answered = await answerRequest(world, given.params.id, {
        answer,
        promisedAt: promisedAt ?? null,
        by: byOf(who),
      })
      return requestView(answered, await namesOfAll())
    },
  )
}

const byOf = (who: Who): { id: string | null; name: string } => ({
  id: who.person?.id ?? null,
  name: who.name,
})
