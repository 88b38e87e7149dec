import type { Count } from "../core/board.ts"
import type { Tally, Topic } from "../core/rollups.ts"
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
