import type { Arrivals, Count } from "../core/board.ts"
import { stages } from "../core/facts.ts"
import type { Instant } from "../core/instants.ts"
import { byState, hasState, minuteOf, type Tally, type Topic } from "../core/rollups.ts"
import { bulkInsert, type Column, send } from "./bulk.ts"
import { runCount, runSize, runStart } from "./keys.ts"
import { run, type Session, statement } from "./statement.ts"

type Delta = { bucket: number; topic: string; slot: number; dim: string; n: number }
const columns: readonly Column<Delta>[] = [
  ["bucket", "bucket", "int2"],
  ["topic", "topic", "text"],
  ["slot", "slot", "int4"],
  ["dim", "dim", "text"],
  ["n", "n", "int4"],
]
const insert = bulkInsert("rollups.append", "rollup_deltas", columns)

/** Appends a transaction's changes of counts under one bucket, so that no row is hot. */
export function appendTally(tx: Session, bucket: number, tally: Tally): Promise<number> {
  return send(
    tx,
    insert,
    columns,
    tally.rows().map((row) => ({ bucket, ...row })),
  )
}

// Folded rows of a run stand under its first bucket: 16 rows a count, so that a reading stays small.
const fold = statement(
  "rollups.fold",
  `with taken as (delete from rollup_deltas where bucket / ${runSize} = any($1::int[]) returning bucket, topic, slot, dim, n),
        summed as (select bucket / ${runSize} * ${runSize} as bucket, topic, slot, dim, sum(n) as n from taken
                   group by 1, topic, slot, dim having sum(n) <> 0 order by 1, topic, slot, dim)
   insert into rollups (bucket, topic, slot, dim, n) select bucket, topic, slot, dim, n from summed
   on conflict (bucket, topic, slot, dim) do update set n = rollups.n + excluded.n`,
)
const sweep = statement("rollups.sweep", "delete from rollups where n = 0 and bucket = any($1::int2[])")

/** Folds what was appended under the buckets of some runs into their counts. */
export async function foldTallies(session: Session, runs: readonly number[]): Promise<void> {
  if (runs.length > 0) await run(session, fold, [`{${runs.join(",")}}`])
}
/** Forgets counts of some runs that came back to 0. */
export async function sweepTallies(session: Session, runs: readonly number[]): Promise<void> {
  await run(session, sweep, [`{${runs.map(runStart).join(",")}}`])
}

const read = statement(
  "rollups.read",
  `select topic, slot, dim, sum(n)::int8 as n from (
     select topic, slot, dim, n from rollups
     where bucket = any($4::int2[]) and topic = any($1::text[]) and slot between $2 and $3
     union all
     select topic, slot, dim, n from rollup_deltas where topic = any($1::text[]) and slot between $2 and $3
   ) counts group by topic, slot, dim having sum(n) <> 0`,
)

/** The nth part of a count's key; a negative n counts from the end. */
const partAt = (n: number): string => `split_part(dim, chr(31), ${n})`

// A board of thousands of slots and shops is added up here: shops are told apart only where the board asks for one, slots only
// where it draws them. A key is taken apart once, not once a slot, since that costs most. `$5` and `$6` are its scope.
const readBoard = statement(
  "rollups.board",
  `with wanted as (select * from unnest($1::text[], $2::int[], $3::bool[]) as w(topic, since, slotted)),
   counts as materialized (
     select topic, slot, dim, n from rollups where bucket = any($4::int2[]) and topic = any($1::text[])
     union all
     select topic, slot, dim, n from rollup_deltas where topic = any($1::text[])),
   keys as materialized (
     select dim, left(dim, -2 - length(${partAt(-1)}) - length(${partAt(-2)})) || concat(chr(31), $5::text, chr(31), $6::text) as short
     from (select distinct dim from counts) d where ($5::text is null or ${partAt(-2)} = $5) and ($6::text is null or ${partAt(-1)} = $6))
   select topic, case when w.slotted then c.slot else w.since end as slot, k.short as dim, sum(c.n)::int8 as n
   from counts c join keys k using (dim) join wanted w using (topic) where c.slot >= w.since
   group by 1, 2, 3 having sum(c.n) <> 0`,
)

/** Counts whose last two parts are channel and shop, of a scope, from a slot on; `slotted`: slot by slot, else as of the first. */
export async function readScoped(
  session: Session,
  wanted: readonly { topic: Topic; since: number; slotted: boolean }[],
  scope: { channel?: string | undefined; shop?: string | undefined },
): Promise<Count[]> {
  const rows = await run<{ topic: Topic; slot: number; dim: string; n: number }>(session, readBoard, [
    `{${wanted.map(({ topic }) => topic).join(",")}}`,
    `{${wanted.map(({ since }) => since).join(",")}}`,
    `{${wanted.map(({ slotted }) => slotted).join(",")}}`,
    foldedUnder,
    scope.channel ?? null,
    scope.shop ?? null,
  ])
  return rows.map(({ topic, slot, dim, n }) => ({ topic, slot, parts: dim.split("\u001f"), n }))
}

const sum = (counts: readonly Count[]): number => counts.reduce((n, each) => n + each.n, 0)

/** How many watched orders of a scope there are, and how many of them have an open clock in each state. */
export async function countByState(
  session: Session,
  {
    stage,
    ...scope
  }: { stage?: string | undefined; channel?: string | undefined; shop?: string | undefined },
) {
  const counts = await readScoped(session, [{ topic: "stage", since: -1, slotted: false }], scope)
  const own = counts.filter(({ parts }) => stage === undefined || parts[0] === stage)
  return { all: sum(own), ...byState((state) => sum(own.filter(({ parts }) => hasState(parts[1]!, state)))) }
}

/** How many clocks of a kind and basis are open in watched orders of a scope, and how many in each state; of one that is not confirmed the counts know no state. */
export async function countOpenOf(
  session: Session,
  {
    clock,
    basis,
    ...scope
  }: {
    clock?: string | undefined
    basis?: string | undefined
    channel?: string | undefined
    shop?: string | undefined
  },
) {
  const counts = await readScoped(session, [{ topic: "open", since: -1, slotted: false }], scope)
  const own = counts.filter(
    ({ parts }) => (clock ?? parts[0]) === parts[0] && (basis ?? parts[1]) === parts[1],
  )
  const having = (...states: string[]) => sum(own.filter(({ parts }) => states.includes(parts[2]!)))
  return { all: sum(own), ...byState((state) => having(state, "unconfirmed")) }
}

const readNamed = statement(
  "rollups.named",
  `select coalesce(sum(n), 0)::int8 as n from (
     select n from rollups where bucket = any($3::int2[]) and topic = $1 and slot = -1 and dim = any($2::text[])
     union all
     select n from rollup_deltas where topic = $1 and dim = any($2::text[])) counts`,
)
/** How many watched orders a warehouse or a live session has, in a stage or in all. */
export async function countNamed(
  session: Session,
  topic: "warehouse" | "session",
  name: string,
  stage?: string,
): Promise<number> {
  const dims = (stage === undefined ? stages : [stage]).map((each) => `${name}\u001f${each}`)
  const rows = await run<{ n: number }>(session, readNamed, [topic, dims, foldedUnder])
  return Number(rows[0]!.n)
}

/** The warehouses that orders name which are paid and have not left, with how many do. */
export async function countWarehousesNamed(session: Session): Promise<{ id: string; n: number }[]> {
  const named = new Map<string, number>()
  for (const { parts, n } of await readTallies(session, ["warehouse"])) {
    const [id, stage] = parts as [string, string]
    if (stage === "paid" || stage === "prepared") named.set(id, (named.get(id) ?? 0) + n)
  }
  return [...named].map(([id, n]) => ({ id, n })).sort((one, other) => other.n - one.n)
}

const readArrived = statement(
  "rollups.arrivals",
  `with counts as (
     select slot, dim, n from rollups where bucket = any($1::int2[]) and topic = 'arrival' and slot between $2 and $3
     union all
     select slot, dim, n from rollup_deltas where topic = 'arrival' and slot between $2 and $3)
   select ${partAt(1)} as fact, slot, dim, sum(n)::int8 as n, coalesce(sum(n) filter (where slot > $3 - 60), 0)::int8 as "lastHour",
     coalesce(sum(n) filter (where slot = $3 - 1), 0)::int8 as "lastMinute"
   from counts where ($4::text is null or ${partAt(2)} = $4) and ($5::text is null or ${partAt(3)} = $5)
   group by grouping sets ((${partAt(1)}, slot), (dim)) having sum(n) <> 0`,
)
/** What arrived since an instant, by minute and by shop and session. */
export async function readArrivals(
  session: Session,
  from: Instant,
  now: Instant,
  scope: { channel?: string | undefined; shop?: string | undefined },
): Promise<Arrivals[]> {
  const rows = await run<Omit<Arrivals, "channel" | "shop" | "liveSession"> & { dim: string | null }>(
    session,
    readArrived,
    [foldedUnder, minuteOf(from), minuteOf(now), scope.channel ?? null, scope.shop ?? null],
  )
  return rows.map(({ dim, ...row }) => {
    const [fact = row.fact, channel = "", shop = "", liveSession = ""] = dim?.split("\u001f") ?? []
    return { ...row, fact, channel, shop, liveSession }
  })
}

const foldedUnder = `{${Array.from({ length: runCount }, (_, n) => runStart(n)).join(",")}}`

/** The counts of topics in the slots [from, to]; slot −1 is what has none. */
export async function readTallies(
  session: Session,
  wanted: readonly Topic[],
  from = -1,
  to = 2_147_483_647,
): Promise<Count[]> {
  const rows = await run<{ topic: Topic; slot: number; dim: string; n: number }>(session, read, [
    `{${wanted.join(",")}}`,
    from,
    to,
    foldedUnder,
  ])
  return rows.map(({ topic, slot, dim, n }) => ({ topic, slot, parts: dim.split("\u001f"), n: Number(n) }))
}

/** How many clocks of watched orders are open and have a due. */
export const countOpenClocks = async (session: Session): Promise<number> =>
  sum(await readTallies(session, ["open"], 0))
