import type { Instant } from "../../core/instants.ts"
import type { Answer, Rules } from "../../core/judge.ts"
import { begun, lookedAt, nextIn, owedIn, settleInner } from "./inner.ts"
import {
  type BreachFact,
  type CaseFact,
  changedAt,
  type Entry,
  type Life,
  nameOf,
  type Said,
} from "./life.ts"

const dayMs = 24 * 60 * 60_000

/** A case that has just been opened. */
function opened(at: Instant, successorOf: number | null, rules: Rules): CaseFact {
  const own = openedAt(at, successorOf)
  return { ...own, inner: begun(own, rules) }
}

const openedAt = (at: Instant, successorOf: number | null): Omit<CaseFact, "inner"> => ({
  version: 1,
  state: "open",
  department: null,
  assignee: null,
  cause: null,
  contested: false,
  handOns: 0,
  etaAt: null,
  etaChanges: 0,
  isResolved: false,
  isResolvable: false,
  openedAt: at,
  archivedAt: null,
  withdrawn: false,
  reopened: 0,
  successorOf,
  log: [],
  incident: null,
  incidentSeq: 0,
  exempt: false,
  had: new Map(),
  isWaiting: false,
})

/** Writes down what the engine did. */
const enter = (own: CaseFact, now: Instant, ...deeds: string[]): void => {
  const at = Math.max(now, changedAt(own))
  const data = { department: own.department }
  own.log.push(...deeds.map((what): Entry => ({ what, who: null, at, act: null, data })))
}

const isSolvedBy = ({ state }: CaseFact): boolean => state === "resolved" || state === "reported"

/** Gives a case back to its department as a new round. */
function rework(own: CaseFact, at: Instant): void {
  const state = own.department === null ? "open" : "assigned"
  Object.assign(own, { state, isResolved: false, contested: false })
  enter(own, at, "reworked")
}

/**
 * Whether an order says that its case is solved (DESIGN §7): it was refunded or cancelled, all came that the standing breaches
 * of the case waited for, or the customer accepted a date since and that has not passed.
 */
export function isSolved({ breaches }: Pick<Life, "breaches">, answer: Answer, which: number): boolean {
  if (answer.endAt !== null && (answer.stage === "cancelled" || answer.stage === "refunded")) return true
  const standing = [...breaches].filter(([, each]) => each.ownCase === which && each.standing)
  const clocks = standing.flatMap(([name]) =>
    answer.clocks.filter((each) => nameOf(each) === name && each.outcome !== "met"),
  )
  if (clocks.length === 0) return false
  if (clocks.every(({ state }) => state === "closed")) return true
  const since = Math.min(...clocks.map(({ dueAt }) => dueAt ?? Number.POSITIVE_INFINITY))
  return answer.clocks.some(
    ({ basis, state, startAt }) =>
      basis === "agreed" && state !== "over" && state !== "closed" && startAt >= since,
  )
}

/** What has to be known to look at the cases of an order. */
type Seen = Record<"solved" | "falls", (which: number) => boolean> & { waits(own: CaseFact): boolean }
const againMs = 1_000

/** Looks at the cases of an order that are not done with: at the facts of the open one, then at their clocks. One that an act of its incident has still to reach is left to that for a second. Answers when to look again. */
export function settle(
  { cases, said }: { cases: readonly CaseFact[]; said: Said[] },
  { solved, falls, waits }: Seen,
  rules: Rules,
  at: Instant,
): Instant | null {
  let next: Instant | null = null
  for (const [which, own] of cases.entries()) {
    if (isDoneWith(own)) continue
    own.isWaiting = waits(own)
    if (own.isWaiting) {
      next ??= at + againMs
      continue
    }
    if (own.archivedAt !== null) own.isResolvable = false
    // A case all of whose breaches fall now goes with them.
    else if (!falls(which)) weigh(own, solved(which), at)
    own.inner = lookedAt(own, rules, at)
    settleInner(own, which, said, at)
    next ??= nextIn(own, rules)
  }
  return next
}

/** An archived case is done with once its clocks were looked at since, and nothing of them is owed. */
const isDoneWith = ({ archivedAt, inner }: CaseFact): boolean =>
  archivedAt !== null && inner.owed[0] === null && owedIn(inner).length === 0

/** What was solved by a fact that fell goes back, a fact that would solve it is noted. */
function weigh(own: CaseFact, fact: boolean, at: Instant): void {
  if (isSolvedBy(own)) {
    if (fact) return
    rework(own, at)
    own.version += 1
    return
  }
  if (fact && !own.isResolvable) enter(own, at, "resolvable")
  own.isResolvable = fact
}

/** ENGINE §4, Cases: first what stands, those that reopen before the others, then in the order of clocks; then withdrawn cases are archived. */
export function work(
  life: {
    breaches: Map<string, BreachFact>
    cases: CaseFact[]
    dues: Life["dues"]
    casesFrom: Instant | null
  },
  answer: Answer,
  { standing, moved, falling }: Record<"standing" | "moved" | "falling", string[]>,
  rules: Rules,
  at: Instant,
): { touched: boolean; opened: boolean } {
  const known = life.cases.length
  const touched = new Set<CaseFact>()
  const write = (own: CaseFact, ...deeds: string[]) => {
    enter(own, at, ...deeds)
    touched.add(own)
  }
  const ownOf = (name: string) => life.breaches.get(name)!.ownCase
  const reopens = (name: string) => ownOf(name) !== null && life.cases[ownOf(name)!]!.withdrawn
  for (const name of [...standing.filter(reopens), ...standing.filter((each) => !reopens(each))]) {
    const breach = life.breaches.get(name)!
    const open = life.cases.findIndex((each) => each.archivedAt === null)
    const own = breach.ownCase === null ? undefined : life.cases[breach.ownCase]!
    if (open < 0 && own?.withdrawn) {
      const state = own.department === null ? "open" : "assigned"
      Object.assign(own, { state, withdrawn: false, archivedAt: null, reopened: own.reopened + 1 })
      write(own, "reopened", "breach_joined")
    } else if (isHistory(life, answer, name)) breach.ownCase = null
    else if (open >= 0) {
      breach.ownCase = open
      // What comes with the breach that opens a case belongs to the opening.
      if (open >= known) enter(life.cases[open]!, at, "breach_joined")
      else write(life.cases[open]!, "breach_joined")
      if (isSolvedBy(life.cases[open]!)) rework(life.cases[open]!, at)
    } else {
      const successorOf = life.cases.length > 0 ? life.cases.length - 1 : null
      breach.ownCase = life.cases.length
      life.cases.push(opened(at, successorOf, rules))
    }
  }
  for (const name of moved) if (ownOf(name) !== null) write(life.cases[ownOf(name)!]!, "breach_moved")
  for (const name of falling) if (ownOf(name) !== null) write(life.cases[ownOf(name)!]!, "breach_withdrawn")
  for (const [i, own] of life.cases.entries()) {
    const breaches = [...life.breaches.values()].filter((each) => each.ownCase === i)
    const fell = falling.some((name) => ownOf(name) === i)
    if (own.archivedAt !== null || !fell || breaches.some((each) => each.standing)) continue
    Object.assign(own, { state: "archived", withdrawn: true, archivedAt: Math.max(at, changedAt(own)) })
    write(own, "withdrawn")
  }
  for (const own of touched) own.version += 1
  return { touched: touched.size > 0, opened: life.cases.length > known }
}

/** No case for a breach due before `casesFrom`, nor for one whose due was set more than 7 days after it had passed. */
export function isHistory(
  life: Pick<Life, "breaches" | "dues" | "casesFrom">,
  answer: Answer,
  name: string,
): boolean {
  const { dueAt } = life.breaches.get(name)!
  if (life.casesFrom === 0) return answer.clocks.find((each) => nameOf(each) === name)!.state === "closed"
  if (life.casesFrom !== null && dueAt < life.casesFrom) return true
  return life.dues.get(name)!.since - dueAt > 7 * dayMs
}
