import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { TestProject } from "vitest/node"
import { openDatabase } from "../store/database.ts"
import { migrate } from "../store/migrate.ts"
import { startPostgres, urlOf } from "../store/postgres/server.ts"

declare module "vitest" {
  export interface ProvidedContext {
    postgres: string
  }
}

/** One PostgreSQL for a test run, with a migrated database from which each test file's is cloned. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await buildWeb()
  const data = mkdtempSync(join(tmpdir(), "zs-test-"))
  const postgres = await startPostgres(data, {
    database: "template_zhunshi",
    settings: ["fsync=off", "full_page_writes=off", "shared_buffers=256MB"],
  })
  const url = urlOf(postgres.connection)
  const db = openDatabase(url)
  await migrate(db)
  await db.close()
  project.provide("postgres", url)
  return async () => {
    await postgres.stop()
    rmSync(data, { recursive: true, force: true })
  }
}

/** The browser tests look at the built pages, which must be those of the sources at hand. */
async function buildWeb(): Promise<void> {
  const { build } = await import("vite")
  await build({ configFile: join(import.meta.dirname, "../../vite.config.ts"), logLevel: "error" })
}
