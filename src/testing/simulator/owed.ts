import type { Instant } from "../../core/instants.ts"
import type { Answer, Clock } from "../../core/judge.ts"
import { type Effective, isWatched, type Life, nameOf } from "./life.ts"

const isOpen = (clock: Clock): boolean => clock.state !== "closed"
const isLate = (clock: Clock): boolean => clock.state === "over" || clock.outcome === "late"

/** Something owed, as the table of ENGINE §3 has it. */
export type Debt =
  | { what: "warning"; clock: Clock; level: string; at: Instant }
  | { what: "unconfirmed" | "breach" | "moved"; clock: Clock; dueAt: Instant }
  | { what: "withdrawal"; name: string; clock: Clock | undefined }

/** All that is owed to an order at an instant. */
export const owedTo = (life: Life, answer: Answer, at: Instant): Debt[] =>
  owedOf(life, answer.clocks, isWatched(life, answer), at)

/** All that is owed of clocks at an instant: clock by clock, withdrawals last. */
export function owedOf(
  { fired, breaches }: Effective,
  clocks: readonly Clock[],
  watched: boolean,
  at: Instant,
): Debt[] {
  const debts: Debt[] = []
  const firedFor = (clock: Clock, level: string, instant: Instant) =>
    (fired.get(`${nameOf(clock)} ${level}`)?.at ?? -Infinity) >= instant
  for (const clock of clocks) {
    if (!watched || !clock.observed) continue
    if (isOpen(clock))
      for (const [i, level] of clock.warnLevels.entries()) {
        const instant = clock.warnAt[i] ?? null
        if (instant !== null && instant <= at && !firedFor(clock, level, instant))
          debts.push({ what: "warning", clock, level, at: instant })
      }
    const dueAt = clock.dueAt
    if (dueAt === null || !isLate(clock)) continue
    const breach = breaches.get(nameOf(clock))
    if (breach?.standing) {
      if (breach.dueAt !== dueAt) debts.push({ what: "moved", clock, dueAt })
    } else if (!clock.unconfirmed) debts.push({ what: "breach", clock, dueAt })
    else if (!firedFor(clock, "unconfirmed", dueAt)) debts.push({ what: "unconfirmed", clock, dueAt })
  }
  for (const [name, breach] of breaches) {
    if (!breach.standing) continue
    const clock = clocks.find((each) => nameOf(each) === name)
    const owes = watched && clock?.observed !== false
    if (owes ? clock === undefined || !isLate(clock) : clock?.outcome === "met")
      debts.push({ what: "withdrawal", name, clock })
  }
  return debts
}
