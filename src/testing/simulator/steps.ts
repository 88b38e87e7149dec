import type { Instant } from "../../core/instants.ts"
import type { Answer, Clock } from "../../core/judge.ts"
import type { Verdict1 } from "../../core/ledger.ts"
import { isHistory, isSolved, settle, work } from "./cases.ts"
import { type Handling, handled, takenBack } from "./handling.ts"
import { lookedAt, nextIn, owedIn } from "./inner.ts"
import {
  type Arrival,
  type CaseFact,
  fallen,
  judged,
  keep,
  type Life,
  nameOf,
  type RulesBy,
  standingSince,
} from "./life.ts"
import { type Common, taken } from "./members.ts"
import { type Debt, owedTo } from "./owed.ts"
import { saying, warn } from "./said.ts"

/** What happened to an order when it was told of events. */
export type Written = { life: Life; answers: Verdict1[]; changed: boolean }

/** Tells an order of events at an instant; what changes nothing of what is kept leaves it as it was. */
export function told(
  life: Life | null,
  fresh: Pick<Life, "key" | "bucket" | "id" | "settings" | "casesFrom">,
  incoming: readonly Arrival[],
  rules: RulesBy,
  at: Instant,
): Written {
  const before = life?.arrivals ?? []
  const accepted: Arrival[] = []
  const answers: Verdict1[] = []
  for (const arrival of incoming) {
    const answer = keep([...before, ...accepted, arrival]).answers.at(-1)!
    answers.push(answer)
    if (answer !== "conflict") accepted.push(arrival)
  }
  const arrivals = [...before, ...accepted]
  const changed = life === null || shape(arrivals) !== shape(before)
  if (!changed) return { life: { ...life, arrivals }, answers, changed }
  const born: Life = life ?? {
    ...fresh,
    arrivals: [],
    unwatched: false,
    receivedAt: at,
    judgedAt: at,
    version: 0,
    nextAt: null,
    caseNextAt: null,
    dues: new Map(),
    fired: new Map(),
    breaches: new Map(),
    cases: [],
    acts: new Set(),
    said: [],
    broughtBy: new Set(),
  }
  const broughtBy = new Set([...born.broughtBy, ...accepted.flatMap((each) => each.import ?? [])])
  return { life: rejudged({ ...born, arrivals, broughtBy }, rules, at), answers, changed }
}

const shape = (arrivals: readonly Arrival[]): string =>
  JSON.stringify(
    keep(arrivals).told.map(({ content, identity, observedAt, holds }) => [
      content,
      identity,
      observedAt,
      holds,
    ]),
  )

/** The order after an import was taken back, as if it had never been accepted. */
export function without(life: Life, number: number, rules: RulesBy, at: Instant): Life {
  const arrivals = life.arrivals.filter((each) => each.import !== number)
  const broughtBy = new Set([...life.broughtBy].filter((each) => each !== number))
  return rejudged({ ...life, arrivals, broughtBy }, rules, at)
}

/** The order after somebody took it out of the watch, or back. */
export const watched = (life: Life, isSo: boolean, rules: RulesBy, at: Instant): Life =>
  rejudged({ ...life, unwatched: !isSo }, rules, at)

/** An act on a case as it is asked of an order. */
export type Acting = Pick<Handling, "tag" | "input" | "by" | "version" | "workers"> & {
  which: number
  actId: string | undefined
}

/** Every way in which an act on a case may end at an instant; one that was done under its id is done. */
export function acted(
  life: Life,
  act: Acting,
  rules: RulesBy,
  at: Instant,
): { life: Life; answer: string }[] {
  const name = `${act.which} ${act.actId}`
  if (act.actId !== undefined && life.acts.has(name)) return [{ life, answer: "done" }]
  const fact = isSolved(life, judged(life, rules, life.judgedAt), act.which)
  const other = life.cases.some((each) => each.archivedAt === null)
  return handled(life.cases[act.which]!, { ...act, fact, other }, at).map(({ own, answer }) => {
    if (answer !== "done") return { life, answer }
    const acts = act.actId === undefined ? life.acts : new Set([...life.acts, name])
    return { life: { ...changed(life, act.which, own, rules, at), acts }, answer }
  })
}

/** How taking back an act on a case ends at an instant. */
export function actTakenBack(
  life: Life,
  { which, tag, by }: Pick<Acting, "which" | "tag" | "by">,
  rules: RulesBy,
  at: Instant,
): { life: Life; answer: string } {
  const { own, answer } = takenBack(life.cases[which]!, tag, by, at)
  return { life: answer === "done" ? changed(life, which, own, rules, at) : life, answer }
}

/** Every way in which an act of an incident may leave a case of an order at an instant. */
export function reached(life: Life, which: number, common: Common, rules: RulesBy, at: Instant): Life[] {
  const before = life.cases[which]!
  const fact = isSolved(life, judged(life, rules, life.judgedAt), which)
  return taken(before, { ...common, fact }, at).map((own) =>
    own.log === before.log
      ? { ...life, cases: life.cases.map((each, i) => (i === which ? own : each)) }
      : changed(life, which, own, rules, at),
  )
}

/** The order after something was done to one of its cases; what was told and not looked at yet is still to be. */
function changed(life: Life, which: number, acted: CaseFact, rules: RulesBy, at: Instant): Life {
  const own = { ...acted, inner: lookedAt(acted, rules(life.settings), at), isWaiting: false }
  const next = nextIn(own, rules(life.settings))
  const isDue = next !== null && life.caseNextAt !== null && life.caseNextAt <= at
  const caseNextAt = owedIn(own.inner).length > 0 ? at : isDue ? life.caseNextAt : next
  const nextAt = earlier(life.nextAt, caseNextAt)
  return { ...life, cases: life.cases.map((each, i) => (i === which ? own : each)), caseNextAt, nextAt }
}

const earlier = (nextAt: Instant | null, caseNextAt: Instant | null): Instant | null =>
  caseNextAt === null || caseNextAt === Infinity ? nextAt : Math.min(nextAt ?? Infinity, caseNextAt)

/** The order after a tick at an instant that is not before its `nextAt`: all that is owed takes effect, once. */
export function ticked(
  life: Life,
  rules: RulesBy,
  at: Instant,
  waits: (own: CaseFact) => boolean = () => false,
): Life {
  const answer = judged(life, rules, at)
  const debts = owedTo(life, answer, at)
  const next = {
    ...life,
    version: life.version + 1,
    judgedAt: at,
    nextAt: answer.nextAt,
    dues: duesOf(life, answer, at),
    fired: new Map(life.fired),
    breaches: new Map(life.breaches),
    cases: life.cases.map((each) => ({ ...each, log: [...each.log] })),
    said: [...life.said],
  }
  if (next.caseNextAt !== null) {
    // What was told ahead and is known now may concern its case, as what is told.
    const { recheckAt } = judged(life, rules, life.judgedAt)
    if (next.caseNextAt <= at || (recheckAt !== null && recheckAt <= at))
      next.caseNextAt = settle(
        next,
        {
          solved: (which) => isSolved(life, answer, which),
          falls: (which) => doesFall(life, debts, which),
          waits,
        },
        rules(life.settings),
        at,
      )
  }
  warn(next, debts, at)
  const standing: string[] = []
  const moved: string[] = []
  const falling: string[] = []
  for (const debt of debts)
    if (debt.what === "breach") {
      standing.push(nameOf(debt.clock))
      const ownCase = life.breaches.get(nameOf(debt.clock))?.ownCase ?? null
      next.breaches.set(nameOf(debt.clock), standingSince(debt.dueAt, at, ownCase))
      // What was history when it was first heard of is counted, and nobody is told.
      if (!isHistory(next, answer, nameOf(debt.clock))) next.said.push(saying("breach", debt.clock, null, at))
    } else if (debt.what === "moved") {
      moved.push(nameOf(debt.clock))
      next.breaches.set(nameOf(debt.clock), { ...next.breaches.get(nameOf(debt.clock))!, dueAt: debt.dueAt })
    } else if (debt.what === "withdrawal") {
      falling.push(debt.name)
      next.breaches.set(debt.name, fallen(next.breaches.get(debt.name)!, reasonOf(debt.clock, answer), at))
    }
  const worked = work(next, answer, { standing, moved, falling }, rules(life.settings), at)
  if (worked.touched) next.caseNextAt = at
  else if (worked.opened) next.caseNextAt = nextIn(next.cases.at(-1)!, rules(life.settings))
  next.nextAt = earlier(next.nextAt, next.caseNextAt)
  return next
}

/** Whether all breaches of a case that stand are withdrawn now. */
function doesFall({ breaches }: Life, debts: readonly Debt[], which: number): boolean {
  const standing = [...breaches].filter(([, each]) => each.ownCase === which && each.standing)
  const falls = (name: string) => debts.some((debt) => debt.what === "withdrawal" && debt.name === name)
  return standing.length > 0 && standing.every(([name]) => falls(name))
}

function reasonOf(clock: Clock | undefined, answer: Answer): string {
  if (clock === undefined) return answer.greatestToldAt === null ? "import_undone" : "clock_gone"
  return clock.state === "closed" ? clock.outcome! : "due_moved"
}

/** The order after a write at an instant: judged whole, to be looked at now if anything is owed. */
function rejudged(life: Life, rules: RulesBy, at: Instant): Life {
  const answer = judged(life, rules, at)
  // What was told may concern its case, so that is looked at too.
  const caseNextAt = life.caseNextAt === null ? null : at
  const next = {
    ...life,
    version: life.version + 1,
    judgedAt: at,
    caseNextAt,
    dues: duesOf(life, answer, at),
  }
  return { ...next, nextAt: owedTo(next, answer, at).length > 0 || caseNextAt !== null ? at : answer.nextAt }
}

/** The clock rows after a judgement: those in the answer, and those of which something took effect. */
function duesOf(life: Life, answer: Answer, at: Instant): Life["dues"] {
  const dues = new Map(
    answer.clocks.map((clock) => {
      const before = life.dues.get(nameOf(clock))
      const kept = before && before.dueAt === clock.dueAt
      return [nameOf(clock), { dueAt: clock.dueAt, since: kept ? before.since : at, clock }] as const
    }),
  )
  for (const [name, due] of life.dues) if (!dues.has(name) && hasEffects(life, name)) dues.set(name, due)
  return dues
}

const hasEffects = (life: Life, name: string): boolean =>
  life.breaches.has(name) || [...life.fired.keys()].some((each) => each.startsWith(`${name} `))
