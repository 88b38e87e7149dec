import { type CaseDeed, caseEvents, innerClocks, nearAtOf, owedSteps } from "../../core/innerClocks.ts"
import type { Instant } from "../../core/instants.ts"
import type { Clock, Rules } from "../../core/judge.ts"
import {
  type CaseFact,
  changedAt,
  type Entry,
  fallen,
  type Inner,
  nameOf,
  type Said,
  standingSince,
} from "./life.ts"
import { type Debt, owedOf } from "./owed.ts"
import { saying, warn } from "./said.ts"

// The clocks of a case, naively: its whole log judged afresh at each look.

/** What was done to a case, as its clocks hear it; each entry by its place. */
const deedsOf = (log: readonly Entry[]): CaseDeed[] =>
  log.flatMap((each, i): CaseDeed[] => {
    const deed = { id: `${i}`, what: each.what, at: each.at, data: each.data ?? {} }
    if (each.undid === undefined) return [deed]
    const undone = log.flatMap(({ act }, j) => (act === each.undid ? [j] : []))
    return undone.map((j) => ({ ...deed, data: { of: `${j}` } }))
  })

/** The clocks of a case at an instant. */
export const clocksAt = ({ openedAt, log }: Pick<CaseFact, "openedAt" | "log">, rules: Rules, at: Instant) =>
  innerClocks(caseEvents(openedAt, deedsOf(log)), rules, at)

/** What the opening alone says of the clocks of a case. */
export function begun(own: Omit<CaseFact, "inner">, rules: Rules): Inner {
  const clocks = clocksAt(own, rules, own.openedAt)
  const nothing = { fired: new Map(), breaches: new Map(), clocks: new Map() }
  // The row of a case that nobody has touched names no start: that is its opening.
  const [what, by, _, nearAt, dueAt] = firstOf(own, clocks)
  return { ...nothing, lookedAt: own.openedAt, owed: [what, by, null, nearAt, dueAt] }
}

/** The clocks of a case after a look at it. */
export function lookedAt(own: CaseFact, rules: Rules, at: Instant): Inner {
  const before = own.inner
  const clocks = clocksAt(own, rules, at)
  const rows = new Map([...before.clocks].map(([name, row]) => [name, { ...row, gone: true }]))
  for (const clock of clocks) {
    const row = before.clocks.get(nameOf(clock))
    // A clock of which there is no row is as old as its start: nobody had to write it.
    const since = row === undefined ? clock.startAt : row.clock.dueAt === clock.dueAt ? row.since : at
    rows.set(nameOf(clock), { clock, since, gone: false })
  }
  return { ...before, lookedAt: at, clocks: rows, owed: firstOf(own, clocks) }
}

const here = ({ clocks }: Inner): Clock[] =>
  [...clocks.values()].flatMap((row) => (row.gone ? [] : [row.clock]))

/** All that is owed of the clocks of a case since its last look. */
export const owedIn = (inner: Inner): Debt[] => owedOf(inner, here(inner), true, inner.lookedAt)

/** When something happens by itself to the clocks of a case after a look at it; null: it is done with, Infinity: nothing does. */
export function nextIn(own: CaseFact, rules: Rules): Instant | null {
  if (own.archivedAt !== null) return null
  const { lookedAt } = own.inner
  const instants = clocksAt(own, rules, lookedAt)
    .filter(({ state }) => state !== "closed")
    .flatMap(({ warnAt, dueAt }) => [...warnAt, dueAt === null ? null : dueAt + 1])
  return Math.min(...instants.flatMap((at) => (at !== null && at > lookedAt ? [at] : [])))
}

/** Lets all that is owed of the clocks of a case take effect, once; who had the step when its clock broke is written down. */
export function settleInner(own: CaseFact, which: number, said: Said[], at: Instant): void {
  const debts = owedIn(own.inner)
  const fired = new Map(own.inner.fired)
  const breaches = new Map(own.inner.breaches)
  const about = (clock: Clock) => ({ ownCase: which, department: owerOf(clock.kind, own) })
  warn({ fired, said }, debts, at, about)
  for (const debt of debts)
    if (debt.what === "breach") {
      breaches.set(nameOf(debt.clock), standingSince(debt.dueAt, at, which))
      said.push(saying("breach", debt.clock, null, at, about(debt.clock)))
      own.log.push({ what: "overdue", who: null, at: Math.max(at, changedAt(own)), act: null })
    } else if (debt.what === "moved")
      breaches.set(nameOf(debt.clock), { ...breaches.get(nameOf(debt.clock))!, dueAt: debt.dueAt })
    else if (debt.what === "withdrawal")
      breaches.set(debt.name, fallen(breaches.get(debt.name)!, "act_undone", at))
  own.inner = { ...own.inner, fired, breaches }
}

/** Who owes the step that a clock of a case measures. */
function owerOf(kind: Clock["kind"], { department }: CaseFact): string {
  if (kind === "assign" || kind === "archive") return "operations"
  return kind === "tell" ? "service" : (department ?? "operations")
}

const nobody = [null, null, null, Infinity, Infinity] as const

function firstOf(own: Omit<CaseFact, "inner">, clocks: readonly Clock[]): Inner["owed"] {
  const first = own.archivedAt === null ? owedSteps(own, clocks)[0] : undefined
  if (first === undefined) return nobody
  const { what, department, clock } = first
  return [
    what,
    department,
    clock?.startAt ?? null,
    (clock && nearAtOf(clock)) ?? Infinity,
    clock?.dueAt ?? Infinity,
  ]
}
