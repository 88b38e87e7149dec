import type { Instant } from "../../core/instants.ts"
import type { ActInput } from "../../engine/cases/hand.ts"
import type { Place } from "../../store/keys.ts"
import type { IncidentBook } from "./incidentBook.ts"
import { type Arrival, type CaseFact, changedAt, type Life, type RulesBy } from "./life.ts"
import type { Worker } from "./staff.ts"
import { acted, actTakenBack, reached, ticked, told, watched, without } from "./steps.ts"

/** An act as it bears on orders. `certain`: it was acknowledged, so it has happened; the others may have. */
export type Deed = { certain: boolean } & (
  | { kind: "write"; tells: ReadonlyMap<string, Telling>; ats: readonly Instant[] }
  | { kind: "watch"; id: string; watched: boolean; at: Instant }
  | { kind: "undo"; number: number; ids: ReadonlySet<string>; at: Instant }
  | { kind: "tick"; at: Instant }
  /** a job that brings the acts of an incident to its cases; `ats`: the instants that it may have had */
  | { kind: "carry"; n: number; at: Instant; ats: readonly Instant[] }
  | ({ kind: "act"; actId: string | undefined; input: ActInput; workers: readonly Worker[] } & Handed)
  | ({ kind: "takeBack" } & Handed)
)
/** What acts on cases have in common: by order which of its cases; `ats`: the instants that one upon several orders may have had, null: that of its only order. */
type Handed = {
  tag: number
  by: Worker
  on: ReadonlyMap<string, { which: number; version?: number | undefined }>
  at: Instant
  ats: readonly Instant[] | null
}
/** What a write tells one order of. */
export type Telling = {
  fresh: Pick<Life, "key" | "settings" | "casesFrom"> & Place
  arrivals: readonly Arrival[]
}
/** One way in which the acts of a scene may have come upon an order. */
export type Branch = {
  life: Life | null
  happened: ReadonlySet<Deed>
  answers: ReadonlyMap<Deed, readonly string[]>
}

/**
 * Every way in which acts that went on side by side may have come upon an order so that it has this many versions: each
 * once at most, ticks as often as something was due, in any order in which the instant never steps back.
 */
export function* branches(
  id: string,
  from: Life | null,
  deeds: readonly Deed[],
  version: number,
  rules: Rules,
): Generator<Branch> {
  const concerning = deeds.filter((deed) => concerns(deed, id))
  function* walk(branch: Branch): Generator<Branch> {
    const reached = branch.life?.version ?? 0
    if (reached > version) return
    const isWhole = concerning.every((deed) => !isDue(deed) || branch.happened.has(deed))
    if (reached === version && isWhole && (branch.life === null || rules.incidents.isThrough(branch.life)))
      yield branch
    for (const deed of concerning) {
      if (branch.happened.has(deed)) continue
      for (const next of after(id, branch, deed, rules, deeds)) yield* walk(next)
    }
  }
  yield* walk({ life: from, happened: new Set(), answers: new Map() })
}

/** What the company goes by: its rules, and what is done for the cases of its incidents. */
export type Rules = { rules: RulesBy; incidents: Pick<IncidentBook, "comingTo" | "isThrough" | "waits"> }

/** What comes upon whatever is there for it, as often as there is. */
export const isWork = (deed: Deed): boolean => deed.kind === "tick" || deed.kind === "carry"
const isDue = (deed: Deed): boolean => deed.certain && !isWork(deed)

const concerns = (deed: Deed, id: string): boolean => isWork(deed) || bears(deed, id)

/** Whether an act names an order. */
export function bears(deed: Deed, id: string): boolean {
  if (deed.kind === "write") return deed.tells.has(id)
  if (deed.kind === "undo") return deed.ids.has(id)
  if (deed.kind === "act" || deed.kind === "takeBack") return deed.on.has(id)
  return deed.kind === "watch" && deed.id === id
}

/** The instants that an act on cases may have had upon an order: none before an order that it locked was judged last, or one of the cases changed last. */
function instantsOf(
  { at, ats }: Pick<Handed, "at" | "ats">,
  life: Life,
  which: number,
  deeds: readonly Deed[],
): Instant[] {
  const earliest = Math.max(at, life.judgedAt, changedAt(life.cases[which]!))
  if (ats === null) return [earliest]
  const others = deeds.flatMap((each) => (each.kind === "write" ? each.ats : [each.at]))
  return [...new Set([at, ...ats, ...others])].filter((each) => each >= earliest)
}

/** An order after a tick; where an act of an incident may have reached its cases before or after that, both. */
function tickedWays(life: Life, { rules, incidents }: Rules, at: Instant): Life[] {
  const ways = life.cases.map((own) => incidents.waits(own, at))
  const waits = (isSo: boolean) => (own: CaseFact) => {
    const way = incidents.waits(own, at)
    return way === "must" || (isSo && way === "may")
  }
  return (ways.includes("may") ? [true, false] : [false]).map((isSo) => ticked(life, rules, at, waits(isSo)))
}

/** What an order is after a deed; nothing when the deed could not come upon it as it is. */
function after(
  id: string,
  { life, happened, answers }: Branch,
  deed: Deed,
  { rules, incidents }: Rules,
  deeds: readonly Deed[],
): Branch[] {
  const so = new Set([...happened, deed])
  if (deed.kind === "write") {
    const { fresh, arrivals } = deed.tells.get(id)!
    return deed.ats
      .filter((at) => life === null || at >= life.judgedAt)
      .map((at) => told(life, fresh, arrivals, rules, at))
      .map((written) => ({
        life: written.life,
        happened: so,
        answers: new Map([...answers, [deed, written.answers]]),
      }))
  }
  if (life === null) return []
  // A tick may come upon an order again, when a write has left it something.
  if (deed.kind === "tick")
    return life.nextAt !== null && life.nextAt <= deed.at
      ? tickedWays(life, { rules, incidents }, deed.at).map((after) => ({ life: after, happened, answers }))
      : []
  if (deed.kind === "carry")
    return life.cases.flatMap((own, which) =>
      incidents
        .comingTo(deed.n, own, `${id} ${which}`)
        .flatMap((common) =>
          instantsOf(deed, life, which, deeds).flatMap((at) => reached(life, which, common, rules, at)),
        )
        .map((after) => ({ life: after, happened, answers })),
    )
  if (deed.kind === "act" || deed.kind === "takeBack") {
    const own = { ...deed, version: undefined, ...deed.on.get(id)! }
    return instantsOf(deed, life, own.which, deeds)
      .flatMap((at) =>
        own.kind === "act" ? acted(life, own, rules, at) : [actTakenBack(life, own, rules, at)],
      )
      .map((ended) => ({
        life: ended.life,
        happened: so,
        answers: new Map([...answers, [deed, [ended.answer]]]),
      }))
  }
  const at = Math.max(deed.at, life.judgedAt)
  if (deed.kind === "undo") return [{ life: without(life, deed.number, rules, at), happened: so, answers }]
  if (deed.watched !== life.unwatched) return [{ life, happened: so, answers }]
  return [{ life: watched(life, deed.watched, rules, at), happened: so, answers }]
}
