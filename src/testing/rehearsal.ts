import { inject } from "vitest"
import type { Instant } from "../core/instants.ts"
import type { Change, EngineWorld } from "../engine/world.ts"
import { type Database, openDatabase, transaction } from "../store/database.ts"
import { seedPolicy } from "../store/rules.ts"
import { cloneTemplate } from "./clone.ts"
import { engineWorldOn } from "./engineWorld.ts"

/** A world for tests: a database of its own and a clock that is turned by hand. */
export type Rehearsal = {
  db: Database
  world: EngineWorld
  changes: Change[]
  /** the hand-turned clock, milliseconds */
  now: Instant
  close(): Promise<void>
}

/** A fresh database cloned from the test run's migrated template, or from another (`template0`: an empty one), by its URL. */
export const cloneDatabase = (of?: string): ReturnType<typeof cloneTemplate> =>
  cloneTemplate(inject("postgres"), of)

/** A world with the regulation's own policy, standing at `now`. */
export async function rehearse(now: Instant): Promise<Rehearsal> {
  const { url, drop } = await cloneDatabase()
  const db = openDatabase(url, { max: 8 })
  const rehearsal: Rehearsal = {
    db,
    now,
    changes: [],
    world: {
      ...engineWorldOn(db),
      instant: async () => rehearsal.now,
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
