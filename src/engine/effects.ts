import { owerOf } from "../core/innerClocks.ts"
import type { Instant } from "../core/instants.ts"
import { effectiveWarnings, type Owed, owed } from "../core/owed.ts"
import { slotMs, slotOf, type Tally } from "../core/rollups.ts"
import { breachesOf, firingsOf, type StoredClock } from "../store/clocks.ts"
import type { OutboxRow } from "../store/outbox.ts"
import { isHistory } from "./history.ts"
import type { Carried } from "./judgement.ts"

/** What is owed to one order, to its case, or to a duty (`order` null), at a tick; inner clocks with the department that owes. */
export type Debt = {
  judged: Pick<Carried, "clocks" | "gone"> & { order: Carried["order"] | null }
  owed: Owed[]
  department?: string | null
}

/** What is owed to an order. */
export type OrderDebt = Debt & { judged: Carried }

/** All that a tick lets happen. It stands in the clock rows already; the lists say to which rows what happened. */
export type Effects = {
  warned: number
  breaches: StoredClock[]
  moved: StoredClock[]
  withdrawn: StoredClock[]
  outbox: Map<string, Omit<OutboxRow, "id" | "bucket">>
}

/** Nothing has happened yet. */
export const noEffect = (): Effects => ({
  warned: 0,
  breaches: [],
  moved: [],
  withdrawn: [],
  outbox: new Map(),
})

/** The orders to which something is owed at `at`. */
export function debtsOf(all: readonly Carried[], at: Instant): OrderDebt[] {
  const debts: OrderDebt[] = []
  for (const judged of all) {
    const { order, clocks, gone } = judged
    const rows = gone.length > 0 ? [...clocks, ...gone] : clocks
    const due = owed(
      { clocks, firings: firingsOf(rows), breaches: breachesOf(rows), watched: order.watched },
      at,
    )
    if (due.length > 0) debts.push({ judged, owed: due })
  }
  return debts
}

/** Lets everything owed happen to the clock rows, counts it and gathers what has to be said of it. */
export function effectsOf(debts: readonly Debt[], at: Instant, tally: Tally): Effects {
  const effects = noEffect()
  for (const debt of debts) {
    for (const each of debt.owed) happen(effects, debt, each, at, tally)
    for (const { clock, level } of effectiveWarnings(debt.owed)) {
      say(effects, "warning", clock as StoredClock, at, toldTo(debt, clock as StoredClock), level)
      const { order } = debt.judged
      if (order === null || isInner(clock as StoredClock)) continue
      tally.add(1, "warning", slotOf(at), [clock.kind, clock.basis, level, order.channel, order.shop])
    }
  }
  return effects
}

const isInner = ({ subjectKind }: StoredClock): boolean => subjectKind !== "order"

/** Who is told: of orders operations, of a case whoever owes the step. */
const toldTo = ({ department }: Debt, clock: StoredClock): string =>
  isInner(clock) ? owerOf(clock, department ?? null) : "operations"

function happen(effects: Effects, debt: Debt, each: Owed, at: Instant, tally: Tally): void {
  const { judged } = debt
  const clock = each.what === "withdrawal" ? rowOf(judged, each.breach) : (each.clock as StoredClock)
  const { order } = judged
  // Breaches of inner clocks are counted from their rows; the board counts what customers wait for.
  const counted = isInner(clock) ? null : order
  const count = (n: 1 | -1, topic: "breach" | "fired", on: Instant | null) => {
    if (counted !== null)
      tally.add(n, topic, slotOf(on), [clock.kind, clock.basis, counted.channel, counted.shop])
  }
  clock.effects += 1
  if (each.what === "warning") {
    fire(clock, each.level, each.at, at)
    effects.warned += 1
  } else if (each.what === "unconfirmed") {
    fire(clock, "unconfirmed", each.dueAt, at)
    effects.warned += 1
    say(effects, "unconfirmed", clock, at, toldTo(debt, clock))
  } else if (each.what === "breach") {
    Object.assign(clock, { breachDueAt: each.dueAt, breachFiredAt: at, breachStanding: true })
    Object.assign(clock, { breachWithdrawnAt: null, breachWhy: null })
    effects.breaches.push(clock)
    // What was history when it was first heard of is counted, and nobody is alerted: a first import is no flood.
    if (counted === null || !isHistory({ order: counted }, clock))
      say(effects, "breach", clock, at, toldTo(debt, clock))
    count(1, "breach", each.dueAt)
    count(1, "fired", at)
  } else if (each.what === "moved") {
    clock.breachDueAt = each.dueAt
    effects.moved.push(clock)
    count(-1, "breach", each.from)
    count(1, "breach", each.dueAt)
  } else {
    Object.assign(clock, {
      breachStanding: false,
      breachWithdrawnAt: at,
      // Whoever judged it again by other settings has said why already.
      breachWhy:
        clock.breachWhy ?? (counted === null ? { reason: "act_undone" } : whyWithdrawn(counted, each.clock)),
    })
    effects.withdrawn.push(clock)
    count(-1, "breach", clock.breachDueAt)
    count(-1, "fired", clock.breachFiredAt)
  }
}

/** The row of a clock that fell, among those that are gone too. */
const rowOf = (
  { clocks, gone }: Debt["judged"],
  wanted: { kind: string; basis: string; round: number },
): StoredClock =>
  [...clocks, ...gone].find(
    (each) => each.kind === wanted.kind && each.basis === wanted.basis && each.round === wanted.round,
  )!

function fire(clock: StoredClock, level: string, levelAt: Instant, at: Instant): void {
  const others = (clock.fired ?? []).filter(([fired]) => fired !== level)
  clock.fired = [...others, [level, levelAt, at]]
}

/** Why a breach fell: what its clock says now, as data that a page can put into words. */
function whyWithdrawn(order: Carried["order"], clock: Owed["clock"]): Record<string, unknown> {
  if (clock === null)
    return { reason: order.toldAt === null ? "import_undone" : "clock_gone", stage: order.stage }
  return {
    reason: clock.state === "closed" ? (clock.outcome ?? "closed") : "due_moved",
    dueAt: clock.dueAt,
    closedAt: clock.closedAt,
    stoppedBy: clock.stoppedBy,
  }
}

/** Gathers what leaves the process by department, standard and quarter of an hour. */
function say(
  effects: Effects,
  kind: OutboxRow["kind"],
  clock: StoredClock,
  at: Instant,
  department: string,
  level: string | null = null,
): void {
  const about: OutboxRow["about"] = [[clock.bucket, clock.subjectId, clock.round, clock.dueAt]]
  sayAll(effects, kind, clock, about, { at, department, level })
}

/** The same of many clocks of one standard. */
export function sayAll(
  effects: Effects,
  kind: OutboxRow["kind"],
  clock: Pick<StoredClock, "kind" | "basis" | "standard">,
  about: OutboxRow["about"],
  {
    at,
    department = "operations",
    level = null,
  }: { at: Instant; department?: string; level?: string | null },
): void {
  const standard = clock.standard ?? clock.basis
  const key = `${kind} ${department} ${standard} ${clock.kind} ${clock.basis} ${level}`
  const row = effects.outbox.get(key)
  if (row) for (const each of about) row.about.push(each)
  else
    effects.outbox.set(key, {
      kind,
      department,
      standard,
      clock: clock.kind,
      basis: clock.basis,
      level,
      windowAt: Math.floor(at / slotMs) * slotMs,
      about: [...about],
      createdAt: at,
    })
}
