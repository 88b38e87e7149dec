import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { applyTypeRules, countRetyped } from "../engine/applyingRules.ts"
import { changeTypeRules, type TypeRules, tryTypeRules } from "../engine/typeRules.ts"
import { countAllOrders } from "../store/orderLists.ts"
import { newestPolicy } from "../store/rules.ts"
import type { TypeRulesTried, TypeRulesView } from "./contract/settings.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

const words = z.array(z.string().trim().min(1).max(80)).min(1).max(100)
const rules = z
  .array(
    z.strictObject({
      type: z.enum(["virtual", "presale", "custom", "normal"]),
      when: z
        .strictObject({
          titleContains: words.optional(),
          sku: words.optional(),
          liveSession: words.optional(),
        })
        .refine((when) => Object.values(when).some((each) => each !== undefined), "a rule needs a word"),
    }),
  )
  .max(100)

/** Type rules: what is presale, custom, or not to be watched, tried on the orders there are. */
export default async function typeRules(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const tags = ["settings"]

  app.get(
    "/api/v1/type-rules",
    { schema: { tags, summary: "The rules that give an order its type where nobody states one" } },
    async (request): Promise<TypeRulesView> => {
      await require(world, request, "read", "policy")
      return view(world)
    },
  )

  app.get(
    "/api/v1/policies/newest",
    { schema: { tags, summary: "The policy version with the greatest number, as it is stored" } },
    async (request) => {
      await require(world, request, "read", "policy")
      return newestPolicy(world.db.pool)
    },
  )

  app.post(
    "/api/v1/type-rules/try",
    { schema: { tags, summary: "What rules would take of the open orders", body: z.object({ rules }) } },
    async (request): Promise<TypeRulesTried> => {
      await require(world, request, "read", "policy")
      return tryTypeRules(world, request.body.rules as TypeRules)
    },
  )

  app.put(
    "/api/v1/type-rules",
    {
      schema: {
        tags,
        summary: "Publish other rules, for orders paid from now on",
        body: z.object({ rules }),
      },
    },
    async (request): Promise<TypeRulesView> => {
      const who = await require(world, request, "act", "policy")
      await changeTypeRules(world, request.body.rules as TypeRules, who)
      return view(world)
    },
  )

  app.post(
    "/api/v1/type-rules/apply",
    {
      schema: {
        tags,
        summary: "Have the newest rules hold for orders that were paid before and have not left",
      },
    },
    async (request) => {
      const who = await require(world, request, "act", "policy")
      return { policy: await applyTypeRules(world, who) }
    },
  )
}

async function view(world: World): Promise<TypeRulesView> {
  const { version, typeRules } = await newestPolicy(world.db.pool)
  return {
    policy: version,
    orders: await countAllOrders(world.db.pool),
    behind: await countRetyped(world),
    rules: typeRules as TypeRulesView["rules"],
  }
}
