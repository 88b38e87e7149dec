import type { OrderEvent, OrderKey } from "../../core/events.ts"
import type { Instant } from "../../core/instants.ts"
import { type Answer, type Clock, judge, type Rules } from "../../core/judge.ts"
import { append, type Told, toldOf, type Verdict1 } from "../../core/ledger.ts"
import { maskReceiver, type Receiver } from "../../core/masking.ts"

// The naive model of one order, written from ENGINE §3 to §5 and CLOCKS: everything accepted is kept in a plain list and judged
// whole at each step; what took effect is a plain list beside it. It shares nothing with the engine but the judge.
// Here: what an order is. `steps.ts`: how it goes on; `owed.ts`: what is owed to it; `cases.ts`: what comes of its cases;
// `inner.ts`: their clocks; `members.ts`: what their incidents do to them.

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
/** What took effect of the clocks of an order or of a case. */
export type Effective = {
  /** `clock level` → instant of the level, and when it fired */
  fired: ReadonlyMap<string, { at: Instant; firedAt: Instant }>
  breaches: ReadonlyMap<string, BreachFact>
}
/** The clocks of a case as they were when it was last looked at; nobody has looked: what its opening alone says of them. */
export type Inner = Effective & {
  lookedAt: Instant
  /** each with since when it has its due; `gone`: it is no longer in the answer */
  clocks: ReadonlyMap<string, { clock: Clock; since: Instant; gone: boolean }>
  /** what somebody has to do first: what, who, from when, near when, due when */
  owed: readonly [string | null, string | null, Instant | null, Instant, Instant]
}
/** When something was last done to a case: nothing that is done to it later is written down as earlier. */
export const changedAt = ({ openedAt, log }: Pick<CaseFact, "openedAt" | "log">): Instant =>
  Math.max(
    openedAt,
    ...log.flatMap(({ what, at }) => (what === "overdue" || what === "resolvable" ? [] : [at])),
  )
/** A breach that stands from now on. */
export const standingSince = (dueAt: Instant, firedAt: Instant, ownCase: number | null): BreachFact => ({
  dueAt,
  firedAt,
  standing: true,
  withdrawnAt: null,
  why: null,
  ownCase,
})
/** A breach that falls. */
export const fallen = (breach: BreachFact, why: string, at: Instant): BreachFact => ({
  ...breach,
  standing: false,
  withdrawnAt: at,
  why,
})
/** What of a case an act can change, kept so that it can be taken back. */
export type Kept = {
  state: string
  department: string | null
  assignee: string | null
  cause: string | null
  /** handed on a second time: operations decides */
  contested: boolean
  handOns: number
  etaAt: Instant | null
  etaChanges: number
  /** whether a fact resolved it, and whether one that was seen would */
  isResolved: boolean
  isResolvable: boolean
  /** the number of the incident that it belongs to, the last act of that which it has had, and whether it goes its own way */
  incident: number | null
  incidentSeq: number
  exempt: boolean
}
/** A case. */
export type CaseFact = Kept & {
  version: number
  openedAt: Instant
  archivedAt: Instant | null
  withdrawn: boolean
  reopened: number
  successorOf: number | null
  inner: Inner
  log: Entry[]
  /** acts of incidents that had their turn with it, by their tags, and how that ended */
  had: ReadonlyMap<number, string>
  /** a tick left it to an act of its incident that had not reached it */
  isWaiting: boolean
}
/** Something that was done to a case: by somebody, with the act that it belongs to and what was before, or by the engine (`who` null). */
export type Entry = {
  what: string
  who: string | null
  at: Instant
  act: number | null
  by?: string
  was?: Kept
  /** the act that this took back */
  undid?: number
  /** it was done once for all cases of an incident */
  isCommon?: boolean
  /** what of it the clocks of its case hear */
  data?: Record<string, unknown>
}
/** Something that was said, or a warning that had effects; of the order, or of one of its cases. */
export type Said = {
  ownCase: number | null
  department: string
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
export type Life = Effective & {
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
  /** when its case is looked at; Infinity: it has an open one with nothing to come, null: none */
  caseNextAt: Instant | null
  /** the due of each clock row, since when it has that, and the clock as it was last in the answer */
  dues: ReadonlyMap<string, { dueAt: Instant | null; since: Instant; clock: Clock }>
  cases: readonly CaseFact[]
  /** acts under an id that were done to its cases: `case id` */
  acts: ReadonlySet<string>
  said: readonly Said[]
  /** imports that changed something of it and were not taken back */
  broughtBy: ReadonlySet<number>
}

/** The rules by the number of the channel settings. */
export type RulesBy = (settings: number) => Rules

/** What names a clock within its order. */
export const nameOf = (clock: { kind: string; basis: string; round: number }): string =>
  `${clock.basis} ${clock.kind} ${clock.round}`

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
