import { setTimeout as pause } from "node:timers/promises"
import pg from "pg"
import type { Instant } from "../core/instants.ts"
import { Raced } from "./raced.ts"
import type { Session } from "./statement.ts"

/** A database: a pool for acts, and another session or two for what must not wait for them (beats, listening). */
export type Database = {
  pool: pg.Pool
  /** for beats: never waits for a busy pool */
  beats: pg.Pool
  url: string
  close(): Promise<void>
}

// Instants travel as milliseconds; `infinity` stays Infinity.
const timestamptz = 1184
const int8 = 20
const numeric = 1700
const digits = (text: string, from: number, to: number): number => {
  let n = 0
  for (let i = from; i < to; i++) n = n * 10 + text.charCodeAt(i) - 48
  return n
}
/** `2026-11-24 02:00:00.123+00`, read by place: `Date.parse` took a tenth of a tick. Years past 9999 and before 1 go the long way. */
function readInstant(text: string): Instant {
  if (text === "infinity") return Infinity
  if (text === "-infinity") return -Infinity
  if (text.charCodeAt(4) !== 45 || !text.endsWith("+00")) return Date.parse(`${text.replace(" ", "T")}:00`)
  const seconds = Date.UTC(
    digits(text, 0, 4),
    digits(text, 5, 7) - 1,
    digits(text, 8, 10),
    digits(text, 11, 13),
    digits(text, 14, 16),
    digits(text, 17, 19),
  )
  const fraction = text.length - 23
  return fraction > 0 ? seconds + Math.floor(digits(text, 20, 20 + fraction) * 10 ** (3 - fraction)) : seconds
}
/** How values come from the database: instants as milliseconds, whole numbers as numbers. */
export const wireTypes: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: "text" | "binary") {
    if (oid === timestamptz) return readInstant
    if (oid === int8 || oid === numeric) return Number
    return pg.types.getTypeParser(oid, format as "text")
  },
} as pg.CustomTypesConfig

/** What is said of an address that is none; the address itself may hold a password. */
export const noAddress =
  "DATABASE_URL is no address of a PostgreSQL; one is such as postgres://user:password@host:5432/zhunshi"

/** Opens pools on a database by its URL. Sessions speak UTC. */
export function openDatabase(url: string, options: { max?: number } = {}): Database {
  if (!/^postgres(ql)?:\/\//.test(url)) throw new Error(noAddress)
  const common = {
    connectionString: url,
    types: wireTypes,
    options: "-c timezone=UTC -c client_min_messages=warning",
  }
  // Statements of an act that do not wait for each other's rows are sent together (`pipeline`).
  const pool = new pg.Pool({ ...common, max: options.max ?? 20, pipeline: true } as pg.PoolConfig)
  const beats = new pg.Pool({ ...common, max: 2 })
  // A session that breaks while idle is replaced at the next use; without a listener it would end the process.
  pool.on("error", () => {})
  beats.on("error", () => {})
  return {
    pool,
    beats,
    url,
    async close() {
      await Promise.all([pool.end(), beats.end()])
    },
  }
}

/** Listens to a channel of NOTIFY on a session of its own, which is opened again when it is lost. */
export function listenTo(
  db: Database,
  channel: string,
  hear: (payload: string) => void,
): { close(): Promise<void> } {
  let client: pg.Client | null = null
  let again: NodeJS.Timeout | null = null
  let closed = false
  const open = async () => {
    const own = new pg.Client({ connectionString: db.url, application_name: `zhunshi ${channel}` })
    client = own
    const lost = () => {
      if (closed || client !== own) return
      client = null
      again = setTimeout(() => void open(), listenAgainMs).unref()
      own.end().catch(() => {})
    }
    own.on("error", lost)
    own.on("end", lost)
    own.on("notification", ({ payload }) => payload && hear(payload))
    try {
      await own.connect()
      await own.query(`listen ${pg.escapeIdentifier(channel)}`)
    } catch {
      lost()
    }
  }
  void open()
  return {
    async close() {
      closed = true
      if (again) clearTimeout(again)
      await client?.end().catch(() => {})
    },
  }
}
const listenAgainMs = 1_000

/** Sessions of acts: a frozen process holds nothing, and nobody waits for a lock for long; engines, whose work others can do, least of all. */
const guards = (lockSeconds: number): string =>
  `set local idle_in_transaction_session_timeout = '5s'; set local lock_timeout = '${lockSeconds}s'`

const triesMax = 8

/** Runs an act in one transaction at READ COMMITTED; a hiccup of the database (deadlock, lost session, race) is retried here and nowhere else. */
export async function transaction<Result>(
  db: Database,
  act: (tx: Session) => Promise<Result>,
  lockSeconds = 10,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await once(db, act, lockSeconds)
    } catch (error) {
      if (tries >= triesMax || !(isHiccup(error) || isBehind(error))) throw error
      await pause(5 * 2 ** tries)
    }
  }
}

/** Of statements that were sent together, one behind the failed one may be heard of first; what failed, and whether it passes, shows when the act is done again. */
const isBehind = (error: unknown): boolean => (error as { code?: string }).code === "25P02"

async function once<Result>(
  db: Database,
  act: (tx: Session) => Promise<Result>,
  lockSeconds: number,
): Promise<Result> {
  const client = await db.pool.connect()
  let broken: Error | undefined
  const lost = (error: Error) => {
    broken = error
  }
  client.on("error", lost)
  try {
    await client.query(`begin; ${guards(lockSeconds)}`)
    const result = await act(client)
    await client.query("commit")
    return result
  } catch (error) {
    await client.query("rollback").catch((failed: Error) => {
      broken ??= failed
    })
    throw error
  } finally {
    client.off("error", lost)
    client.release(broken)
  }
}

const hiccups = new Set([
  "40001",
  "40P01",
  "55P03",
  "57P01",
  "57P02",
  "57P03",
  "08000",
  "08003",
  "08006",
  "53300",
  "25P03",
  "ECONNRESET",
  "ECONNREFUSED",
  "EPIPE",
  "ENOENT",
])

/** Whether an error is the database's and passes: deadlock, serialization, lock time-out, a lost or refused session. */
export function isHiccup(error: unknown): boolean {
  if (error instanceof Raced) return true
  const { code, message = "" } = error as { code?: string; message?: string }
  return (
    (code !== undefined && hiccups.has(code)) ||
    /Connection terminated|connection timeout|not queryable/i.test(message)
  )
}
