import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { isoOf } from "../../core/instants.ts"
import { speak } from "../../engine/cases/words.ts"
import { namesOf } from "../../store/assignees.ts"
import { caseNumber } from "../../store/keys.ts"
import { listMessages, type StoredMessage } from "../../store/messages.ts"
import type { MessageView } from "../contract/cases.ts"
import type { World } from "../world.ts"
import { caseFor } from "./one.ts"
import { personRef } from "./rows.ts"

const params = z.object({ id: z.string().min(1).max(64) })
const body = z.object({
  text: z.string().max(4_000),
  people: z.array(z.uuid()).max(50).optional(),
  departments: z.array(z.string().min(1).max(64)).max(20).optional(),
  proposal: z.boolean().optional(),
})

/** The thread of a case: whoever sees the case reads and writes in it. */
export default async function words(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const tags = ["cases"]

  app.get(
    "/api/v1/cases/:id/messages",
    { schema: { tags, summary: "What was said about a case", params } },
    async (request): Promise<MessageView[]> => {
      const { found } = await caseFor(world, request, request.params.id)
      const subject = caseNumber(found.n, found.bucket)
      return views(world, await listMessages(world.db.pool, found.bucket, subject))
    },
  )
  app.post(
    "/api/v1/cases/:id/messages",
    { schema: { tags, summary: "Say something about a case, naming people and departments", params, body } },
    async (request): Promise<MessageView> => {
      const { found, actor } = await caseFor(world, request, request.params.id)
      const subject = caseNumber(found.n, found.bucket)
      const place = { bucket: found.bucket, subject, link: `/cases/${subject}` }
      const said = await speak(world, place, request.body, actor)
      return (await views(world, [said]))[0]!
    },
  )
}

async function views(world: World, all: readonly StoredMessage[]): Promise<MessageView[]> {
  const names = await namesOf(
    world.db.pool,
    all.flatMap(({ author, mentions }) => [author, ...mentions.people]),
  )
  return all.map((each) => ({
    id: each.id,
    at: isoOf(each.at),
    author: personRef(names, each.author),
    department: each.department,
    text: each.body,
    mentions: {
      people: each.mentions.people.map((id) => personRef(names, id)!),
      departments: each.mentions.departments,
    },
    attachments: [],
    proposal: each.proposal,
    help: null,
  }))
}
