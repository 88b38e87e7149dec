import { execFile } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, expect, it } from "vitest"
import { openSignIn } from "../api/signIn.ts"
import type { Finding } from "../core/findings.ts"
import { listAudit } from "../store/audit.ts"
import { secretsOf } from "../store/masterKey.ts"
import { makeKey } from "../store/people.ts"
import { type Rehearsal, rehearse } from "../testing/rehearsal.ts"

let stage: Rehearsal
const data = mkdtempSync(join(tmpdir(), "zs-cli-"))
beforeAll(async () => {
  stage = await rehearse(Date.now())
  await secretsOf(stage.db, { data, given: undefined })
  await makeKey(stage.db.pool, { name: "taken", role: "viewer", source: "taken" }, stage.now)
  const signIn = openSignIn(stage.db.url, {
    secret: "a secret that is long enough for tests",
    baseUrl: "http://localhost:7300",
    trusted: [],
  })
  await signIn.add({ name: "顾言", email: "guyan@example.com", password: "long-enough-for-it" })
  await signIn.close()
})
afterAll(async () => {
  await stage.close()
  rmSync(data, { recursive: true, force: true })
})

const main = join(import.meta.dirname, "main.ts")
/** Runs a command; answers its exit code and what it said. */
const zhunshi = (...args: string[]) => zhunshiIn({}, ...args)
const zhunshiIn = (environment: NodeJS.ProcessEnv, ...args: string[]) =>
  promisify(execFile)(process.execPath, [main, ...args], {
    env: { ...process.env, DATABASE_URL: stage.db.url, ZHUNSHI_DATA: data, ...environment },
  }).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (error: { code: number; stderr: string }) => ({ code: error.code, said: error.stderr }),
  )
const audited = async () => (await listAudit(stage.db.pool, { limit: 10 })).map(({ what }) => what).reverse()

it("what a command changes stands in the audit trail, and what it did not does not", async () => {
  expect(await zhunshi("keys", "revoke", "erp")).toMatchObject({
    code: 2,
    said: expect.stringMatching(/no valid key named erp/),
  })
  expect(await zhunshi("users", "reset", "nobody@example.com")).toMatchObject({ code: 2 })
  expect(await audited()).toEqual([])
  expect((await zhunshi("keys", "create", "erp", "--role", "integration")).said).toMatch(/^zs_/)
  expect((await zhunshi("keys", "revoke", "erp")).code).toBe(0)
  expect((await zhunshi("users", "reset", "guyan@example.com")).said).toMatch(/\/reset\//)
  expect(await audited()).toEqual(["key.create", "key.revoke", "people.reset_link"])
}, 60_000)

it("the doctor looks at everything with a key that is none, and says so", async () => {
  for (const [given, says] of [
    ["cut off", "damaged"],
    [Buffer.alloc(32, 9).toString("base64"), "other"],
  ] as const) {
    const told = await promisify(execFile)(process.execPath, [main, "doctor", "--json"], {
      env: { ...process.env, DATABASE_URL: stage.db.url, ZHUNSHI_DATA: data, ZHUNSHI_KEY: given },
    }).catch(({ stdout }: { stdout: string }) => ({ stdout }))
    const findings = JSON.parse(told.stdout) as Finding[]
    expect(findings.find(({ id }) => id === "key")).toMatchObject({ state: "bad", says })
    expect(findings.filter(({ says }) => says === "failed")).toEqual([])
    expect(findings.length).toBeGreaterThan(10)
  }
}, 60_000)

it("the doctor says what is damaged where the database's file is empty", async () => {
  const empty = mkdtempSync(join(tmpdir(), "zs-cli-empty-"))
  writeFileSync(join(empty, "postgres.json"), "")
  const { DATABASE_URL: _, ...environment } = process.env
  const told = await promisify(execFile)(process.execPath, [main, "doctor", "--json"], {
    env: { ...environment, ZHUNSHI_DATA: empty },
  }).catch(({ stdout }: { stdout: string }) => ({ stdout }))
  rmSync(empty, { recursive: true, force: true })
  expect((JSON.parse(told.stdout) as Finding[])[0]).toMatchObject({ id: "database", says: "damaged" })
}, 60_000)

it.each<[string, NodeJS.ProcessEnv, string[], RegExp]>([
  ["a folder instead of a file", {}, ["check", data], /is a folder; name a file in it/],
  ["a folder instead of a backup", {}, ["restore", data], /is a folder; name a file in it/],
  ["a file instead of a folder", {}, ["backup", "--to", main], /main\.ts is no folder; name one/],
  [
    "a database that is not there",
    { DATABASE_URL: "postgres://nobody@localhost:1/x" },
    ["users", "list"],
    /the database does not answer \(.*ECONNREFUSED.*\); start it/,
  ],
  [
    "an address that is none",
    { DATABASE_URL: "nonsense" },
    ["users", "list"],
    /is no address of a PostgreSQL/,
  ],
  [
    "an address whose port is none",
    { DATABASE_URL: "postgres://x:secret@localhost:99999/x" },
    ["users", "list"],
    /is no address of a PostgreSQL; one is such as postgres:\/\/user:password@host/,
  ],
  [
    "another master key than the database's",
    { ZHUNSHI_KEY: Buffer.alloc(32, 9).toString("base64") },
    ["users", "list"],
    /ZHUNSHI_KEY is the master key .*, and this database was written with .*; put back the copy/,
  ],
  ["a number that is none", {}, ["import", "undo", "abc"], /an import's number is a whole one/],
  ["a number that nothing has", {}, ["import", "undo", "3000000000"], /an import's number is a whole one/],
  ["an import that is not there", {}, ["import", "undo", "99"], /There is no import 99; the page of imports/],
  ["a key without a name", {}, ["keys", "create", " ", "--role", "viewer"], /a key has a name of 1 to 80/],
  [
    "a key's name twice",
    {},
    ["keys", "create", "taken", "--role", "viewer"],
    /named taken already; take that/,
  ],
])("%s is answered in one sentence that says what to do", async (_, environment, args, expected) => {
  const { code, said } = await zhunshiIn(environment, ...args)
  expect(code).toBe(2)
  expect(said.trim().split("\n")).toEqual([expect.stringMatching(expected)])
})
