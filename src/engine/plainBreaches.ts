import type { Instant } from "../core/instants.ts"
import { type CountsAs, countPlain } from "../core/plainBreach.ts"
import type { Tally } from "../core/rollups.ts"
import { type PlainClaim, passOrders } from "../store/agenda.ts"
import { openPlainCases, takeCaseNumbers } from "../store/cases.ts"
import { breakClocks, type PlainWarning, warnClocks } from "../store/clocks.ts"
import { caseNumber } from "../store/keys.ts"
import type { OutboxSubject } from "../store/outbox.ts"
import { Raced } from "../store/raced.ts"
import type { Session } from "../store/statement.ts"
import type { Opening } from "./casework.ts"
import { type Effects, sayAll } from "./effects.ts"

/** What the plain breaches of a tick come to, beside their rows. */
export type PlainlyFired = { cases: string[]; lagsMs: number[] }

/** How many cases a tick names to whoever shows them. */
const namedMax = 200

const list = (array: string): string[] => array.slice(1, -1).split(",")

/**
 * Lets plain breaches (core/plainBreach.ts) take effect: clocks, case, counts and outbox of hundreds of orders in five statements,
 * none of which is judged. Throws Raced when one of them was not as its agenda says.
 */
export async function firePlain(
  tx: Session,
  claim: PlainClaim | null,
  opening: Opening | null,
  at: Instant,
  effects: Effects,
  tally: Tally,
): Promise<PlainlyFired> {
  if (claim === null || opening === null) return { cases: [], lagsMs: [] }
  const buckets = list(claim.buckets).map(Number)
  const numbers = await takeCaseNumbers(tx, buckets)
  const { warnings, lagsMs } = sayAndCount(claim, at, effects, tally)
  const [broken, passed, , warned] = await Promise.all([
    breakClocks(tx, claim, numbers, at),
    passOrders(tx, claim, at, opening.nextAt),
    openPlainCases(tx, claim, numbers, at, opening),
    warnClocks(tx, warnings, at),
  ])
  if (broken !== claim.n || passed !== claim.n || warned !== warnings.length) throw new Raced()
  effects.warned += warned
  return { cases: numbers.slice(0, namedMax).map((n, i) => caseNumber(n, buckets[i]!)), lagsMs }
}

/** Counts plain breaches and the warnings that come with them, and gathers what has to be said; answers these warnings, and how late each breach is. */
function sayAndCount(claim: PlainClaim, at: Instant, effects: Effects, tally: Tally) {
  const warnings: PlainWarning[] = []
  const lagsMs: number[] = []
  tally.add(claim.n, "case", -1, ["open", null])
  for (const group of claim.groups) {
    const { kind, basis, n } = group
    const as = JSON.parse(group.countsAs) as CountsAs
    const [of, ids, rounds, dues] = [group.buckets, group.ids, group.rounds, group.dueAts].map(list)
    const about: OutboxSubject[] = []
    const warned: OutboxSubject[] = []
    for (let i = 0; i < n; i++) {
      const [bucket, id, dueAt] = [Number(of![i]), ids![i]!, Number(dues![i])]
      about.push([bucket, id, Number(rounds![i]), dueAt])
      lagsMs.push(at - dueAt)
      if (as.warns === null) continue
      warned.push([bucket, id, as.warns.round, dueAt + as.warns.dueAfterMs])
      warnings.push({ ...as.warns, bucket, id, levelAt: dueAt })
    }
    countPlain(tally, { ...as, kind, basis, n, dueAt: about[0]![3] }, at)
    sayAll(effects, "breach", { kind, basis, standard: as.standard }, about, { at })
    if (as.warns !== null) sayAll(effects, "warning", as.warns, warned, { at, level: as.warns.level })
  }
  return { warnings, lagsMs }
}
