import { type Actor, legalActs } from "../../core/cases.ts"
import { countOwed, type ListedCase, listOwed } from "../../store/caseLists.ts"
import { caseRows } from "../cases/rows.ts"
import type { CaseRow } from "../contract/cases.ts"
import type { WorkRow } from "../contract/work.ts"
import type { WorkSource } from "./source.ts"

/** The next step of cases: of those that one has, that one's departments owe, or that one has been part of. */
export const owedCases: WorkSource = async ({ world, actor, departments, scope, limit, now }) => {
  const by = { staff: actor.id, departments }
  const [found, counts] = await Promise.all([listOwed(world.db, by, scope, limit), countOwed(world.db, by)])
  const rows = await caseRows(world, found, now)
  return { items: rows.map((row, i) => workRow(row, found[i]!, actor)), counts }
}

function workRow(row: CaseRow, each: ListedCase, actor: Actor): WorkRow {
  const owed = row.owed!
  return {
    id: `case ${row.number}`,
    kind: "case",
    what: owed.what,
    number: row.number,
    title: row.product ?? row.order.orderNo,
    detail: row.order.orderNo,
    cause: row.cause,
    link: `/cases/${row.number}`,
    count: 1,
    department: owed.department,
    person: owed.person,
    startAt: owed.startAt,
    nearAt: owed.nearAt,
    dueAt: owed.dueAt,
    state: owed.state,
    caseRef: {
      id: row.id,
      version: row.version,
      state: row.state,
      acts: legalActs(each, actor)
        .filter(({ may }) => may)
        .map(({ act }) => act),
    },
  }
}
