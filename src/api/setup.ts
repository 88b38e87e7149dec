import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { isoOrNull } from "../core/instants.ts"
import { advanceSetup, findSetup, type SetupStep, setupSteps } from "../engine/setup.ts"
import { listWarehouses } from "../store/directory.ts"
import { listImports } from "../store/imports.ts"
import { findCompany, listDepartments, listKeys, listOpenLinks, listPeople } from "../store/people.ts"
import { findNewestSettings, listShops, newestPolicy } from "../store/rules.ts"
import type { SetupView } from "./contract/settings.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

const ids = setupSteps.map(({ id }) => id) as [SetupStep, ...SetupStep[]]

/** The first-run path: its steps, how far it was walked, and what each holds by now. */
export default async function setup(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const tags = ["settings"]

  app.get(
    "/api/v1/setup",
    { schema: { tags, summary: "The steps of setup, and how far it was walked" } },
    async (request): Promise<SetupView> => {
      await require(world, request, "read", "settings")
      return view(world)
    },
  )

  app.patch(
    "/api/v1/setup",
    {
      schema: {
        tags,
        summary: "Mark steps done or skipped, or the whole path as finished",
        body: z.object({
          steps: z.partialRecord(z.enum(ids), z.enum(["done", "skipped"])).optional(),
          finished: z.boolean().optional(),
        }),
      },
    },
    async (request): Promise<SetupView> => {
      const who = await require(world, request, "act", "settings")
      await advanceSetup(world, request.body, who)
      return view(world)
    },
  )
}

async function view(world: World): Promise<SetupView> {
  const { pool } = world.db
  const [
    setup,
    company,
    departments,
    people,
    invitations,
    { settings },
    heard,
    warehouses,
    policy,
    imports,
    keys,
  ] = await Promise.all([
    findSetup(pool),
    findCompany(pool),
    listDepartments(pool),
    listPeople(pool),
    listOpenLinks(pool, "invitation", await world.now()),
    findNewestSettings(pool),
    listShops(pool),
    listWarehouses(pool),
    newestPolicy(pool),
    listImports(pool),
    listKeys(pool),
  ])
  const shops = new Set([
    ...Object.keys(settings.channels ?? {}).filter((key) => key.includes("/")),
    ...heard.map(({ channel, shop }) => `${channel}/${shop}`),
  ])
  const says: Record<SetupStep, Record<string, string | number>> = {
    company: { name: company?.name ?? "" },
    shops: { n: shops.size },
    departments: { n: departments.filter(({ closedAt }) => closedAt === null).length },
    people: { n: people.filter(({ active }) => active).length, invited: invitations.length },
    warehouses: { n: warehouses.filter(({ closedAt }) => closedAt === null).length },
    types: { n: policy.typeRules.length },
    import: { n: imports.length, keys: keys.filter(({ revokedAt }) => revokedAt === null).length },
  }
  return {
    steps: setupSteps.map(({ id, seconds }) => ({
      id,
      seconds,
      state: setup?.steps[id] ?? "open",
      says: says[id],
    })),
    startedAt: isoOrNull(setup?.startedAt),
    finishedAt: isoOrNull(setup?.finishedAt),
  }
}
