import { existsSync, mkdirSync, rmSync } from "node:fs"
import { join, resolve } from "node:path"
import type { Command } from "commander"
import { isoOf } from "../core/instants.ts"
import { BackupRefused } from "../engine/backup/manifest.ts"
import { restoreBackup } from "../engine/backup/restoring.ts"
import { keyPlaceOf, readConfig } from "../main.ts"
import { type Database, openDatabase } from "../store/database.ts"
import { readMasterKey } from "../store/masterKey.ts"
import { startPostgres, urlOf } from "../store/postgres/server.ts"
import { openSecrets } from "../store/secrets.ts"

/** `zhunshi restore FILE`: makes an empty folder, or an empty database, equal to a backup, and proves it. */
export default function restoreCommand(program: Command): void {
  program
    .command("restore <file>")
    .description("make an empty data directory (or the empty database of DATABASE_URL) equal to a backup")
    .option("--into <dir>", "the data directory to make instead of ZHUNSHI_DATA; it holds no database yet")
    .option(
      "--without-key",
      "go on without the backup's master key: sealed names, phones and addresses are lost",
    )
    .action(async (file: string, options: { into?: string; withoutKey?: boolean }) => {
      const data = options.into ? resolve(options.into) : readConfig().data
      const key = { id: keyIdOf(data), needed: options.withoutKey !== true }
      await onEmpty(data, options.into ? undefined : process.env.DATABASE_URL, async (db) => {
        const { head, manifest, migrated } = await restoreBackup(resolve(file), { db, data, key })
        const rows = manifest.tables.reduce((n, each) => n + each.rows, 0)
        process.stdout.write(
          `restored what zhunshi ${head.version} held at ${isoOf(head.madeAt)}: ${rows} rows of ${manifest.tables.length} tables and ${manifest.files.length} files, every table proven equal\n`,
        )
        if (migrated.length > 0) process.stdout.write(`brought up to date: ${migrated.join(", ")}\n`)
      })
    })
}

/** The id of the master key at hand; none is made. */
function keyIdOf(data: string): string | null {
  const key = readMasterKey(keyPlaceOf({ data }))
  return key === null ? null : openSecrets(key).keyId
}

/** A database that nobody uses: the one of DATABASE_URL, or an embedded one made in the data directory, which leaves nothing behind when the act fails. */
async function onEmpty(data: string, url: string | undefined, act: (db: Database) => Promise<void>) {
  mkdirSync(data, { recursive: true, mode: 0o700 })
  if (url === undefined && existsSync(join(data, "postgres.json")))
    throw new BackupRefused(
      `there is a database in ${data} already, and a restore replaces nothing; name a folder that does not exist yet with --into`,
    )
  const postgres = url === undefined ? await startPostgres(data) : null
  const db = openDatabase(url ?? urlOf(postgres!.connection), { max: 4 })
  let done = false
  try {
    await act(db)
    done = true
  } finally {
    await db.close()
    await postgres?.stop()
    if (postgres && !done)
      for (const name of ["postgres", "postgres.json", "postgres.log", "run"])
        rmSync(join(data, name), { recursive: true, force: true })
  }
}
