import type { OrderEvent, OrderKey } from "../../core/events.ts"
import type { Instant } from "../../core/instants.ts"
import { type Answer, type Clock, judge, type Rules } from "../../core/judge.ts"
import { append, type Told, toldOf, type Verdict1 } from "../../core/ledger.ts"
import { maskReceiver, type Receiver } from "../../core/masking.ts"

// The naive model of one order, written from ENGINE §3 to §5 and CLOCKS: everything accepted is kept in a plain list and judged
// whole at each step; what took effect is a plain list beside it. It shares nothing with the engine but the judge.

/** An event as it was accepted, with the import that brought it. */
export type Arrival = { event: OrderEvent; import: number | null }

/** A breach as a fact: it may fall, and stand again. */
export type BreachFact = {
  dueAt: Instant
  firedAt: Instant
  standing: boolean
  withdrawnAt: Instant | null
  why: string | null
  /** which of the order's cases it belongs to */
  ownCase: number | null
}
/** A case as the engine alone can change it. */
export type CaseFact = {
  state: string
  openedAt: Instant
  archivedAt: Instant | null
  withdrawn: boolean
  reopened: number
  successorOf: number | null
  log: string[]
}
/** Something that was said, or a warning that had effects. */
export type Said = {
  kind: "warning" | "breach" | "unconfirmed"
  standard: string
  clock: string
  basis: string
  level: string | null
  round: number
  dueAt: Instant | null
  at: Instant
}
/** One order, naively. Never changed in place: each step answers another. */
export type Life = {
  key: OrderKey
  bucket: number
  id: string
  arrivals: readonly Arrival[]
  settings: number
  casesFrom: Instant | null
  unwatched: boolean
  receivedAt: Instant
  judgedAt: Instant
  version: number
  nextAt: Instant | null
  /** when its case is looked at; Infinity: it has an open one with nothing to come (these policies have no inner clocks), null: none */
  caseNextAt: Instant | null
  /** the due of each clock row and since when it has that */
  dues: ReadonlyMap<string, { dueAt: Instant | null; since: Instant }>
  /** `clock level` → instant of the level, and when it fired */
  fired: ReadonlyMap<string, { at: Instant; firedAt: Instant }>
  breaches: ReadonlyMap<string, BreachFact>
  cases: readonly CaseFact[]
  said: readonly Said[]
  /** imports that changed something of it and were not taken back */
  broughtBy: ReadonlySet<number>
}

/** The rules by the number of the channel settings. */
export type RulesBy = (settings: number) => Rules

/** What names a clock within its order. */
export const nameOf = (clock: { kind: string; basis: string; round: number }): string =>
  `${clock.basis} ${clock.kind} ${clock.round}`

const dayMs = 24 * 60 * 60_000

/** What is kept of arrivals, the judge's view of receivers masked, with the answer to the last of them. */
export function keep(arrivals: readonly Arrival[]): { told: Told[]; answers: Verdict1[] } {
  const all: Told[] = []
  const answers = arrivals.map(({ event }) => append(all, toldOf(event)).answer)
  return { told: all.map(masked), answers }
}

function masked(told: Told): Told {
  const receiver = told.event.order?.receiver as Receiver | undefined
  if (!receiver) return told
  const event = { ...told.event, order: { ...told.event.order, receiver: maskReceiver(receiver) } }
  const { content, identity, observedAt, holds } = told
  return { event: event as OrderEvent, content, identity, observedAt, holds }
}

/** What is true of an order at an instant by everything accepted. */
export const judged = (life: Life, rules: RulesBy, at: Instant): Answer =>
  judge(life.key, keep(life.arrivals).told, rules(life.settings), at)

/** Whether the order is watched, by the policy and by hand. */
export const isWatched = (life: Life, answer: Answer): boolean => answer.watched && !life.unwatched

const isOpen = (clock: Clock): boolean => clock.state !== "closed"
const isLate = (clock: Clock): boolean => clock.state === "over" || clock.outcome === "late"

/** Something owed, as the table of ENGINE §3 has it. */
type Debt =
  | { what: "warning"; clock: Clock; level: string; at: Instant }
  | { what: "unconfirmed" | "breach" | "moved"; clock: Clock; dueAt: Instant }
  | { what: "withdrawal"; name: string; clock: Clock | undefined }

/** All that is owed to an order at an instant: clock by clock, withdrawals last. */
export function owedTo(life: Life, answer: Answer, at: Instant): Debt[] {
  const debts: Debt[] = []
  const watched = isWatched(life, answer)
  const firedFor = (clock: Clock, level: string, instant: Instant) =>
    (life.fired.get(`${nameOf(clock)} ${level}`)?.at ?? -Infinity) >= instant
  for (const clock of answer.clocks) {
    if (!watched || !clock.observed) continue
    if (isOpen(clock))
      for (const [i, level] of clock.warnLevels.entries()) {
        const instant = clock.warnAt[i] ?? null
        if (instant !== null && instant <= at && !firedFor(clock, level, instant))
          debts.push({ what: "warning", clock, level, at: instant })
      }
    const dueAt = clock.dueAt
    if (dueAt === null || !isLate(clock)) continue
    const breach = life.breaches.get(nameOf(clock))
    if (breach?.standing) {
      if (breach.dueAt !== dueAt) debts.push({ what: "moved", clock, dueAt })
    } else if (!clock.unconfirmed) debts.push({ what: "breach", clock, dueAt })
    else if (!firedFor(clock, "unconfirmed", dueAt)) debts.push({ what: "unconfirmed", clock, dueAt })
  }
  for (const [name, breach] of life.breaches) {
    if (!breach.standing) continue
    const clock = answer.clocks.find((each) => nameOf(each) === name)
    const owes = watched && clock?.observed !== false
    if (owes ? clock === undefined || !isLate(clock) : clock?.outcome === "met")
      debts.push({ what: "withdrawal", name, clock })
  }
  return debts
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
      return [nameOf(clock), kept ? before : { dueAt: clock.dueAt, since: at }] as const
    }),
  )
  for (const [name, due] of life.dues) if (!dues.has(name) && hasEffects(life, name)) dues.set(name, due)
  return dues
}

const hasEffects = (life: Life, name: string): boolean =>
  life.breaches.has(name) || [...life.fired.keys()].some((each) => each.startsWith(`${name} `))

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

/** The order after a tick at an instant that is not before its `nextAt`: all that is owed takes effect, once. */
export function ticked(life: Life, rules: RulesBy, at: Instant): Life {
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
  warn(next, debts, at)
  const standing: string[] = []
  const moved: string[] = []
  const fallen: string[] = []
  for (const debt of debts)
    if (debt.what === "breach") {
      standing.push(nameOf(debt.clock))
      const ownCase = life.breaches.get(nameOf(debt.clock))?.ownCase ?? null
      next.breaches.set(nameOf(debt.clock), {
        dueAt: debt.dueAt,
        firedAt: at,
        standing: true,
        withdrawnAt: null,
        why: null,
        ownCase,
      })
      // What was history when it was first heard of is counted, and nobody is told.
      if (!isHistory(next, answer, nameOf(debt.clock))) next.said.push(saying("breach", debt.clock, null, at))
    } else if (debt.what === "moved") {
      moved.push(nameOf(debt.clock))
      next.breaches.set(nameOf(debt.clock), { ...next.breaches.get(nameOf(debt.clock))!, dueAt: debt.dueAt })
    } else if (debt.what === "withdrawal") {
      fallen.push(debt.name)
      const breach = next.breaches.get(debt.name)!
      next.breaches.set(debt.name, {
        ...breach,
        standing: false,
        withdrawnAt: at,
        why: reasonOf(debt.clock, answer),
      })
    }
  if (next.caseNextAt !== null)
    next.caseNextAt = next.cases.some((each) => each.archivedAt === null) ? Number.POSITIVE_INFINITY : null
  const worked = work(next, answer, { standing, moved, fallen }, at)
  if (worked.touched) next.caseNextAt = at
  else if (worked.opened) next.caseNextAt = Number.POSITIVE_INFINITY
  if (next.caseNextAt === at) next.nextAt = at
  return next
}

function reasonOf(clock: Clock | undefined, answer: Answer): string {
  if (clock === undefined) return answer.greatestToldAt === null ? "import_undone" : "clock_gone"
  return clock.state === "closed" ? clock.outcome! : "due_moved"
}

const saying = (kind: Said["kind"], clock: Clock, level: string | null, at: Instant): Said => ({
  kind,
  standard: clock.standard ?? clock.basis,
  clock: clock.kind,
  basis: clock.basis,
  level,
  round: clock.round,
  dueAt: clock.dueAt,
  at,
})

/** Each level gets its firing; of those owed together the latest is said, unless the clock is over. */
function warn(
  life: { fired: Map<string, { at: Instant; firedAt: Instant }>; said: Said[] },
  debts: readonly Debt[],
  at: Instant,
): void {
  const latest = new Map<Clock, { level: string; at: Instant }>()
  for (const debt of debts) {
    if (debt.what === "unconfirmed") {
      life.fired.set(`${nameOf(debt.clock)} unconfirmed`, { at: debt.dueAt, firedAt: at })
      life.said.push(saying("unconfirmed", debt.clock, null, at))
    }
    if (debt.what !== "warning") continue
    life.fired.set(`${nameOf(debt.clock)} ${debt.level}`, { at: debt.at, firedAt: at })
    const before = latest.get(debt.clock)
    if (debt.clock.state !== "over" && (before === undefined || debt.at >= before.at))
      latest.set(debt.clock, { level: debt.level, at: debt.at })
  }
  for (const [clock, { level }] of latest) life.said.push(saying("warning", clock, level, at))
}

/** ENGINE §4, Cases: first what stands, those that reopen before the others, then in the order of clocks; then withdrawn cases are archived. */
function work(
  life: {
    breaches: Map<string, BreachFact>
    cases: CaseFact[]
    dues: Life["dues"]
    casesFrom: Instant | null
  },
  answer: Answer,
  { standing, moved, fallen }: Record<"standing" | "moved" | "fallen", string[]>,
  at: Instant,
): { touched: boolean; opened: boolean } {
  const known = life.cases.length
  let touched = false
  const ownOf = (name: string) => life.breaches.get(name)!.ownCase
  const reopens = (name: string) => ownOf(name) !== null && life.cases[ownOf(name)!]!.withdrawn
  for (const name of [...standing.filter(reopens), ...standing.filter((each) => !reopens(each))]) {
    const breach = life.breaches.get(name)!
    const open = life.cases.findIndex((each) => each.archivedAt === null)
    const own = breach.ownCase === null ? undefined : life.cases[breach.ownCase]!
    if (open < 0 && own?.withdrawn) {
      Object.assign(own, { state: "open", withdrawn: false, archivedAt: null, reopened: own.reopened + 1 })
      own.log.push("reopened", "breach_joined")
      touched = true
    } else if (isHistory(life, answer, name)) breach.ownCase = null
    else if (open >= 0) {
      breach.ownCase = open
      touched ||= open < known
      life.cases[open]!.log.push("breach_joined")
    } else {
      const successorOf = life.cases.length > 0 ? life.cases.length - 1 : null
      breach.ownCase = life.cases.length
      life.cases.push({
        state: "open",
        openedAt: at,
        archivedAt: null,
        withdrawn: false,
        reopened: 0,
        successorOf,
        log: [],
      })
    }
  }
  for (const name of moved) if (ownOf(name) !== null) life.cases[ownOf(name)!]!.log.push("breach_moved")
  for (const name of fallen) if (ownOf(name) !== null) life.cases[ownOf(name)!]!.log.push("breach_withdrawn")
  touched ||= [...moved, ...fallen].some((name) => ownOf(name) !== null)
  for (const [i, own] of life.cases.entries()) {
    const breaches = [...life.breaches.values()].filter((each) => each.ownCase === i)
    const fell = fallen.some((name) => ownOf(name) === i)
    if (own.archivedAt !== null || !fell || breaches.some((each) => each.standing)) continue
    Object.assign(own, { state: "archived", withdrawn: true, archivedAt: at })
    own.log.push("withdrawn")
  }
  return { touched, opened: life.cases.length > known }
}

/** No case for a breach due before `casesFrom`, nor for one whose due was set more than 7 days after it had passed. */
function isHistory(
  life: Pick<Life, "breaches" | "dues" | "casesFrom">,
  answer: Answer,
  name: string,
): boolean {
  const { dueAt } = life.breaches.get(name)!
  if (life.casesFrom === 0) return answer.clocks.find((each) => nameOf(each) === name)!.state === "closed"
  if (life.casesFrom !== null && dueAt < life.casesFrom) return true
  return life.dues.get(name)!.since - dueAt > 7 * dayMs
}

/** A case that people archived: the hook where their acts come in. */
export function archived(life: Life, which: number, at: Instant): Life {
  const cases = life.cases.map((each, i) =>
    i === which ? { ...each, state: "archived", archivedAt: at } : each,
  )
  return { ...life, cases, caseNextAt: null }
}
