import type { Instant } from "../../core/instants.ts"
import { Refusal } from "../../core/refusals.ts"
import {
  type Alert,
  endAlert,
  findAlert,
  listOpenAlerts,
  releaseAlert,
  standingOf,
  takeAlert,
  takeEscalations,
} from "../../store/alerts.ts"
import { note } from "../../store/audit.ts"
import { transaction } from "../../store/database.ts"
import { subjectKindOf } from "../../store/outbox.ts"
import { headOf } from "../../store/rosters.ts"
import { nameOfDepartment } from "../../store/staffNames.ts"
import type { Session } from "../../store/statement.ts"
import type { EngineWorld } from "../world.ts"
import { tellStaff } from "./bell.ts"
import { raise } from "./raise.ts"

/** Somebody who acts: their id among staff and their name in the audit trail. */
type By = { id: string; name: string }

/** Takes a warning, which stops its way to the head. Who was first keeps it; taking one's own again changes nothing. */
export async function takeWarning(world: EngineWorld, id: string, by: By): Promise<Alert> {
  const { alert, told } = await transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const found = await findAlert(tx, id)
    if (!found) throw new Refusal("not_found")
    if (found.takenBy === by.id) return { alert: found, told: [] }
    if (found.takenBy !== null || !(await takeAlert(tx, id, by.id, at)))
      throw new Refusal("warning_taken", found.takenBy ?? undefined)
    await note(tx, { who: by.name, what: "warning.take", subject: `alert/${id}` }, at)
    // Whoever was on duty, or had it before, hears that they need not.
    const told = found.owner !== null && found.owner !== by.id ? [found.owner] : []
    await tellStaff(
      tx,
      told,
      { kind: "warning_taken", data: { by: by.name }, link: `/orders?alert=${id}` },
      at,
    )
    return { alert: (await findAlert(tx, id))!, told }
  })
  world.changed({ alerts: true, staff: told })
  return alert
}

/** Lets go of a warning that one took; its way to the head goes on. */
export async function releaseWarning(world: EngineWorld, id: string, by: By): Promise<Alert> {
  const alert = await transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    if (!(await releaseAlert(tx, id, by.id))) throw new Refusal("not_found")
    await note(tx, { who: by.name, what: "warning.release", subject: `alert/${id}` }, at)
    return (await findAlert(tx, id))!
  })
  world.changed({ alerts: true })
  return alert
}

/** Brings every warning that nobody took in its time to the head of the department, once each; answers how many. */
export function escalate(world: EngineWorld): Promise<number> {
  return transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const overdue = await takeEscalations(tx, at)
    for (const each of overdue) await bringToHead(world, tx, each, at)
    return overdue.length
  })
}

async function bringToHead(world: EngineWorld, tx: Session, alert: Alert, at: Instant): Promise<void> {
  const { open } = await standingOf(tx, alert, subjectKindOf(alert.clock!))
  if (open === 0) return
  const { department, kind, standard, clock, basis, level, about } = alert
  const head = await headOf(tx, department, at)
  await raise(
    world,
    tx,
    {
      key: `escalated ${alert.id}`,
      code: "escalated",
      department,
      kind,
      standard,
      clock,
      basis,
      level,
      about,
      // The same rows, and taking it takes the warning itself.
      path: `/orders?alert=${alert.id}`,
      people: head ? [head.id] : [],
      said: {
        from: await nameOfDepartment(tx, department),
        minutes: Math.round((at - alert.createdAt) / 60_000),
      },
    },
    at,
  )
}

/** Ends the warnings none of whose clocks runs any more, with how many were saved and lost; answers how many. */
export async function settleWarnings(world: EngineWorld): Promise<number> {
  let ended = 0
  for (const alert of await listOpenAlerts(world.db.pool, null, 2_000)) {
    const { open, saved, lost } = await standingOf(world.db.pool, alert, subjectKindOf(alert.clock!))
    if (open > 0) continue
    const at = await world.instant(world.db.pool)
    await endAlert(world.db.pool, alert.id, at, { saved, lost })
    ended += 1
  }
  if (ended > 0) world.changed({ alerts: true })
  return ended
}
