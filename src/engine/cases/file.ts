import { caseEvents, nearAtOf, owedSteps } from "../../core/innerClocks.ts"
import type { Instant } from "../../core/instants.ts"
import type { Clock, Rules } from "../../core/judge.ts"
import { nextOf } from "../../core/stored.ts"
import {
  type CaseEntry,
  type CaseOfOrder,
  entriesOf,
  listCaseLogs,
  type StoredCase,
} from "../../store/cases.ts"
import { listClocks, type StoredClock } from "../../store/clocks.ts"
import { caseNumber, casePlace } from "../../store/keys.ts"
import type { Session } from "../../store/statement.ts"
import { type InnerRows, innerRows } from "../innerRows.ts"

/** A deed that is not written yet. */
export type Deed = Pick<CaseEntry, "what" | "who" | "data">

/** A case in the hands of a transaction: the case as it will be, what was and is done, and its clocks as stored. */
export type CaseFile = {
  own: CaseOfOrder
  before: StoredCase
  log: CaseEntry[]
  /** entries of this transaction, in `log` too */
  fresh: CaseEntry[]
  rows: StoredClock[]
}

/** Reads everything stored of cases; their orders must be locked. */
export async function openFiles(tx: Session, cases: readonly CaseOfOrder[]): Promise<CaseFile[]> {
  if (cases.length === 0) return []
  const logs = await listCaseLogs(tx, cases)
  const clocks = await listClocks(tx, cases.map(casePlace), "case")
  return cases.map((own) => ({
    own,
    before: { ...own },
    log: logs.get(caseNumber(own.n, own.bucket)) ?? [],
    fresh: [],
    rows: clocks.get(casePlace(own).id) ?? [],
  }))
}

/** Writes what was done to a case into its file, under the case's next version. */
export function enter(
  file: CaseFile,
  deeds: readonly Deed[],
  at: Instant,
  batch: string | null = null,
): void {
  file.own.version += 1
  file.own.changedAt = Math.max(at, file.own.changedAt)
  remark(file, deeds, at, batch)
}

/**
 * Writes into the file what nobody did: the case stays the same version, so that no page grows stale of it. Nothing is written
 * as before what was done to the case: a clock that steps back would turn its course around.
 */
export function remark(
  file: CaseFile,
  deeds: readonly Deed[],
  at: Instant,
  batch: string | null = null,
): void {
  // The last by its instant may stand before others: the clocks of those who act differ.
  const last = Math.max(0, ...file.log.map(({ seq }) => seq))
  const entries = entriesOf(
    file.own,
    deeds.map((deed) => ({ ...deed, at: Math.max(at, file.own.changedAt) })),
    { batch, last },
  )
  file.log.push(...entries)
  file.fresh.push(...entries)
}

/** The clocks of a case at an instant as they are then to be stored, those that are gone but took effect among them. */
export const clocksOf = ({ own, log, rows }: CaseFile, rules: Rules, at: Instant): InnerRows =>
  innerRows(
    { bucket: own.bucket, subjectKind: "case", subjectId: casePlace(own).id, caseN: own.n },
    { events: caseEvents(own.openedAt, log), rows },
    rules,
    at,
  )

/**
 * Writes into the case what is owed first, and answers when to look again: Infinity for never, null once it is archived. What
 * it owed last stays while something of its clocks `isPending`: by that the tick finds an archived case.
 */
export function appointCase(
  own: StoredCase,
  clocks: readonly Clock[],
  at: Instant,
  isPending = false,
): Instant | null {
  if (own.archivedAt !== null) {
    if (isPending) return null
    Object.assign(own, { owed: null, owedBy: null, owedFromAt: null })
    Object.assign(own, { owedNearAt: Infinity, owedDueAt: Infinity, resolvable: null })
    return null
  }
  const first = owedSteps(own, clocks)[0]
  Object.assign(own, {
    owed: first?.what ?? null,
    owedBy: first?.department ?? null,
    owedFromAt: first?.clock?.startAt ?? null,
    owedNearAt: (first?.clock && nearAtOf(first.clock)) ?? Infinity,
    owedDueAt: first?.clock?.dueAt ?? Infinity,
  })
  return (
    nextOf(clocks, { now: at, recheckAt: null, graceMs: 0, mode: "live", greatestToldAt: null }) ?? Infinity
  )
}
