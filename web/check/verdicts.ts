import type { CheckedOrder } from "../../src/core/check.ts"
import type { Clock } from "../../src/core/clocks.ts"

/** What became of an order, for the dots and the list; `other` has no deadline: not paid, or nothing to judge it by. */
export const groups = ["over", "near", "calm", "late", "met", "ended", "other"] as const
export type Group = (typeof groups)[number]

/** Lists of the page: those to act on first, one group, or all. */
export type Filter = "urgent" | "all" | Group

const nearMs = 4 * 3_600_000

/** One order of the list. Instants in milliseconds. */
export type Verdict = {
  orderNo: string
  name: string | null
  group: Group
  stage: string
  paidAt: number | null
  dueAt: number | null
  closedAt: number | null
  /** the clock that the figure is of */
  clock: { kind: Clock["kind"]; basis: Clock["basis"]; standard: string | null } | null
  incomplete: boolean
}

/** Which clock speaks for an order, and the group that it puts the order in: what is over and still owed, else what is owed next, else the worst that has ended. */
export function verdictOf({ orderNo, name, answer, incomplete }: CheckedOrder, asOf: number): Verdict {
  const { clock, group } = speaker(answer.clocks, asOf)
  return {
    orderNo,
    name,
    group,
    stage: answer.stage,
    paidAt: answer.facts.paid ?? null,
    dueAt: clock?.dueAt ?? null,
    closedAt: clock?.closedAt ?? null,
    clock: clock && { kind: clock.kind, basis: clock.basis, standard: clock.standard },
    incomplete,
  }
}

function speaker(clocks: readonly Clock[], asOf: number): { clock: Clock | null; group: Group } {
  const seen = clocks.filter(({ observed, dueAt }) => observed && dueAt !== null)
  const open = seen.filter(({ state }) => state !== "closed").sort(bySoonest)
  const over = open.find(({ state }) => state === "over")
  if (over) return { clock: over, group: "over" }
  const [next] = open
  if (next)
    return { clock: next, group: next.dueAt! - asOf <= nearMs && next.state !== "paused" ? "near" : "calm" }
  const late = seen
    .filter(({ outcome }) => outcome === "late")
    .sort((one, other) => lateBy(other) - lateBy(one))[0]
  if (late) return { clock: late, group: "late" }
  const met = seen
    .filter(({ outcome }) => outcome === "met")
    .sort(bySoonest)
    .at(-1)
  if (met) return { clock: met, group: "met" }
  const cancelled = clocks.find(({ outcome }) => outcome === "cancelled")
  return cancelled ? { clock: null, group: "ended" } : { clock: null, group: "other" }
}

const bySoonest = (one: Clock, other: Clock): number => one.dueAt! - other.dueAt!
const lateBy = ({ closedAt, dueAt }: Clock): number => (closedAt ?? 0) - dueAt!

/** Orders past an unobserved deadline, by kind: the file does not say whether they were in time. */
export function countUnobserved(
  clocks: readonly Clock[],
  into: Partial<Record<Clock["kind"], number>>,
): void {
  const told = new Set<Clock["kind"]>()
  for (const { observed, state, kind } of clocks)
    if (!observed && state === "over" && !told.has(kind)) {
      told.add(kind)
      into[kind] = (into[kind] ?? 0) + 1
    }
}

/** All verdicts of a file, and the lists made of them. */
export class Verdicts {
  readonly #all: Verdict[] = []
  readonly #lists = new Map<Filter, Verdict[]>()
  readonly counts: Record<Group, number> = { over: 0, near: 0, calm: 0, late: 0, met: 0, ended: 0, other: 0 }

  add(verdict: Verdict): void {
    this.#all.push(verdict)
    this.counts[verdict.group] += 1
  }

  /** A list in its order: soonest due first while something is owed, then the longest late, then the last paid. */
  list(filter: Filter): Verdict[] {
    let list = this.#lists.get(filter)
    if (!list) {
      list = this.#all.filter(
        ({ group }) =>
          filter === "all" ||
          group === filter ||
          (filter === "urgent" && (group === "over" || group === "near")),
      )
      list.sort(byNeed)
      this.#lists.set(filter, list)
    }
    return list
  }

  /** Every paid order by paid time: its group as a number, and when the first and each further one was paid. */
  dots(): { groups: Uint8Array; paidAt: Float64Array } {
    const paid = this.#all
      .filter(({ paidAt }) => paidAt !== null)
      .sort((one, other) => one.paidAt! - other.paidAt!)
    return {
      groups: Uint8Array.from(paid, ({ group }) => groups.indexOf(group)),
      paidAt: Float64Array.from(paid, ({ paidAt }) => paidAt!),
    }
  }
}

function byNeed(one: Verdict, other: Verdict): number {
  const rank = (group: Group) => (group === "near" || group === "over" ? 0 : groups.indexOf(group))
  const difference = rank(one.group) - rank(other.group)
  if (difference !== 0) return difference
  if (one.group === "late") return other.closedAt! - other.dueAt! - (one.closedAt! - one.dueAt!)
  if (one.dueAt !== null && other.dueAt !== null && rank(one.group) <= 2) return one.dueAt - other.dueAt
  return (other.paidAt ?? 0) - (one.paidAt ?? 0)
}
