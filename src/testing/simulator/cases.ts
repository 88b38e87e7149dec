import type { Instant } from "../../core/instants.ts"
import type { Answer } from "../../core/judge.ts"
import { type BreachFact, type CaseFact, type Life, nameOf } from "./life.ts"

const dayMs = 24 * 60 * 60_000

/** ENGINE §4, Cases: first what stands, those that reopen before the others, then in the order of clocks; then withdrawn cases are archived. */
export function work(
  life: {
    breaches: Map<string, BreachFact>
    cases: CaseFact[]
    dues: Life["dues"]
    casesFrom: Instant | null
  },
  answer: Answer,
  { standing, moved, fallen }: Record<"standing" | "moved" | "fallen", string[]>,
  at: Instant,
): { touched: boolean; opened: boolean } {
  const known = life.cases.length
  let touched = false
  const ownOf = (name: string) => life.breaches.get(name)!.ownCase
  const reopens = (name: string) => ownOf(name) !== null && life.cases[ownOf(name)!]!.withdrawn
  for (const name of [...standing.filter(reopens), ...standing.filter((each) => !reopens(each))]) {
    const breach = life.breaches.get(name)!
    const open = life.cases.findIndex((each) => each.archivedAt === null)
    const own = breach.ownCase === null ? undefined : life.cases[breach.ownCase]!
    if (open < 0 && own?.withdrawn) {
      Object.assign(own, { state: "open", withdrawn: false, archivedAt: null, reopened: own.reopened + 1 })
      own.log.push("reopened", "breach_joined")
      touched = true
    } else if (isHistory(life, answer, name)) breach.ownCase = null
    else if (open >= 0) {
      breach.ownCase = open
      touched ||= open < known
      life.cases[open]!.log.push("breach_joined")
    } else {
      const successorOf = life.cases.length > 0 ? life.cases.length - 1 : null
      breach.ownCase = life.cases.length
      life.cases.push({
        state: "open",
        openedAt: at,
        archivedAt: null,
        withdrawn: false,
        reopened: 0,
        successorOf,
        log: [],
      })
    }
  }
  for (const name of moved) if (ownOf(name) !== null) life.cases[ownOf(name)!]!.log.push("breach_moved")
  for (const name of fallen) if (ownOf(name) !== null) life.cases[ownOf(name)!]!.log.push("breach_withdrawn")
  touched ||= [...moved, ...fallen].some((name) => ownOf(name) !== null)
  for (const [i, own] of life.cases.entries()) {
    const breaches = [...life.breaches.values()].filter((each) => each.ownCase === i)
    const fell = fallen.some((name) => ownOf(name) === i)
    if (own.archivedAt !== null || !fell || breaches.some((each) => each.standing)) continue
    Object.assign(own, { state: "archived", withdrawn: true, archivedAt: at })
    own.log.push("withdrawn")
  }
  return { touched, opened: life.cases.length > known }
}

/** No case for a breach due before `casesFrom`, nor for one whose due was set more than 7 days after it had passed. */
export function isHistory(
  life: Pick<Life, "breaches" | "dues" | "casesFrom">,
  answer: Answer,
  name: string,
): boolean {
  const { dueAt } = life.breaches.get(name)!
  if (life.casesFrom === 0) return answer.clocks.find((each) => nameOf(each) === name)!.state === "closed"
  if (life.casesFrom !== null && dueAt < life.casesFrom) return true
  return life.dues.get(name)!.since - dueAt > 7 * dayMs
}

/** A case that people archived: the hook where their acts come in. */
export function archived(life: Life, which: number, at: Instant): Life {
  const cases = life.cases.map((each, i) =>
    i === which ? { ...each, state: "archived", archivedAt: at } : each,
  )
  return { ...life, cases, caseNextAt: null }
}
