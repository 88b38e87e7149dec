import type { FastifyInstance, FastifyRequest } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { isoOf } from "../core/instants.ts"
import { Refusal } from "../core/refusals.ts"
import { type Exported, eraseCustomer, exportCustomer, findCustomer } from "../engine/receivers/customers.ts"
import type { StoredEvent } from "../store/events.ts"
import { findCompany, type Person } from "../store/people.ts"
import type { CustomerErased, CustomerFile, CustomerFound } from "./contract/receivers.ts"
import { detailsView, eventView } from "./views.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

// In the body, since addresses are logged and remembered.
const phone = z.string().max(40)
const asked = z.object({ phone, reason: z.string().trim().max(500).default("") })

/** One customer's data by their whole phone number: how many orders, all of it as a file, and its erasure. */
export default async function customers(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const tags = ["settings"]

  app.post(
    "/api/v1/customers/find",
    { schema: { tags, summary: "How many orders were sent to a phone number", body: z.object({ phone }) } },
    async (request): Promise<CustomerFound> => {
      const { name } = await personOf(world, request)
      return findCustomer(world, request.body.phone, name)
    },
  )

  app.post(
    "/api/v1/customers/erase",
    { schema: { tags, summary: "Erase whom a customer's orders were sent to", body: asked } },
    async (request): Promise<CustomerErased> => {
      const { name } = await personOf(world, request)
      const { phone, reason } = withReason(request.body)
      return eraseCustomer(world, phone, name, reason)
    },
  )

  app.post(
    "/api/v1/customers/export",
    { schema: { tags, summary: "Everything told of a customer's orders, as one file", body: asked } },
    async (request, reply): Promise<CustomerFile> => {
      const { name, roles } = await personOf(world, request)
      // Whoever looks after the settings may erase receivers, but not read them: the file is the owner's alone.
      if (!roles.some(({ role }) => role === "owner")) throw new Refusal("forbidden")
      const { phone, reason } = withReason(request.body)
      const { at, orders } = await exportCustomer(world, phone, name, reason)
      void reply
        .header("cache-control", "no-store")
        .header("content-disposition", 'attachment; filename="customer.json"')
      const company = (await findCompany(world.db.pool))?.name ?? null
      return { exportedAt: isoOf(at), company, orders: orders.map(orderOf) }
    },
  )
}

/** The person who asks, who may change the settings; a key is nobody who could be asked why. */
async function personOf(world: World, request: FastifyRequest): Promise<Person> {
  const { person } = await require(world, request, "act", "settings")
  if (person === null) throw new Refusal("forbidden")
  return person
}

function withReason(body: z.infer<typeof asked>): z.infer<typeof asked> {
  if (body.reason === "") throw new Refusal("reason_needed")
  return body
}

function orderOf(exported: Exported): CustomerFile["orders"][number] {
  const { order, receivers, events, messages } = exported
  return {
    order: detailsView(order),
    stage: order.stage,
    facts: Object.fromEntries(Object.entries(order.facts).map(([type, at]) => [type, isoOf(at)])),
    receivers,
    events: events.map((event) => eventOf(event, exported)),
    messages: messages.map(({ toldAt, channel, text }) => ({ at: isoOf(toldAt), channel, text })),
  }
}

function eventOf(
  event: StoredEvent,
  { receiverOf }: Exported,
): CustomerFile["orders"][number]["events"][number] {
  const view = eventView(event)
  const receiver = receiverOf(event)
  return receiver === null ? view : { ...view, order: { ...(view.order as object), receiver } }
}
