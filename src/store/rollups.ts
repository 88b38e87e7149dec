import type { Arrivals, Count } from "../core/board.ts"
import type { Instant } from "../core/instants.ts"
import { hasState, minuteOf, openStates, type Tally, type Topic } from "../core/rollups.ts"
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

// A board of thousands of slots and shops is added up here: shops are told apart only where the board asks for one, slots only
// where it draws them. `$5` and `$6` are its scope.
const readBoard = statement(
  "rollups.board",
  `with wanted as (select * from unnest($1::text[], $2::int[], $3::bool[]) as w(topic, since, slotted)),
   counts as (
     select w.topic, w.slotted, w.since, r.slot, string_to_array(r.dim, chr(31)) as p, r.n
     from wanted w cross join unnest($4::int2[]) as b(bucket)
     join rollups r on r.bucket = b.bucket and r.topic = w.topic and r.slot >= w.since
     union all
     select w.topic, w.slotted, w.since, d.slot, string_to_array(d.dim, chr(31)), d.n
     from wanted w join rollup_deltas d on d.topic = w.topic and d.slot >= w.since)
   select topic, case when slotted then slot else since end as slot,
     array_to_string(p[:cardinality(p) - 2] || coalesce($5::text, '') || coalesce($6::text, ''), chr(31)) as dim, sum(n)::int8 as n
   from counts where ($5::text is null or p[cardinality(p) - 1] = $5) and ($6::text is null or p[cardinality(p)] = $6)
   group by 1, 2, 3 having sum(n) <> 0`,
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
  const sum = (some: readonly Count[]) => some.reduce((n, each) => n + each.n, 0)
  const having = (state: string) => sum(own.filter(({ parts }) => hasState(parts[1]!, state)))
  const [over, near, running, paused] = openStates.map(having) as [number, number, number, number]
  return { all: sum(own), over, near, running, paused }
}

const readArrived = statement(
  "rollups.arrivals",
  `with counts as (
     select slot, string_to_array(dim, chr(31)) as p, n from rollups
     where bucket = any($1::int2[]) and topic = 'arrival' and slot between $2 and $3
     union all
     select slot, string_to_array(dim, chr(31)), n from rollup_deltas where topic = 'arrival' and slot between $2 and $3)
   select p[1] as fact, slot, p[2] as channel, p[3] as shop, p[4] as "liveSession", sum(n)::int8 as n,
     coalesce(sum(n) filter (where slot > $3 - 60), 0)::int8 as "lastHour",
     coalesce(sum(n) filter (where slot = $3 - 1), 0)::int8 as "lastMinute"
   from counts where ($4::text is null or p[2] = $4) and ($5::text is null or p[3] = $5)
   group by grouping sets ((p[1], slot), (p[1], p[2], p[3], p[4])) having sum(n) <> 0`,
)
/** What arrived since an instant, by minute and by shop and session. */
export const readArrivals = (
  session: Session,
  from: Instant,
  now: Instant,
  scope: { channel?: string | undefined; shop?: string | undefined },
): Promise<Arrivals[]> =>
  run(session, readArrived, [
    foldedUnder,
    minuteOf(from),
    minuteOf(now),
    scope.channel ?? null,
    scope.shop ?? null,
  ])

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
  (await readTallies(session, ["open"], 0)).reduce((sum, { n }) => sum + n, 0)
