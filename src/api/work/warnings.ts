import type { Instant } from "../../core/instants.ts"
import { listWarnings } from "../../store/alerts.ts"
import { dueStateOf } from "../cases/rows.ts"
import type { WarningRow } from "../contract/alerts.ts"
import type { WorkRow } from "../contract/work.ts"
import { warningRow } from "../warnings.ts"
import { sharedOut, type WorkSource } from "./source.ts"

const dayMs = 24 * 60 * 60_000
const shownMax = 50

/** Warnings that run: those that one is on duty for or took, and those of one's departments that nobody took. */
export const openWarnings: WorkSource = async ({ world, who, departments, scope, now }) => {
  const found = await listWarnings(world.db.pool, departments && [...departments], now - dayMs)
  const open = found.filter(({ endedAt }) => endedAt === null).slice(0, shownMax)
  const shared = sharedOut(
    open,
    ({ owner, takenBy }, each) => {
      const mine = who.person !== null && (takenBy ?? owner) === who.person.id
      return each === "mine" ? mine : each === "department" && takenBy === null
    },
    scope,
  )
  const rows = await Promise.all(shared.rows.map((each) => warningRow(world, each, who)))
  return { items: rows.map((row) => workRow(row, now)), counts: shared.counts }
}

function workRow(row: WarningRow, now: Instant): WorkRow {
  const due = row.firstDueAt === null ? null : Date.parse(row.firstDueAt)
  return {
    id: `warning ${row.id}`,
    kind: "warning",
    what: "warning",
    number: "",
    title: row.title ?? "",
    detail: row.said,
    cause: null,
    link: row.path,
    count: row.total,
    department: row.department,
    person: row.takenBy ?? row.owner,
    startAt: row.at,
    nearAt: row.at,
    dueAt: row.firstDueAt,
    state: dueStateOf(due, Date.parse(row.at), now),
    taken: row.takenBy !== null,
    caseRef: null,
  }
}
