import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { type Rehearsal, rehearse } from "../testing/rehearsal.ts"
import { listMigrations, migrate, migrationsFolder, refuseOld } from "./migrate.ts"
import { describeSchema } from "./schema.ts"

let stage: Rehearsal
beforeAll(async () => {
  stage = await rehearse(0)
})
afterAll(() => stage.close())

it("schema.sql is what the migrations make", async () => {
  const file = join(migrationsFolder, "schema.sql")
  const text = await describeSchema(stage.db.pool)
  if (process.env.UPDATE === "1" || !existsSync(file)) writeFileSync(file, text)
  expect(readFileSync(file, "utf8")).toBe(text)
})

it("migrating again does nothing, and an older program refuses a newer database", async () => {
  expect(await migrate(stage.db)).toEqual([])
  await expect(migrate(stage.db, listMigrations().slice(0, -1))).rejects.toThrow(/newer than this program/)
})

it("a migration that was changed after it had been applied is refused", async () => {
  const changed = listMigrations().map((each) => ({ ...each, checksum: "other" }))
  await expect(migrate(stage.db, changed)).rejects.toThrow(/never change/)
})

it("a PostgreSQL that is too old is told to be, and which one is needed", () => {
  expect(() => refuseOld(140_012)).toThrow(/is a PostgreSQL 14, and 15 or newer is needed/)
  expect(() => refuseOld(150_000)).not.toThrow()
})
