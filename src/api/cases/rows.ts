import type { OrderFact } from "../../core/caseFacts.ts"
import { nearAtOf, type OwedStep } from "../../core/innerClocks.ts"
import type { Instant } from "../../core/instants.ts"
import { isoOf, isoOrNull } from "../../core/instants.ts"
import { type InnerKind, innerKinds, type Policy } from "../../core/policy.ts"
import { stateOf } from "../../engine/cases/counting.ts"
import { namesOf } from "../../store/assignees.ts"
import type { ListedCase } from "../../store/caseLists.ts"
import type { StoredClock } from "../../store/clocks.ts"
import { caseNumber } from "../../store/keys.ts"
import type {
  CaseRow,
  CaseState,
  FactView,
  InnerClockView,
  OwedView,
  OwedWhat,
  PersonRef,
} from "../contract/cases.ts"
import type { World } from "../world.ts"

/** Which clock runs while something is owed. */
export const clockOf: Record<OwedWhat, InnerKind> = {
  assign: "assign",
  decide: "assign",
  analyse: "analyse",
  plan: "analyse",
  tell: "tell",
  resolve: "eta",
  replan: "eta",
  report: "report",
  archive: "archive",
}
/** Steps that a department owes as a whole, whoever has the case. */
const nobodys = new Set(["tell", "archive"])

/** An instant that is Infinity where there is none. */
export const isoOrNone = (at: Instant | null): string | null =>
  at === null || at === Infinity ? null : isoOf(at)

/** The clause of an inner clock under the newest version that has it. */
export const clauseOf = (policies: readonly Policy[], kind: InnerKind): string | null =>
  policies
    .findLast(({ inner }) => inner.some(({ clock }) => clock === kind))
    ?.inner.find(({ clock }) => clock === kind)?.clause ?? null

/** Names of people by their ids, as pages show them. */
export type Names = ReadonlyMap<string, string>
/** A person by id, or null. */
export const personRef = (names: Names, id: string | null): PersonRef | null =>
  id === null ? null : { id, name: names.get(id) ?? "" }

/** How a countdown stands. */
export const dueStateOf = (dueAt: Instant | null, nearAt: Instant | null, now: Instant): OwedView["state"] =>
  dueAt !== null && dueAt < now ? "over" : nearAt !== null && nearAt <= now ? "near" : "running"

/** A fact that resolves a case. */
export const factView = (fact: OrderFact | null): FactView | null =>
  fact && ({ fact: fact.fact, at: isoOf(fact.at), date: isoOrNull(fact.date) } as FactView)

/** Cases as lists show them. */
export async function caseRows(world: World, cases: readonly ListedCase[], now: Instant): Promise<CaseRow[]> {
  const [names, book] = await Promise.all([
    namesOf(
      world.db.pool,
      cases.map(({ assignee }) => assignee),
    ),
    world.ruleBook(world.db.pool),
  ])
  return cases.map((each) => caseRow(each, { names, policies: book.policies, now }))
}

/** A case as lists show it. */
export function caseRow(
  each: ListedCase,
  { names, policies, now }: { names: Names; policies: readonly Policy[]; now: Instant },
): CaseRow {
  const standing = each.breaches.filter(({ withdrawnAt }) => withdrawnAt === null)
  const worst = standing[0]
  return {
    id: caseNumber(each.n, each.bucket),
    number: caseNumber(each.n, each.bucket),
    version: each.version,
    order: { channel: each.channel, shop: each.shop, orderNo: each.orderNo },
    product: each.product,
    breaches: each.breaches.map(({ clock, basis, round, dueAt, withdrawnAt }) => ({
      clock,
      basis,
      round,
      dueAt: isoOf(dueAt),
      withdrawnAt: isoOrNull(withdrawnAt),
    })) as CaseRow["breaches"],
    state: stateOf(each) as CaseState,
    department: each.department,
    assignee: personRef(names, each.assignee),
    cause: each.cause,
    proposed: each.proposed,
    incident:
      each.incident === null || each.incidentNumber === null
        ? null
        : { id: each.incident, number: `I-${each.incidentNumber}`, title: each.incidentTitle ?? "" },
    exempt: each.exempt,
    openedAt: isoOf(each.openedAt),
    changedAt: isoOf(each.changedAt),
    archivedAt: isoOrNull(each.archivedAt),
    handOns: each.handOns,
    reopened: each.reopened,
    etaAt: isoOrNull(each.etaAt),
    etaChanges: each.etaChanges,
    resolvable: factView(each.resolvable),
    lateFrom: worst ? isoOf(worst.dueAt) : null,
    lateUntil: worst ? isoOrNull(worst.closedAt) : null,
    believes: each.believes && {
      etaAt: isoOrNull(each.believes.etaAt),
      at: isoOf(each.believes.at),
      how: each.believes.how,
      by: each.believes.by,
    },
    ...(each.size === undefined ? {} : { size: each.size }),
    owed: each.owed === null ? null : storedOwed(each, { names, policies, now }),
  }
}

function storedOwed(
  each: ListedCase,
  { names, policies, now }: { names: Names; policies: readonly Policy[]; now: Instant },
): OwedView {
  const what = each.owed as OwedWhat
  const clock = clockOf[what]
  const hasClock = each.owedDueAt !== Infinity
  return {
    what,
    clock: hasClock ? clock : null,
    round: 0,
    clause: clauseOf(policies, clock),
    department: each.owedBy,
    person: nobodys.has(what) ? null : personRef(names, each.assignee),
    startAt: isoOf(each.owedFromAt ?? each.openedAt),
    nearAt: isoOrNone(each.owedNearAt),
    dueAt: isoOrNone(each.owedDueAt),
    state: dueStateOf(each.owedDueAt, each.owedNearAt, now),
  }
}

/** What is owed in a case, from its clocks. */
export function owedView(
  step: OwedStep,
  {
    names,
    policies,
    now,
    since,
  }: { names: Names; policies: readonly Policy[]; now: Instant; since: Instant },
): OwedView {
  const { clock } = step
  const nearAt = clock && nearAtOf(clock)
  return {
    what: step.what,
    clock: clock ? (clock.kind as InnerKind) : null,
    round: clock?.round ?? 0,
    clause: clauseOf(policies, clockOf[step.what]),
    department: step.department,
    person: personRef(names, step.person),
    startAt: isoOf(clock?.startAt ?? since),
    nearAt: isoOrNull(nearAt),
    dueAt: isoOrNull(clock?.dueAt),
    state: dueStateOf(clock?.dueAt ?? null, nearAt, now),
  }
}

/** The inner clocks of a subject as pages show them, in the order of its way. */
export function innerClockViews(
  clocks: readonly StoredClock[],
  policies: readonly Policy[],
): InnerClockView[] {
  const rank = ({ kind }: StoredClock) => innerKinds.indexOf(kind as InnerKind)
  return [...clocks]
    .sort((one, other) => rank(one) - rank(other) || one.round - other.round)
    .map((clock) => ({
      kind: clock.kind as InnerKind,
      round: clock.round,
      standard: clock.standard,
      clause: clauseOf(policies, clock.kind as InnerKind),
      startAt: isoOf(clock.startAt),
      dueAt: isoOrNull(clock.dueAt),
      warnAt: clock.warnAt.map(isoOrNull),
      state: clock.state,
      outcome: clock.outcome,
      closedAt: isoOrNull(clock.closedAt),
      stoppedBy: clock.stoppedBy,
      breachedAt: clock.breachStanding ? isoOrNull(clock.breachFiredAt) : null,
    }))
}
