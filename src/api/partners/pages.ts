import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { type Instant, isoOf, isoOrNull } from "../../core/instants.ts"
import { Refusal } from "../../core/refusals.ts"
import { localDay } from "../../core/reports.ts"
import { mailServer } from "../../engine/alerts/settings.ts"
import {
  dismissAll,
  dismissGuest,
  inviteGuest,
  namesOf,
  workOfPartner,
} from "../../engine/partners/guests.ts"
import { zoneOf } from "../../engine/partners/lists.ts"
import { listPartners, type Partner } from "../../store/directory.ts"
import { lastPartnerUploads, latestLists, listsOfDay, partnerUploads } from "../../store/partnerLists.ts"
import { openRequests, requestsTo } from "../../store/partnerRequests.ts"
import { partnerLinks } from "../../store/partners.ts"
import type { FaredView, PartnerLinkView, PartnerPage, PartnerRow } from "../contract/partners.ts"
import { require } from "../who.ts"
import type { World } from "../world.ts"
import { linkView, listView, orderView, requestView } from "./views.ts"

const partnerId = z.object({ id: z.uuid() })
const ordersShown = 200
const ships = ({ kind }: Partner): boolean => kind === "dropshipper" || kind === "cloud_warehouse"

/** What staff see of partners, and their links. */
export default async function pages(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const { pool } = world.db
  const tags = ["partners"]

  app.get(
    "/api/v1/partners/overview",
    { schema: { tags, summary: "Every partner with its contacts, and how those who ship for us stand" } },
    async (given): Promise<PartnerRow[]> => {
      await require(world, given, "read", "case")
      return rowsOf(world, await world.now())
    },
  )
  app.get(
    "/api/v1/partners/:id/page",
    { schema: { tags, summary: "One partner: links, lists, orders, requests", params: partnerId } },
    async (given): Promise<PartnerPage> => {
      await require(world, given, "read", "case")
      const now = await world.now()
      const { id } = given.params
      const [row] = await rowsOf(world, now, id)
      if (!row) throw new Refusal("not_found")
      const [links, lists, uploads, requests, server] = await Promise.all([
        partnerLinks(pool, id),
        latestLists(pool, id),
        partnerUploads(pool, id),
        requestsTo(pool, id),
        mailServer(pool),
      ])
      const { orders } = row.ships
        ? await workOfPartner(pool, namesOf(row), now, ordersShown)
        : { orders: [] }
      return {
        ...row,
        links: links.map(linkView),
        lists: lists.map(listView),
        uploads: uploads.map(({ partner: _, ...each }) => ({ ...each, at: isoOf(each.at) })),
        orders: orders.map(orderView),
        requests: requests.map((each) => requestView(each, new Map([[id, row.name]]))),
        mails: server !== null,
        serverTime: isoOf(now),
      }
    },
  )

  app.get(
    "/api/v1/partners/:id/links",
    { schema: { tags, summary: "A partner's links and how it kept the standard", params: partnerId } },
    async (given): Promise<{ links: PartnerLinkView[]; fared: FaredView }> => {
      await require(world, given, "read", "order")
      const { id } = given.params
      const name = (await listPartners(pool)).find((each) => each.id === id)?.name ?? id
      const [links, { fared }] = await Promise.all([
        partnerLinks(pool, id),
        workOfPartner(pool, [id, name], await world.now(), 1),
      ])
      return { links: links.map(linkView), fared }
    },
  )
  app.post(
    "/api/v1/partners/:id/links",
    {
      schema: {
        tags,
        summary: "Make a link for a partner, for 90 days unless said; its address is told once",
        params: partnerId,
        body: z.object({ days: z.int().min(1).max(400).optional() }).optional(),
      },
    },
    async (given): Promise<{ id: string; path: string; expiresAt: string }> => {
      const who = await require(world, given, "act", "order")
      const link = await inviteGuest(world, given.params.id, who.name, given.body?.days)
      return { id: link.id, path: `/partner/${link.token}`, expiresAt: isoOf(link.expiresAt) }
    },
  )
  app.post(
    "/api/v1/partner-links/:id/revoke",
    { schema: { tags, summary: "Take a link back", params: partnerId } },
    async (given) => {
      const who = await require(world, given, "act", "order")
      await dismissGuest(world, given.params.id, who.name)
      return { revoked: true }
    },
  )
  app.post(
    "/api/v1/partners/:id/links/revoke",
    { schema: { tags, summary: "Take every link of a partner back", params: partnerId } },
    async (given) => {
      const who = await require(world, given, "act", "order")
      return { revoked: await dismissAll(world, given.params.id, who.name) }
    },
  )
}

/** The partners that are not closed, or one of them. */
async function rowsOf(world: World, now: Instant, only?: string): Promise<PartnerRow[]> {
  const { pool } = world.db
  const day = localDay(now, await zoneOf(pool))
  const [all, lists, uploads, requests] = await Promise.all([
    listPartners(pool),
    listsOfDay(pool, day),
    lastPartnerUploads(pool),
    openRequests(pool),
  ])
  const wanted = all.filter((each) => (only === undefined ? each.closedAt === null : each.id === only))
  return Promise.all(
    wanted.map(async (each): Promise<PartnerRow> => {
      const { id, kind, name, contacts, note } = each
      const own = requests.filter(({ partner }) => partner === id)
      const late = own.filter(({ dueAt }) => dueAt < now)
      const row = { id, kind, name, contacts, note, openRequests: own.length, lateRequests: late.length }
      if (!ships(each)) return { ...row, ships: null }
      const { orders, fared } = await workOfPartner(pool, namesOf(each), now)
      const list = lists.find(({ partner }) => partner === id)
      return {
        ...row,
        ships: {
          orders: orders.length,
          over: orders.filter(({ dueAt }) => dueAt !== null && dueAt < now).length,
          fared,
          list: list ? listView(list) : null,
          uploadedAt: isoOrNull(uploads.find(({ partner }) => partner === id)?.at),
        },
      }
    }),
  )
}
