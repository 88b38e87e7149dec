import { countUnfired } from "../../store/clocks.ts"
import { countOverdueNext, countStuck, listEngines } from "../../store/engines.ts"
import { listMigrations } from "../../store/migrate.ts"
import { findSweep } from "../sweep.ts"
import { bad, type Check, ok, warn } from "./finding.ts"
import { findRecount } from "./recount.ts"

/** A deadline is acted on within a second. */
const graceMs = 1_000
const dayMs = 24 * 60 * 60_000

/** Checks of the database and of the deadline engine. */
export const heart: Check[] = [
  {
    id: "database",
    async look({ world }) {
      const { rows } = await world.db.pool.query<{ version: string; mb: number }>(
        "select current_setting('server_version') as version, round(pg_database_size(current_database()) / 1048576.0)::int as mb",
      )
      return ok("answers", rows[0]!)
    },
  },
  {
    id: "schema",
    async look({ world }) {
      const { rows } = await world.db.pool.query<{ number: number }>("select number from migrations")
      const missing = listMigrations().filter(({ number }) => !rows.some((row) => row.number === number))
      return missing.length === 0 ? ok("current", { n: rows.length }) : bad("behind", { n: missing.length })
    },
  },
  {
    id: "engine",
    async look({ world }) {
      const living = (await listEngines(world.db.pool)).filter(({ alive }) => alive)
      if (living.length === 0) return bad("none")
      const now = await world.instant(world.db.pool)
      const latest = Math.max(...living.map(({ beatAt }) => beatAt))
      return ok("alive", { n: living.length, seconds: Math.max(0, (now - latest) / 1_000).toFixed(1) })
    },
  },
  {
    id: "due",
    async look({ world }) {
      const { pool } = world.db
      const before = (await world.instant(pool)) - graceMs
      const n = Math.max(await countUnfired(pool, before), await countOverdueNext(pool, before))
      return n === 0 ? ok("none") : bad("some", { n })
    },
  },
  {
    id: "stuck",
    async look({ world }) {
      const n = await countStuck(world.db.pool)
      return n === 0 ? ok("none") : bad("some", { n })
    },
  },
  {
    id: "sweep",
    async look({ world }) {
      const { pool } = world.db
      const [sweep, recount] = [await findSweep(pool), await findRecount(pool)]
      if (!sweep && !recount) return ok("never")
      // A difference that was mended is no news: what counts is the last day.
      const since = (await world.instant(pool)) - dayMs
      const found = (sweep?.found ?? []).filter(({ at }) => at > since)
      const miscounted = recount?.miscounted ?? []
      if (found.length + miscounted.length === 0)
        return ok("equal", { orders: sweep?.compared ?? 0, cells: recount?.cells ?? 0 })
      const example = found[0]?.order ?? miscounted[0]!
      return bad("differs", { orders: found.length, cells: miscounted.length, example })
    },
  },
  {
    id: "letters",
    async look({ world }) {
      const n = (await world.jobs.dead()).length
      return n === 0 ? ok("none") : warn("some", { n })
    },
  },
]
