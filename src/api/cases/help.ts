import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { answerHelp, askForHelp, withdrawHelp } from "../../engine/help/ask.ts"
import { listHelp } from "../../store/help.ts"
import type { HelpView } from "../contract/words.ts"
import type { World } from "../world.ts"
import { actorOf } from "./actor.ts"
import { helpViews } from "./helpViews.ts"
import { abouts, subjectFor } from "./subjects.ts"

const params = z.object({ id: z.string().min(1).max(64) })
const text = z.string().max(2_000)
const body = z.object({
  department: z.string().min(1).max(64).optional(),
  person: z.uuid().optional(),
  text,
})

/** Requests for help to a department or a superior, each with its answer clock (4.1b). */
export default async function help(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  for (const about of abouts) {
    const tags = [about]
    app.get(
      `/api/v1/${about}/:id/help`,
      { schema: { tags, summary: "Who was asked for help, and what they answered", params } },
      async (request): Promise<HelpView[]> => {
        const { subject, actor } = await subjectFor(world, request, request.params.id)
        return helpViews(world, await listHelp(world.db.pool, subject.number), actor)
      },
    )
    app.post(
      `/api/v1/${about}/:id/help`,
      {
        schema: {
          tags,
          summary: "Ask a department or a superior for help; an answer clock begins",
          params,
          body,
        },
      },
      async (request): Promise<HelpView> => {
        const { subject, actor } = await subjectFor(world, request, request.params.id)
        return (await helpViews(world, [await askForHelp(world, subject, request.body, actor)], actor))[0]!
      },
    )
  }
  const one = z.object({ id: z.uuid() })
  app.post(
    "/api/v1/help/:id/answer",
    {
      schema: {
        tags: ["cases"],
        summary: "Answer a request for help",
        params: one,
        body: z.object({ text }),
      },
    },
    async (request): Promise<HelpView> => {
      const { actor } = await actorOf(world, request)
      const answered = await answerHelp(world, request.params.id, request.body.text, actor)
      return (await helpViews(world, [answered], actor))[0]!
    },
  )
  app.post(
    "/api/v1/help/:id/withdraw",
    { schema: { tags: ["cases"], summary: "Take a request for help back", params: one } },
    async (request): Promise<HelpView> => {
      const { actor } = await actorOf(world, request)
      return (await helpViews(world, [await withdrawHelp(world, request.params.id, actor)], actor))[0]!
    },
  )
}
