import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { policyFor } from "../core/compiledPolicy.ts"
import { type Instant, isoOf, parseInstant } from "../core/instants.ts"
import { partsOf, partsSchema } from "../core/policyParts.ts"
import { findGateway } from "../engine/gateway/settings.ts"
import { partOf } from "../engine/parts.ts"
import { publishParts } from "../engine/publishing.ts"
import { listPublished, type PublishedPolicy } from "../store/rules.ts"
import { instant } from "./cases/lists.ts"
import type { PolicyVersionView, PolicyView } from "./contract/settings.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

const shownMax = 100

/** The policy: its parts that are changed on a page, its versions, and publishing a new one. */
export default async function policy(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const tags = ["settings"]

  app.get(
    "/api/v1/policy",
    { schema: { tags, summary: "Inner limits, working hours and thresholds, with every version" } },
    async (request): Promise<PolicyView> => {
      await require(world, request, "read", "policy")
      return view(world)
    },
  )

  app.post(
    "/api/v1/policy/versions",
    {
      schema: {
        tags,
        summary: "Publish a version with other parts, for what begins from then on",
        body: z.strictObject({
          base: z.int(),
          parts: partsSchema,
          effectiveAt: instant.optional(),
          reason: z.string().max(1_000),
        }),
      },
    },
    async (request): Promise<PolicyView> => {
      const who = await require(world, request, "act", "policy")
      const { effectiveAt = null, ...publishing } = request.body
      await publishParts(world, { ...publishing, effectiveAt }, who)
      return view(world)
    },
  )
}

async function view(world: World): Promise<PolicyView> {
  const now = await world.now()
  const { pool } = world.db
  const [versions, { part }, book, gateway] = await Promise.all([
    listPublished(pool, shownMax),
    partOf(pool, "causes"),
    world.ruleBook(pool),
    findGateway(pool),
  ])
  const newest = versions[0]!.document
  const held = policyFor(book.rules(book.settings).policies, now, null)!.version
  const inForce = book.policies.find(({ version }) => version === held)!
  const begins = parseInstant(newest.effectiveAt)!
  return {
    version: newest.version,
    parts: partsOf(newest, part.thresholds),
    inForce: { version: held, parts: partsOf(inForce, part.thresholds) },
    earliest: begins > now ? isoOf(begins) : null,
    gateway: gateway !== null,
    versions: versions.map((each) => versionView(each, held, now)),
    serverTime: isoOf(now),
  }
}

const versionView = (
  { document, publishedAt, byWhom, reason }: PublishedPolicy,
  held: number,
  now: Instant,
): PolicyVersionView => ({
  version: document.version,
  effectiveAt: isoOf(parseInstant(document.effectiveAt)!),
  publishedAt: isoOf(publishedAt),
  by: byWhom,
  reason,
  state:
    document.version === held ? "inForce" : parseInstant(document.effectiveAt)! > now ? "planned" : "past",
})
