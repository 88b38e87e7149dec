import type { Instant } from "./instants.ts"
import type { Clock } from "./judge.ts"

/** What names a clock within its subject. */
export type ClockKey = Pick<Clock, "kind" | "basis" | "round">
/** A warning level that has taken effect, with the instant of the level (of `unconfirmed`: the due). */
export type Firing = ClockKey & { level: string; at: Instant }
/** A breach that was acted on; withdrawn ones do not stand and may stand again. */
export type Breach = ClockKey & { dueAt: Instant; standing: boolean; caseN: number | null }

/** Something that the tick still has to do for a subject (ENGINE §3, the table of what is owed). */
export type Owed =
  | { what: "warning"; clock: Clock; level: string; at: Instant }
  | { what: "unconfirmed"; clock: Clock; dueAt: Instant }
  | { what: "breach"; clock: Clock; dueAt: Instant }
  | { what: "moved"; clock: Clock; dueAt: Instant; from: Instant }
  | { what: "withdrawal"; breach: Breach; clock: Clock | null }

const same = (one: ClockKey, other: ClockKey): boolean =>
  one.kind === other.kind && one.basis === other.basis && one.round === other.round

const isLate = (clock: Clock): boolean => clock.state === "over" || clock.outcome === "late"

/** Everything that is owed to a subject at `now`, clocks in their order, withdrawals last. `watched`: its clocks owe at all. */
export function owed(
  subject: {
    clocks: readonly Clock[]
    firings: readonly Firing[]
    breaches: readonly Breach[]
    watched: boolean
  },
  now: Instant,
): Owed[] {
  const all: Owed[] = []
  for (const clock of subject.clocks) {
    if (!subject.watched || !clock.observed) continue
    warnings(all, clock, subject.firings, now)
    lateness(all, clock, subject)
  }
  for (const breach of subject.breaches) {
    const clock = subject.clocks.find((each) => same(each, breach)) ?? null
    if (breach.standing && isWithdrawn(clock, subject.watched))
      all.push({ what: "withdrawal", breach, clock })
  }
  return all
}

function warnings(all: Owed[], clock: Clock, firings: readonly Firing[], now: Instant): void {
  if (clock.state === "closed") return
  const fired = (level: string, at: Instant) =>
    firings.some((each) => each.level === level && each.at >= at && same(each, clock))
  for (let i = 0; i < clock.warnAt.length; i++) {
    const at = clock.warnAt[i]
    const level = clock.warnLevels[i]
    if (at == null || level === undefined || at > now || fired(level, at)) continue
    all.push({ what: "warning", clock, level, at })
  }
}

function lateness(
  all: Owed[],
  clock: Clock,
  subject: { firings: readonly Firing[]; breaches: readonly Breach[] },
): void {
  if (clock.dueAt === null || !isLate(clock)) return
  const standing = subject.breaches.find((each) => each.standing && same(each, clock))
  if (standing) {
    if (standing.dueAt !== clock.dueAt)
      all.push({ what: "moved", clock, dueAt: clock.dueAt, from: standing.dueAt })
    return
  }
  if (!clock.unconfirmed) {
    all.push({ what: "breach", clock, dueAt: clock.dueAt })
    return
  }
  const told = subject.firings.some(
    (each) => each.level === "unconfirmed" && each.at >= clock.dueAt! && same(each, clock),
  )
  if (!told) all.push({ what: "unconfirmed", clock, dueAt: clock.dueAt })
}

/** A breach falls when its clock is neither over nor late any more. Becoming unobserved or unwatched alone withdraws nothing. */
export function isWithdrawn(clock: Clock | null, watched: boolean): boolean {
  if (!watched || clock?.observed === false) return clock?.outcome === "met"
  return clock === null || !isLate(clock)
}

/** Of the warnings owed together, the one of each clock that has effects: the latest, of equal ones the last; none while over. */
export function effectiveWarnings(all: readonly Owed[]): Extract<Owed, { what: "warning" }>[] {
  const latest: Extract<Owed, { what: "warning" }>[] = []
  for (const each of all) {
    if (each.what !== "warning" || each.clock.state === "over") continue
    const index = latest.findIndex((other) => other.clock === each.clock)
    if (index < 0) latest.push(each)
    else if (each.at >= latest[index]!.at) latest[index] = each
  }
  return latest
}
