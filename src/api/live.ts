import type { FastifyInstance } from "fastify"
import { Refusal } from "../core/refusals.ts"
import type { Change } from "../engine/world.ts"
import type { LiveMessage } from "./contract.ts"
import { whoIs } from "./who.ts"
import type { World } from "./world.ts"

/** Hints to open pages: what changed, at most four times a second, so that a storm of events is a breeze of messages. */
export type Live = {
  tell(change: Change): void
  /** what changed for whoever may see orders, and the bell of one person */
  listen(listener: (message: LiveMessage) => void, who?: Listening): () => void
  close(): void
}

/** Who listens: whether they see orders, and whose bell it is. */
export type Listening = { seesOrders: boolean; staff: string | null }

const everyMs = 250
const namedMax = 200

/** Gathers changes and tells them to whoever listens. */
export function openLive(): Live {
  const listeners = new Map<(message: LiveMessage) => void, Listening>()
  const rung = new Set<string>()
  let alerts = false
  const orders = new Set<string>()
  const cases = new Set<string>()
  const incidents = new Set<string>()
  let dirty = false
  let more = false
  const timer = setInterval(() => {
    if (!dirty) return
    dirty = false
    const messages: LiveMessage[] = [{ topic: "board", asOf: new Date().toISOString() }]
    if (orders.size > 0 || more)
      messages.push({
        topic: "orders",
        changed: [...orders].slice(0, namedMax),
        more: more || orders.size > namedMax,
      })
    more = false
    if (cases.size > 0) messages.push({ topic: "cases", changed: [...cases].slice(0, namedMax) })
    if (incidents.size > 0) messages.push({ topic: "incidents", changed: [...incidents].slice(0, namedMax) })
    if (alerts) messages.push({ topic: "alerts" })
    for (const [listener, { seesOrders, staff }] of listeners) {
      if (seesOrders) for (const message of messages) listener(message)
      if (staff !== null && rung.has(staff)) listener({ topic: "bell" })
    }
    orders.clear()
    cases.clear()
    incidents.clear()
    rung.clear()
    alerts = false
  }, everyMs)
  timer.unref()
  return {
    tell(change) {
      dirty = true
      more ||= change.more === true
      for (const each of change.orders ?? []) if (orders.size <= namedMax) orders.add(each)
      for (const each of change.cases ?? []) if (cases.size <= namedMax) cases.add(each)
      for (const each of change.incidents ?? []) if (incidents.size <= namedMax) incidents.add(each)
      for (const each of change.staff ?? []) rung.add(each)
      alerts ||= change.alerts === true
    },
    listen(listener, who = { seesOrders: true, staff: null }) {
      listeners.set(listener, who)
      return () => void listeners.delete(listener)
    },
    close() {
      clearInterval(timer)
      listeners.clear()
    },
  }
}

/** GET /api/v1/live: server-sent events. */
export default async function live(app: FastifyInstance, world: World): Promise<void> {
  // To HEAD there would be no answer before the page is closed.
  app.get("/api/v1/live", { exposeHeadRoute: false, schema: { hide: true } }, async (request, reply) => {
    const who = await whoIs(world, request)
    if (who === null) throw new Refusal("not_signed_in")
    reply.hijack()
    const { raw } = reply
    raw.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      connection: "keep-alive",
      "x-accel-buffering": "no",
    })
    const send = (message: LiveMessage) =>
      raw.write(`event: ${message.topic}\ndata: ${JSON.stringify(message)}\n\n`)
    send({ topic: "hello", serverTime: new Date().toISOString() })
    const stop = world.live.listen(send, {
      seesOrders: who.may("read", "order"),
      staff: who.person?.id ?? null,
    })
    const beat = setInterval(() => raw.write(": \n\n"), 20_000)
    request.raw.on("close", () => {
      clearInterval(beat)
      stop()
    })
  })
}
