import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { revealedSeconds } from "../core/masking.ts"
import { Refusal } from "../core/refusals.ts"
import { revealReceiver } from "../engine/receivers/reveal.ts"
import type { RevealedView } from "./contract/receivers.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

const key = z.object({ channel: z.string(), shop: z.string(), orderNo: z.string() })
const shown = ["name", "phone", "province", "city", "address"] as const

/** Whom orders are sent to, opened by a person for a reason. */
export default async function receivers(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()

  app.post(
    "/api/v1/orders/:channel/:shop/:orderNo/receiver",
    {
      schema: {
        tags: ["orders"],
        summary: "Open the receiver of an order; who did and why stands in the audit trail",
        params: key,
        body: z.object({ reason: z.string().trim().max(500).default("") }),
      },
    },
    async (request, reply): Promise<RevealedView> => {
      const { person } = await require(world, request, "read", "receiver")
      // A key is nobody whom one could ask why.
      if (person === null) throw new Refusal("forbidden")
      if (request.body.reason === "") throw new Refusal("reason_needed")
      const told = await revealReceiver(world, request.params, person, request.body.reason)
      void reply.header("cache-control", "no-store")
      const view: RevealedView = { seconds: revealedSeconds }
      for (const field of shown) if (typeof told[field] === "string") view[field] = told[field]
      return view
    },
  )
}
