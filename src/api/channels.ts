import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { isoOrNull } from "../core/instants.ts"
import { Refusal } from "../core/refusals.ts"
import { type ChannelSettings, shopSettings } from "../core/settings.ts"
import { changeChannels } from "../engine/rejudging.ts"
import { listRejudgings } from "../store/rejudgings.ts"
import { findNewestSettings, listShops } from "../store/rules.ts"
import type { ChannelsView, ShopView } from "./contract/settings.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

const hourMs = 60 * 60_000
const facts = [
  "created",
  "deposit_paid",
  "paid",
  "prepared",
  "shipped",
  "collected",
  "delivered",
  "cancelled",
  "refunded",
] as const
const settings = z.strictObject({
  mode: z.enum(["live", "batch"]).optional(),
  facts: z.array(z.enum(facts)).min(1).optional(),
  platformStop: z.enum(["shipped", "collected"]).optional(),
  graceHours: z.number().min(0).max(720).optional(),
})

/** Shops and channels: how their orders come, what they bring, and what stops the platform's clock. */
export default async function channels(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const tags = ["settings"]

  app.get(
    "/api/v1/channels",
    { schema: { tags, summary: "Shops and channels with the settings that hold" } },
    async (request): Promise<ChannelsView> => {
      await require(world, request, "read", "order")
      return view(world)
    },
  )

  app.put(
    "/api/v1/channels",
    {
      schema: {
        tags,
        summary: "Change settings of channels and shops; orders already there are judged again by them",
        body: z.object({
          /** by `channel` or `channel/shop`; null takes a shop away that nobody has heard of yet */
          channels: z
            .record(z.string().regex(/^[^/]{1,128}(\/.{1,128})?$/), settings.nullable())
            .refine((all) => Object.keys(all).length > 0, "name at least one"),
        }),
      },
    },
    async (request): Promise<ChannelsView> => {
      const who = await require(world, request, "act", "settings")
      const heard = new Set((await listShops(world.db.pool)).map(({ channel, shop }) => `${channel}/${shop}`))
      const changes: Record<string, ChannelSettings | null> = {}
      for (const [key, own] of Object.entries(request.body.channels)) {
        if (own === null && heard.has(key)) throw new Refusal("shop_heard")
        const { graceHours, ...rest } = own ?? {}
        const graceMs = graceHours === undefined ? {} : { graceMs: Math.round(graceHours * hourMs) }
        changes[key] = own === null ? null : (withoutMissing({ ...rest, ...graceMs }) as ChannelSettings)
      }
      await changeChannels(world, changes, who)
      return view(world)
    },
  )
}

const withoutMissing = (all: object): object =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))

async function view(world: World): Promise<ChannelsView> {
  const { pool } = world.db
  const [{ number, settings }, heard, [latest]] = await Promise.all([
    findNewestSettings(pool),
    listShops(pool),
    listRejudgings(pool),
  ])
  const keys = new Set([
    ...Object.keys(settings.channels ?? {}),
    ...heard.map(({ channel, shop }) => `${channel}/${shop}`),
  ])
  const shops = [...keys].sort().map((key): ShopView => {
    const slash = key.indexOf("/")
    const channel = slash < 0 ? key : key.slice(0, slash)
    const shop = slash < 0 ? null : key.slice(slash + 1)
    const { graceMs, ...rest } = shopSettings(settings, channel, shop ?? "")
    const told = heard.find((each) => each.channel === channel && each.shop === shop)
    return {
      channel,
      shop,
      settings: { ...rest, graceHours: graceMs / hourMs },
      heardAt: isoOrNull(told?.receivedAt),
      toldAt: isoOrNull(told?.toldAt),
    }
  })
  const rejudging = latest && {
    number: latest.number,
    orders: latest.orders,
    finishedAt: isoOrNull(latest.finishedAt),
  }
  return { number, shops, rejudging: rejudging ?? null }
}
