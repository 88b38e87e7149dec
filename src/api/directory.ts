import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { isoOrNull } from "../core/instants.ts"
import { changePartner, changeWarehouse } from "../engine/directory.ts"
import { listPartners, listWarehouses, partnerKinds } from "../store/directory.ts"
import { countWarehousesNamed } from "../store/rollups.ts"
import type { PartnerView, WarehouseView } from "./contract/settings.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

const text = (max: number) => z.string().trim().max(max).default("")
const name = z.string().trim().min(1, "a name is needed").max(80)
const warehouse = z.object({
  id: z.string().trim().min(1).max(128),
  name,
  region: text(80),
  carriers: z
    .array(
      z.object({
        carrier: name,
        cutOffs: z
          .array(z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "expected a time such as 16:00"))
          .max(12),
      }),
    )
    .max(30)
    .refine((all) => new Set(all.map(({ carrier }) => carrier)).size === all.length, "each carrier once")
    .default([]),
  position: z.int().min(0).max(100_000).default(1000),
  closed: z.boolean().default(false),
})
const partner = z.object({
  kind: z.enum(partnerKinds),
  name,
  contacts: z
    .array(
      z.object({
        name: text(80),
        role: text(80),
        phone: text(40),
        email: z.union([z.literal(""), z.email()]).default(""),
        hours: text(80),
      }),
    )
    .max(20)
    .default([]),
  note: text(1000),
  closed: z.boolean().default(false),
})

/** How many warehouses that nobody described are told of. */
const unknownMost = 50

/** The directory: warehouses with the cut-offs of their carriers, and partners with their contacts. */
export default async function directory(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const tags = ["settings"]

  app.get(
    "/api/v1/warehouses",
    { schema: { tags, summary: "Warehouses, and those that open orders name but nobody described" } },
    async (request): Promise<{ items: WarehouseView[]; unknown: { id: string; n: number }[] }> => {
      await require(world, request, "read", "order")
      const [all, named] = await Promise.all([
        listWarehouses(world.db.pool),
        countWarehousesNamed(world.db.pool),
      ])
      return {
        items: all.map((each) => ({ ...each, closedAt: isoOrNull(each.closedAt) })),
        unknown: named.filter(({ id }) => !all.some((each) => each.id === id)).slice(0, unknownMost),
      }
    },
  )

  app.post(
    "/api/v1/warehouses",
    { schema: { tags, summary: "Add or change a warehouse", body: warehouse } },
    async (request) => {
      const who = await require(world, request, "act", "settings")
      await changeWarehouse(world, request.body, who)
      return { done: true }
    },
  )

  app.get(
    "/api/v1/partners",
    { schema: { tags, summary: "Carriers, suppliers, dropshippers, cloud warehouses and platforms" } },
    async (request): Promise<{ items: PartnerView[] }> => {
      await require(world, request, "read", "case")
      const all = await listPartners(world.db.pool)
      return { items: all.map((each) => ({ ...each, closedAt: isoOrNull(each.closedAt) })) }
    },
  )

  app.post(
    "/api/v1/partners",
    { schema: { tags, summary: "Add a partner", body: partner } },
    async (request) => {
      const who = await require(world, request, "act", "settings")
      return { id: await changePartner(world, { ...request.body, id: null }, who) }
    },
  )

  app.put(
    "/api/v1/partners/:id",
    { schema: { tags, summary: "Change a partner", params: z.object({ id: z.uuid() }), body: partner } },
    async (request) => {
      const who = await require(world, request, "act", "settings")
      return { id: await changePartner(world, { ...request.body, id: request.params.id }, who) }
    },
  )
}
