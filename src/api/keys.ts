import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { isoOf, isoOrNull } from "../core/instants.ts"
import { Refusal } from "../core/refusals.ts"
import { note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import { listKeys, makeKey, revokeApiKey } from "../store/people.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

/** API keys: the list, a new one (shown once), taking one back. */
export default async function keys(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const tags = ["settings"]

  app.get("/api/v1/keys", { schema: { tags, summary: "API keys; none is shown again" } }, async (request) => {
    await require(world, request, "read", "settings")
    return {
      items: (await listKeys(world.db.pool)).map((each) => ({
        ...each,
        createdAt: isoOf(each.createdAt),
        expiresAt: isoOrNull(each.expiresAt),
        revokedAt: isoOrNull(each.revokedAt),
      })),
    }
  })

  app.post(
    "/api/v1/keys",
    {
      schema: {
        tags,
        summary: "Make a key; it is told this once",
        body: z.object({
          name: z.string().trim().min(1).max(80),
          role: z.enum(["integration", "viewer", "operations"]).default("integration"),
        }),
      },
    },
    async (request) => {
      const who = await require(world, request, "act", "settings")
      const { name, role } = request.body
      const at = await world.now()
      return transaction(world.db, async (tx) => {
        const key = await makeKey(tx, { name, role, source: name }, at)
        await note(tx, { who: who.name, what: "key.create", subject: name, after: { role } }, at)
        return { key }
      })
    },
  )

  app.delete(
    "/api/v1/keys/:id",
    { schema: { tags, summary: "Take a key back", params: z.object({ id: z.uuid() }) } },
    async (request) => {
      const who = await require(world, request, "act", "settings")
      const at = await world.now()
      await transaction(world.db, async (tx) => {
        const own = (await listKeys(tx)).find(({ id }) => id === request.params.id)
        if (!own || !(await revokeApiKey(tx, own.id, at))) throw new Refusal("not_found")
        await note(tx, { who: who.name, what: "key.revoke", subject: own.name }, at)
      })
      return { done: true }
    },
  )
}
