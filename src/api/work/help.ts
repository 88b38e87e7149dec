import { type Instant, isoOf } from "../../core/instants.ts"
import { namesOf } from "../../store/assignees.ts"
import { listOpenHelp, type StoredHelp } from "../../store/help.ts"
import { headOf, whoIsOnDuty } from "../../store/rosters.ts"
import { pathOfSubject } from "../../store/subjects.ts"
import { dueStateOf, isoOrNone, type Names, personRef } from "../cases/rows.ts"
import type { WorkRow, WorkScope } from "../contract/work.ts"
import type { World } from "../world.ts"
import { sharedOut, type WorkSource } from "./source.ts"

/** Open requests for help: of whoever was asked or is on duty there, of the department, and, as followed, of whoever waits for the answer. */
export const openHelp: WorkSource = async ({ world, actor, departments, scope, now }) => {
  const { pool } = world.db
  const open = await listOpenHelp(pool, actor.id, departments)
  const turns = new Map<string, readonly string[]>()
  for (const { toDepartment } of open)
    if (toDepartment !== null && !turns.has(toDepartment))
      turns.set(toDepartment, await whoseTurn(world, toDepartment, now))
  const scopeOf = ({ byStaff, toPerson, toDepartment, escalations }: StoredHelp): WorkScope => {
    const { id } = actor
    if (id === null) return "department"
    if (byStaff === id) return "followed"
    const isAsked = toPerson === id || escalations.some(({ to }) => to === id)
    return isAsked || turns.get(toDepartment ?? "")?.includes(id) ? "mine" : "department"
  }
  const shared = sharedOut(open, (each, wanted) => scopeOf(each) === wanted, scope)
  const names = await namesOf(
    pool,
    shared.rows.map(({ toPerson }) => toPerson),
  )
  return { items: shared.rows.map((each) => rowOf(each, scope, names, now)), counts: shared.counts }
}

/** Who is on duty for a department; nobody there, its head. */
async function whoseTurn({ db }: World, department: string, now: Instant): Promise<string[]> {
  const duty = (await whoIsOnDuty(db.pool, department, now)).map(({ id }) => id)
  if (duty.length > 0) return duty
  const head = await headOf(db.pool, department, now)
  return head ? [head.id] : []
}

function rowOf(each: StoredHelp, scope: WorkScope, names: Names, now: Instant): WorkRow {
  return {
    id: `help ${each.id}`,
    kind: "help",
    what: scope === "followed" ? "asked" : "answer",
    number: each.subject,
    title: each.text,
    detail: each.byWhom,
    cause: null,
    link: pathOfSubject(each.subject),
    count: 1,
    department: each.toDepartment,
    person: personRef(names, each.toPerson),
    startAt: isoOf(each.at),
    nearAt: isoOrNone(each.nearAt),
    dueAt: isoOrNone(each.dueAt),
    state: dueStateOf(each.dueAt, each.nearAt, now),
    caseRef: null,
  }
}
