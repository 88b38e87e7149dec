import type { SaidValue } from "../../core/alerts/values.ts"
import type { Instant } from "../../core/instants.ts"
import type { JsonObject } from "../../core/json.ts"
import { addAlert, type NewAlert } from "../../store/alerts.ts"
import type { Session } from "../../store/statement.ts"
import { queue } from "../jobs.ts"
import type { EngineWorld } from "../world.ts"

/** An alert on its way to robots and people. */
export const speakQueue = queue<{ alert: string }>("alerts.speak", { retries: 8, retryAfterSeconds: 5 })

/** Says something to a department, once a key, in the transaction of its cause; null when that was said already. `said` fills the card of `code` in content/alerts.json. */
export async function raise(
  world: EngineWorld,
  tx: Session,
  alert: Omit<NewAlert, "said"> & { said?: Record<string, SaidValue> },
  at: Instant,
): Promise<string | null> {
  const id = await addAlert(tx, { ...alert, said: (alert.said ?? {}) as JsonObject }, at)
  if (id !== null) await world.jobs.send(tx, speakQueue, { alert: id }, { id })
  return id
}
