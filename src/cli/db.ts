import type { Command } from "commander"
import { reachDatabase, readConfig } from "../main.ts"
import { listMigrations, migrate } from "../store/migrate.ts"
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
