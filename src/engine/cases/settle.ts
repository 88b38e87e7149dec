import { resolvingFact } from "../../core/caseFacts.ts"
import { owerOf } from "../../core/innerClocks.ts"
import type { Instant } from "../../core/instants.ts"
import type { Rules } from "../../core/judge.ts"
import { isWithdrawn, owed } from "../../core/owed.ts"
import type { Tally } from "../../core/rollups.ts"
import { appendCaseLog, type CaseOfOrder, listHandled, updateCases } from "../../store/cases.ts"
import { breachesOf, firingsOf, type StoredClock, saveInnerClocks } from "../../store/clocks.ts"
import { listUnfinished } from "../../store/incidents.ts"
import { caseNumber, casePlace } from "../../store/keys.ts"
import type { Session } from "../../store/statement.ts"
import { type Debt, type Effects, effectsOf, noEffect } from "../effects.ts"
import { changedRows } from "../innerRows.ts"
import type { Carried } from "../judgement.ts"
import { recountCase } from "./counting.ts"
import { appointCase, type CaseFile, clocksOf, type Deed, enter, openFiles, remark } from "./file.ts"

/** What a tick let happen to the cases of its orders. */
export type SettledCases = { effects: Effects; cases: string[] }

/**
 * Looks at the cases of claimed orders whose inner clocks are due, or whose order was told of: their warnings and breaches take
 * effect as those of orders do, a fact that fell brings the case back to its department (ENGINE §3, the row "case"), one
 * that came is proposed. Writes into each order when to look again; orders without a case that is due cost nothing.
 */
export async function settleCases(
  tx: Session,
  all: readonly Carried[],
  rules: Rules,
  at: Instant,
  tally: Tally,
): Promise<SettledCases> {
  const due = all.filter(
    ({ order }) => order.stuck === null && order.caseNextAt !== null && order.caseNextAt <= at,
  )
  if (due.length === 0) return { effects: noEffect(), cases: [] }
  const handled = await listHandled(
    tx,
    due.map(({ order }) => order),
  )
  const judgedOf = new Map(due.map((judged) => [judged.order.id, judged]))
  for (const { order } of due) order.caseNextAt = null
  const waiting = await waitingForAct(tx, handled, at)
  for (const { orderId } of waiting) judgedOf.get(orderId)!.order.caseNextAt = at + againMs
  const files = await openFiles(
    tx,
    handled.filter((own) => !waiting.has(own)),
  )
  for (const file of files) weighFacts(file, judgedOf.get(file.own.orderId)!, at)
  const judged = files.map((file) => ({ file, ...clocksOf(file, rules, at) }))
  const debts: Debt[] = []
  for (const { file, clocks, gone } of judged) {
    const rows = [...clocks, ...gone]
    const owes = owed({ clocks, firings: firingsOf(rows), breaches: breachesOf(rows), watched: true }, at)
    const { order } = judgedOf.get(file.own.orderId)!
    if (owes.length > 0)
      debts.push({
        judged: { order, clocks, gone },
        owed: owes,
        department: file.own.department,
      })
  }
  const effects = effectsOf(debts, at, tally)
  for (const { file } of judged) remark(file, overdueOf(file, effects.breaches), at)
  for (const { file, clocks } of judged) {
    const { order } = judgedOf.get(file.own.orderId)!
    order.caseNextAt = appointCase(file.own, clocks, at) ?? order.caseNextAt
  }
  for (const { own, before } of files) recountCase(tally, before, own)
  await saveInnerClocks(
    tx,
    judged.flatMap(({ file, ...rows }) => changedRows(file.rows, rows)),
  )
  await appendCaseLog(
    tx,
    files.flatMap(({ fresh }) => fresh),
  )
  const changed = files.filter(
    ({ own, before }) => JSON.stringify(own) !== JSON.stringify({ ...own, ...before }),
  )
  await updateCases(
    tx,
    changed.map(({ own }) => own),
  )
  return { effects, cases: changed.map(({ own }) => caseNumber(own.n, own.bucket)) }
}

/** Cases that an act of their incident has not reached yet: it was done in time, however late their turn comes. Not for longer than an act takes. */
async function waitingForAct(
  tx: Session,
  cases: readonly CaseOfOrder[],
  at: Instant,
): Promise<Set<CaseOfOrder>> {
  const following = cases.filter(({ incident, exempt }) => incident !== null && !exempt)
  if (following.length === 0) return new Set()
  const acts = new Map(
    (await listUnfinished(tx))
      .filter((act) => act.at > at - patienceMs)
      .map(({ incident, seq }) => [incident, seq]),
  )
  return new Set(following.filter(({ incident, incidentSeq }) => incidentSeq < (acts.get(incident!) ?? 0)))
}
const againMs = 1_000
const patienceMs = 10 * 60_000

/** Compares a case with the facts of its order: one that resolved it and fell, or one that would resolve it. */
function weighFacts(file: CaseFile, { order, clocks, gone }: Carried, at: Instant): void {
  const { own } = file
  const rows = [...clocks, ...gone]
  const standing = rows.filter((each) => each.caseN === own.n && each.breachStanding === true)
  const falls = (clock: StoredClock) => isWithdrawn(clock.gone ? null : clock, order.watched)
  // A case all of whose breaches fall now goes with them, whatever would resolve it.
  if (own.archivedAt !== null || (standing.length > 0 && standing.every(falls))) return
  const fact = resolvingFact({ stage: order.stage, endAt: own.endAt }, rows, own.n)
  if (own.state === "resolved" || own.state === "reported") {
    if (fact === null) rework(file, "fact_fell", at)
    return
  }
  const isNew = fact !== null && own.resolvable === null
  own.resolvable = fact
  if (isNew) remark(file, [{ what: "resolvable", who: null, data: { ...fact } }], at)
}

/** Who had the step when its clock broke: that stays, whoever has it later. */
function overdueOf({ own }: CaseFile, breaches: readonly StoredClock[]): Deed[] {
  const { id } = casePlace(own)
  return breaches
    .filter(({ subjectId }) => subjectId === id)
    .map((clock) => ({
      what: "overdue",
      who: null,
      data: {
        clock: clock.kind,
        round: clock.round,
        dueAt: clock.dueAt,
        department: owerOf(clock, own.department),
        person: clock.kind === "tell" ? null : own.assignee,
      },
    }))
}

/** Brings a case back to its department as a new round; its report stays as a draft (DESIGN §7). */
export function rework(file: CaseFile, why: string, at: Instant): void {
  const { own } = file
  Object.assign(own, {
    state: own.department === null ? "open" : "assigned",
    resolvedBy: null,
    contested: false,
  })
  enter(file, [{ what: "reworked", who: null, data: { why, department: own.department } }], at)
}
