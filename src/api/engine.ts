import type { FastifyInstance } from "fastify"
import { isoOf } from "../core/instants.ts"
import { lagBoundsMs } from "../engine/lags.ts"
import { runsOf } from "../engine/runs.ts"
import { countUnfired } from "../store/clocks.ts"
import { countOverdueNext, countStuck, listEngines, type StoredEngine } from "../store/engines.ts"
import { runCount } from "../store/keys.ts"
import { instantNow } from "../store/orders.ts"
import { countOpenClocks } from "../store/rollups.ts"
import type { EngineView } from "./contract.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

/** GET /api/v1/engine: what proves that the deadline engine is alive. */
export default async function engine(app: FastifyInstance, world: World): Promise<void> {
  app.get(
    "/api/v1/engine",
    { schema: { tags: ["operation"], summary: "Is the deadline engine alive" } },
    async (request) => {
      await require(world, request, "read", "order")
      return engineView(world)
    },
  )
}

const graceMs = 1_000
const noLag = { counts: [], sumMs: 0, p50: 0, p99: 0, max: 0 }

/** The engine's view: what is due and was not acted on, the lag of this process, engines and their runs. */
export async function engineView(world: World): Promise<EngineView> {
  const { pool } = world.db
  const now = await instantNow(pool)
  const engines = await listEngines(pool)
  const living = engines.filter(({ alive }) => alive).map(({ id }) => id)
  const [unfired, overdue, stuck, openClocks] = [
    await countUnfired(pool, now - graceMs),
    await countOverdueNext(pool, now - graceMs),
    await countStuck(pool),
    await countOpenClocks(pool),
  ]
  return {
    dueUnfired: Math.max(unfired, overdue) + stuck,
    lagMs: slowest(engines.filter(({ alive }) => alive)),
    openClocks,
    runs: living.length > 0 ? { owned: runCount, unowned: 0 } : { owned: 0, unowned: runCount },
    lagBoundsMs,
    engines: engines.map(({ id, startedAt, beatAt, alive, lag }) => ({
      id,
      startedAt: isoOf(startedAt),
      beatAt: isoOf(beatAt),
      alive,
      runs: alive ? runsOf(id, living) : [],
      lag: { ...noLag, ...lag },
    })),
    stuck,
  }
}

/** The lag of the engine that is the latest, as of its last beat; zeros when nothing has fired. */
function slowest(living: readonly StoredEngine[]): EngineView["lagMs"] {
  const most = (figure: "p50" | "p99" | "max") => Math.max(0, ...living.map(({ lag }) => lag[figure] ?? 0))
  return { p50: most("p50"), p99: most("p99"), max: most("max") }
}
