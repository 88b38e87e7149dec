import { moveOf } from "../core/cases.ts"
import { innerClocks } from "../core/innerClocks.ts"
import type { Instant } from "../core/instants.ts"
import type { Tally } from "../core/rollups.ts"
import {
  appendCaseLog,
  entriesOf,
  listCasesOf,
  openCases,
  type StoredCase,
  takeCaseNumbers,
  updateCases,
} from "../store/cases.ts"
import type { StoredClock } from "../store/clocks.ts"
import { caseNumber } from "../store/keys.ts"
import type { Session } from "../store/statement.ts"
import { isTrialRun } from "../store/trialRun.ts"
import { recountCase } from "./cases/counting.ts"
import { appointCase } from "./cases/file.ts"
import type { Effects, OrderDebt } from "./effects.ts"
import { isHistory } from "./history.ts"
import type { Carried } from "./judgement.ts"
import type { RuleBook } from "./world.ts"

type Desk = {
  judged: Carried
  cases: StoredCase[]
  fresh: StoredCase | null
  touched: Set<StoredCase>
  /** breaches with the case that they come to belong to; its number is taken last */
  joining: [StoredCase, StoredClock][]
  log: Note[]
  at: Instant
}
type Note = [own: StoredCase, what: string, data: Record<string, unknown>]

/**
 * Joins breaches to cases, opens and reopens them, and archives those all of whose breaches were withdrawn (ENGINE §4, Cases).
 * Writes the case into the clock rows, so it comes before they are written; answers the numbers of the cases that changed.
 */
export async function workCases(
  tx: Session,
  debts: readonly OrderDebt[],
  effects: Effects,
  { at, book, tally }: { at: Instant; book: RuleBook; tally: Tally },
): Promise<string[]> {
  const touching = new Set(
    [...effects.breaches, ...effects.moved, ...effects.withdrawn].map((each) => each.subjectId),
  )
  const concerned = debts.filter(({ judged }) => touching.has(judged.order.id)).map(({ judged }) => judged)
  if (concerned.length === 0) return []
  // An order none of whose clocks names a case has none.
  const known = concerned.filter((judged) => rowsOf(judged).some(({ caseN }) => caseN !== null))
  const cases = await listCasesOf(
    tx,
    known.map(({ order }) => order),
  )
  const before = new Map([...cases.values()].flat().map((each) => [each, { ...each }]))
  const desks = new Map<string, Desk>()
  for (const judged of concerned) {
    const own = cases.get(judged.order.id) ?? []
    desks.set(judged.order.id, {
      judged,
      cases: own,
      fresh: null,
      touched: new Set(),
      joining: [],
      log: [],
      at,
    })
  }
  const standing = [...effects.breaches].sort((a, b) => Number(reopens(desks, b)) - Number(reopens(desks, a)))
  for (const breach of standing) join(desks.get(breach.subjectId)!, breach)
  for (const breach of effects.moved) note(desks.get(breach.subjectId)!, breach, "breach_moved")
  for (const breach of effects.withdrawn) note(desks.get(breach.subjectId)!, breach, "breach_withdrawn")
  for (const desk of desks.values()) archiveWithdrawn(desk, effects)
  const all = [...desks.values()]
  const opens = all.some(({ fresh }) => fresh !== null)
  appoint(all, opens ? await openingAt(tx, book, at) : null, at)
  return save(tx, all, before, tally)
}

const rowsOf = ({ clocks, gone }: Carried): StoredClock[] => (gone.length > 0 ? [...clocks, ...gone] : clocks)

/** Whether a breach stands again whose own case was archived as withdrawn. */
const reopens = (desks: Map<string, Desk>, breach: StoredClock): boolean =>
  ownCase(desks.get(breach.subjectId)!, breach)?.withdrawn === true

/** The case that a breach belonged to when it last stood. */
const ownCase = (desk: Desk, breach: StoredClock): StoredCase | undefined =>
  desk.cases.find(({ n }) => n === breach.caseN)

function join(desk: Desk, breach: StoredClock): void {
  const open = desk.cases.find((each) => each.archivedAt === null) ?? desk.fresh
  const own = ownCase(desk, breach)
  if (!open && own?.withdrawn) {
    reopen(desk, own)
    take(desk, own, breach)
  } else if (isHistory(desk.judged, breach)) breach.caseN = null
  else if (open) take(desk, open, breach)
  // What opens a case stands in its row and needs no entry.
  else desk.joining.push([openCase(desk), breach])
}

function take(desk: Desk, own: StoredCase, breach: StoredClock): void {
  desk.joining.push([own, breach])
  desk.touched.add(own)
  desk.log.push([own, "breach_joined", about(breach)])
  // What is done is not done any more: the department has it again, as a new round.
  if (moveOf("breach_joins", own)?.to !== "assigned") return
  Object.assign(own, { state: "assigned", resolvedBy: null, contested: false })
  desk.log.push([own, "reworked", { why: "breach_joined", department: own.department }])
}

const about = (breach: StoredClock) => ({
  clock: breach.kind,
  basis: breach.basis,
  round: breach.round,
  dueAt: breach.breachDueAt,
  why: breach.breachWhy,
})

function reopen(desk: Desk, own: StoredCase): void {
  const state = own.department === null ? "open" : "assigned"
  Object.assign(own, { state, withdrawn: false, archivedAt: null, reopened: own.reopened + 1 })
  desk.log.push([own, "reopened", { department: own.department }])
}

function openCase(desk: Desk): StoredCase {
  const { order } = desk.judged
  desk.fresh = {
    bucket: order.bucket,
    n: 0,
    orderId: order.id,
    version: 1,
    state: "open",
    department: null,
    assignee: null,
    cause: null,
    incident: null,
    successorOf: desk.cases.at(-1)?.n ?? null,
    reopened: 0,
    openedAt: desk.at,
    changedAt: desk.at,
    archivedAt: null,
    withdrawn: false,
    contested: false,
    handOns: 0,
    etaAt: null,
    etaChanges: 0,
    resolvedBy: null,
    resolvable: null,
    owed: "assign",
    owedBy: "operations",
    owedFromAt: desk.at,
    owedNearAt: Infinity,
    owedDueAt: Infinity,
    incidentSeq: 0,
    exempt: false,
    trial: false,
  }
  return desk.fresh
}

function note(desk: Desk, breach: StoredClock, what: string): void {
  const own = ownCase(desk, breach)
  if (!own) return
  desk.touched.add(own)
  desk.log.push([own, what, about(breach)])
}

/** A case all of whose order breaches are withdrawn is archived as withdrawn. */
function archiveWithdrawn(desk: Desk, effects: Effects): void {
  for (const own of desk.cases) {
    if (own.archivedAt !== null) continue
    if (!effects.withdrawn.some((each) => each.subjectId === own.orderId && each.caseN === own.n)) continue
    const stands =
      rowsOf(desk.judged).some((each) => each.caseN === own.n && each.breachStanding) ||
      desk.joining.some(([joined]) => joined === own)
    if (stands) continue
    Object.assign(own, { state: "archived", withdrawn: true, archivedAt: Math.max(desk.at, own.changedAt) })
    desk.touched.add(own)
    desk.log.push([own, "withdrawn", {}])
  }
}

/** What all cases opened in one tick have in common: when their first clock warns, and the trial run. */
export type Opening = Pick<StoredCase, "owedNearAt" | "owedDueAt" | "trial"> & { nextAt: Instant | null }

/** The clock of a case that nobody has touched needs no row: it is known from the opening, one for all of a tick. */
export async function openingAt(tx: Session, book: RuleBook, at: Instant): Promise<Opening> {
  const clocks = innerClocks([{ type: "opened", at }], book.rules(book.settings), at)
  const own = {
    state: "open",
    contested: false,
    department: null,
    assignee: null,
    archivedAt: null,
  } as StoredCase
  const nextAt = appointCase(own, clocks, at)
  return { nextAt, owedNearAt: own.owedNearAt, owedDueAt: own.owedDueAt, trial: await isTrialRun(tx) }
}

/** Says when to look at the clocks of the cases: of those opened when the first of them warns, of those that changed at once. */
function appoint(desks: readonly Desk[], opening: Opening | null, at: Instant): void {
  for (const { judged, fresh, touched } of desks) {
    if ([...touched].some((each) => each !== fresh)) judged.order.caseNextAt = at
    else if (fresh !== null) judged.order.caseNextAt = opening!.nextAt
    if (fresh === null) continue
    const { owedNearAt, owedDueAt, trial } = opening!
    Object.assign(fresh, { owedNearAt, owedDueAt, trial })
  }
}

async function save(
  tx: Session,
  desks: readonly Desk[],
  before: Map<StoredCase, StoredCase>,
  tally: Tally,
): Promise<string[]> {
  const fresh = desks.flatMap(({ fresh }) => (fresh ? [fresh] : []))
  const numbers = await takeCaseNumbers(
    tx,
    fresh.map(({ bucket }) => bucket),
  )
  for (const [i, each] of fresh.entries()) {
    each.n = numbers[i]!
    recountCase(tally, null, each)
  }
  const altered = desks.flatMap(({ touched, fresh, at }) =>
    [...touched]
      .filter((each) => each !== fresh)
      .map((each) =>
        Object.assign(each, { version: each.version + 1, changedAt: Math.max(at, each.changedAt) }),
      ),
  )
  for (const [own, breach] of desks.flatMap(({ joining }) => joining)) breach.caseN = own.n
  for (const each of altered) recountCase(tally, before.get(each)!, each)
  await openCases(tx, fresh)
  await updateCases(tx, altered)
  await appendCaseLog(
    tx,
    desks.flatMap(({ log }) =>
      [...new Set(log.map(([own]) => own))].flatMap((own) =>
        entriesOf(
          own,
          log
            .filter(([each]) => each === own)
            .map(([, what, data]) => ({ at: own.changedAt, what, who: null, data })),
        ),
      ),
    ),
  )
  return [...fresh, ...altered].map(({ n, bucket }) => caseNumber(n, bucket))
}
