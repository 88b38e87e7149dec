import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { explain, inWords } from "../core/explain.ts"
import { isoOf, isoOrNull, parseInstant } from "../core/instants.ts"
import { reason } from "../core/judge.ts"
import { Refusal } from "../core/refusals.ts"
import type { OpenState } from "../core/rollups.ts"
import { stateOf } from "../engine/cases/counting.ts"
import { heldOf, load } from "../engine/hold.ts"
import { setWatched } from "../engine/watch.ts"
import { listCasesOf } from "../store/cases.ts"
import { listClocks, noEffects } from "../store/clocks.ts"
import { findErasedAt } from "../store/erasures.ts"
import { listEvents } from "../store/events.ts"
import { caseNumber, orderPlace } from "../store/keys.ts"
import { boundOf } from "../store/orderBounds.ts"
import {
  type Cursor,
  countMax,
  countOrders,
  isCounted,
  listOrders,
  type OrderFilter,
} from "../store/orderLists.ts"
import { findOrder, type StoredOrder } from "../store/orders.ts"
import type { ExplainView, OrderCounts, OrderRow, OrderView, Page } from "./contract.ts"
import { placeAt, placeBucket } from "./places.ts"
import { clockView, eventView, orderRow } from "./views.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

const instant = z.string().transform((text, context) => {
  const at = parseInstant(text)
  if (at === null)
    context.addIssue({
      code: "custom",
      message: "expected an instant with an offset, such as 2026-11-24T10:00:00+08:00",
    })
  return at ?? 0
})
const empty = (value: unknown) => (value === "" ? undefined : value)
const text = z.preprocess(empty, z.string().max(200).optional())
const filterSchema = {
  stage: text,
  clock: z.preprocess(empty, z.enum(["prepare", "ship", "collect", "deliver"]).optional()),
  basis: z.preprocess(empty, z.enum(["company", "platform", "agreed"]).optional()),
  state: z.preprocess(empty, z.enum(["running", "near", "paused", "over"]).optional()),
  channel: text,
  shop: text,
  warehouse: text,
  liveSession: text,
  dueFrom: z.preprocess(empty, instant.optional()),
  dueTo: z.preprocess(empty, instant.optional()),
  paidFrom: z.preprocess(empty, instant.optional()),
  paidTo: z.preprocess(empty, instant.optional()),
  anomaly: text,
  watched: z.preprocess(empty, z.enum(["true", "false"]).optional()),
  alert: z.preprocess(empty, z.uuid().optional()),
  q: text,
}
const listQuery = z.object({
  ...filterSchema,
  sort: z.preprocess(empty, z.enum(["nextDueAt", "-paidAt"]).default("nextDueAt")),
  limit: z.preprocess(empty, z.coerce.number().int().min(1).max(500).default(50)),
  cursor: text,
})
const key = z.object({ channel: z.string(), shop: z.string(), orderNo: z.string() })

/** Orders: the list, one with its line of time, why its deadlines are what they are, and taking it out of the watch. */
export default async function orders(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()

  app.get(
    "/api/v1/orders",
    { schema: { tags: ["orders"], summary: "Orders, soonest due first", querystring: listQuery } },
    async (request): Promise<Page<OrderRow>> => {
      await require(world, request, "read", "order")
      const { sort, limit, cursor, ...query } = request.query
      const filter = await filterOf(world, query)
      const found = await listOrders(world.db, filter, {
        limit: limit + 1,
        after: readCursor(cursor),
        sort,
        bound: await boundOf(world.db.pool, filter),
      })
      const shown = found.slice(0, limit)
      return {
        items: await rowsOf(world, shown),
        next: found.length > limit ? writeCursor(shown.at(-1)!.cursor) : null,
      }
    },
  )

  app.get(
    "/api/v1/orders/counts",
    {
      schema: {
        tags: ["orders"],
        summary: "How many orders a list has, by state",
        querystring: z.object(filterSchema),
      },
    },
    async (request): Promise<OrderCounts> => {
      await require(world, request, "read", "order")
      const { state, ...filter } = await filterOf(world, request.query)
      const bound = await boundOf(world.db.pool, filter)
      const { all, over, near, running, paused } =
        bound !== null && isCounted(filter) ? bound : await countOrders(world.db, filter, bound)
      const counted = { all, over, near, running, paused }
      return {
        ...counted,
        all: counted[(state as OpenState | undefined) ?? "all"],
        exact: all <= countMax || isCounted(filter),
      }
    },
  )

  app.get(
    "/api/v1/orders/:channel/:shop/:orderNo",
    { schema: { tags: ["orders"], summary: "One order with its events and clocks", params: key } },
    async (request): Promise<OrderView> => {
      await require(world, request, "read", "order")
      const order = await found(world, request.params)
      const [row] = await rowsOf(world, [order])
      const events = (await listEvents(world.db.pool, [order])).get(order.id) ?? []
      const cases = (await listCasesOf(world.db.pool, [order])).get(order.id) ?? []
      return {
        ...row!,
        events: events.map(eventView),
        caseRefs: cases.map((each) => ({
          id: caseNumber(each.n, each.bucket),
          number: caseNumber(each.n, each.bucket),
          state: stateOf(each) as OrderView["caseRefs"][number]["state"],
        })),
        unwatched: order.unwatched && { ...order.unwatched, at: isoOf(order.unwatched.at) },
        receiverErasedAt: isoOrNull(await findErasedAt(world.db.pool, order)),
        serverTime: isoOf(await world.now()),
      }
    },
  )

  app.get(
    "/api/v1/orders/:channel/:shop/:orderNo/explain",
    { schema: { tags: ["orders"], summary: "Why each deadline is what it is", params: key } },
    async (request): Promise<ExplainView> => {
      await require(world, request, "read", "order")
      return explained(world, await found(world, request.params))
    },
  )

  app.post(
    "/api/v1/orders/:channel/:shop/:orderNo/watch",
    {
      schema: {
        tags: ["orders"],
        summary: "Take an order out of the watch, or back into it",
        params: key,
        body: z.object({ watched: z.boolean(), reason: z.string().trim().max(500).default("") }),
      },
    },
    async (request): Promise<OrderView> => {
      const who = await require(world, request, "act", "watch")
      const { watched, reason } = request.body
      if (reason === "") throw new Refusal("reason_needed")
      const { orderNo, shop, channel } = await found(world, request.params)
      await setWatched(world, { channel, shop, orderNo }, { watched, reason, by: who.name })
      const order = await found(world, request.params)
      const [row] = await rowsOf(world, [order])
      return {
        ...row!,
        events: [],
        caseRefs: [],
        unwatched: order.unwatched && { ...order.unwatched, at: isoOf(order.unwatched.at) },
        receiverErasedAt: isoOrNull(await findErasedAt(world.db.pool, order)),
        serverTime: isoOf(await world.now()),
      }
    },
  )
}

async function found(world: World, order: z.infer<typeof key>): Promise<StoredOrder> {
  const stored = await findOrder(world.db.pool, orderPlace(order))
  if (!stored) throw new Refusal("not_found", "No order of this shop has this number.")
  return stored
}

/** What a query narrows the list by. Four digits together with a shop, a channel or dates may be the end of a phone number. */
async function filterOf(
  world: World,
  { watched, q, ...query }: z.infer<z.ZodObject<typeof filterSchema>>,
): Promise<OrderFilter> {
  const filter: OrderFilter = {
    ...query,
    ...(watched === undefined ? {} : { watched: watched === "true" }),
    now: await world.now(),
  }
  const term = q?.trim()
  const isTail =
    term !== undefined &&
    /^\d{4}$/.test(term) &&
    (query.shop !== undefined || query.dueFrom !== undefined || query.paidFrom !== undefined)
  if (isTail) filter.tail = world.secrets.tailIndex(term)
  else if (term) filter.q = term
  return filter
}

/** Orders with their clocks and cases. */
export async function rowsOf(world: World, orders: readonly StoredOrder[]): Promise<OrderRow[]> {
  const [clocks, cases, book] = await Promise.all([
    listClocks(world.db.pool, orders),
    listCasesOf(world.db.pool, orders),
    world.ruleBook(world.db.pool),
  ])
  return orders.map((order) =>
    orderRow(
      order,
      (clocks.get(order.id) ?? []).filter(({ gone }) => !gone),
      (cases.get(order.id) ?? []).map(({ n, bucket }) => caseNumber(n, bucket)),
      book.policies,
    ),
  )
}

const writeCursor = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString("base64url")

const cursorSchema = z.object({
  part: z.enum(["due", "rest"]),
  at: placeAt.nullable(),
  bucket: placeBucket,
  id: z.uuid(),
})

function readCursor(text: string | undefined): Cursor | null {
  if (!text) return null
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")))
  } catch {
    throw new Refusal("bad_cursor")
  }
}

/** The arithmetic of an order's clocks, judged from its events at this instant. */
async function explained(world: World, order: StoredOrder): Promise<ExplainView> {
  const book = await world.ruleBook(world.db.pool)
  const held = heldOf(
    { bucket: order.bucket, id: order.id },
    order,
    order,
    await load(world, world.db.pool, [order]),
  )
  const reasoned = reason(order, held.told, book.rules(order.settings), await world.now())
  const zone = new Intl.DateTimeFormat("sv-SE", {
    timeZone: world.config.timezone,
    dateStyle: "short",
    timeStyle: "medium",
  })
  const date = (at: number) => zone.format(at)
  const { binding, policy } = reasoned.answer
  return {
    order: { channel: order.channel, shop: order.shop, orderNo: order.orderNo },
    clocks: explain(reasoned, book.rules(order.settings)).map(({ clock, steps, pauses }, i) => ({
      ...clockView(
        {
          ...noEffects,
          ...clock,
          policy,
          bucket: order.bucket,
          subjectKind: "order",
          subjectId: order.id,
          dueSince: 0,
          warnings: [],
        },
        i === binding,
        book.policies,
      ),
      steps: steps.map((step) => ({
        ...step,
        at: isoOrNull(step.at),
        words: {
          "zh-Hans": inWords(step, clock, "zh-Hans", date),
          "zh-Hant": inWords(step, clock, "zh-Hant", date),
          en: inWords(step, clock, "en", date),
        },
      })),
      pauses: pauses.map(({ from, to, reasons }) => ({
        from: isoOf(from),
        to: to === Infinity ? null : isoOf(to),
        reason: reasons.join(", "),
      })),
    })),
  }
}
