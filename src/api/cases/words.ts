import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import type { AttachmentType } from "../../core/attachments.ts"
import type { Actor } from "../../core/cases.ts"
import { isoOf } from "../../core/instants.ts"
import { speak } from "../../engine/cases/words.ts"
import { namesOf } from "../../store/assignees.ts"
import { listHelp } from "../../store/help.ts"
import { listMessages, type StoredMessage } from "../../store/messages.ts"
import type { Subject } from "../../store/subjects.ts"
import type { MessageView } from "../contract/words.ts"
import type { World } from "../world.ts"
import { helpViews } from "./helpViews.ts"
import { personRef } from "./rows.ts"
import { abouts, subjectFor } from "./subjects.ts"

const params = z.object({ id: z.string().min(1).max(64) })
const body = z.object({
  text: z.string().max(4_000),
  people: z.array(z.uuid()).max(50).optional(),
  departments: z.array(z.string().min(1).max(64)).max(20).optional(),
  attachments: z
    .array(z.string().regex(/^[0-9a-f]{64}$/))
    .max(20)
    .optional(),
  proposal: z.boolean().optional(),
})

/** The thread of a case or an incident: whoever sees it reads and writes in it. */
export default async function words(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  for (const about of abouts) {
    const tags = [about]
    app.get(
      `/api/v1/${about}/:id/messages`,
      { schema: { tags, summary: "What was said", params } },
      async (request): Promise<MessageView[]> => {
        const { subject, actor } = await subjectFor(world, request, request.params.id)
        const { bucket, number } = subject
        return views(world, subject, actor, await listMessages(world.db.pool, bucket, number))
      },
    )
    app.post(
      `/api/v1/${about}/:id/messages`,
      { schema: { tags, summary: "Say something, naming people and departments", params, body } },
      async (request): Promise<MessageView> => {
        const { subject, actor } = await subjectFor(world, request, request.params.id)
        return (await views(world, subject, actor, [await speak(world, subject, request.body, actor)]))[0]!
      },
    )
  }
}

async function views(
  world: World,
  subject: Subject,
  actor: Actor,
  all: readonly StoredMessage[],
): Promise<MessageView[]> {
  const { pool } = world.db
  const asked = all.some(({ help, answers }) => help !== null || answers !== null)
  const help = asked ? await helpViews(world, await listHelp(pool, subject.number), actor) : []
  const helpOf = (id: string | null) => help.find((each) => each.id === id) ?? null
  const names = await namesOf(
    pool,
    all.flatMap(({ author, mentions }) => [author, ...mentions.people]),
  )
  return all.map((each) => ({
    id: each.id,
    at: isoOf(each.at),
    author: personRef(names, each.author),
    authorName: each.authorName,
    department: each.department,
    text: each.body,
    mentions: {
      people: each.mentions.people.map((id) => personRef(names, id)!),
      departments: each.mentions.departments,
    },
    attachments: each.attachments.map((file) => ({ ...file, type: file.type as AttachmentType })),
    proposal: each.proposal,
    help: helpOf(each.help),
    answers: helpOf(each.answers),
  }))
}
