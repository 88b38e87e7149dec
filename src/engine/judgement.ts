import type { Json, OrderKey } from "../core/events.ts"
import type { Instant } from "../core/instants.ts"
import { type Answer, type Clock, judge } from "../core/judge.ts"
import type { Told } from "../core/ledger.ts"
import { owed } from "../core/owed.ts"
import { type Counted, countClock, countOrder, type Tally } from "../core/rollups.ts"
import { nextDueOf } from "../core/stored.ts"
import type { StoredClock } from "../store/clocks.ts"
import type { StoredBreach, StoredFiring } from "../store/firings.ts"
import type { Place } from "../store/keys.ts"
import type { StoredOrder } from "../store/orders.ts"
import type { RuleBook } from "./world.ts"

/** An order as a transaction holds it: what is stored, and what has fired of it. */
export type Held = {
  place: Place
  key: OrderKey
  /** null: it is new */
  order: StoredOrder | null
  clocks: StoredClock[]
  firings: StoredFiring[]
  breaches: StoredBreach[]
  /** breaches due before open no case; set when the order is first heard of by an import */
  casesFrom: Instant | null
}

/** What a judgement makes of an order: the rows to write. */
export type Judged = { held: Held; order: StoredOrder; clocks: StoredClock[] }

const text = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null)

/** Judges an order at `at` by everything told of it and answers its rows as they are then to be stored. */
export function judgeHeld(
  held: Held,
  told: readonly Told[],
  book: RuleBook,
  at: Instant,
  unwatched: StoredOrder["unwatched"] = held.order?.unwatched ?? null,
): Judged {
  const settings = held.order?.settings ?? book.settings
  const answer = judge(held.key, told, book.rules(settings), at)
  const clocks = answer.clocks.map((clock) => storedClock(held, clock, answer.policy, at))
  return { held, order: storedOrder(held, answer, { settings, unwatched }, clocks, at), clocks }
}

function storedClock(held: Held, clock: Clock, policy: number | null, at: Instant): StoredClock {
  const before = held.clocks.find(
    (each) => each.kind === clock.kind && each.basis === clock.basis && each.round === clock.round,
  )
  return {
    ...clock,
    bucket: held.place.bucket,
    subjectKind: "order",
    subjectId: held.place.id,
    policy,
    dueSince: before && before.dueAt === clock.dueAt ? before.dueSince : at,
    warnings: clock.warnLevels.map((level, i) => [level, clock.warnAt[i] ?? null]),
  }
}

function storedOrder(
  held: Held,
  answer: Answer,
  { settings, unwatched }: Pick<StoredOrder, "settings" | "unwatched">,
  clocks: StoredClock[],
  at: Instant,
): StoredOrder {
  const before = held.order
  const watched = answer.watched && unwatched === null
  const nextDueAt = watched ? nextDueOf(clocks) : null
  const owes = owed({ clocks, firings: held.firings, breaches: held.breaches, watched }, at).length > 0
  return {
    ...held.place,
    ...held.key,
    version: (before?.version ?? 0) + 1,
    stage: answer.stage,
    endAt: answer.endAt,
    createdAt: answer.facts.created ?? null,
    paidAt: answer.facts.paid ?? null,
    facts: answer.facts,
    details: answer.details as Record<string, Json>,
    anomalies: answer.anomalies,
    liveSession: text(answer.details.liveSession),
    warehouse: text(answer.details.warehouse),
    policy: answer.policy,
    settings,
    watched,
    unwatched,
    casesFrom: held.casesFrom,
    toldAt: answer.greatestToldAt,
    receivedAt: before?.receivedAt ?? at,
    judgedAt: at,
    recheckAt: answer.recheckAt,
    nextAt: owes ? at : answer.nextAt,
    nextDueAt,
    stuck: null,
  }
}

/** What of a stored order its counts depend on. */
const counted = (order: StoredOrder): Counted => ({ ...order, spokenOf: order.toldAt !== null })

/** Takes an order and its clocks out of the counts as they were and puts them in as they are. */
export function recount(tally: Tally, { held, order, clocks }: Judged): void {
  if (held.order) {
    const before = counted(held.order)
    countOrder(tally, before, held.clocks, -1)
    for (const clock of held.clocks) countClock(tally, before, clock, -1)
  }
  const now = counted(order)
  countOrder(tally, now, clocks, 1)
  for (const clock of clocks) countClock(tally, now, clock, 1)
}

/** How the clock rows of an order change: which are new, which altered and which are gone. */
export function clockChanges({ held, clocks }: Judged): {
  added: StoredClock[]
  altered: StoredClock[]
  gone: StoredClock[]
} {
  if (held.clocks.length === 0) return { added: clocks, altered: [], gone: [] }
  const before = new Map(held.clocks.map((clock) => [nameOf(clock), clock]))
  const changes = { added: [] as StoredClock[], altered: [] as StoredClock[], gone: [] as StoredClock[] }
  for (const clock of clocks) {
    const old = before.get(nameOf(clock))
    if (old === undefined) changes.added.push(clock)
    else if (differs(old, clock)) changes.altered.push(clock)
    before.delete(nameOf(clock))
  }
  changes.gone.push(...before.values())
  return changes
}

const nameOf = (clock: Clock): string => `${clock.kind} ${clock.basis} ${clock.round}`

function differs(one: StoredClock, other: StoredClock): boolean {
  return (
    one.state !== other.state ||
    one.outcome !== other.outcome ||
    one.closedAt !== other.closedAt ||
    one.stoppedBy !== other.stoppedBy ||
    one.dueAt !== other.dueAt ||
    one.startAt !== other.startAt ||
    one.standard !== other.standard ||
    one.policy !== other.policy ||
    one.observed !== other.observed ||
    one.unconfirmed !== other.unconfirmed ||
    one.pausedUntil !== other.pausedUntil ||
    one.warnings.length !== other.warnings.length ||
    one.warnings.some(([level, at], i) => other.warnings[i]![0] !== level || other.warnings[i]![1] !== at)
  )
}
