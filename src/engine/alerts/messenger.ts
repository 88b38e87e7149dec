import { forgetAlerts, listUnspoken } from "../../store/alerts.ts"
import { forgetStaffNotices } from "../../store/bell.ts"
import { transaction } from "../../store/database.ts"
import { forgetUnsaid } from "../attachments/keep.ts"
import { escalateHandovers, remindOfHandovers } from "../handovers.ts"
import { settleLeavers } from "../leaving.ts"
import type { EngineLog } from "../loop.ts"
import { listQueue, makeLists, sendList } from "../partners/lists.ts"
import { mailRequest, remindOfRequests, requestQueue } from "../partners/requests.ts"
import type { EngineWorld } from "../world.ts"
import { digest } from "./digest.ts"
import { dispatch } from "./dispatch.ts"
import { takePulse } from "./pulse.ts"
import { speakQueue } from "./raise.ts"
import { sendDue } from "./send.ts"
import { speak } from "./speak.ts"
import { escalate, settleWarnings } from "./warnings.ts"

const dayMs = 24 * 60 * 60_000
/** What was sent is kept this long; a bell's notices three times as long. */
export const keptDays = 30

/** The duties of whoever alerts people, each with how often it does a round, seconds. */
const duties: [every: number, name: string, round: (world: EngineWorld) => Promise<unknown>][] = [
  [1, "dispatching", dispatch],
  [1, "sending", sendDue],
  [5, "escalating", escalate],
  [15, "ending warnings", settleWarnings],
  [15, "looking after the engine", takePulse],
  [20, "the digest", digest],
  [15, "bringing handovers to heads", escalateHandovers],
  [30, "reminding of handovers", remindOfHandovers],
  [30, "handing over for who left", settleLeavers],
  [60, "reminding of requests", remindOfRequests],
  [900, "making partners' lists", makeLists],
  [3600, "forgetting", forget],
  [3600, "forgetting files", forgetUnsaid],
]

/** Does the rounds of whoever alerts people until it is stopped; a round never overlaps itself. */
export function startMessenger(world: EngineWorld, log: EngineLog): { stop(): Promise<void> } {
  world.jobs.on(speakQueue, ({ alert }) => speak(world, alert), { atOnce: 2 })
  const running = new Map<string, Promise<void>>()
  world.jobs.on(listQueue, (list) => sendList(world, list))
  world.jobs.on(requestQueue, ({ request }) => mailRequest(world, request), { atOnce: 2 })
  let seconds = 0
  const timer = setInterval(() => {
    for (const [every, name, round] of duties) {
      if (seconds % every !== 0 || running.has(name)) continue
      const done = round(world)
        .then(() => {})
        .catch((error) => log.error({ error }, `${name} failed; it is tried again`))
        .finally(() => running.delete(name))
      running.set(name, done)
    }
    seconds += 1
  }, 1_000)
  return {
    async stop() {
      clearInterval(timer)
      await Promise.all(running.values())
    },
  }
}

/** Says again what was queued and never came (a queue that was emptied by hand), and forgets what is old. */
async function forget(world: EngineWorld): Promise<void> {
  const at = await world.instant(world.db.pool)
  for (const id of await listUnspoken(world.db.pool, at - 3_600_000)) await speak(world, id)
  while ((await forgetAlerts(world.db.pool, at - keptDays * dayMs)) === 2_000);
  await transaction(world.db, (tx) => forgetStaffNotices(tx, at - 3 * keptDays * dayMs))
}
