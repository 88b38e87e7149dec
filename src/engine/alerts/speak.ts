import { isUrgent, quietUntil } from "../../core/alerts/quiet.ts"
import type { Instant } from "../../core/instants.ts"
import { inEvery } from "../../core/words.ts"
import { type Alert, endAlert, holdAlert, noteSpoken } from "../../store/alerts.ts"
import { transaction } from "../../store/database.ts"
import { addDelivery } from "../../store/deliveries.ts"
import { type Robot, robotsFor } from "../../store/robots.ts"
import { headOf, whoIsOnDuty } from "../../store/rosters.ts"
import { listHolders } from "../../store/staffNames.ts"
import type { Session } from "../../store/statement.ts"
import { isTrialRun } from "../../store/trialRun.ts"
import type { EngineWorld } from "../world.ts"
import { tellStaff } from "./bell.ts"
import { compose, isTakeable, pathOf } from "./compose.ts"
import { alertSettings, escalateMinutesOf, readingOf } from "./settings.ts"

/**
 * Brings an alert to the robots of its department and to the bells of whoever is on duty, once, in one transaction; the work of
 * the job that the dispatcher queued. During a trial run operations alone is told.
 */
export async function speak(world: EngineWorld, id: string): Promise<void> {
  const told = await transaction(world.db, async (tx) => {
    const alert = await holdAlert(tx, id)
    if (!alert || alert.spokenAt !== null) return null
    const at = await world.instant(tx)
    const reading = await readingOf(world, tx, at)
    const composed = await compose(world, tx, alert, [], reading)
    if (composed === null) {
      await noteSpoken(tx, id, at, { title: null, owner: null, escalatesAt: null })
      await endAlert(tx, id, at, { saved: alert.about.length, lost: 0 })
      return null
    }
    const department = (await isTrialRun(tx)) ? "operations" : alert.department
    const urgent = isUrgent(alert.code, composed.firstDueAt, at)
    for (const robot of await robotsFor(tx, [department], alert.code)) {
      const own =
        robot.warehouses.length === 0 ? composed : await compose(world, tx, alert, robot.warehouses, reading)
      if (own === null) continue
      await addDelivery(
        tx,
        {
          alert: id,
          robot: robot.id,
          said: own.say(reading.language).phone,
          urgent,
          dueAt: dueFor(robot, urgent, at, reading.zone),
        },
        at,
      )
    }
    const duty = await onDuty(tx, department, at)
    const minutes = isTakeable(alert) ? escalateMinutesOf(await alertSettings(tx), department) : 0
    await noteSpoken(tx, id, at, {
      title: inEvery((language) => composed.say(language).title),
      // No warning is without an owner: where a department has nobody it is for somebody of operations.
      owner: duty[0] ?? (await listHolders(tx, ["operations", "owner"], at))[0] ?? null,
      escalatesAt: minutes > 0 && alert.code !== "escalated" ? at + minutes * 60_000 : null,
    })
    const people = await listeners(
      tx,
      alert,
      department,
      composed.people.length > 0 ? composed.people : duty,
      at,
    )
    const text = inEvery((language) => composed.say(language).phone)
    const { level } = composed.say(reading.language)
    await tellStaff(
      tx,
      people,
      { kind: "alert", data: { code: alert.code, level, text }, link: pathOf(alert) },
      at,
    )
    return people
  })
  if (told !== null) world.changed({ staff: told, alerts: true })
}

/** When a robot may say something: at once, or when its quiet ends. */
export const dueFor = (
  { quietFrom, quietTo }: Pick<Robot, "quietFrom" | "quietTo">,
  urgent: boolean,
  at: Instant,
  zone: string,
): Instant =>
  urgent || quietFrom === null || quietTo === null
    ? at
    : (quietUntil({ from: quietFrom, to: quietTo }, at, zone) ?? at)

/** Who is on duty for a department; nobody there, its head. */
async function onDuty(tx: Session, department: string, at: Instant): Promise<string[]> {
  const duty = await whoIsOnDuty(tx, department, at)
  if (duty.length > 0) return duty.map(({ id }) => id)
  const head = await headOf(tx, department, at)
  return head ? [head.id] : []
}

const withHead = new Set(["over", "inner_over", "incident_opened"])
const toOperations = new Set(["engine_down", "engine_up", "dead_letter"])

/** Whose bell rings: those whom the alert names; else who is on duty, with the head where a promise broke. Where nobody is known, operations and the owner. */
async function listeners(
  tx: Session,
  alert: Alert,
  department: string,
  duty: readonly string[],
  at: Instant,
): Promise<string[]> {
  if (alert.people.length > 0) return alert.people
  const head = withHead.has(alert.code) ? await headOf(tx, department, at) : null
  const found = [...duty, ...(head ? [head.id] : [])]
  return found.length > 0 && !toOperations.has(alert.code)
    ? found
    : [...found, ...(await listHolders(tx, ["operations", "owner"], at))]
}
