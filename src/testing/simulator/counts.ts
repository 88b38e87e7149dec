import type pg from "pg"
import type { Clock } from "../../core/judge.ts"
import { isWatched, judged, type Life, type RulesBy } from "./life.ts"

/** Counts by topic, slot and parts, as ENGINE §5 has them. */
export type Counts = Map<string, number>

const slot = (at: number | null): number => (at === null ? -1 : Math.floor(at / 900_000))
const twoDays = 2 * 24 * 60 * 60_000

/** What one order counts in, from its rows alone. */
export function countsOf(life: Life, rules: RulesBy): Counts {
  const counts: Counts = new Map()
  const add = (topic: string, where: number, ...parts: (string | null)[]) => {
    const key = `${topic} ${where} ${parts.map((part) => part ?? "").join("/")}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const answer = judged(life, rules, life.judgedAt)
  const { channel, shop } = life.key
  const observed = isWatched(life, answer) ? answer.clocks.filter((each) => each.observed) : []
  const open = observed.filter((each) => each.state !== "closed")
  if (isWatched(life, answer) && answer.greatestToldAt !== null) {
    const having = ["over", "near", "running", "paused"].filter((state) =>
      open.some((each) => each.state === state),
    )
    add("stage", -1, answer.stage, having.join(" "), channel, shop)
    for (const kind of ["prepare", "ship", "collect", "deliver"]) {
      const first = firstDue(open, kind)
      if (first)
        add(
          "ribbon",
          slot(first.dueAt),
          kind,
          first.basis,
          first.state === "over" ? "over" : "",
          channel,
          shop,
        )
    }
    const { liveSession, warehouse } = answer.details
    for (const word of answer.anomalies) add("anomaly", -1, word, channel, shop)
    if (typeof liveSession === "string") add("session", -1, liveSession, answer.stage)
    if (typeof warehouse === "string") add("warehouse", -1, warehouse, answer.stage)
    for (const fact of ["created", "paid"] as const) {
      const at = answer.facts[fact]
      if (at !== undefined && at >= life.receivedAt - twoDays)
        add(
          "arrival",
          Math.floor(at / 60_000),
          fact,
          channel,
          shop,
          typeof liveSession === "string" ? liveSession : null,
        )
    }
  }
  for (const { kind, basis, state, dueAt, outcome, unconfirmed } of observed)
    if (state === "closed") add("closed", slot(dueAt), kind, basis, outcome, channel, shop)
    else add("open", slot(dueAt), kind, basis, unconfirmed ? "unconfirmed" : state, channel, shop)
  for (const [name, breach] of life.breaches) {
    if (!breach.standing) continue
    const [basis, kind] = name.split(" ") as [string, string]
    add("breach", slot(breach.dueAt), kind, basis, channel, shop)
    add("fired", slot(breach.firedAt), kind, basis, channel, shop)
  }
  // The board counts what customers wait for.
  for (const each of life.said)
    if (each.kind === "warning" && each.ownCase === null)
      add("warning", slot(each.at), each.clock, each.basis, each.level, channel, shop)
  for (const each of life.cases) add("case", -1, each.withdrawn ? "withdrawn" : each.state, each.department)
  return counts
}

const rank = ["company", "platform", "agreed"]
const firstDue = (open: readonly Clock[], kind: string): Clock | undefined =>
  open
    .filter((each) => each.kind === kind && each.dueAt !== null)
    .sort(
      (one, other) =>
        one.dueAt! - other.dueAt! ||
        rank.indexOf(one.basis) - rank.indexOf(other.basis) ||
        one.round - other.round,
    )[0]

/** Adds counts to a total, n times. */
export function addCounts(total: Counts, counts: Counts, n: 1 | -1): void {
  for (const [key, count] of counts) {
    const sum = (total.get(key) ?? 0) + n * count
    if (sum === 0) total.delete(key)
    else total.set(key, sum)
  }
}

/** The counts as they are read: what is folded and what was appended since. */
export async function readCounts(pool: pg.Pool): Promise<Counts> {
  const { rows } = await pool.query<{ key: string; n: number }>(
    `select topic || ' ' || slot || ' ' || replace(dim, E'\\x1f', '/') as key, sum(n)::int8 as n
     from (select topic, slot, dim, n from rollups union all select topic, slot, dim, n from rollup_deltas) counts
     group by topic, slot, dim having sum(n) <> 0`,
  )
  return new Map(rows.map(({ key, n }) => [key, Number(n)]))
}

/** Where two sets of counts differ. */
export function countDifferences(found: Counts, wanted: Counts): string[] {
  return [...new Set([...found.keys(), ...wanted.keys()])]
    .filter((key) => (found.get(key) ?? 0) !== (wanted.get(key) ?? 0))
    .map((key) => `count of ${key}: ${found.get(key) ?? 0} stands, ${wanted.get(key) ?? 0} ought to`)
}
