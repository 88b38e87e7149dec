import type { FastifyInstance } from "fastify"
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client"
import { lagBoundsMs } from "../engine/lags.ts"
import { listBackups } from "../store/backups.ts"
import { countOutbox } from "../store/stuck.ts"
import type { EngineView } from "./contract.ts"
import { engineView } from "./engine.ts"
import { problemOf, sendProblem } from "./problems.ts"
import { echoOf } from "./reach.ts"
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
  const outbox = new Gauge({
    name: "zhunshi_outbox_rows",
    help: "What waits to leave the process and no job carries yet",
    registers: [registry],
  })
  const backupAge = new Gauge({
    name: "zhunshi_backup_age_seconds",
    help: "Age of the last backup that was read back whole; -1 without one",
    registers: [registry],
  })
  const requests = new Counter({
    name: "zhunshi_http_requests_total",
    help: "Requests answered",
    labelNames: ["status"],
    registers: [registry],
  })
  app.addHook("onResponse", async (_request, reply) => requests.inc({ status: String(reply.statusCode) }))

  app.get<{ Querystring: { word?: string } }>("/healthz", { schema: { hide: true } }, async ({ query }) => {
    const { word } = query
    const isWord = typeof word === "string" && /^[\w-]{8,64}$/.test(word)
    return { alive: true, ...(isWord ? { echo: echoOf(world, word) } : {}) }
  })
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
    outbox.set(await countOutbox(world.db.pool))
    const last = (await listBackups(world.db.pool)).find(({ tried }) => tried === "read")
    backupAge.set(last ? ((await world.now()) - last.madeAt) / 1_000 : -1)
    return reply.type("text/plain; version=0.0.4").send(`${await registry.metrics()}${lagText(view)}`)
  })
}

/** The lag histogram of every living engine, as Prometheus text. */
function lagText({ engines }: EngineView): string {
  const name = "zhunshi_breach_lag_seconds"
  const of = ({ id, lag }: EngineView["engines"][number]) => {
    let sum = 0
    const buckets = lag.counts.map((count, i) => {
      sum += count
      const bound = i < lagBoundsMs.length ? lagBoundsMs[i]! / 1000 : "+Inf"
      return `${name}_bucket{engine="${id}",le="${bound}"} ${sum}`
    })
    return [
      ...buckets,
      `${name}_sum{engine="${id}"} ${lag.sumMs / 1000}`,
      `${name}_count{engine="${id}"} ${sum}`,
    ]
  }
  return [
    `# HELP ${name} Time from a clock's due to its breach taking effect`,
    `# TYPE ${name} histogram`,
    ...engines.filter(({ alive, lag }) => alive && lag.counts.length > 0).flatMap(of),
    "",
  ].join("\n")
}
