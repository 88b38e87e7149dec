import type { Instant } from "../core/instants.ts"
import { countPlain } from "../core/plain.ts"
import type { Tally } from "../core/rollups.ts"
import { openPlainCases, takeCaseNumbers } from "../store/cases.ts"
import { breakClocks } from "../store/clocks.ts"
import { caseNumber } from "../store/keys.ts"
import { type PlainClaim, passOrders } from "../store/orders.ts"
import { Raced } from "../store/raced.ts"
import type { Session } from "../store/statement.ts"
import type { Opening } from "./casework.ts"
import { type Effects, sayAll } from "./effects.ts"

/** What the plain breaches of a tick come to, beside their rows. */
export type PlainlyFired = { cases: string[]; lagsMs: number[]; orders: string[] }

/**
 * Lets plain breaches (core/plain.ts) take effect: clock, case, counts and outbox of hundreds of orders in four statements,
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
  if (claim === null || opening === null) return { cases: [], lagsMs: [], orders: [] }
  const buckets = claim.buckets.slice(1, -1).split(",").map(Number)
  const numbers = await takeCaseNumbers(tx, buckets)
  const [groups, passed] = await Promise.all([
    breakClocks(tx, claim, numbers, at),
    passOrders(tx, claim, at, opening.nextAt),
    openPlainCases(tx, claim, numbers, at, opening),
  ])
  const broken = groups.reduce((n, group) => n + group.n, 0)
  if (broken !== claim.n || passed !== claim.n) throw new Raced()
  tally.add(claim.n, "case", -1, ["open", null])
  for (const group of groups) {
    countPlain(tally, { ...group, dueAt: group.about[0]![3] }, at)
    sayAll(effects, "breach", group, group.about, { at })
  }
  return {
    cases: numbers.slice(0, 200).map((n, i) => caseNumber(n, buckets[i]!)),
    lagsMs: groups.flatMap(({ sinceWhen }) => sinceWhen.map((since) => at - since)),
    orders: groups.flatMap(({ channel, shop, orderNos }) => orderNos.map((no) => `${channel}/${shop}/${no}`)),
  }
}
