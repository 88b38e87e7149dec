import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { Refusal } from "../core/refusals.ts"
import { readLink } from "../store/people.ts"
import type { SampleOffer, SampleView } from "./contract/sample.ts"
import { require, whoIs } from "./who.ts"
import type { World } from "./world.ts"

const command = "npm start -- --demo"

/** The sample company: who to sign in as, its stream, leaving it; and, in a real one, starting it beside. */
export default async function sample(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()

  app.get("/api/v1/sample", { schema: { hide: true } }, async (): Promise<{ sample: SampleView }> => {
    const { sample } = world
    if (!sample) return { sample: null }
    return { sample: { people: sample.people, password: sample.password, stream: sample.stream() } }
  })

  app.post(
    "/api/v1/sample/stream",
    {
      schema: {
        hide: true,
        body: z.object({
          running: z.boolean().optional(),
          perMinute: z.number().int().min(1).max(1_000).optional(),
        }),
      },
    },
    async (request) => {
      const { running, perMinute } = request.body
      const { steer, stream } = await sampleFor(world, request)
      steer({
        ...(running === undefined ? {} : { running }),
        ...(perMinute === undefined ? {} : { perMinute }),
      })
      return stream()
    },
  )

  app.post("/api/v1/sample/leave", { schema: { hide: true } }, async (request) => {
    await require(world, request, "act", "settings")
    const { leave } = await sampleFor(world, request)
    leave()
    return { done: true }
  })

  app.get("/api/v1/sample/beside", { schema: { hide: true } }, async (): Promise<SampleOffer> => {
    const start = world.sampler?.state() ?? { state: "none" as const, share: 0, port: null }
    return { possible: world.sampler !== undefined, command, start }
  })

  // Whoever holds the first owner's link may look at a sample first; later only those who may change settings.
  app.post(
    "/api/v1/sample/beside",
    {
      schema: { hide: true, body: z.object({ token: z.string().max(200).optional() }) },
      config: { rateLimit: { max: 10, timeWindow: "1 minute" } },
    },
    async (request): Promise<SampleOffer> => {
      const { token } = request.body
      const isFirst =
        token !== undefined &&
        (await readLink(world.db.pool, "owner", token, await world.now())) !== undefined
      if (!isFirst) await require(world, request, "act", "settings")
      if (!world.sampler) throw new Refusal("not_found")
      world.sampler.start()
      return { possible: true, command, start: world.sampler.state() }
    },
  )
}

async function sampleFor(world: World, request: Parameters<typeof whoIs>[1]) {
  if (!world.sample) throw new Refusal("not_found")
  if ((await whoIs(world, request)) === null) throw new Refusal("not_signed_in")
  return world.sample
}
