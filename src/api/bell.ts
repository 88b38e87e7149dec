import type { FastifyInstance, FastifyRequest } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { isoOf, isoOrNull } from "../core/instants.ts"
import { Refusal } from "../core/refusals.ts"
import { countUnread, listStaffNotices, markRead, markUnread } from "../store/bell.ts"
import type { Person } from "../store/people.ts"
import type { Bell } from "./contract/alerts.ts"
import { readPlace, writePlace } from "./places.ts"
import { whoIs } from "./who.ts"
import type { World } from "./world.ts"

/** The bell of whoever asks: what they were told, and what of it they have read. */
export default async function bell(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const tags = ["alerts"]
  const { pool } = world.db
  const own = async (request: FastifyRequest): Promise<Person> => {
    const who = await whoIs(world, request)
    if (who === null) throw new Refusal("not_signed_in")
    if (who.person === null) throw new Refusal("forbidden", "Only a person has a bell.")
    return who.person
  }

  app.get(
    "/api/v1/bell",
    {
      schema: {
        tags,
        summary: "What one was told, the latest first",
        querystring: z.object({
          limit: z.coerce.number().int().min(1).max(100).default(30),
          cursor: z.string().max(200).optional(),
        }),
      },
    },
    async (request): Promise<Bell> => {
      const { id } = await own(request)
      const { limit, cursor } = request.query
      const found = await listStaffNotices(pool, id, { after: readPlace(cursor), limit: limit + 1 })
      const shown = found.slice(0, limit)
      const last = shown.at(-1)
      return {
        items: shown.map(({ createdAt, readAt, ...each }) => ({
          ...each,
          at: isoOf(createdAt),
          readAt: isoOrNull(readAt),
        })),
        unread: await countUnread(pool, id),
        next: found.length > limit && last ? writePlace(last) : null,
      }
    },
  )
  app.post(
    "/api/v1/bell/read",
    {
      schema: {
        tags,
        summary: "Mark some as read, or all",
        body: z.object({ ids: z.array(z.uuid()).max(200).optional() }),
      },
    },
    async (request) => {
      const { id } = await own(request)
      await markRead(pool, id, request.body.ids ?? null, await world.now())
      world.changed({ staff: [id] })
      return { unread: await countUnread(pool, id) }
    },
  )
  app.post(
    "/api/v1/bell/:id/unread",
    { schema: { tags, summary: "Mark one as unread again", params: z.object({ id: z.uuid() }) } },
    async (request) => {
      const { id } = await own(request)
      if ((await markUnread(pool, id, request.params.id)) === 0) throw new Refusal("not_found")
      world.changed({ staff: [id] })
      return { unread: await countUnread(pool, id) }
    },
  )
}
