import type { Instant } from "../core/instants.ts"
import { bulkInsert, bulkUpdate, type Column, columnText, send } from "./bulk.ts"
import { newId, type Place } from "./keys.ts"
import type { Claim } from "./orders.ts"
import { run, type Session, statement, touch } from "./statement.ts"

/** A case as it is stored. */
export type StoredCase = {
  bucket: number
  /** its count within the bucket; both together are its number */
  n: number
  orderId: string
  version: number
  state: string
  department: string | null
  assignee: string | null
  cause: string | null
  incident: string | null
  successorOf: number | null
  reopened: number
  openedAt: Instant
  changedAt: Instant
  archivedAt: Instant | null
  withdrawn: boolean
  /** opened during the trial run: scores nobody */
  trial: boolean
}

const columns: readonly Column<StoredCase>[] = [
  ["bucket", "bucket", "int2"],
  ["n", "n", "int4"],
  ["order_id", "orderId", "uuid"],
  ["version", "version", "int4"],
  ["state", "state", "text"],
  ["department", "department", "text"],
  ["assignee", "assignee", "text"],
  ["cause", "cause", "text"],
  ["incident", "incident", "uuid"],
  ["successor_of", "successorOf", "int4"],
  ["reopened", "reopened", "int4"],
  ["opened_at", "openedAt", "instant"],
  ["changed_at", "changedAt", "instant"],
  ["archived_at", "archivedAt", "instant"],
  ["withdrawn", "withdrawn", "bool"],
  ["trial", "trial", "bool"],
]
/** The columns of a case as a list for `select`, named as its fields. */
export const caseFields = (alias: string): string =>
  columns.map(([name, field]) => `${alias}.${name} as "${field}"`).join(", ")

const listOfOrders = statement(
  "cases.of_orders",
  `select ${caseFields("c")} from cases c join unnest($1::int2[], $2::uuid[]) as k(bucket, id)
   on c.bucket = k.bucket and c.order_id = k.id order by c.n`,
)

/** The cases of many orders by order id, oldest first. */
export async function listCasesOf(
  session: Session,
  orders: readonly Place[],
): Promise<Map<string, StoredCase[]>> {
  const byOrder = new Map<string, StoredCase[]>()
  if (orders.length === 0) return byOrder
  const rows = await run<StoredCase>(session, listOfOrders, [
    columnText(
      orders.map((each) => each.bucket),
      "int2",
    ),
    columnText(
      orders.map((each) => each.id),
      "uuid",
    ),
  ])
  for (const row of rows) {
    const own = byOrder.get(row.orderId)
    if (own) own.push(row)
    else byOrder.set(row.orderId, [row])
  }
  return byOrder
}

// One statement in the order of buckets: unordered, ticks of the same runs deadlocked 8 times in 600.
const count = statement(
  "case_counters.take",
  `insert into case_counters (bucket, n) select k.bucket, k.n from unnest($1::int2[], $2::int4[]) as k(bucket, n) order by k.bucket
   on conflict (bucket) do update set n = case_counters.n + excluded.n returning bucket, n`,
)

/** Takes counts for new cases, one a bucket named; answers them in the order of the buckets given. */
export async function takeCaseNumbers(tx: Session, buckets: readonly number[]): Promise<number[]> {
  if (buckets.length === 0) return []
  const wanted = new Map<number, number>()
  for (const bucket of buckets) wanted.set(bucket, (wanted.get(bucket) ?? 0) + 1)
  const sorted = [...wanted.keys()].sort((a, b) => a - b)
  const rows = await run<{ bucket: number; n: number }>(tx, count, [
    columnText(sorted, "int2"),
    columnText(
      sorted.map((bucket) => wanted.get(bucket)),
      "int4",
    ),
  ])
  const next = new Map(rows.map(({ bucket, n }) => [bucket, n - wanted.get(bucket)! + 1]))
  return buckets.map((bucket) => {
    const counter = next.get(bucket)!
    next.set(bucket, counter + 1)
    return counter
  })
}

const opening = columns.filter(([name]) =>
  ["bucket", "n", "order_id", "state", "successor_of", "opened_at", "changed_at", "trial"].includes(name),
)
const open = bulkInsert("cases.open", "cases", opening)
/** Opens cases. */
export const openCases = (tx: Session, cases: readonly StoredCase[]): Promise<number> =>
  send(tx, open, opening, cases)

const openPlain = statement(
  "cases.open_plain",
  `insert into cases (bucket, n, order_id, state, opened_at, changed_at, trial)
   select k.bucket, k.n, k.id, 'open', to_timestamp($4::float8 / 1000), to_timestamp($4::float8 / 1000), $5
   from unnest($1::int2[], $2::int4[], $3::uuid[]) as k(bucket, n, id)`,
)
/** Opens the cases of orders to which a plain breach happens. */
export const openPlainCases = (
  tx: Session,
  { buckets, ids }: Claim,
  numbers: readonly number[],
  { at, trial }: { at: Instant; trial: boolean },
): Promise<number> => touch(tx, openPlain, [buckets, columnText(numbers, "int4"), ids, at, trial])

const update = bulkUpdate("cases.update", "cases", columns, ["bucket", "n"])
/** Writes cases that changed. */
export const updateCases = (tx: Session, cases: readonly StoredCase[]): Promise<number> =>
  send(tx, update, columns, cases)

// ------------------------------------------------------------------ what happened to a case

/** An entry of a case's log: what happened, who did it (null: the engine). */
export type CaseEntry = {
  bucket: number
  caseN: number
  id: string
  at: Instant
  what: string
  who: string | null
  data: Record<string, unknown>
}
const logColumns: readonly Column<CaseEntry>[] = [
  ["bucket", "bucket", "int2"],
  ["case_n", "caseN", "int4"],
  ["id", "id", "uuid"],
  ["at", "at", "instant"],
  ["what", "what", "text"],
  ["who", "who", "text"],
  ["data", "data", "json"],
]
const append = bulkInsert("case_log.append", "case_log", logColumns)
/** Writes what happened to cases. */
export const appendCaseLog = (tx: Session, entries: readonly Omit<CaseEntry, "id">[]): Promise<number> =>
  send(
    tx,
    append,
    logColumns,
    entries.map((entry) => ({ ...entry, id: newId(entry.at) })),
  )

const listLog = statement(
  "case_log.list",
  `select at, what, who, data from case_log where bucket = $1 and case_n = $2 order by at, id`,
)
/** What happened to a case, oldest first. */
export const listCaseLog = (
  session: Session,
  { bucket, n }: Pick<StoredCase, "bucket" | "n">,
): Promise<Pick<CaseEntry, "at" | "what" | "who" | "data">[]> => run(session, listLog, [bucket, n])
