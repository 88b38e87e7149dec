import type { Instant } from "../core/instants.ts"
import type { Tally } from "../core/rollups.ts"
import {
  appendCaseLog,
  type CaseEntry,
  insertCases,
  listCasesOf,
  type StoredCase,
  takeCaseNumbers,
  updateCases,
} from "../store/cases.ts"
import type { StoredBreach } from "../store/firings.ts"
import { newId } from "../store/keys.ts"
import type { Session } from "../store/statement.ts"
import type { Debt, Effects } from "./effects.ts"
import type { Judged } from "./judgement.ts"

/** A breach whose due was set more than this after it had passed is history: it opens no case. */
const historyMs = 7 * 24 * 60 * 60_000

/** The `casesFrom` of orders whose overdue clocks open cases however old they are; what was done, if late, stays history. */
export const howeverOld: Instant = 0

type Desk = {
  judged: Judged
  cases: StoredCase[]
  fresh: StoredCase | null
  touched: Set<StoredCase>
  log: Omit<CaseEntry, "id">[]
  at: Instant
}

/**
 * Joins breaches to cases, opens and reopens them, and archives those all of whose breaches were withdrawn (ENGINE §4, Cases).
 * Fills in `caseId` of the breaches, so it comes before they are written; answers the ids of the cases that changed.
 */
export async function workCases(
  tx: Session,
  debts: readonly Debt[],
  effects: Effects,
  at: Instant,
  tally: Tally,
): Promise<string[]> {
  const touching = new Set(
    [...effects.breaches, ...effects.moved, ...effects.withdrawn].map((each) => each.subjectId),
  )
  const concerned = debts.filter(({ judged }) => touching.has(judged.order.id))
  if (concerned.length === 0) return []
  const cases = await listCasesOf(
    tx,
    concerned.map(({ judged }) => judged.held.order ?? judged.order),
  )
  const bySubject = new Map<string, Desk>()
  for (const { judged } of concerned)
    bySubject.set(judged.order.id, {
      judged,
      cases: cases.get(judged.order.id) ?? [],
      fresh: null,
      touched: new Set(),
      log: [],
      at,
    })
  const before = new Map([...cases.values()].flat().map((each) => [each.id, { ...each }]))
  const standing = [...effects.breaches].sort(
    (a, b) => Number(reopens(bySubject, b)) - Number(reopens(bySubject, a)),
  )
  for (const breach of standing) join(bySubject.get(breach.subjectId)!, breach)
  for (const breach of effects.moved) note(bySubject.get(breach.subjectId)!, breach, "breach_moved")
  for (const breach of effects.withdrawn) note(bySubject.get(breach.subjectId)!, breach, "breach_withdrawn")
  for (const desk of bySubject.values()) archiveWithdrawn(desk, effects)
  return save(tx, [...bySubject.values()], before, tally)
}

/** Whether a breach stands again whose own case was archived as withdrawn. */
function reopens(desks: Map<string, Desk>, breach: StoredBreach): boolean {
  const desk = desks.get(breach.subjectId)!
  const own = ownCase(desk, breach)
  return own?.withdrawn === true
}

/** The case that a breach belonged to when it last stood. */
function ownCase(desk: Desk, breach: StoredBreach): StoredCase | undefined {
  const earlier = desk.judged.held.breaches.find(
    (each) => each.kind === breach.kind && each.basis === breach.basis && each.round === breach.round,
  )
  return desk.cases.find((each) => each.id === earlier?.caseId)
}

function join(desk: Desk, breach: StoredBreach): void {
  const open = desk.cases.find((each) => each.archivedAt === null) ?? desk.fresh
  const own = ownCase(desk, breach)
  if (!open && own?.withdrawn) {
    reopen(desk, own)
    breach.caseId = own.id
  } else if (isHistory(desk.judged, breach)) return
  else if (open) breach.caseId = open.id
  else {
    // The breach that opens a case stands in the entry of the opening.
    breach.caseId = openCase(desk, breach).id
    return
  }
  const joined = [...desk.cases, desk.fresh].find((each) => each?.id === breach.caseId)!
  desk.touched.add(joined)
  desk.log.push(entry(desk, joined, "breach_joined", breach))
}

/** No case for a breach due before the order's `casesFrom`, nor for one whose due was set long after it had passed. */
function isHistory({ order, clocks }: Judged, breach: StoredBreach): boolean {
  const clock = clocks.find(
    (each) => each.kind === breach.kind && each.basis === breach.basis && each.round === breach.round,
  )
  if (order.casesFrom === howeverOld) return clock?.state === "closed"
  if (order.casesFrom !== null && breach.dueAt < order.casesFrom) return true
  return clock !== undefined && clock.dueSince - breach.dueAt > historyMs
}

function reopen(desk: Desk, own: StoredCase): void {
  Object.assign(own, { state: "open", withdrawn: false, archivedAt: null, reopened: own.reopened + 1 })
  desk.log.push(entry(desk, own, "reopened"))
}

function openCase(desk: Desk, breach: StoredBreach): StoredCase {
  const { order } = desk.judged
  const last = desk.cases.at(-1)
  desk.fresh = {
    bucket: order.bucket,
    id: newId(desk.at),
    orderId: order.id,
    number: "",
    version: 1,
    state: "open",
    department: null,
    assignee: null,
    cause: null,
    incident: null,
    facts: factsOf(desk.judged),
    successorOf: last?.id ?? null,
    reopened: 0,
    openedAt: desk.at,
    changedAt: desk.at,
    archivedAt: null,
    withdrawn: false,
  }
  desk.log.push(entry(desk, desk.fresh, "opened", breach))
  return desk.fresh
}

/** The order's facts as they stood when the case was opened; what does not change of it stands on the order. */
function factsOf({ order, clocks }: Judged): Record<string, unknown> {
  const { warehouse, carrier, trackingNo, liveSession, promisedShipAt } = order.details
  return {
    stage: order.stage,
    facts: order.facts,
    anomalies: order.anomalies,
    details: { warehouse, carrier, trackingNo, liveSession, promisedShipAt },
    clocks: clocks.map(({ kind, basis, round, startAt, dueAt, state, outcome, closedAt }) => ({
      kind,
      basis,
      round,
      startAt,
      dueAt,
      state,
      outcome,
      closedAt,
    })),
  }
}

function note(desk: Desk, breach: StoredBreach, what: string): void {
  const own = desk.cases.find((each) => each.id === breach.caseId) ?? ownCase(desk, breach)
  if (!own) return
  desk.touched.add(own)
  desk.log.push(entry(desk, own, what, breach))
}

/** A case all of whose order breaches are withdrawn is archived as withdrawn. */
function archiveWithdrawn(desk: Desk, effects: Effects): void {
  for (const own of desk.cases) {
    if (own.archivedAt !== null) continue
    const fallen = new Set(effects.withdrawn.filter((each) => each.caseId === own.id).map(nameOf))
    if (fallen.size === 0) continue
    const stands =
      desk.judged.held.breaches.some(
        (each) => each.caseId === own.id && each.standing && !fallen.has(nameOf(each)),
      ) || effects.breaches.some((each) => each.caseId === own.id)
    if (stands) continue
    Object.assign(own, { state: "archived", withdrawn: true, archivedAt: desk.at })
    desk.touched.add(own)
    desk.log.push(entry(desk, own, "withdrawn"))
  }
}

const nameOf = (each: { kind: string; basis: string; round: number }): string =>
  `${each.kind} ${each.basis} ${each.round}`

function entry(desk: Desk, own: StoredCase, what: string, breach?: StoredBreach): Omit<CaseEntry, "id"> {
  const data = breach
    ? {
        clock: breach.kind,
        basis: breach.basis,
        round: breach.round,
        dueAt: breach.dueAt,
        why: breach.withdrawnWhy,
      }
    : {}
  return { bucket: own.bucket, caseId: own.id, at: desk.at, what, who: null, data }
}

async function save(
  tx: Session,
  desks: readonly Desk[],
  before: Map<string, StoredCase>,
  tally: Tally,
): Promise<string[]> {
  const fresh = desks.flatMap(({ fresh }) => (fresh ? [fresh] : []))
  const numbers = await takeCaseNumbers(
    tx,
    fresh.map(({ bucket }) => bucket),
  )
  for (const [i, each] of fresh.entries()) {
    each.number = numbers[i]!
    tally.add(1, "case", -1, [each.state, each.department])
  }
  const altered = desks.flatMap(({ touched, fresh, at }) =>
    [...touched]
      .filter((each) => each !== fresh)
      .map((each) => Object.assign(each, { version: each.version + 1, changedAt: at })),
  )
  for (const each of altered) {
    const was = before.get(each.id)!
    tally.add(-1, "case", -1, [stateOf(was), was.department])
    tally.add(1, "case", -1, [stateOf(each), each.department])
  }
  await insertCases(tx, fresh)
  await updateCases(tx, altered)
  await appendCaseLog(
    tx,
    desks.flatMap(({ log }) => log),
  )
  return [...fresh, ...altered].map(({ id }) => id)
}

/** How a case counts and is shown: `withdrawn` for what was archived without a report. */
export const stateOf = (each: Pick<StoredCase, "state" | "withdrawn">): string =>
  each.withdrawn ? "withdrawn" : each.state
