import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { isoOf, isoOrNull, parseInstant } from "../core/instants.ts"
import {
  admitGuest,
  answerRequest,
  askPartner,
  dismissGuest,
  inviteGuest,
  tellShipments,
  viewOfGuest,
} from "../engine/partners.ts"
import { listPartners } from "../store/directory.ts"
import {
  openRequests,
  type PartnerRequest,
  partnerFared,
  partnerLinks,
  requestsOf,
} from "../store/partners.ts"
import type { GuestView, PartnerLinkView, PartnerRequestView } from "./contract/partners.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

const instant = z.string().transform((text, context) => {
  const at = parseInstant(text)
  if (at === null) context.addIssue({ code: "custom", message: "expected an instant with an offset" })
  return at ?? 0
})
const token = z.string().min(16).max(64)
const partnerId = z.object({ id: z.uuid() })
const shipment = z.object({
  order: z.object({ channel: z.string().max(64), shop: z.string().max(128), orderNo: z.string().max(128) }),
  carrier: z.string().trim().min(1).max(40),
  trackingNo: z.string().trim().min(4).max(64),
  shippedAt: instant.nullish(),
})
const request = z.object({
  partner: z.uuid(),
  kind: z.enum(["chase", "restock", "ship", "other"]),
  subject: z.string().max(32),
  text: z.string().trim().min(2).max(1000),
  via: z.enum(["mail", "call"]),
  dueAt: instant.nullish(),
})
const answer = z.object({ answer: z.string().trim().min(1).max(1000), promisedAt: instant.nullish() })
const thirtyDaysMs = 30 * 24 * 60 * 60_000

/** Partners who ship for us, without signing in: their orders, tracking, requests; and what staff do with them. */
export default async function partners(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const { pool } = world.db

  app.get(
    "/api/v1/partners/:id/links",
    {
      schema: {
        tags: ["partners"],
        summary: "A partner's links and how it kept the standard",
        params: partnerId,
      },
    },
    async (
      given,
    ): Promise<{ links: PartnerLinkView[]; fared: { orders: number; met: number; late: number } }> => {
      await require(world, given, "read", "order")
      const now = await world.now()
      const { id } = given.params
      const name = (await listPartners(pool)).find((each) => each.id === id)?.name ?? id
      const [links, fared] = await Promise.all([
        partnerLinks(pool, id),
        partnerFared(pool, [id, name], now - thirtyDaysMs, now),
      ])
      return {
        links: links.map(({ id: link, createdAt, createdBy, expiresAt, revokedAt, usedAt }) => ({
          id: link,
          createdAt: isoOf(createdAt),
          createdBy,
          expiresAt: isoOf(expiresAt),
          revokedAt: isoOrNull(revokedAt),
          usedAt: isoOrNull(usedAt),
        })),
        fared,
      }
    },
  )
  app.post(
    "/api/v1/partners/:id/links",
    {
      schema: {
        tags: ["partners"],
        summary: "Make a link for a partner; its address is told once",
        params: partnerId,
      },
    },
    async (given): Promise<{ id: string; path: string; expiresAt: string }> => {
      const who = await require(world, given, "act", "order")
      const link = await inviteGuest(world, given.params.id, who.name)
      return { id: link.id, path: `/partner/${link.token}`, expiresAt: isoOf(link.expiresAt) }
    },
  )
  app.post(
    "/api/v1/partner-links/:id/revoke",
    { schema: { tags: ["partners"], summary: "Take a link back", params: partnerId } },
    async (given) => {
      const who = await require(world, given, "act", "order")
      await dismissGuest(world, given.params.id, who.name)
      return { revoked: true }
    },
  )

  app.get(
    "/api/v1/partner-requests",
    {
      schema: {
        tags: ["partners"],
        summary: "Requests to partners: of a case or incident, else all that are open",
        querystring: z.object({ subject: z.string().max(32).optional() }),
      },
    },
    async (given): Promise<PartnerRequestView[]> => {
      await require(world, given, "read", "case")
      const names = new Map((await listPartners(pool)).map(({ id, name }) => [id, name]))
      const { subject } = given.query
      return (subject ? await requestsOf(pool, subject) : await openRequests(pool)).map((each) =>
        requestView(each, names),
      )
    },
  )
  app.post(
    "/api/v1/partner-requests",
    {
      schema: {
        tags: ["partners"],
        summary: "Ask a partner: chase a parcel, confirm a restock",
        body: request,
      },
    },
    async (given): Promise<PartnerRequestView> => {
      const who = await require(world, given, "act", "case")
      const names = new Map((await listPartners(pool)).map(({ id, name }) => [id, name]))
      return requestView(
        await askPartner(world, { ...given.body, dueAt: given.body.dueAt ?? null }, who.name),
        names,
      )
    },
  )
  app.post(
    "/api/v1/partner-requests/:id/answer",
    {
      schema: {
        tags: ["partners"],
        summary: "Write down what the partner answered",
        params: partnerId,
        body: answer,
      },
    },
    async (given): Promise<PartnerRequestView> => {
      const who = await require(world, given, "act", "case")
      const names = new Map((await listPartners(pool)).map(({ id, name }) => [id, name]))
      return requestView(
        await answerRequest(world, given.params.id, {
          ...given.body,
          promisedAt: given.body.promisedAt ?? null,
          by: who.name,
        }),
        names,
      )
    },
  )

  // Without signing in: the token comes in a body, so that no log and no history keeps it.
  const limit = { rateLimit: { max: 60, timeWindow: "1 minute" } }
  app.post(
    "/api/v1/guest/orders",
    {
      config: limit,
      schema: { tags: ["partners"], summary: "A partner's own orders", body: z.object({ token }) },
    },
    async (given): Promise<GuestView> => {
      const guest = await admitGuest(world, pool, given.body.token)
      const { orders, fared, requests, at } = await viewOfGuest(world, guest)
      return {
        partner: guest.partner.name,
        serverTime: isoOf(at),
        fared,
        orders: orders.map(
          ({
            channel,
            shop,
            orderNo,
            paidAt,
            dueAt,
            shippedAt,
            items,
            province,
            city,
            carrier,
            trackingNo,
          }) => ({
            order: { channel, shop, orderNo },
            paidAt: isoOf(paidAt),
            dueAt: isoOrNull(dueAt),
            shippedAt: isoOrNull(shippedAt),
            items: (items ?? []).map(({ name, sku, quantity }) => ({
              name: name ?? sku ?? "–",
              sku: sku ?? null,
              quantity: quantity ?? 1,
            })),
            region: [province, city].filter(Boolean).join(" "),
            carrier,
            trackingNo,
          }),
        ),
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
        tags: ["partners"],
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
        tags: ["partners"],
        summary: "A partner's answer to a request",
        body: answer.extend({ token, request: z.uuid() }),
      },
    },
    async (given) => {
      const guest = await admitGuest(world, pool, given.body.token)
      const { answer: said, promisedAt } = given.body
      await answerRequest(world, given.body.request, {
        answer: said,
        promisedAt: promisedAt ?? null,
        by: `partner:${guest.partner.name}`,
        partner: guest.partner.id,
      })
      return { answered: true }
    },
  )
}

const requestView = (each: PartnerRequest, names: ReadonlyMap<string, string>): PartnerRequestView => ({
  id: each.id,
  partner: { id: each.partner, name: names.get(each.partner) ?? "–" },
  kind: each.kind,
  subject: each.subject,
  text: each.text,
  via: each.via,
  askedAt: isoOf(each.askedAt),
  askedBy: each.askedBy,
  dueAt: isoOf(each.dueAt),
  answeredAt: isoOrNull(each.answeredAt),
  answeredBy: each.answeredBy,
  answer: each.answer,
  promisedAt: isoOrNull(each.promisedAt),
})
