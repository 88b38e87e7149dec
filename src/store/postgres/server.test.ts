import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, it, vi } from "vitest"
import { readConnection, startPostgres } from "./server.ts"

const data = mkdtempSync(join(tmpdir(), "zs-pg-"))
afterAll(() => rmSync(data, { recursive: true, force: true }))

it("a first start that was killed while it made the cluster is not in the way of the next", async () => {
  const start = `import(${JSON.stringify(join(import.meta.dirname, "server.ts"))}).then((it) => it.startPostgres(${JSON.stringify(data)}))`
  const killed = spawn(process.execPath, ["-e", start], { stdio: "ignore" })
  await vi.waitUntil(() => readdirSync(data).some((name) => existsSync(join(data, name, "PG_VERSION"))), {
    timeout: 20_000,
    interval: 5,
  })
  const gone = once(killed, "exit")
  killed.kill("SIGKILL")
  await gone
  expect(existsSync(join(data, "postgres.json"))).toBe(false)
  const postgres = await startPostgres(data)
  await postgres.stop()
  expect(postgres.how).toBe("started")
}, 60_000)

it.each([
  ["empty", ""],
  ["cut off", '{"host":"/tmp/x","port":54'],
  ["another file", "null"],
  [
    "without its password",
    '{"host":"/tmp/x","port":5432,"user":"zhunshi","password":"","database":"zhunshi"}',
  ],
])("a postgres.json that is %s is told with what to do", async (_, text) => {
  const folder = mkdtempSync(join(tmpdir(), "zs-pg-facts-"))
  writeFileSync(join(folder, "postgres.json"), text)
  const told = /postgres\.json is empty or cut off.*Put a copy of the file back, or restore the last backup/
  expect(() => readConnection(folder)).toThrow(told)
  await expect(startPostgres(folder)).rejects.toThrow(told)
  rmSync(folder, { recursive: true, force: true })
})
