import { randomBytes } from "node:crypto"
import pg from "pg"
import { inject } from "vitest"
import type { Instant } from "../core/instants.ts"
import { Hearing } from "../engine/hearing.ts"
import { openJobs } from "../engine/jobs.ts"
import type { Change, EngineWorld } from "../engine/world.ts"
import { type Database, openDatabase, transaction } from "../store/database.ts"
import { RuleShelf, seedPolicy } from "../store/rules.ts"
import { openSecrets } from "../store/secrets.ts"

/** A world for tests: a database of its own and a clock that is turned by hand. */
export type Rehearsal = {
  db: Database
  world: EngineWorld
  changes: Change[]
  /** the hand-turned clock, milliseconds */
  now: Instant
  close(): Promise<void>
}

/** A fresh database cloned from the migrated template, by its URL. */
export async function cloneDatabase(
  template: string = inject("postgres"),
): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `test_${randomBytes(6).toString("hex")}`
  const admin = async (sql: string) => {
    const client = new pg.Client({ connectionString: template.replace("/template_zhunshi", "/postgres") })
    await client.connect()
    await client.query(sql)
    await client.end()
  }
  await admin(`create database ${name} template template_zhunshi`)
  return {
    url: template.replace("/template_zhunshi", `/${name}`),
    drop: () => admin(`drop database if exists ${name} with (force)`),
  }
}

/** A world with the regulation's own policy, standing at `now`. */
export async function rehearse(now: Instant): Promise<Rehearsal> {
  const { url, drop } = await cloneDatabase()
  const db = openDatabase(url, { max: 8 })
  const shelf = new RuleShelf()
  const rehearsal: Rehearsal = {
    db,
    now,
    changes: [],
    world: {
      db,
      secrets: openSecrets(Buffer.alloc(32, 7)),
      hearing: new Hearing(),
      jobs: openJobs(db),
      outside: { url: "https://zs.example.cn", alertHosts: ["127.0.0.1"], timezone: "Asia/Shanghai" },
      instant: async () => rehearsal.now,
      ruleBook: (tx) => shelf.read(tx),
      changed: (change) => void rehearsal.changes.push(change),
    },
    async close() {
      await rehearsal.world.jobs.stop()
      await db.close()
      await drop()
    },
  }
  await transaction(db, (tx) => seedPolicy(tx, now))
  return rehearsal
}
