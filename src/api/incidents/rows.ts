import { incidentNumber } from "../../core/incidents.ts"
import type { OwedWhat } from "../../core/innerClocks.ts"
import { type Instant, isoOf, isoOrNull } from "../../core/instants.ts"
import type { Policy } from "../../core/policy.ts"
import { namesOf } from "../../store/assignees.ts"
import { type CasesAlike, casesAlike } from "../../store/incidentCases.ts"
import { firstRunning, listUnfinished, type StoredIncident } from "../../store/incidents.ts"
import { clauseOf, clockOf, dueStateOf, isoOrNone, type Names, personRef } from "../cases/rows.ts"
import type { CaseState } from "../contract/cases.ts"
import type { IncidentActName, IncidentRow } from "../contract/incidents.ts"
import type { World } from "../world.ts"

type Owed = NonNullable<IncidentRow["owed"]>
/** What names, clauses and countdowns of incidents are read by. */
type Reading = { names: Names; policies: readonly Policy[]; now: Instant }

/** Incidents as lists show them, each with all that is owed in its cases. */
export async function incidentRows(
  world: World,
  incidents: readonly StoredIncident[],
  now: Instant,
): Promise<{ row: IncidentRow; owedList: Owed[] }[]> {
  const { pool } = world.db
  const ids = incidents.map(({ id }) => id)
  const [alike, names, book, unfinished] = await Promise.all([
    casesAlike(pool, ids),
    namesOf(
      pool,
      incidents.map(({ owner }) => owner),
    ),
    world.ruleBook(pool),
    listUnfinished(pool),
  ])
  const busy = new Set(unfinished.map(({ incident }) => incident))
  return Promise.all(
    incidents.map(async (own) => {
      const act = busy.has(own.id) ? await firstRunning(pool, own.id) : null
      const part = alike.filter(({ incident }) => incident === own.id)
      const owedList = owedOf(own, part, { names, policies: book.policies, now })
      const running = act && {
        act: act.act as IncidentActName,
        done: act.done + act.refused,
        of: act.ofCases,
      }
      return { row: { ...incidentRow(own, part, names), owed: owedList[0] ?? null, running }, owedList }
    }),
  )
}

function incidentRow(
  own: StoredIncident,
  alike: readonly CasesAlike[],
  names: Names,
): Omit<IncidentRow, "running" | "owed"> {
  const byState = new Map<string, number>()
  for (const { state, count } of alike) byState.set(state, (byState.get(state) ?? 0) + count)
  return {
    id: own.id,
    number: incidentNumber(own.n),
    version: own.version,
    title: own.title,
    shared: own.shared,
    state: own.state,
    cause: own.cause,
    department: own.department,
    owner: personRef(names, own.owner),
    openedAt: isoOf(own.openedAt),
    openedBy: own.openedBy,
    changedAt: isoOf(own.changedAt),
    closedAt: isoOrNull(own.closedAt),
    etaAt: isoOrNull(own.etaAt),
    cases: alike.reduce((sum, { count }) => sum + count, 0),
    byState: [...byState].map(([state, count]) => ({ state: state as CaseState, count })),
    exempt: alike.reduce((sum, { exempt, count }) => sum + (exempt ? count : 0), 0),
  }
}

/** What is owed in the cases that follow an incident, what is due first first. */
function owedOf(
  { owner, openedAt }: Pick<StoredIncident, "owner" | "openedAt">,
  alike: readonly CasesAlike[],
  { names, policies, now }: Reading,
): Owed[] {
  const byWhat = new Map<string, CasesAlike>()
  for (const each of alike) {
    if (each.exempt || each.owed === null) continue
    const before = byWhat.get(each.owed)
    if (before === undefined) byWhat.set(each.owed, { ...each })
    else
      Object.assign(before, {
        owedBy: each.count > before.count ? each.owedBy : before.owedBy,
        count: before.count + each.count,
        dueAt: Math.min(before.dueAt, each.dueAt),
        nearAt: Math.min(before.nearAt, each.nearAt),
        fromAt: Math.min(before.fromAt ?? Infinity, each.fromAt ?? Infinity),
      })
  }
  return [...byWhat.values()]
    .sort((one, other) => (one.dueAt === other.dueAt ? 0 : one.dueAt - other.dueAt))
    .map((each): Owed => {
      const what = each.owed as OwedWhat
      const clock = clockOf[what]
      return {
        what,
        clock: each.dueAt === Infinity ? null : clock,
        round: 0,
        clause: clauseOf(policies, clock),
        department: each.owedBy,
        person: what === "tell" || what === "archive" || what === "assign" ? null : personRef(names, owner),
        startAt: isoOf(each.fromAt !== null && Number.isFinite(each.fromAt) ? each.fromAt : openedAt),
        nearAt: isoOrNone(each.nearAt),
        dueAt: isoOrNone(each.dueAt),
        state: dueStateOf(each.dueAt, each.nearAt, now),
        count: each.count,
      }
    })
}
