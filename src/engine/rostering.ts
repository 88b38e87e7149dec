import type { Instant } from "../core/instants.ts"
import { isWithin, reachOf } from "../core/permissions.ts"
import { Refusal } from "../core/refusals.ts"
import type { ShiftTemplate } from "../core/shiftTemplates.ts"
import { note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import { lockPerson } from "../store/memberships.ts"
import { isHere, listDepartments, listPeople } from "../store/people.ts"
import {
  addLeave,
  addShifts,
  dropLeave,
  dropShift,
  findSameLeave,
  findShift,
  holdShifts,
  type Leave,
  listShifts,
  overlapsOf,
  type Shift,
} from "../store/rosters.ts"
import { saveSetting } from "../store/settings.ts"
import type { Session } from "../store/statement.ts"
import type { By } from "./staffing.ts"
import type { EngineWorld } from "./world.ts"

type Wanted = Omit<Shift, "id">
const dayMs = 24 * 60 * 60_000

/** Puts people on duty, all of them or nobody; with `replace` their shifts that would be met go first. Answers how many were put and taken, and the ids of those put. */
export async function putShifts(
  world: EngineWorld,
  shifts: readonly Wanted[],
  by: By,
  { replace = false } = {},
): Promise<{ ids: string[]; added: number; removed: number }> {
  return transaction(world.db, async (tx) => {
    await holdShifts(tx)
    const at = await world.instant(tx)
    await refuseShifts(tx, shifts, by, at)
    if (meetsItself(shifts)) throw new Refusal("shift_overlaps")
    const removed = replace ? await clear(tx, shifts) : []
    if ((await overlapsOf(tx, shifts)).length > 0) throw new Refusal("shift_overlaps")
    const ids = await addShifts(tx, shifts, at)
    await note(
      tx,
      {
        who: by.name,
        what: "roster.change",
        subject: "roster",
        before: removed.map(plainOf),
        after: shifts.map(plainOf),
      },
      at,
    )
    return { ids, added: shifts.length, removed: removed.length }
  })
}

const plainOf = ({ staff, department, from, to }: Wanted) => ({ staff, department, from, to })

async function refuseShifts(tx: Session, shifts: readonly Wanted[], by: By, at: Instant): Promise<void> {
  const departments = await listDepartments(tx)
  const people = new Map((await listPeople(tx)).map((each) => [each.id, each]))
  const reach = reachOf(by.held, "act", "people", departments)
  for (const { staff, department, from, to } of shifts) {
    const person = people.get(staff)
    if (!person || !isHere(person, Math.max(at, from)) || to <= from || to - from > dayMs)
      throw new Refusal("bad_shift")
    if (!departments.some(({ id, closedAt }) => id === department && closedAt === null))
      throw new Refusal("unknown_department", department)
    if (!isWithin(reach, department)) throw new Refusal("forbidden")
  }
}

function meetsItself(shifts: readonly Wanted[]): boolean {
  const sorted = shifts.toSorted((one, other) =>
    one.staff === other.staff ? one.from - other.from : one.staff < other.staff ? -1 : 1,
  )
  return sorted.some(
    (each, i) => i > 0 && sorted[i - 1]!.staff === each.staff && sorted[i - 1]!.to > each.from,
  )
}

/** Takes away what the same people have been put on in the meantime of new shifts. */
async function clear(tx: Session, shifts: readonly Wanted[]): Promise<Shift[]> {
  if (shifts.length === 0) return []
  const from = Math.min(...shifts.map((each) => each.from))
  const to = Math.max(...shifts.map((each) => each.to))
  const met = (await listShifts(tx, { from, to })).filter((old) =>
    shifts.some((each) => each.staff === old.staff && each.from < old.to && old.from < each.to),
  )
  for (const { id } of met) await dropShift(tx, id)
  return met
}

/** Takes shifts off the roster, all of them or none; those that are gone already are no error. */
export async function removeShifts(world: EngineWorld, ids: readonly string[], by: By): Promise<number> {
  return transaction(world.db, async (tx) => {
    await holdShifts(tx)
    const at = await world.instant(tx)
    const reach = reachOf(by.held, "act", "people", await listDepartments(tx))
    const gone: Shift[] = []
    for (const id of ids) {
      const each = await dropShift(tx, id)
      if (each) gone.push(each)
    }
    if (!gone.every(({ department }) => isWithin(reach, department))) throw new Refusal("forbidden")
    if (gone.length > 0)
      await note(
        tx,
        { who: by.name, what: "roster.change", subject: "roster", before: gone.map(plainOf), after: [] },
        at,
      )
    return gone.length
  })
}

/** Gives a shift other hours or another department; what the same person has else then stays as it is. */
export async function changeShift(
  world: EngineWorld,
  id: string,
  change: { department?: string | undefined; from: Instant; to: Instant },
  by: By,
): Promise<void> {
  await transaction(world.db, async (tx) => {
    await holdShifts(tx)
    const at = await world.instant(tx)
    const before = await findShift(tx, id)
    if (!before) throw new Refusal("not_found")
    const { from, to, department = before.department } = change
    const after = { staff: before.staff, department, from, to }
    await refuseShifts(tx, [plainOf(before), after], by, at)
    if ((await overlapsOf(tx, [after], [id])).length > 0) throw new Refusal("shift_overlaps")
    await dropShift(tx, id)
    await addShifts(tx, [after], at)
    await note(
      tx,
      { who: by.name, what: "roster.change", subject: "roster", before: [plainOf(before)], after: [after] },
      at,
    )
  })
}

/** Puts the shifts of one span on another, moved by whole days; who is no longer here or is on duty then already is left out. */
export async function copyShifts(
  world: EngineWorld,
  span: { department: string | null; from: Instant; to: Instant; move(at: Instant): Instant },
  by: By,
): Promise<{ ids: string[]; added: number; left: number }> {
  return transaction(world.db, async (tx) => {
    await holdShifts(tx)
    const at = await world.instant(tx)
    const people = new Map((await listPeople(tx)).map((each) => [each.id, each]))
    const all = (await listShifts(tx, span))
      .filter(({ from }) => from >= span.from && from < span.to)
      .map((each) => ({ ...plainOf(each), from: span.move(each.from), to: span.move(each.to) }))
    const able = all.filter(({ staff, from }) => isHere(people.get(staff)!, Math.max(at, from)))
    await refuseShifts(tx, able, by, at)
    const met = new Set(await overlapsOf(tx, able))
    const free = able.filter((_, i) => !met.has(i))
    const ids = await addShifts(tx, free, at)
    await note(
      tx,
      { who: by.name, what: "roster.change", subject: "roster", before: [], after: free.map(plainOf) },
      at,
    )
    return { ids, added: free.length, left: all.length - free.length }
  })
}

/** Notes that somebody is not there for a while; people may do so for themselves. The same told again, also at once, is one leave. */
export async function putLeave(
  world: EngineWorld,
  leave: Omit<Leave, "id">,
  by: By & { id: string | null },
): Promise<string> {
  return transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    if (leave.to !== null && leave.to <= leave.from) throw new Refusal("bad_shift")
    await refuseLeave(tx, leave.staff, by)
    await lockPerson(tx, leave.staff)
    const before = await findSameLeave(tx, leave)
    if (before !== undefined) return before
    const id = await addLeave(tx, leave, at)
    await note(
      tx,
      { who: by.name, what: "leave.add", subject: `staff/${leave.staff}`, after: { ...leave } },
      at,
    )
    return id
  })
}

/** Takes a leave away again. */
export async function removeLeave(
  world: EngineWorld,
  id: string,
  by: By & { id: string | null },
): Promise<void> {
  await transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const gone = await dropLeave(tx, id)
    if (!gone) throw new Refusal("not_found")
    await refuseLeave(tx, gone.staff, by)
    await note(
      tx,
      { who: by.name, what: "leave.remove", subject: `staff/${gone.staff}`, before: { ...gone } },
      at,
    )
  })
}

/** Keeps the company's templates of shifts. */
export async function saveTemplates(world: EngineWorld, templates: ShiftTemplate[], by: By): Promise<void> {
  await transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    if (reachOf(by.held, "act", "people", await listDepartments(tx)) !== "all") throw new Refusal("forbidden")
    await saveSetting(tx, "shift-templates", templates, at)
    await note(tx, { who: by.name, what: "roster.templates", subject: "roster", after: templates }, at)
  })
}

async function refuseLeave(tx: Session, staff: string, by: By & { id: string | null }): Promise<void> {
  if (by.id === staff) return
  const person = (await listPeople(tx)).find(({ id }) => id === staff)
  if (!person) throw new Refusal("not_found")
  if (!isWithin(reachOf(by.held, "act", "people", await listDepartments(tx)), person.department))
    throw new Refusal("forbidden")
}
