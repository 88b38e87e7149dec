import { existsSync, globSync, mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { TestProject } from "vitest/node"
import { openJobs } from "../engine/jobs.ts"
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
  // The job queue's own schema too, so that no test waits for it to be made.
  const jobs = openJobs(db)
  await jobs.dead()
  await jobs.stop()
  await db.close()
  project.provide("postgres", url)
  return async () => {
    await postgres.stop()
    rmSync(data, { recursive: true, force: true })
  }
}

const root = join(import.meta.dirname, "../..")
const inputs = [
  "web/**/*",
  "src/core/**/*",
  "src/files/**/*",
  "content/*",
  "vite.config.ts",
  "package-lock.json",
]

/** The browser tests look at the built pages, which must be those of the sources at hand. */
async function buildWeb(): Promise<void> {
  const built = join(root, "dist/web/index.html")
  const changedAt = (path: string) => statSync(path).mtimeMs
  const isFresh =
    existsSync(built) &&
    globSync(inputs, { cwd: root }).every((path) => changedAt(join(root, path)) <= changedAt(built))
  if (isFresh) return
  const { build } = await import("vite")
  await build({ configFile: join(root, "vite.config.ts"), logLevel: "error" })
}
