import type { Readable } from "node:stream"
import pg from "pg"
import { from, to } from "pg-copy-streams"
import type { Instant } from "../core/instants.ts"
import { wireTypes } from "./database.ts"
import { run, type Session, statement } from "./statement.ts"

/** A backup that was made or restored, and when it was last read back whole. */
export type StoredBackup = {
  id: string
  madeAt: Instant
  byWhom: string
  file: string
  bytes: number
  rows: number
  tables: number
  version: string
  tookMs: number
  triedAt: Instant | null
  /** `read`: every checksum held; `restored`: a database was made of it and proven equal; `broken`: see `error` */
  tried: "read" | "restored" | "broken" | null
  error: string | null
  /** when its file was removed, since it had been kept long enough */
  goneAt: Instant | null
}
const fields = `id, made_at as "madeAt", by_whom as "byWhom", file, bytes, rows, tables, version, took_ms as "tookMs",
  tried_at as "triedAt", tried, error, gone_at as "goneAt"`
const add = statement(
  "backups.add",
  `insert into backups (id, made_at, by_whom, file, bytes, rows, tables, version, took_ms)
   values ($1, to_timestamp($2::float8 / 1000), $3, $4, $5, $6, $7, $8, $9)`,
)
const list = statement("backups.list", `select ${fields} from backups order by made_at desc, id limit 100`)
const find = statement("backups.find", `select ${fields} from backups where id = $1`)
const tell = statement(
  "backups.tried",
  "update backups set tried_at = to_timestamp($2::float8 / 1000), tried = $3, error = $4 where id = $1",
)
const forget = statement(
  "backups.gone",
  "update backups set gone_at = to_timestamp($2::float8 / 1000) where id = $1",
)

/** Notes a backup that was made. */
export const addBackup = (
  session: Session,
  made: Omit<StoredBackup, "triedAt" | "tried" | "error" | "goneAt">,
): Promise<unknown[]> =>
  run(session, add, [
    made.id,
    made.madeAt,
    made.byWhom,
    made.file,
    made.bytes,
    made.rows,
    made.tables,
    made.version,
    made.tookMs,
  ])
/** The last hundred backups, newest first. */
export const listBackups = (session: Session): Promise<StoredBackup[]> => run(session, list)
/** One backup. */
export const findBackup = async (session: Session, id: string): Promise<StoredBackup | undefined> =>
  (await run<StoredBackup>(session, find, [id]))[0]
/** Notes how a backup was found when it was read back. */
export const tellTried = (
  session: Session,
  id: string,
  found: { at: Instant; tried: NonNullable<StoredBackup["tried"]>; error: string | null },
): Promise<unknown[]> => run(session, tell, [id, found.at, found.tried, found.error])
/** Notes that a backup's file was removed. */
export const tellGone = (session: Session, id: string, at: Instant): Promise<unknown[]> =>
  run(session, forget, [id, at])

// ------------------------------------------------------------------ whole tables

/** A table as it travels: its name, and its columns as they stand. */
export type WholeTable = { name: string; columns: string[] }

/** Every table with its columns, those that others point to first. Queues of jobs (another schema) are not the company's. */
export async function listTables(session: Session): Promise<WholeTable[]> {
  const { rows } = await session.query<WholeTable>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relkind = 'r' group by c.relname order by c.relname`,
  )
  const { rows: points } = await session.query<{ from: string; to: string }>(
    `select a.relname as from, b.relname as to from pg_constraint k join pg_class a on a.oid = k.conrelid
     join pg_class b on b.oid = k.confrelid where k.contype = 'f' and a.oid <> b.oid`,
  )
  const sorted: WholeTable[] = []
  const waiting = [...rows]
  while (waiting.length > 0) {
    const free = waiting.filter(
      ({ name }) =>
        !points.some(({ from, to }) => from === name && waiting.some((other) => other.name === to)),
    )
    if (free.length === 0)
      throw new Error(`tables point to each other in a circle: ${waiting.map(({ name }) => name).join(", ")}`)
    sorted.push(...free)
    for (const each of free) waiting.splice(waiting.indexOf(each), 1)
  }
  return sorted
}

const name = pg.escapeIdentifier
const columnsOf = (table: WholeTable): string => table.columns.map(name).join(", ")

/** A session of its own for whole tables: no limits of time, texts that mean the same on every machine. */
export async function openCopySession(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    types: wireTypes,
    options:
      "-c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres -c extra_float_digits=1 -c bytea_output=hex -c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0 -c client_min_messages=warning",
  })
  client.on("error", () => {})
  await client.connect()
  return client
}

/** A table's rows as text, a line each. */
export const copyOut = (client: pg.Client, table: WholeTable): Readable =>
  client.query(to(`copy ${name(table.name)} (${columnsOf(table)}) to stdout`))

/** Takes a table's rows in, as `copyOut` gave them. */
export const copyIn = (client: pg.Client, table: WholeTable): NodeJS.WritableStream =>
  client.query(from(`copy ${name(table.name)} (${columnsOf(table)}) from stdin`))

/** Empties every table, so that what migrations put there does not meet what comes. */
export const emptyTables = (client: pg.Client, tables: readonly WholeTable[]): Promise<unknown> =>
  client.query(`truncate ${tables.map((each) => name(each.name)).join(", ")} cascade`)

/** Removes every table of a database that was empty before. */
export async function dropTables(client: pg.Client): Promise<void> {
  for (const table of await listTables(client)) await client.query(`drop table ${name(table.name)} cascade`)
}

const backupLock = 7_300_005
/** Takes the lock under which one backup at a time is made, kept until the session ends; false when another has it. */
export async function lockBackups(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>("select pg_try_advisory_lock($1) as taken", [
    backupLock,
  ])
  return rows[0]!.taken
}

const running = statement(
  "backups.running",
  `select exists (select 1 from pg_locks where locktype = 'advisory' and classid = 0 and objid = ${backupLock} and granted
     and database = (select oid from pg_database where datname = current_database())) as running`,
)
/** Whether a backup is being made somewhere. */
export const isBackupRunning = async (session: Session): Promise<boolean> =>
  (await run<{ running: boolean }>(session, running))[0]!.running
