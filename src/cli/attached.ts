import type { World } from "../api/world.ts"
import { openWorld, reachDatabase, readConfig } from "../main.ts"
import { migrate } from "../store/migrate.ts"

/** Runs a command on the database of this data directory, also while the server runs. */
export async function attached<Result>(act: (world: World) => Promise<Result>): Promise<Result> {
  const config = readConfig()
  const { db, postgres } = await reachDatabase(config, process.env, true)
  await migrate(db)
  const { world } = await openWorld(config, db)
  try {
    return await act(world)
  } finally {
    await world.jobs.stop()
    await world.hints.close()
    world.live.close()
    await world.signIn.close()
    await db.close()
    await postgres?.stop()
  }
}
