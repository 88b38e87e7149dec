import { isoOf } from "../../core/instants.ts"
import { beginningOf } from "../../core/saying.ts"
import { listUnanswered, type Unanswered } from "../../store/messages.ts"
import { pathOfSubject } from "../../store/subjects.ts"
import type { WorkRow } from "../contract/work.ts"
import { sharedOut, type WorkSource } from "./source.ts"

const keptMs = 7 * 24 * 60 * 60_000

/** Words in a thread that name somebody, or their department, and that they have not answered there within a week. */
export const mentions: WorkSource = async ({ world, actor, departments, scope, now }) => {
  if (actor.id === null) return { items: [], counts: { mine: 0, department: 0, followed: 0 } }
  const by = { staff: actor.id, departments: departments ?? [] }
  const shared = sharedOut(
    await listUnanswered(world.db.pool, by, now - keptMs),
    ({ named }, each) => (each === "mine" ? named : each === "department" && !named),
    scope,
  )
  return { items: shared.rows.map(workRow), counts: shared.counts }
}

const workRow = ({ id, subject, authorName, body, department, at }: Unanswered): WorkRow => ({
  id: `reply ${id}`,
  kind: "reply",
  what: "reply",
  number: subject,
  title: `${authorName}: ${beginningOf(body, 120)}`,
  detail: null,
  cause: null,
  link: pathOfSubject(subject),
  count: 1,
  department,
  person: null,
  startAt: isoOf(at),
  nearAt: null,
  dueAt: null,
  state: "running",
  caseRef: null,
})
