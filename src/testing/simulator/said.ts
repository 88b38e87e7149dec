import type { Instant } from "../../core/instants.ts"
import type { Clock } from "../../core/judge.ts"
import { nameOf, type Said } from "./life.ts"
import type { Debt } from "./owed.ts"

/** Of what something is said, and to whom. */
type About = Pick<Said, "ownCase" | "department">
const theOrder: About = { ownCase: null, department: "operations" }

/** What is said of a clock. */
export const saying = (
  kind: Said["kind"],
  clock: Clock,
  level: string | null,
  at: Instant,
  about = theOrder,
): Said => ({
  ...about,
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
export function warn(
  life: { fired: Map<string, { at: Instant; firedAt: Instant }>; said: Said[] },
  debts: readonly Debt[],
  at: Instant,
  aboutOf: (clock: Clock) => About = () => theOrder,
): void {
  const latest = new Map<Clock, { level: string; at: Instant }>()
  for (const debt of debts) {
    if (debt.what === "unconfirmed") {
      life.fired.set(`${nameOf(debt.clock)} unconfirmed`, { at: debt.dueAt, firedAt: at })
      life.said.push(saying("unconfirmed", debt.clock, null, at, aboutOf(debt.clock)))
    }
    if (debt.what !== "warning") continue
    life.fired.set(`${nameOf(debt.clock)} ${debt.level}`, { at: debt.at, firedAt: at })
    const before = latest.get(debt.clock)
    if (debt.clock.state !== "over" && (before === undefined || debt.at >= before.at))
      latest.set(debt.clock, { level: debt.level, at: debt.at })
  }
  for (const [clock, { level }] of latest) life.said.push(saying("warning", clock, level, at, aboutOf(clock)))
}
