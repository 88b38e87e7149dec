import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { isoOf } from "../core/instants.ts"
import { findGateway, putGateway, testGateway } from "../engine/gateway/settings.ts"
import type { GatewayTried, GatewayView } from "./contract/settings.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

const body = z
  .strictObject({
    url: z.string().trim().min(1).max(1_000).optional(),
    secret: z.string().trim().min(16, "at least 16 characters").max(200).optional(),
  })
  .nullable()

/** The company's gateway, through which messages to customers leave by themselves. */
export default async function gateway(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const tags = ["notices"]

  app.get(
    "/api/v1/gateway",
    { schema: { tags, summary: "Where messages to customers are posted" } },
    async (request): Promise<GatewayView> => {
      await require(world, request, "read", "settings")
      const found = await findGateway(world.db.pool)
      return { gateway: found && { shown: found.shown, changedAt: isoOf(found.changedAt) } }
    },
  )
  app.put(
    "/api/v1/gateway",
    { schema: { tags, summary: "Name the gateway, or none (null); it is never shown again whole", body } },
    async (request) => {
      const who = await require(world, request, "act", "settings")
      await putGateway(world, request.body, who.name)
      return { done: true }
    },
  )
  app.post(
    "/api/v1/gateway/test",
    { schema: { tags, summary: "Post a test of no customer now" } },
    async (request): Promise<GatewayTried> => {
      const who = await require(world, request, "act", "settings")
      const answer = await testGateway(world, who.name)
      return answer.sent ? { ...answer, why: null } : { ...answer, messageId: null }
    },
  )
}
