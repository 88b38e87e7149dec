import { incidentNumber } from "../../core/incidents.ts"
import { isoOrNull } from "../../core/instants.ts"
import { namesOf } from "../../store/assignees.ts"
import { type CasesAlike, casesAlike, listIncidents } from "../../store/incidentCases.ts"
import type { StoredIncident } from "../../store/incidents.ts"
import { dueStateOf, isoOrNone, type Names, personRef } from "../cases/rows.ts"
import type { WorkRow } from "../contract/work.ts"
import { sharedOut, type WorkSource } from "./source.ts"

const shownMax = 200

/** What is owed in the cases that follow an incident is one piece of work, however many they are: of its owner and of whoever has one of them, and of the department that owes it. */
export const owedIncidents: WorkSource = async ({ world, actor, departments, scope, now }) => {
  const { pool } = world.db
  const found = await listIncidents(world.db, { state: "unarchived" }, { limit: shownMax, before: null })
  const ids = found.map(({ id }) => id)
  const alike = (await casesAlike(pool, ids, actor.id)).filter(({ exempt, owed }) => !exempt && owed !== null)
  const isTheirs = (own: StoredIncident, { owed, owedBy, mine }: CasesAlike, each: string): boolean => {
    if (each === "department") return departments === null || departments.includes(owedBy ?? "")
    const isOwner = actor.id !== null && own.owner === actor.id
    return each === "mine" && owed !== "tell" && owed !== "archive" && (mine || isOwner)
  }
  const partOf = (own: StoredIncident, each: string) =>
    alike.filter((some) => some.incident === own.id && isTheirs(own, some, each))
  const shared = sharedOut(found, (own, each) => partOf(own, each).length > 0, scope)
  const names = await namesOf(
    pool,
    shared.rows.map(({ owner }) => owner),
  )
  return {
    items: shared.rows.map((own) => workRow(own, partOf(own, scope), names, now)),
    counts: shared.counts,
  }
}

/** Of what is owed the first to be due. */
function workRow(own: StoredIncident, part: readonly CasesAlike[], names: Names, now: number): WorkRow {
  const first = part.reduce((one, other) => (other.dueAt < one.dueAt ? other : one))
  const number = incidentNumber(own.n)
  return {
    id: `incident ${number}`,
    kind: "incident",
    what: first.owed!,
    number,
    title: own.title,
    detail: null,
    cause: own.cause,
    link: `/cases/incidents/${number}`,
    count: part.filter(({ owed }) => owed === first.owed).reduce((sum, { count }) => sum + count, 0),
    department: first.owedBy,
    person: personRef(names, own.owner),
    startAt: isoOrNull(first.fromAt),
    nearAt: isoOrNone(first.nearAt),
    dueAt: isoOrNone(first.dueAt),
    state: dueStateOf(first.dueAt, first.nearAt, now),
    caseRef: null,
  }
}
