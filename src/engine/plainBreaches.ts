import type { Instant } from "../core/instants.ts"
import { type CountsAs, countPlain } from "../core/plainBreach.ts"
import type { Tally } from "../core/rollups.ts"
import { type PlainClaim, passOrders } from "../store/agenda.ts"
import { openPlainCases, takeCaseNumbers } from "../store/cases.ts"
import { breakClocks } from "../store/clocks.ts"
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
 * Lets plain breaches (core/plainBreach.ts) take effect: clock, case, counts and outbox of hundreds of orders in four statements,
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
  const [broken, passed] = await Promise.all([
    breakClocks(tx, claim, numbers, at),
    passOrders(tx, claim, at, opening.nextAt),
    openPlainCases(tx, claim, numbers, at, opening),
  ])
  if (broken !== claim.n || passed !== claim.n) throw new Raced()
  tally.add(claim.n, "case", -1, ["open", null])
  const lagsMs: number[] = []
  for (const group of claim.groups) {
    const { kind, basis, n } = group
    const as = JSON.parse(group.countsAs) as CountsAs
    const [of, ids, rounds, dues] = [group.buckets, group.ids, group.rounds, group.dueAts].map(list)
    const about: OutboxSubject[] = []
    for (let i = 0; i < n; i++) {
      const dueAt = Number(dues![i])
      about.push([Number(of![i]), ids![i]!, Number(rounds![i]), dueAt])
      lagsMs.push(at - dueAt)
    }
    countPlain(tally, { ...as, kind, basis, n, dueAt: about[0]![3] }, at)
    sayAll(effects, "breach", { kind, basis, standard: as.standard }, about, { at })
  }
  return { cases: numbers.slice(0, namedMax).map((n, i) => caseNumber(n, buckets[i]!)), lagsMs }
}
