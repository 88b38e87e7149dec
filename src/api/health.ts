import type { FastifyInstance } from "fastify"
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client"
import { lagBoundsMs } from "../engine/lags.ts"
import { engineView } from "./engine.ts"
import { problemOf, sendProblem } from "./problems.ts"
import type { World } from "./world.ts"

/** /healthz: alive · /readyz: able to serve · /metrics: Prometheus text. */
export default async function health(app: FastifyInstance, world: World): Promise<void> {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const dueUnfired = new Gauge({
    name: "zhunshi_due_unfired",
    help: "Clocks whose due passed more than a second ago and that nobody acted on",
    registers: [registry],
  })
  const openClocks = new Gauge({
    name: "zhunshi_open_clocks",
    help: "Clocks that run",
    registers: [registry],
  })
  const stuck = new Gauge({
    name: "zhunshi_orders_stuck",
    help: "Orders that cannot be judged",
    registers: [registry],
  })
  const unowned = new Gauge({
    name: "zhunshi_runs_unowned",
    help: "Runs of buckets without a living engine",
    registers: [registry],
  })
  const requests = new Counter({
    name: "zhunshi_http_requests_total",
    help: "Requests answered",
    labelNames: ["status"],
    registers: [registry],
  })
  app.addHook("onResponse", async (_request, reply) => requests.inc({ status: String(reply.statusCode) }))

  app.get("/healthz", { schema: { hide: true } }, async () => ({ alive: true }))
  app.get("/readyz", { schema: { hide: true } }, async (_request, reply) => {
    try {
      await world.db.pool.query("select 1")
      return { ready: true }
    } catch {
      return sendProblem(reply, problemOf("not_ready"))
    }
  })
  app.get("/metrics", { schema: { hide: true } }, async (_request, reply) => {
    const view = await engineView(world)
    dueUnfired.set(view.dueUnfired)
    openClocks.set(view.openClocks)
    stuck.set(view.stuck)
    unowned.set(view.runs.unowned)
    return reply.type("text/plain; version=0.0.4").send(`${await registry.metrics()}${lagText(world)}`)
  })
}

/** The lag histogram of this process's engine, as Prometheus text. */
function lagText(world: World): string {
  const lags = world.engine()?.lags
  if (!lags) return ""
  const name = "zhunshi_breach_lag_seconds"
  let sum = 0
  const buckets = lags.counts.map((count, i) => {
    sum += count
    return `${name}_bucket{le="${i < lagBoundsMs.length ? lagBoundsMs[i]! / 1000 : "+Inf"}"} ${sum}`
  })
  return [
    `# HELP ${name} Time from a clock's due to its breach taking effect`,
    `# TYPE ${name} histogram`,
    ...buckets,
    `${name}_sum ${lags.sumMs / 1000}`,
    `${name}_count ${sum}`,
    "",
  ].join("\n")
}
