import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { Database } from "./database.ts"

/** Where the numbered migrations lie: beside the sources in a checkout, beside dist when installed. */
export const migrationsFolder = [
  join(import.meta.dirname, "../../migrations"),
  join(import.meta.dirname, "../../../migrations"),
].find((each) => existsSync(each))!

/** A migration: its number, name, SQL and checksum. */
export type Migration = { number: number; name: string; text: string; checksum: string }

/** The migrations of this program, in order. */
export function listMigrations(folder = migrationsFolder): Migration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}-[a-z-]+\.sql$/.test(name))
    .sort()
    .map((name) => {
      const text = readFileSync(join(folder, name), "utf8")
      return {
        number: Number(name.slice(0, 4)),
        name,
        text,
        checksum: createHash("sha256").update(text).digest("hex"),
      }
    })
}

const migrationLock = 7_300_001

/** The oldest PostgreSQL whose SQL the migrations speak (`nulls not distinct`). */
const oldest = 15

/** Refuses a server that is too old, by what it says of itself (`server_version_num`, 140012 for 14.12). */
export function refuseOld(versionNumber: number): void {
  const major = Math.floor(versionNumber / 10_000)
  if (major < oldest)
    throw new Error(
      `the database is a PostgreSQL ${major}, and ${oldest} or newer is needed; name one in DATABASE_URL, or leave it out for the embedded one`,
    )
}

/** Brings a database up to this program's schema, one program at a time; answers the names of what was applied. An older program refuses a newer database. */
export async function migrate(db: Database, all = listMigrations()): Promise<string[]> {
  const client = await db.pool.connect()
  try {
    const { rows: told } = await client.query<{ version: number }>(
      "select current_setting('server_version_num')::int as version",
    )
    refuseOld(told[0]!.version)
    await client.query("select pg_advisory_lock($1)", [migrationLock])
    await client.query(
      "create table if not exists migrations (number integer primary key, name text not null, checksum text not null, applied_at timestamptz(3) not null)",
    )
    const { rows } = await client.query<Migration>(
      "select number, name, checksum from migrations order by number",
    )
    refuseStrangers(rows, all)
    const applied = all.filter((each) => !rows.some((row) => row.number === each.number))
    for (const each of applied) {
      await client.query("begin")
      await client.query(each.text)
      await client.query("insert into migrations values ($1, $2, $3, clock_timestamp())", [
        each.number,
        each.name,
        each.checksum,
      ])
      await client.query("commit")
    }
    return applied.map((each) => each.name)
  } catch (error) {
    await client.query("rollback").catch(() => {})
    throw error
  } finally {
    await client.query("select pg_advisory_unlock($1)", [migrationLock]).catch(() => {})
    client.release()
  }
}

function refuseStrangers(rows: readonly Migration[], all: readonly Migration[]): void {
  for (const row of rows) {
    const own = all.find((each) => each.number === row.number)
    if (!own)
      throw new Error(
        `the database is newer than this program (it has ${row.name}); install the newer zhunshi`,
      )
    if (own.checksum !== row.checksum)
      throw new Error(`${own.name} was changed after it had been applied; released migrations never change`)
  }
}
