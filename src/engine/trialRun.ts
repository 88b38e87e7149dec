import type { Instant } from "../core/instants.ts"
import { note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import type { Session } from "../store/statement.ts"
import { findTrialRun, saveTrialRun, type TrialRun } from "../store/trialRun.ts"
import type { EngineWorld } from "./world.ts"

/** Begins the trial run in the transaction that makes the company, or begins it anew. */
export async function beginTrialRun(tx: Session, by: string, at: Instant): Promise<void> {
  const trial: TrialRun = { since: at, by, until: null, endedBy: null }
  await saveTrialRun(tx, trial, at)
  await note(tx, { who: by, what: "trial_run.begin", subject: "company" }, at)
}

/** Begins or ends the trial run; what is so already stays. From its end on departments are alerted and breaches score. */
export async function setTrialRun(world: EngineWorld, act: { on: boolean; by: string }): Promise<void> {
  await transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const trial = await findTrialRun(tx)
    const isOn = trial !== null && trial.until === null
    if (isOn === act.on) return
    if (act.on) return beginTrialRun(tx, act.by, at)
    await saveTrialRun(tx, { ...trial!, until: at, endedBy: act.by }, at)
    await note(
      tx,
      { who: act.by, what: "trial_run.end", subject: "company", before: { since: trial!.since } },
      at,
    )
  })
  world.changed({ board: true })
}
