import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openShelf } from "../src/engine/attachments/shelf.ts"
import { Hearing } from "../src/engine/hearing.ts"
import { openJobs } from "../src/engine/jobs.ts"
import type { EngineWorld } from "../src/engine/world.ts"
import { type Database, openDatabase, transaction } from "../src/store/database.ts"
import { migrate } from "../src/store/migrate.ts"
import { startPostgres, urlOf } from "../src/store/postgres/server.ts"
import { RuleShelf, seedPolicy } from "../src/store/rules.ts"
import { openSecrets } from "../src/store/secrets.ts"

/** A database of its own, durable as in production, and a world whose clock is turned by hand. */
export type Ground = { url: string; db: Database; world: EngineWorld; now: number; close(): Promise<void> }

/** Opens a fresh database in a folder that is gone afterwards. */
export async function openGround(now: number): Promise<Ground> {
  const data = mkdtempSync(join(tmpdir(), "zs-bench-"))
  const postgres = await startPostgres(data)
  const url = urlOf(postgres.connection)
  const db = openDatabase(url)
  await migrate(db)
  const shelf = new RuleShelf()
  const ground: Ground = {
    url,
    db,
    now,
    world: {
      db,
      secrets: openSecrets(Buffer.alloc(32, 7)),
      hearing: new Hearing(),
      shelf: openShelf(data, null),
      jobs: openJobs(db),
      outside: { url: "http://localhost", alertHosts: [], timezone: "Asia/Shanghai" },
      instant: async () => ground.now,
      ruleBook: (tx) => shelf.read(tx),
      changed: () => {},
    },
    async close() {
      await ground.world.jobs.stop()
      await db.close()
      await postgres.stop()
      rmSync(data, { recursive: true, force: true })
    },
  }
  await transaction(db, (tx) => seedPolicy(tx, now))
  return ground
}

/** Events a second, or whatever is counted, of an act that does n of them. */
export async function rateOf(n: number, act: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await act()
  return Math.round((n * 1000) / (performance.now() - start))
}
