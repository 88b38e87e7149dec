import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { isoOf, isoOrNull } from "../../core/instants.ts"
import { admitGuest, tellShipments, viewOfGuest } from "../../engine/partners/guests.ts"
import { answerRequest } from "../../engine/partners/requests.ts"
import { instant } from "../cases/lists.ts"
import type { GuestView } from "../contract/partners.ts"
import type { World } from "../world.ts"
import { answerBody } from "./requests.ts"
import { orderView } from "./views.ts"

const token = z.string().min(1).max(64)
const shipment = z.object({
  order: z.object({ channel: z.string().max(64), shop: z.string().max(128), orderNo: z.string().max(128) }),
  carrier: z.string().trim().min(1).max(40),
  trackingNo: z.string().trim().min(4).max(64),
  shippedAt: instant.nullish(),
})
const limit = { rateLimit: { max: 60, timeWindow: "1 minute" } }

/** Partners without signing in. The token comes in a body, so that no log and no history keeps it. */
export default async function guests(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const { pool } = world.db
  const tags = ["partners"]

  app.post(
    "/api/v1/guest/orders",
    { config: limit, schema: { tags, summary: "A partner's own orders", body: z.object({ token }) } },
    async (given): Promise<GuestView> => {
      const guest = await admitGuest(world, pool, given.body.token)
      const { orders, fared, requests, at } = await viewOfGuest(world, guest)
      return {
        partner: guest.partner.name,
        serverTime: isoOf(at),
        fared,
        orders: orders.map(orderView),
        requests: requests.map(({ id, kind, text, askedAt, dueAt, answeredAt, answer: said }) => ({
          id,
          kind,
          text,
          askedAt: isoOf(askedAt),
          dueAt: isoOf(dueAt),
          answeredAt: isoOrNull(answeredAt),
          answer: said,
        })),
      }
    },
  )
  app.post(
    "/api/v1/guest/shipments",
    {
      config: limit,
      schema: {
        tags,
        summary: "A partner's tracking numbers",
        body: z.object({ token, shipments: z.array(shipment).min(1).max(2000) }),
      },
    },
    async (given) => {
      const guest = await admitGuest(world, pool, given.body.token)
      return tellShipments(
        world,
        guest,
        given.body.shipments.map(({ shippedAt, ...each }) => ({ ...each, shippedAt: shippedAt ?? null })),
      )
    },
  )
  app.post(
    "/api/v1/guest/answers",
    {
      config: limit,
      schema: {
        tags,
        summary: "A partner's answer to a request",
        body: answerBody.extend({ token, request: z.uuid() }),
      },
    },
    async (given) => {
      const guest = await admitGuest(world, pool, given.body.token)
      const { answer, promisedAt } = given.body
      await answerRequest(world, given.body.request, {
        answer,
        promisedAt: promisedAt ?? null,
        by: { id: null, name: `partner:${guest.partner.name}` },
        partner: guest.partner.id,
      })
      return { answered: true }
    },
  )
}
