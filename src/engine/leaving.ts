import type { Actor } from "../core/cases.ts"
import type { Instant } from "../core/instants.ts"
import { note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import { caseNumber } from "../store/keys.ts"
import {
  endSessions,
  giveWarning,
  listHeld,
  listLeft,
  listOwnWarnings,
  releaseOthers,
} from "../store/leaving.ts"
import { unhead } from "../store/memberships.ts"
import { findPersonById } from "../store/people.ts"
import { listHolders } from "../store/staffNames.ts"
import type { Session } from "../store/statement.ts"
import { tellStaff } from "./alerts/bell.ts"
import { performActs } from "./cases/perform.ts"
import { readStaffing, type Staffing } from "./cases/staffing.ts"
import type { EngineWorld } from "./world.ts"

/** A case that somebody has in hand, and who would take it. */
export type Held = { number: string; to: { id: string; name: string } | null }

/** The engine itself, where it does what the rules of assignment say. */
const engine: Actor = {
  id: null,
  name: "engine",
  roles: [{ role: "operations", department: null }],
  departments: [],
  isEngine: true,
}

const staffingFor = (tx: Session, departments: Iterable<string>, at: Instant): Promise<Staffing> =>
  readStaffing(tx, { departments, causes: [], people: [] }, at)

/** What somebody has in hand, each with who would take it by the rules of assignment: on duty in the same department with the least open work. */
export async function proposeTakers(session: Session, staff: string, at: Instant): Promise<Held[]> {
  const held = await listHeld(session, staff)
  const departments = new Set(held.flatMap(({ department }) => department ?? []))
  const staffing = await staffingFor(session, departments, at)
  return held.map((each) => {
    const to = each.department === null ? null : staffing.pick(each.department, staff)
    return { number: caseNumber(each.n, each.bucket), to: to && { id: to.id, name: to.name } }
  })
}

/**
 * Hands over everything that somebody has in hand: cases to those chosen, or by the rules of assignment; warnings to whoever is
 * on duty, questions to their department. Whoever does it may manage the person: that is the caller's to know. Answers how many cases moved.
 */
export async function handOverAll(
  world: EngineWorld,
  staff: string,
  by: { id: string | null; name: string } | null,
  choices: ReadonlyMap<string, string> = new Map(),
): Promise<number> {
  const actor: Actor = by === null ? engine : { ...by, roles: engine.roles, departments: [] }
  const held = await listHeld(world.db.pool, staff)
  const { done } = await performActs(
    world,
    held.map((each) => {
      const number = caseNumber(each.n, each.bucket)
      return { number, input: { act: "hand_over", from: staff, person: choices.get(number), why: "leaver" } }
    }),
    { actor },
  )
  await transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const warnings = await listOwnWarnings(tx, staff)
    const staffing = await staffingFor(tx, new Set(warnings.map(({ department }) => department)), at)
    for (const each of warnings)
      await giveWarning(tx, each.id, staffing.pick(each.department, staff)?.id ?? null)
    const others = await releaseOthers(tx, staff, (await findPersonById(tx, staff))?.department ?? null)
    const cases = done.filter(({ ok }) => ok).map(({ number }) => number)
    if (cases.length + warnings.length + others.incidents.length + others.help.length === 0) return
    await note(
      tx,
      {
        who: actor.name,
        what: "people.hand_over",
        subject: `staff/${staff}`,
        after: { cases, warnings: warnings.map(({ id }) => id), ...others },
      },
      at,
    )
  })
  world.changed({ alerts: true, board: true })
  return done.filter(({ ok }) => ok).length
}

/** Lets nothing point to somebody who no longer works here: what they have goes by the rules of assignment, they head nothing, and their sign-in ends. Answers how many people. */
export async function settleLeavers(world: EngineWorld): Promise<number> {
  const gone = await listLeft(world.db.pool, await world.instant(world.db.pool))
  for (const { id, name } of gone) {
    await handOverAll(world, id, null)
    const told = await transaction(world.db, async (tx) => {
      const at = await world.instant(tx)
      await endSessions(tx, id)
      const headless = await unhead(tx, id)
      if (headless.length === 0) return []
      const people = await listHolders(tx, ["administration", "owner"], at)
      await tellStaff(tx, people, { kind: "headless", data: { name }, link: "/settings/departments" }, at)
      await note(
        tx,
        {
          who: "engine",
          what: "department.headless",
          subject: `staff/${id}`,
          after: { departments: headless },
        },
        at,
      )
      return people
    })
    if (told.length > 0) world.changed({ staff: told })
  }
  return gone.length
}
