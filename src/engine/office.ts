import { chainAudit } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import type { EngineLog } from "./loop.ts"
import type { EngineWorld } from "./world.ts"

const everyMs = 1_000

/** Small duties beside the deadlines, a round each second: shops heard of are noted, the audit trail is chained. */
export function startOffice(world: EngineWorld, log: EngineLog): { stop(): Promise<void> } {
  let round: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    round = round
      .then(async () => {
        await world.hearing.flush(world.db)
        while ((await transaction(world.db, chainAudit)) === 1000);
      })
      .catch((error) => log.error({ error }, "a round of the office failed; it is tried again"))
  }, everyMs)
  return {
    async stop() {
      clearInterval(timer)
      await round
    },
  }
}
