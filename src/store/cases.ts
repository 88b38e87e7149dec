import type { OrderFact } from "../core/caseFacts.ts"
import type { CaseState } from "../core/cases.ts"
import type { Instant } from "../core/instants.ts"
import type { Claim } from "./agenda.ts"
import { bulkInsert, bulkUpdate, type Column, columnOf, send } from "./bulk.ts"
import { caseNumber, newId, type Place } from "./keys.ts"
import { run, type Session, statement, touch } from "./statement.ts"

/** A case as it is stored. */
export type StoredCase = {
  bucket: number
  /** its count within the bucket; both together are its number */
  n: number
  orderId: string
  version: number
  state: CaseState
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
  /** handed on a second time: operations decides */
  contested: boolean
  /** how often it was handed on to another department */
  handOns: number
  etaAt: Instant | null
  etaChanges: number
  /** the fact that resolved it */
  resolvedBy: OrderFact | null
  /** a fact that would resolve it */
  resolvable: OrderFact | null
  /** what is owed first, by which department, and since when; null once archived */
  owed: string | null
  owedBy: string | null
  owedFromAt: Instant | null
  /** Infinity: without a limit */
  owedNearAt: Instant
  owedDueAt: Instant
  /** the last act of its incident that it followed */
  incidentSeq: number
  /** of an incident, but going its own way */
  exempt: boolean
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
  ["contested", "contested", "bool"],
  ["hand_ons", "handOns", "int2"],
  ["eta_at", "etaAt", "instant"],
  ["eta_changes", "etaChanges", "int2"],
  ["resolved_by", "resolvedBy", "json"],
  ["resolvable", "resolvable", "json"],
  ["owed", "owed", "text"],
  ["owed_by", "owedBy", "text"],
  ["owed_from_at", "owedFromAt", "instant"],
  ["owed_near_at", "owedNearAt", "instant"],
  ["owed_due_at", "owedDueAt", "instant"],
  ["incident_seq", "incidentSeq", "int4"],
  ["exempt", "exempt", "bool"],
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
    columnOf(
      orders.map((each) => each.bucket),
      "int2",
    ),
    columnOf(
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

const openedSince = statement(
  "cases.opened_since",
  `select ${caseFields("c")} from cases c where c.opened_at >= to_timestamp($1::float8 / 1000) order by c.bucket, c.n`,
)
/** The cases that were opened at or after an instant. */
export const listCasesOpenedSince = (session: Session, at: Instant): Promise<StoredCase[]> =>
  run(session, openedSince, [at])

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
    columnOf(sorted, "int2"),
    columnOf(
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
  [
    "bucket",
    "n",
    "order_id",
    "state",
    "successor_of",
    "opened_at",
    "changed_at",
    "trial",
    "owed_near_at",
    "owed_due_at",
  ].includes(name),
)
const open = bulkInsert("cases.open", "cases", opening)
/** Opens cases. */
export const openCases = (tx: Session, cases: readonly StoredCase[]): Promise<number> =>
  send(tx, open, opening, cases)

const openPlain = statement(
  "cases.open_plain",
  `insert into cases (bucket, n, order_id, state, opened_at, changed_at, owed_near_at, owed_due_at, trial)
   select k.bucket, k.n, k.id, 'open', to_timestamp($4::float8 / 1000), to_timestamp($4::float8 / 1000),
     to_timestamp($5::float8 / 1000), to_timestamp($6::float8 / 1000), $7
   from unnest($1::int2[], $2::int4[], $3::uuid[]) as k(bucket, n, id)`,
)
/** Opens the cases of orders to which a plain breach happens. */
export const openPlainCases = (
  tx: Session,
  { buckets, ids }: Claim,
  numbers: readonly number[],
  at: Instant,
  { owedNearAt, owedDueAt, trial }: Pick<StoredCase, "owedNearAt" | "owedDueAt" | "trial">,
): Promise<number> =>
  touch(tx, openPlain, [buckets, columnOf(numbers, "int4"), ids, at, owedNearAt, owedDueAt, trial])

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
  /** its place among the entries of one instant: grows with the case's version */
  seq: number
  /** names the entries of one act, also of one done for many cases */
  batch: string | null
  at: Instant
  what: string
  who: string | null
  data: Record<string, unknown>
}
const logColumns: readonly Column<CaseEntry>[] = [
  ["bucket", "bucket", "int2"],
  ["case_n", "caseN", "int4"],
  ["id", "id", "uuid"],
  ["seq", "seq", "int4"],
  ["batch", "batch", "uuid"],
  ["at", "at", "instant"],
  ["what", "what", "text"],
  ["who", "who", "text"],
  ["data", "data", "json"],
]
const append = bulkInsert("case_log.append", "case_log", logColumns)
/** An entry on its way in: what changes no state needs no place among the deeds. */
export type NewEntry = Omit<CaseEntry, "id" | "seq" | "batch"> &
  Partial<Pick<CaseEntry, "id" | "seq" | "batch">>
/** Writes what happened to cases. */
export const appendCaseLog = (tx: Session, entries: readonly NewEntry[]): Promise<number> =>
  send(
    tx,
    append,
    logColumns,
    entries.map((entry) => ({ id: newId(entry.at), seq: 0, batch: null, ...entry })),
  )

/** A case's entries of one version of it, in their order, ready to be written; `last` is the greatest place taken. */
export const entriesOf = (
  { bucket, n, version }: Pick<StoredCase, "bucket" | "n" | "version">,
  deeds: readonly Pick<CaseEntry, "at" | "what" | "who" | "data">[],
  { batch = null, last = 0 }: { batch?: string | null; last?: number } = {},
): CaseEntry[] => {
  const first = Math.max(version * 64, last + 1)
  return deeds.map((deed, i) => ({ ...deed, bucket, caseN: n, id: newId(deed.at), seq: first + i, batch }))
}

const listLogs = statement(
  "case_log.list",
  `select l.bucket, l.case_n as "caseN", l.id, l.seq, l.batch, l.at, l.what, l.who, l.data from case_log l
   join unnest($1::int2[], $2::int4[]) as k(bucket, n) on l.bucket = k.bucket and l.case_n = k.n order by l.at, l.seq, l.id`,
)
/** What happened to cases, oldest first, by their numbers. */
export async function listCaseLogs(
  session: Session,
  cases: readonly Pick<StoredCase, "bucket" | "n">[],
): Promise<Map<string, CaseEntry[]>> {
  const byCase = new Map<string, CaseEntry[]>()
  if (cases.length === 0) return byCase
  for (const entry of await run<CaseEntry>(session, listLogs, keysOf(cases))) {
    const number = caseNumber(entry.caseN, entry.bucket)
    const own = byCase.get(number)
    if (own) own.push(entry)
    else byCase.set(number, [entry])
  }
  return byCase
}

/** What happened to a case, oldest first. */
export const listCaseLog = async (
  session: Session,
  own: Pick<StoredCase, "bucket" | "n">,
): Promise<CaseEntry[]> => (await listCaseLogs(session, [own])).get(caseNumber(own.n, own.bucket)) ?? []

const keysOf = (cases: readonly Pick<StoredCase, "bucket" | "n">[]): [string, string] => [
  `{${cases.map((each) => each.bucket).join(",")}}`,
  `{${cases.map((each) => each.n).join(",")}}`,
]

/** A case with what of its order its handling rests on. */
export type CaseOfOrder = StoredCase & {
  channel: string
  shop: string
  orderNo: string
  stage: string
  endAt: Instant | null
}
const ofOrder = `select ${caseFields("c")}, o.channel, o.shop, o.order_no as "orderNo", a.stage, o.end_at as "endAt"
  from cases c join orders o on o.bucket = c.bucket and o.id = c.order_id
  join agenda a on a.bucket = c.bucket and a.id = c.order_id`
const handled = statement(
  "cases.handled",
  `${ofOrder} join unnest($1::int2[], $2::uuid[]) as k(bucket, id) on c.bucket = k.bucket and c.order_id = k.id
   where c.archived_at is null or c.owed is not null`,
)
/** The cases of orders that are not done with: the open one, and archived ones whose clocks are still to be looked at. */
export const listHandled = (tx: Session, orders: readonly Place[]): Promise<CaseOfOrder[]> =>
  run<CaseOfOrder>(tx, handled, [
    `{${orders.map((each) => each.bucket).join(",")}}`,
    `{${orders.map((each) => each.id).join(",")}}`,
  ])

const readAll = statement(
  "cases.read",
  `${ofOrder} join unnest($1::int2[], $2::int4[]) as k(bucket, n) on c.bucket = k.bucket and c.n = k.n`,
)
/** Cases by their numbers, with their orders; what is no case is left out. */
export const readCases = (
  session: Session,
  wanted: readonly Pick<StoredCase, "bucket" | "n">[],
): Promise<CaseOfOrder[]> =>
  wanted.length === 0 ? Promise.resolve([]) : run(session, readAll, keysOf(wanted))

const batched = statement(
  "case_log.batch",
  "select distinct bucket, case_n as n from case_log where batch = $1::uuid order by bucket, n",
)
/** The cases to which one act was done. */
export const listBatch = (session: Session, batch: string): Promise<{ bucket: number; n: number }[]> =>
  run(session, batched, [batch])

const entry = statement(
  "case_log.entry",
  "select batch from case_log where bucket = $1 and case_n = $2 and id = $3::uuid and batch is not null",
)
/** What names the deeds of the act that an entry of a case belongs to. */
export const findBatch = async (
  session: Session,
  { bucket, n }: Pick<StoredCase, "bucket" | "n">,
  id: string,
): Promise<string | undefined> => (await run<{ batch: string }>(session, entry, [bucket, n, id]))[0]?.batch
