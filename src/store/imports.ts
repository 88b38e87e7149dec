import pg from "pg"
import type { Instant } from "../core/instants.ts"
import { bulkInsert, type Column, send } from "./bulk.ts"
import type { Database } from "./database.ts"
import { orderTables } from "./orders.ts"
import { run, type Session, statement, touch } from "./statement.ts"

/** The advisory lock (with an import's number) of who carries an import out. */
const importLock = 7300004

/** What an import changed of an order's events, so that it can be taken back. */
export type Journal = {
  bucket: number
  orderId: string
  import: number
  identity: string
  content: Buffer
  /** `added`: the row is the import's own; `altered`: it was there, as `was` says */
  change: "added" | "altered"
  was: { holds: boolean; observedAt: number | null } | null
}
const journalColumns: readonly Column<Journal>[] = [
  ["bucket", "bucket", "int2"],
  ["order_id", "orderId", "uuid"],
  ["import", "import", "int4"],
  ["identity", "identity", "text"],
  ["content", "content", "bytea"],
  ["change", "change", "text"],
  ["was", "was", "json"],
]
const append = bulkInsert("import_changes.append", "import_changes", journalColumns, "on conflict do nothing")
/** Writes what an import changed. */
export const appendJournal = (tx: Session, rows: readonly Journal[]): Promise<number> =>
  send(tx, append, journalColumns, rows)

/** What one order's events were changed by an import. */
const journalOfImport = statement(
  "import_changes.of_import",
  `select c.bucket, c.order_id as "orderId", c.identity, c.content, c.change, c.was, o.channel, o.shop, o.order_no as "orderNo"
   from import_changes c join orders o on o.bucket = c.bucket and o.id = c.order_id
   where c.import = $1 and (c.bucket, c.order_id) in
     (select distinct bucket, order_id from import_changes where import = $1 order by bucket, order_id limit $2)
   order by c.bucket, c.order_id`,
)
const journalAfter = statement(
  "import_changes.after",
  `select c.bucket, c.order_id as "orderId", c.identity, c.content, c.change, c.was, o.channel, o.shop, o.order_no as "orderNo"
   from import_changes c join orders o on o.bucket = c.bucket and o.id = c.order_id
   where c.import = $1 and (c.bucket, c.order_id) in
     (select distinct bucket, order_id from import_changes where import = $1 and (bucket, order_id) > ($2::int2, $3::uuid)
      order by bucket, order_id limit $4)
   order by c.bucket, c.order_id`,
)
const forget = statement(
  "import_changes.forget",
  "delete from import_changes where import = $1 and (bucket, order_id) in (select * from unnest($2::int2[], $3::uuid[]))",
)

/** A journal entry with its order's key. */
export type Undone = Omit<Journal, "import"> & { channel: string; shop: string; orderNo: string }
/** The journal of the next orders of an import. */
export const listJournal = (session: Session, number: number, orders: number): Promise<Undone[]> =>
  run(session, journalOfImport, [number, orders])
/** The journal of the orders of an import that follow a place, in the order of (bucket, id); null: from the first. */
export const listJournalAfter = (
  session: Session,
  number: number,
  after: { bucket: number; id: string } | null,
  orders: number,
): Promise<Undone[]> =>
  run(session, journalAfter, [
    number,
    after?.bucket ?? -1,
    after?.id ?? "00000000-0000-0000-0000-000000000000",
    orders,
  ])
/** Forgets the journal of orders that were taken back. */
export const forgetJournal = (
  tx: Session,
  number: number,
  orders: readonly { bucket: number; id: string }[],
): Promise<unknown[]> =>
  run(tx, forget, [
    number,
    `{${orders.map((each) => each.bucket).join(",")}}`,
    `{${orders.map((each) => each.id).join(",")}}`,
  ])

// ------------------------------------------------------------------ imports

/** An import as it is stored. */
export type StoredImport = {
  number: number
  file: string
  format: string
  channel: string | null
  shop: string | null
  byWhom: string
  exportedAt: Instant
  startedAt: Instant
  finishedAt: Instant | null
  state: "running" | "done" | "failed" | "undone" | "undoing"
  rows: number
  orders: number
  ofRows: number | null
  result: Record<string, unknown> | null
  error: string | null
}
const fields = `number, file, format, channel, shop, by_whom as "byWhom", exported_at as "exportedAt", started_at as "startedAt",
  finished_at as "finishedAt", state, rows, orders, of_rows as "ofRows", result, error`
const begin = statement(
  "imports.begin",
  `insert into imports (number, file, format, mapping, channel, shop, by_whom, exported_at, started_at, state)
   select coalesce(max(number), 0) + 1, $1, $2, $3::jsonb, $4, $5, $6, to_timestamp($7::float8 / 1000), to_timestamp($8::float8 / 1000), 'running'
   from imports returning number`,
)
const lockImports = statement("imports.lock", "select pg_advisory_xact_lock(7300003)")
const save = statement(
  "imports.save",
  `update imports set state = $2, rows = $3, orders = $4, of_rows = $5, result = $6::jsonb, error = $7, shop = $8,
     exported_at = to_timestamp($9::float8 / 1000), finished_at = to_timestamp($10::float8 / 1000), channel = $11
   where number = $1 and state = 'running'`,
)
const turn = statement(
  "imports.turn",
  "update imports set state = $2, finished_at = coalesce(to_timestamp($3::float8 / 1000), finished_at) where number = $1 and state <> 'undone'",
)
const holdUndoing = statement(
  "imports.hold_undoing",
  "select 1 from imports where number = $1 and state = 'undoing' for no key update",
)
const running = statement(
  "imports.running",
  "select 1 from imports where number = $1 and state = 'running' for share",
)
// The lock stands as long as the session of the process that carries the import out; whoever gets it finds nobody there.
const endDead = statement(
  "imports.end_dead",
  `with dead as materialized (select number from imports where state = 'running')
   update imports i set state = 'failed', error = 'its process ended', finished_at = to_timestamp($1::float8 / 1000)
   from dead where i.number = dead.number and i.state = 'running' and pg_try_advisory_xact_lock(${importLock}, i.number)
   returning i.number`,
)
const listAll = statement("imports.list", `select ${fields} from imports order by number desc limit 200`)
const findOne = statement("imports.find", `select ${fields} from imports where number = $1`)
const overlaps = `(i.channel = $1 or i.channel is null or $1::text is null) and (i.shop = $2 or i.shop is null or $2::text is null)`
const busy = statement(
  "imports.busy",
  `select 1 from imports i where ${overlaps} and i.state = 'running' limit 1`,
)
// One that failed stands for what it brought before. A file of several shops has none of its own, and touches them all.
const newerStands = statement(
  "imports.newer",
  `select 1 from imports i where i.number > $3 and ${overlaps} and i.state <> 'undone'
     and (i.state <> 'failed' or exists (select 1 from import_changes c where c.import = i.number)) limit 1`,
)

/** Numbers a new import; null while another one is under way that may touch its shops, since what each brought has to follow the other to be taken back. */
export async function beginImport(
  tx: Session,
  about: {
    file: string
    format: string
    mapping: unknown
    channel: string | null
    shop: string | null
    by: string
    exportedAt: Instant
    at: Instant
  },
): Promise<number | null> {
  await run(tx, lockImports)
  const { file, format, mapping, channel, shop, by, exportedAt, at } = about
  if ((await run(tx, busy, [channel, shop])).length > 0) return null
  return (
    await run<{ number: number }>(tx, begin, [
      file,
      format,
      JSON.stringify(mapping),
      channel,
      shop,
      by,
      exportedAt,
      at,
    ])
  )[0]!.number
}
/** A session that shows, as long as it stands, that somebody carries an import out. Taken before others can see the import. */
export async function attendImport(db: Database, number: number): Promise<pg.Client> {
  const session = new pg.Client({
    connectionString: db.url,
    application_name: `zhunshi import ${number}`,
    keepAlive: true,
  })
  // A session that breaks is noticed by who finds the lock free, and by the next batch.
  session.on("error", () => {})
  await session.connect()
  await session.query("select pg_advisory_lock($1, $2)", [importLock, number])
  return session
}
/** Ends imports whose process died as failed; answers their numbers. */
export const endDeadImports = async (session: Session, now: Instant): Promise<number[]> =>
  (await run<{ number: number }>(session, endDead, [now])).map(({ number }) => number)
/** Whether an import may still bring something; nobody ends it before this transaction does. */
export const isRunning = async (tx: Session, number: number): Promise<boolean> =>
  (await run(tx, running, [number])).length > 0
/** Says that an import is being taken back, or was; false when others have taken it back. */
export const turnImport = async (
  session: Session,
  number: number,
  state: "undoing" | "undone",
  finishedAt: Instant | null,
): Promise<boolean> => (await touch(session, turn, [number, state, finishedAt])) > 0
/** Holds an import that is being taken back, so that several who do take it back one after the other. */
export const holdImport = async (tx: Session, number: number): Promise<boolean> =>
  (await run(tx, holdUndoing, [number])).length > 0
/** Writes how far a running import is, or how it ended; one that was ended by others stays so. */
export const saveImport = (session: Session, each: StoredImport): Promise<unknown[]> =>
  run(session, save, [
    each.number,
    each.state,
    each.rows,
    each.orders,
    each.ofRows,
    each.result && JSON.stringify(each.result),
    each.error,
    each.shop,
    each.exportedAt,
    each.finishedAt,
    each.channel,
  ])
/** The imports, newest first. */
export const listImports = (session: Session): Promise<StoredImport[]> => run(session, listAll)
/** One import. */
export const findImport = async (session: Session, number: number): Promise<StoredImport | undefined> =>
  (await run<StoredImport>(session, findOne, [number]))[0]
/** Whether a newer import of the same shop stands. */
export const hasNewer = async (session: Session, each: StoredImport): Promise<boolean> =>
  (await run(session, newerStands, [each.channel, each.shop, each.number])).length > 0

// ------------------------------------------------------------------ rows on their way, and rows that stayed out

/** A row that waits to be read back by order. */
export type WaitingRow = { import: number; orderKey: string; line: number; row: object }
const waitingColumns: readonly Column<WaitingRow>[] = [
  ["import", "import", "int4"],
  ["order_key", "orderKey", "text"],
  ["line", "line", "int4"],
  ["row", "row", "json"],
]
const wait = bulkInsert("import_rows.wait", "import_rows", waitingColumns)
/** Puts rows into the staging table. */
export const waitRows = (session: Session, rows: readonly WaitingRow[]): Promise<number> =>
  send(session, wait, waitingColumns, rows)
const nextOrders = statement(
  "import_rows.next",
  `select order_key as "orderKey", jsonb_agg(row order by line) as rows from import_rows
   where import = $1 and order_key in (select distinct order_key from import_rows where import = $1 and order_key > $2 order by order_key limit $3)
   group by order_key order by order_key`,
)
/** The rows of the next orders, by order. */
export const nextWaiting = <Row>(
  session: Session,
  number: number,
  after: string,
  limit: number,
): Promise<{ orderKey: string; rows: Row[] }[]> =>
  run(session, nextOrders, [number, after, limit]) as Promise<{ orderKey: string; rows: Row[] }[]>
/** Lets the planner know what lies in the staging table, which is filled and read within seconds. */
export const knowWaiting = (session: Session): Promise<unknown> => session.query("analyze import_rows")
const clearRows = statement("import_rows.clear", "delete from import_rows where import = $1")
/** Empties the staging table of an import. */
export const clearWaiting = (session: Session, number: number): Promise<unknown[]> =>
  run(session, clearRows, [number])

/** A row that could not be taken. */
export type Rejection = {
  import: number
  line: number
  col: string
  code: string
  message: string
  cells: unknown[]
}
const rejectionColumns: readonly Column<Rejection>[] = [
  ["import", "import", "int4"],
  ["line", "line", "int4"],
  ["col", "col", "text"],
  ["code", "code", "text"],
  ["message", "message", "text"],
  ["cells", "cells", "json"],
]
const reject = bulkInsert(
  "import_rejections.add",
  "import_rejections",
  rejectionColumns,
  "on conflict do nothing",
)
/** Keeps rows that could not be taken, to download. */
export const addRejections = (session: Session, rows: readonly Rejection[]): Promise<number> =>
  send(session, reject, rejectionColumns, rows)
const rejections = statement(
  "import_rejections.list",
  "select line, col, code, message, cells from import_rejections where import = $1 order by line limit 200000",
)
/** The rows that could not be taken. */
export const listRejections = (session: Session, number: number): Promise<Omit<Rejection, "import">[]> =>
  run(session, rejections, [number])

const statusIds = statement(
  "events.status_ids",
  `select e.order_id as "orderId", array_agg(e.event_id) as ids from events e
   join unnest($1::int2[], $2::uuid[]) as k(bucket, id) on e.bucket = k.bucket and e.order_id = k.id
   where e.event_id like '%:status' and e.source = $3 group by e.order_id`,
)
/** Statuses without an instant that earlier files of a format told, by order id. */
export async function listStatusIds(
  session: Session,
  orders: readonly { bucket: number; id: string }[],
  source: string,
): Promise<Map<string, Set<string>>> {
  if (orders.length === 0) return new Map()
  const rows = await run<{ orderId: string; ids: string[] }>(session, statusIds, [
    `{${orders.map((each) => each.bucket).join(",")}}`,
    `{${orders.map((each) => each.id).join(",")}}`,
    source,
  ])
  return new Map(rows.map(({ orderId, ids }) => [orderId, new Set(ids)]))
}
const openCount = statement(
  "imports.open_orders",
  `select count(*)::int as n from ${orderTables} where o.channel = $1 and o.shop = $2 and a.next_due_at is not null and a.told_at is not null`,
)
/** How many orders of a shop have a clock that runs. */
export const countOpenOrders = async (session: Session, channel: string, shop: string): Promise<number> =>
  (await run<{ n: number }>(session, openCount, [channel, shop]))[0]!.n
const unshipped = statement(
  "imports.overdue_unshipped",
  `select o.bucket, o.id, o.channel, o.shop, o.order_no as "orderNo" from ${orderTables} where o.channel = $1 and o.shop = $2 and o.watched
   and a.told_at is not null and o.end_at is null and not a.facts ? 'shipped' and a.next_due_at < to_timestamp($3::float8 / 1000) limit 200000`,
)
/** Orders of a shop that are overdue and not shipped. */
export const listOverdueUnshipped = (
  session: Session,
  channel: string,
  shop: string,
  now: Instant,
): Promise<{ bucket: number; id: string; channel: string; shop: string; orderNo: string }[]> =>
  run(session, unshipped, [channel, shop, now])
