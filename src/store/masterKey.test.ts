import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import { type Rehearsal, rehearse } from "../testing/rehearsal.ts"
import { findKeyId, forgetKeyId, keyFile, secretsOf } from "./masterKey.ts"
import { listMigrations } from "./migrate.ts"
import { openSecrets } from "./secrets.ts"

const folder = mkdtempSync(join(tmpdir(), "zs-key-"))
let stage: Rehearsal
beforeAll(async () => {
  stage = await rehearse(0)
})
afterAll(async () => {
  await stage.close()
  rmSync(folder, { recursive: true, force: true })
})

let data = ""
let n = 0
beforeEach(async () => {
  await forgetKeyId(stage.db.pool)
  n += 1
  data = join(folder, `${n}`, "of a first start")
})
const start = (given?: string, at = data) => secretsOf(stage.db, { data: at, given })
const keyOf = (byte: number) => Buffer.alloc(32, byte).toString("base64")

it("a master key is made once, also in a folder that is not there yet, and the database knows it", async () => {
  const made = await start()
  expect(await findKeyId(stage.db.pool)).toBe(made.keyId)
  expect((await start()).keyId).toBe(made.keyId)
  expect(await start(readFileSync(keyFile(data), "utf8"))).toMatchObject({ keyId: made.keyId })
})

it("of several servers that start at once with keys of their own one is right, and the others are told", async () => {
  // Sessions that are open already start at one moment.
  await Promise.all(Array.from({ length: 6 }, () => stage.db.pool.query("select pg_sleep(0.05)")))
  const all = await Promise.allSettled(Array.from({ length: 6 }, (_, i) => start(keyOf(i + 1))))
  const reasons = all.flatMap((each) => (each.status === "rejected" ? [String(each.reason)] : []))
  expect(reasons).toEqual(Array.from({ length: 5 }, () => expect.stringMatching(/written with .*; put back/)))
})

it("a key that is gone is asked for, and none is made in its place", async () => {
  const { keyId } = await start()
  rmSync(keyFile(data))
  for (let tries = 0; tries < 2; tries++)
    await expect(start()).rejects.toThrow(
      new RegExp(
        `there is no .*master.key, and this database was written with .* ${keyId}; put back the copy`,
      ),
    )
})

it("another key is refused, from a file and from the environment", async () => {
  const { keyId } = await start(keyOf(1))
  const other = openSecrets(Buffer.alloc(32, 2)).keyId
  const said = `the master key ${other}, and this database was written with ${keyId}; put back`
  await expect(start(keyOf(2))).rejects.toThrow(`ZHUNSHI_KEY is ${said}`)
  mkdirSync(data, { recursive: true })
  writeFileSync(keyFile(data), keyOf(2))
  await expect(start()).rejects.toThrow(`master.key is ${said}`)
  expect(await findKeyId(stage.db.pool)).toBe(keyId)
  // Where it is lost for ever, somebody has to say so.
  await forgetKeyId(stage.db.pool)
  expect((await start()).keyId).toBe(other)
})

it.each([0, 20])("a file of which %i bytes are left is no master key", async (bytes) => {
  await start()
  truncateSync(keyFile(data), bytes)
  await expect(start()).rejects.toThrow(/holds no master key.*put back the copy/)
})

it("a database from before it knew its key is told by what it sealed last", async () => {
  const address = openSecrets(Buffer.alloc(32, 3)).seal("https://example.com", "x")
  await stage.db.pool.query(
    `insert into robots (id, kind, name, department, codes, warehouses, address, shown, created_at, changed_at)
     values (gen_random_uuid(), 'feishu', 'x', 'x', '{}', '{}', $1, '…', now(), now())`,
    [address],
  )
  await stage.db.pool.query(listMigrations().find(({ number }) => number === 31)!.text)
  expect(await findKeyId(stage.db.pool)).toBe(openSecrets(Buffer.alloc(32, 3)).keyId)
})
