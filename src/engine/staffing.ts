import type { Instant } from "../core/instants.ts"
import { type Held, isWithin, mayGive, mayManage, reachOf } from "../core/permissions.ts"
import { Refusal } from "../core/refusals.ts"
import { note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import {
  alterPerson,
  changeGrants,
  closeDepartment,
  countMembers,
  countOtherOwners,
  holdStaffing,
  lockPerson,
  movePerson,
  saveHead,
  unhead,
} from "../store/memberships.ts"
import {
  type Department,
  findPersonById,
  listDepartments,
  type Person,
  saveDepartment,
} from "../store/people.ts"
import { endShifts } from "../store/rosters.ts"
import type { Session } from "../store/statement.ts"
import type { EngineWorld } from "./world.ts"

/** Who acts, with the roles that say how far. */
export type By = { name: string; held: readonly Held[] }

/** What changes of a person; what is left out stays. */
export type Change = {
  name?: string | undefined
  roles?: readonly Held[] | undefined
  /** the account ends by itself then; null: it does not */
  expiresAt?: Instant | null | undefined
  /** their last moment here; null: they stay after all */
  leavesAt?: Instant | null | undefined
  active?: boolean | undefined
  /** moves them, from an instant on */
  move?: { department: string | null; from: Instant } | undefined
}

/** The person of an id as a transaction holds them, if whoever acts may change them. */
async function holdPerson(tx: Session, id: string, by: By, departments: readonly Department[]) {
  if (!(await lockPerson(tx, id))) throw new Refusal("not_found")
  const person = (await findPersonById(tx, id))!
  if (!mayManage(by.held, person, departments)) throw new Refusal("forbidden")
  return person
}

const plainOf = ({ name, active, expiresAt, leavesAt, roles, department }: Person) => ({
  name,
  active,
  expiresAt,
  leavesAt,
  roles,
  department,
})

/** Changes a person: name, roles, department from a date, when the account ends, whether they leave. Who leaves is off the roster from then on. */
export async function changePerson(world: EngineWorld, id: string, change: Change, by: By): Promise<Person> {
  return transaction(world.db, async (tx) => {
    await holdStaffing(tx)
    const at = await world.instant(tx)
    const departments = await listDepartments(tx)
    const before = await holdPerson(tx, id, by, departments)
    const { roles, move } = change
    for (const each of roles ?? []) refuseRole(each, departments)
    const changed = roles === undefined ? [] : differing(before.roles, roles)
    if (!changed.every((each) => mayGive(by.held, each, departments))) throw new Refusal("forbidden")
    if (move && !isWithin(reachOf(by.held, "act", "people", departments), move.department))
      throw new Refusal("forbidden")
    if (move?.department != null) openDepartment(move.department, departments)

    const after = {
      ...before,
      name: change.name ?? before.name,
      active: change.active ?? before.active,
      expiresAt: change.expiresAt === undefined ? before.expiresAt : change.expiresAt,
      leavesAt: change.leavesAt === undefined ? before.leavesAt : change.leavesAt,
      roles: [...(roles ?? before.roles)],
    }
    const staysOwner =
      after.active && after.roles.some(({ role }) => role === "owner") && !after.expiresAt && !after.leavesAt
    if (
      before.roles.some(({ role }) => role === "owner") &&
      !staysOwner &&
      (await countOtherOwners(tx, id)) === 0
    )
      throw new Refusal("last_owner")

    await alterPerson(tx, after)
    if (roles) {
      await changeGrants(tx, id, { before: before.roles, after: roles }, at)
      await followHeads(tx, id, roles, departments, at)
    }
    if (move) await movePerson(tx, { staff: id, ...move }, at)
    const ends = after.active ? earlier(after.leavesAt, after.expiresAt) : at
    if (ends !== null) await endShifts(tx, id, Math.max(ends, at))
    if (!after.active) await unhead(tx, id)
    const now = (await findPersonById(tx, id))!
    const act = change.active === false ? "people.deactivate" : "people.change"
    await note(
      tx,
      { who: by.name, what: act, subject: `staff/${id}`, before: plainOf(before), after: plainOf(now) },
      at,
    )
    return now
  })
}

const earlier = (one: Instant | null, other: Instant | null): Instant | null =>
  one === null ? other : other === null ? one : Math.min(one, other)

const nameOf = ({ role, department }: Held): string => `${role} ${department ?? ""}`
function differing(before: readonly Held[], after: readonly Held[]): Held[] {
  const [had, has] = [before, after].map((all) => new Set(all.map(nameOf))) as [Set<string>, Set<string>]
  return [
    ...before.filter((each) => !has.has(nameOf(each))),
    ...after.filter((each) => !had.has(nameOf(each))),
  ]
}

function openDepartment(id: string, departments: readonly Department[]): Department {
  const found = departments.find((each) => each.id === id && each.closedAt === null)
  if (!found) throw new Refusal("unknown_department", id)
  return found
}
function refuseRole({ role, department }: Held, departments: readonly Department[]): void {
  if (department !== null) openDepartment(department, departments)
  else if (role === "head") throw new Refusal("unknown_department", "A head is the head of a department.")
}

/** The role `head` and the head that a department names are one thing, whichever of the two was changed. */
async function followHeads(
  tx: Session,
  id: string,
  roles: readonly Held[],
  departments: readonly Department[],
  at: Instant,
): Promise<void> {
  const heads = new Set(roles.filter(({ role }) => role === "head").map(({ department }) => department))
  for (const each of departments) {
    if (heads.has(each.id) && each.head !== id) await changeHead(tx, each.id, each.head, id, at)
    if (each.head === id && !heads.has(each.id)) await saveHead(tx, each.id, null)
  }
}

/** Adds a department or changes its name, place, parent and head; a new head gets the role for it, the former loses it. */
export async function changeDepartment(
  world: EngineWorld,
  wanted: {
    id: string
    name: string
    parent: string | null
    position?: number | undefined
    head?: string | null | undefined
  },
  by: By,
): Promise<void> {
  await transaction(world.db, async (tx) => {
    await holdStaffing(tx)
    const at = await world.instant(tx)
    const all = await listDepartments(tx)
    const before = all.find(({ id }) => id === wanted.id)
    refuseRing(wanted, all)
    if (all.some(({ id, name, closedAt }) => id !== wanted.id && name === wanted.name && closedAt === null))
      throw new Refusal("name_taken")
    await saveDepartment(tx, wanted)
    if (before?.closedAt != null) await closeDepartment(tx, wanted.id, null)
    const head = wanted.head === undefined ? (before?.head ?? null) : wanted.head
    if (head !== (before?.head ?? null)) await changeHead(tx, wanted.id, before?.head ?? null, head, at)
    await note(
      tx,
      {
        who: by.name,
        what: "department.save",
        subject: `department/${wanted.id}`,
        before: before ?? null,
        after: { ...wanted, position: wanted.position ?? before?.position ?? null, head },
      },
      at,
    )
  })
}

async function changeHead(
  tx: Session,
  department: string,
  before: string | null,
  after: string | null,
  at: Instant,
): Promise<void> {
  const isHere = ({ role, department: of }: Held) => role === "head" && of === department
  if (before !== null) {
    const former = await findPersonById(tx, before)
    if (former)
      await changeGrants(
        tx,
        former.id,
        { before: former.roles, after: former.roles.filter((each) => !isHere(each)) },
        at,
      )
  }
  if (after !== null) {
    const next = await findPersonById(tx, after)
    if (!next?.active) throw new Refusal("not_found", "This person does not work here.")
    const roles: Held[] = next.roles.some(isHere) ? next.roles : [...next.roles, { role: "head", department }]
    await changeGrants(tx, next.id, { before: next.roles, after: roles }, at)
  }
  await saveHead(tx, department, after)
}

/** A department above itself would have no end. */
function refuseRing(wanted: { id: string; parent: string | null }, all: readonly Department[]): void {
  const parents = new Map(all.map(({ id, parent }) => [id, parent]))
  parents.set(wanted.id, wanted.parent)
  const seen = new Set<string>()
  for (let id: string | null = wanted.id; id !== null; id = parents.get(id) ?? null) {
    if (!parents.has(id)) throw new Refusal("unknown_department", id)
    if (seen.has(id)) throw new Refusal("bad_request", "A department cannot stand above itself.")
    seen.add(id)
  }
}

/** Closes a department that nobody is in any more; what was done in it stays. */
export async function endDepartment(world: EngineWorld, id: string, by: By): Promise<void> {
  await transaction(world.db, async (tx) => {
    await holdStaffing(tx)
    const at = await world.instant(tx)
    const all = await listDepartments(tx)
    const own = all.find((each) => each.id === id)
    if (!own) throw new Refusal("not_found")
    const below = all.some(({ parent, closedAt }) => parent === id && closedAt === null)
    if (below || (await countMembers(tx, id)) > 0) throw new Refusal("department_in_use")
    if (own.head !== null) await changeHead(tx, id, own.head, null, at)
    await closeDepartment(tx, id, at)
    await note(tx, { who: by.name, what: "department.close", subject: `department/${id}`, before: own }, at)
  })
}
