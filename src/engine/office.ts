import { chainAudit } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import { assignApplied } from "./cases/applied.ts"
import type { EngineLog } from "./loop.ts"
import { startProposing } from "./proposing.ts"
import { sweep } from "./sweep.ts"
import type { EngineWorld } from "./world.ts"

const everyMs = 1_000
const sweepEvery = 10

/** Small duties beside the deadlines, a round each second: shops heard of are noted, the audit trail is chained, causes are proposed, stored clocks are compared with the judge. */
export function startOffice(world: EngineWorld, log: EngineLog): { stop(): Promise<void> } {
  let round: Promise<void> = Promise.resolve()
  let rounds = 0
  const proposeCauses = startProposing(world)
  const timer = setInterval(() => {
    round = round
      .then(async () => {
        await world.hearing.flush(world.db)
        while ((await transaction(world.db, chainAudit)) === 1000);
        await assignApplied(world, (await proposeCauses()).applied)
        if (rounds++ % sweepEvery === 0) await sweepAloud(world, log)
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

async function sweepAloud(world: EngineWorld, log: EngineLog): Promise<void> {
  const { found, at } = await sweep(world)
  const now = found.filter((each) => each.at === at)
  if (now.length > 0) log.error({ error: now }, "what is stored of these orders is not what the judge says")
}
