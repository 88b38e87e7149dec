import { note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import { hurryStuck } from "../store/stuck.ts"
import type { EngineWorld } from "./world.ts"

/** Lets the engine look at every stuck order again at once, instead of after its wait; answers how many there are. */
export async function lookAgain(world: EngineWorld, by: string): Promise<number> {
  const { n, at } = await transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const n = await hurryStuck(tx, at)
    if (n > 0)
      await note(tx, { who: by, what: "stuck.look_again", subject: "engine", after: { orders: n } }, at)
    return { n, at }
  })
  world.changed({ nextAt: at })
  return n
}
