import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { type Actor, partiesOf } from "../../core/cases.ts"
import type { JsonObject } from "../../core/json.ts"
import { Refusal } from "../../core/refusals.ts"
import { dropCaseView, everybody, listCaseViews, saveCaseView } from "../../store/caseViews.ts"
import type { CasesQuery, SavedView } from "../contract/cases.ts"
import type { World } from "../world.ts"
import { actorOf } from "./actor.ts"

const named = z.object({ name: z.string().trim().min(1).max(60) })
const body = z.object({
  query: z.record(z.string().max(40), z.union([z.string().max(200), z.number()])),
  ownedByAll: z.boolean().default(false),
})

/** Lists of cases that people keep under a name. */
export default async function saved(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const tags = ["cases"]
  const { pool } = world.db

  app.get("/api/v1/case-views", { schema: { tags, summary: "Lists kept under a name" } }, async (request) =>
    views(world, (await actorOf(world, request)).actor),
  )
  app.put(
    "/api/v1/case-views/:name",
    { schema: { tags, summary: "Keep a list under a name", params: named, body } },
    async (request): Promise<SavedView[]> => {
      const { actor } = await actorOf(world, request)
      const { query, ownedByAll } = request.body
      const owner = ownerOf(actor, ownedByAll)
      await saveCaseView(
        pool,
        { owner, name: request.params.name, query: query as JsonObject },
        await world.now(),
      )
      return views(world, actor)
    },
  )
  app.delete(
    "/api/v1/case-views/:name",
    {
      schema: {
        tags,
        summary: "Forget a list",
        params: named,
        querystring: z.object({ ownedByAll: z.enum(["true"]).optional() }),
      },
    },
    async (request): Promise<SavedView[]> => {
      const { actor } = await actorOf(world, request)
      const owner = ownerOf(actor, request.query.ownedByAll === "true")
      if (!(await dropCaseView(pool, owner, request.params.name))) throw new Refusal("not_found")
      return views(world, actor)
    },
  )
}

/** Whose a list is: everybody's are for operations to keep. */
function ownerOf(actor: Actor, isForAll: boolean): string {
  if (!isForAll) return actor.id ?? actor.name
  if (!partiesOf(actor, { department: null, assignee: null }).has("operations"))
    throw new Refusal("forbidden")
  return everybody
}

async function views(world: World, actor: Actor): Promise<SavedView[]> {
  const found = await listCaseViews(world.db.pool, actor.id ?? actor.name)
  return found.map(({ owner, name, query }) => ({
    name,
    query: query as CasesQuery,
    ownedByAll: owner === everybody,
  }))
}
