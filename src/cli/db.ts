import type { Command } from "commander"
import { reachDatabase, readConfig } from "../main.ts"
import { note } from "../store/audit.ts"
import { type Database, transaction } from "../store/database.ts"
import { findKeyId, forgetKeyId } from "../store/masterKey.ts"
import { listMigrations, migrate } from "../store/migrate.ts"
import { instantNow } from "../store/orders.ts"
import { attached } from "./attached.ts"

/** `zhunshi db`: the database behind it. */
export default function dbCommand(program: Command): void {
  const db = program.command("db").description("the database")
  db.command("url")
    .description("print the URL of the database")
    .action(() => attached(async (world) => void process.stdout.write(`${world.db.url}\n`)))
  db.command("migrate")
    .description("bring the database up to this program's schema")
    .action(async () => {
      const { db, postgres } = await reachDatabase(readConfig(), process.env, true)
      const applied = await migrate(db)
      process.stdout.write(applied.length === 0 ? "nothing to do\n" : `${applied.join("\n")}\n`)
      await db.close()
      await postgres?.stop()
    })
  db.command("forget-key")
    .description(
      "where the master key is lost for ever: begin with another, and lose what was sealed with it",
    )
    .action(async () => {
      const { db, postgres } = await reachDatabase(readConfig(), process.env, true)
      try {
        await migrate(db)
        await forgetKey(db)
      } finally {
        await db.close()
        await postgres?.stop()
      }
    })
  db.command("status")
    .description("version, size and migrations")
    .action(() =>
      attached(async (world) => {
        const { rows } = await world.db.pool.query<{
          version: string
          size: string
          orders: number
          applied: number
        }>(
          `select current_setting('server_version') as version, pg_size_pretty(pg_database_size(current_database())) as size,
             (select count(*)::int from orders) as orders, (select count(*)::int from migrations) as applied`,
        )
        const { version, size, orders, applied } = rows[0]!
        process.stdout.write(
          `PostgreSQL ${version} · ${size} · ${orders} orders · ${applied} of ${listMigrations().length} migrations\n`,
        )
      }),
    )
}

async function forgetKey(db: Database): Promise<void> {
  const forgotten = await transaction(db, async (tx) => {
    const keyId = await findKeyId(tx)
    if (keyId !== null) {
      await forgetKeyId(tx)
      const at = await instantNow(tx)
      await note(tx, { who: "command line", what: "master_key.forget", subject: keyId }, at)
    }
    return keyId
  })
  process.stdout.write(
    forgotten === null
      ? "nothing to do: this database belongs to no master key yet\n"
      : `the master key ${forgotten} is forgotten; the next start takes the one that it finds, or makes one where there is none\n`,
  )
}
