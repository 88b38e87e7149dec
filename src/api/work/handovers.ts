import { confirmMinutes } from "../../core/handovers.ts"
import { isoOf } from "../../core/instants.ts"
import { namesOf } from "../../store/assignees.ts"
import { type Handover, listHandovers, listItems } from "../../store/handovers.ts"
import { headOf, whoIsOnDuty } from "../../store/rosters.ts"
import { dueStateOf, type Names, personRef } from "../cases/rows.ts"
import type { WorkRow } from "../contract/work.ts"
import { sharedOut, type WorkAsking, type WorkSource } from "./source.ts"

/** Handovers that wait to be confirmed: by whoever is on duty, and by the head once they waited too long. */
export const handovers: WorkSource = async (asking) => {
  const { world, actor, departments, scope, now } = asking
  const { pool } = world.db
  const own = { departments, staff: null, open: true, before: null, limit: 100 }
  const open = (await listHandovers(pool, own)).filter(({ fromStaff }) => fromStaff !== actor.id)
  const mine = new Set<string>()
  for (const each of open) if (await isTheirs(each, asking)) mine.add(each.id)
  const shared = sharedOut(
    open,
    ({ id }, each) => (each === "mine" ? mine.has(id) : each === "department" && !mine.has(id)),
    scope,
  )
  const [items, names] = await Promise.all([
    listItems(
      pool,
      shared.rows.map(({ id }) => id),
    ),
    namesOf(
      pool,
      shared.rows.map(({ fromStaff }) => fromStaff),
    ),
  ])
  const waiting = (id: string) =>
    items.filter((each) => each.handover === id && each.state === "waiting").length
  return {
    items: shared.rows.map((each) => workRow(each, waiting(each.id), names, now)),
    counts: shared.counts,
  }
}

async function isTheirs(
  { department, escalatedAt }: Handover,
  { world, actor, now }: WorkAsking,
): Promise<boolean> {
  if (actor.id === null) return false
  const duty = await whoIsOnDuty(world.db.pool, department, now)
  if (duty.some(({ id }) => id === actor.id)) return true
  return escalatedAt !== null && (await headOf(world.db.pool, department, now))?.id === actor.id
}

function workRow(
  { id, department, fromStaff, note, givenAt }: Handover,
  waiting: number,
  names: Names,
  now: number,
): WorkRow {
  const dueAt = givenAt! + confirmMinutes * 60_000
  return {
    id: `handover ${id}`,
    kind: "handover",
    what: "handover",
    number: "",
    title: names.get(fromStaff) ?? "",
    detail: note || null,
    cause: null,
    link: `/handover/${id}`,
    count: waiting,
    department,
    person: personRef(names, fromStaff),
    startAt: isoOf(givenAt!),
    nearAt: isoOf(dueAt - 10 * 60_000),
    dueAt: isoOf(dueAt),
    state: dueStateOf(dueAt, dueAt - 10 * 60_000, now),
    caseRef: null,
  }
}
