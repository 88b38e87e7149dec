import type { Config, World } from "../api/world.ts"
import { keyPlaceOf, openWorld, reachDatabase, readConfig } from "../main.ts"
import type { Database } from "../store/database.ts"
import { secretsOf } from "../store/masterKey.ts"
import { migrate } from "../store/migrate.ts"

/** Runs a command on the database of this data directory, also while the server runs. */
export async function attached<Result>(act: (world: World) => Promise<Result>): Promise<Result> {
  const config = readConfig()
  const { db, postgres } = await reachDatabase(config, process.env, true)
  try {
    await migrate(db)
    return await inWorld(config, db, act)
  } finally {
    await db.close()
    await postgres?.stop()
  }
}

async function inWorld<Result>(config: Config, db: Database, act: (world: World) => Promise<Result>) {
  const { world } = await openWorld(config, db, await secretsOf(db, keyPlaceOf(config)))
  try {
    return await act(world)
  } finally {
    await world.jobs.stop()
    await world.hints.close()
    world.live.close()
    await world.signIn.close()
  }
}
