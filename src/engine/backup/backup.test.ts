import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gunzipSync, gzipSync } from "node:zlib"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { copyOut, listBackups, listTables, openCopySession, tellTried } from "../../store/backups.ts"
import { type Database, openDatabase, transaction } from "../../store/database.ts"
import { everyRun } from "../../store/keys.ts"
import { findKeyId, secretsOf } from "../../store/masterKey.ts"
import { instantNow } from "../../store/orders.ts"
import { addPerson, makeKey, saveCompany, saveDepartment } from "../../store/people.ts"
import { cloneDatabase, type Rehearsal, rehearse } from "../../testing/rehearsal.ts"
import { record } from "../record.ts"
import { tick } from "../tick.ts"
import { beginTrialRun } from "../trialRun.ts"
import { makeBackup } from "./making.ts"
import { findBackupFailure, keepBackup, lastNight, nightly, saveBackupSettings } from "./nightly.ts"
import { readBackup, tryBackup } from "./reading.ts"
import { restoreBackup } from "./restoring.ts"

const folder = mkdtempSync(join(tmpdir(), "zs-backup-"))
const data = join(folder, "data")
const place = { folder: join(folder, "backups"), data, version: "1.2.3" }
const hour = 3_600_000
let stage: Rehearsal
const ends: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  stage = await rehearse(Date.parse("2026-11-24T02:00:00Z"))
  await secretsOf(stage.db, { data, given: Buffer.alloc(32, 7).toString("base64") })
  mkdirSync(join(data, "attachments/ab"), { recursive: true })
  writeFileSync(join(data, "attachments/ab/photo"), Buffer.from([0, 1, 2, 255]))
  writeFileSync(join(data, "attachments/empty"), "")
  await fillCompany()
})
afterAll(async () => {
  for (const end of ends) await end()
  await stage.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A company with something in most of its tables, and texts that are hard to carry. */
async function fillCompany(): Promise<void> {
  await transaction(stage.db, async (tx) => {
    await saveCompany(
      tx,
      { name: "青禾里\t家\\居\n\\N", timezone: "Asia/Shanghai", language: "zh-Hans" },
      stage.now,
    )
    await saveDepartment(tx, { id: "operations", name: "运营", parent: null })
    await saveDepartment(tx, { id: "live", name: "直播", parent: "operations" })
    await addPerson(
      tx,
      {
        authUserId: "u1",
        name: "沈一诺",
        email: "a@b.cn",
        expiresAt: null,
        roles: [{ role: "owner", department: null }],
      },
      stage.now,
    )
    await beginTrialRun(tx, "沈一诺", stage.now)
  })
  await makeKey(stage.db.pool, { name: "erp", role: "integration", source: "erp" }, stage.now)
  const events = Array.from({ length: 300 }, (_, i) => ({
    key: { channel: "douyin", shop: "s1", orderNo: `6920${i}` },
    event: {
      type: "paid" as const,
      at: stage.now - i * hour,
      source: "erp",
      eventId: "p",
      order: {
        items: [{ sku: `A-${i % 7}`, name: '四件套 "云\\白"\r\n', quantity: 1 }],
        receiver: { name: "林小姐", phone: `139${String(12_346_000 + i).padStart(8, "0")}`, city: "宁波" },
      },
    },
  }))
  await record(stage.world, events)
  while ((await tick(stage.world, everyRun)).claimed > 0);
}

async function emptyDatabase(): Promise<Database> {
  const { url, drop } = await cloneDatabase("template0")
  const db = openDatabase(url, { max: 4 })
  ends.push(async () => {
    await db.close()
    await drop()
  })
  return db
}
const into = (db: Database, to = join(folder, "restored")) => ({
  db,
  data: to,
  key: { id: stage.world.secrets.keyId as string | null, needed: true },
})

/** Every table of a database as its sorted lines. */
async function linesOf(db: Database): Promise<Record<string, string[]>> {
  const client = await openCopySession(db.url)
  const all: Record<string, string[]> = {}
  for (const table of await listTables(client)) {
    const chunks: Buffer[] = []
    for await (const chunk of copyOut(client, table) as AsyncIterable<Buffer>) chunks.push(chunk)
    all[table.name] = Buffer.concat(chunks).toString("utf8").split("\n").sort()
  }
  await client.end()
  return all
}

describe("a backup", () => {
  it("restored into an empty database equals the source, every table and every file", async () => {
    const before = await linesOf(stage.db)
    const made = await makeBackup(stage.world, place, "沈一诺")
    const db = await emptyDatabase()
    const { manifest, migrated } = await restoreBackup(made.file, into(db))
    const after = await linesOf(db)
    expect(Object.keys(after)).toEqual(Object.keys(before))
    for (const table of [
      "orders",
      "clocks",
      "events",
      "receivers",
      "cases",
      "staff",
      "grants",
      "audit",
      "outbox",
      "api_keys",
    ])
      expect(before[table]!.length, table).toBeGreaterThan(1)
    // What was noted of the backup itself came after its snapshot.
    const { backups: _, ...restored } = after
    const { backups: __, ...source } = before
    expect(restored).toEqual(source)
    expect(migrated).toEqual([])
    expect(manifest.tables.find(({ name }) => name === "orders")!.rows).toBe(300)
    expect(readFileSync(join(folder, "restored/attachments/ab/photo"))).toEqual(Buffer.from([0, 1, 2, 255]))
    expect(readFileSync(join(folder, "restored/attachments/empty")).length).toBe(0)
    const [noted] = await listBackups(db.pool)
    expect(noted).toMatchObject({ tried: "restored", file: made.file, madeAt: stage.now })
    // It goes on where the company stood: what falls due there fires.
    const world = { ...stage.world, db, instant: async () => stage.now + 100 * hour }
    let claimed = 0
    for (let n = 1; n > 0; claimed += n) n = (await tick(world, everyRun)).claimed
    expect(claimed).toBeGreaterThan(0)
  })

  it("is of one instant: what is written meanwhile is not in it", async () => {
    const made = await makeBackup(stage.world, place, "x")
    const { manifest } = await readBackup(made.file)
    const rows = (name: string) => manifest.tables.find((each) => each.name === name)!.rows
    await record(stage.world, [
      {
        key: { channel: "own", shop: "s", orderNo: "late" },
        event: { type: "paid", at: stage.now, source: "erp", eventId: "p" },
      },
    ])
    expect(rows("orders")).toBe(300)
    expect((await stage.db.pool.query("select count(*)::int as n from orders")).rows[0].n).toBe(301)
  })

  it("can be read by nobody else, and holds neither the master key nor a receiver in the clear", async () => {
    const made = await makeBackup({ ...stage.world, instant: instantNow }, place, "x")
    expect((await readBackup(made.file)).head.madeAt).toBe(made.madeAt)
    expect(statSync(made.file).mode & 0o077).toBe(0)
    const text = gunzipSync(readFileSync(made.file)).toString("latin1")
    expect(text).toContain(stage.world.secrets.keyId)
    expect(text).not.toContain(Buffer.alloc(32, 7).toString("base64"))
    expect(text).not.toContain("13912346001")
  })

  it("has no table whose numbers would have to be counted on", async () => {
    const { rows } = await stage.db.pool.query(
      "select sequencename from pg_sequences where schemaname = 'public'",
    )
    expect(rows).toEqual([])
  })
})

describe("a restore says what to do", () => {
  let made: { file: string }
  beforeAll(async () => {
    made = await makeBackup(stage.world, place, "x")
  })
  const restored = async (file: string, id: string | null = stage.world.secrets.keyId) => {
    const db = await emptyDatabase()
    const answer = restoreBackup(file, { ...into(db, join(folder, "no")), key: { id, needed: true } })
    await expect(answer).rejects.toThrow()
    expect(await listTables(db.pool), "nothing is left behind").toEqual([])
    return answer.catch((error: Error) => error.message)
  }
  /** The backup's text, changed, as an archive of its own. */
  const changed = async (change: (text: Buffer) => Buffer): Promise<string> => {
    const file = join(folder, "changed.tar.gz")
    writeFileSync(file, gzipSync(change(gunzipSync(readFileSync(made.file)))))
    return file
  }

  it("when the database is not empty", async () => {
    await expect(restoreBackup(made.file, into(stage.db))).rejects.toThrow(/not empty.*--into/)
  })

  it("when a row was damaged", async () => {
    const file = await changed((text) => {
      const at = text.indexOf("douyin\ts1\t69207\t")
      text[at + 10] = text[at + 10]! ^ 1
      return text
    })
    expect(await restored(file)).toMatch(/damaged \(the rows of orders.*another day/)
  })

  it("when the file was cut off", async () => {
    const file = join(folder, "cut.tar.gz")
    const whole = readFileSync(made.file)
    writeFileSync(file, whole.subarray(0, whole.length - 2_000))
    expect(await restored(file)).toMatch(/damaged/)
  })

  it("when it is of a newer version", async () => {
    const file = await changed((text) =>
      Buffer.from(text.toString("latin1").replace('"number": 12', '"number": 92'), "latin1"),
    )
    expect(await restored(file)).toMatch(/made by zhunshi 1\.2\.3, which is newer than this one.*install/)
  })

  it("when it is no backup at all", async () => {
    const file = join(folder, "other.tar.gz")
    copyFileSync(import.meta.filename, file)
    expect(await restored(file)).toMatch(/damaged|no backup/)
    expect(await restored(join(folder, "nowhere"))).toMatch(/there is no file/)
  })

  it("when the master key is another one, and goes without it when that is asked for", async () => {
    expect(await restored(made.file, "00000000")).toMatch(/the key here is 00000000.*--without-key/)
    expect(await restored(made.file, null)).toMatch(/there is none here.*--without-key/)
    const db = await emptyDatabase()
    await restoreBackup(made.file, { ...into(db), key: { id: null, needed: false } })
    // What it will be sealed with from now on is a key of its own.
    expect(await findKeyId(db.pool)).toBeNull()
    const keyless = { ...into(stage.db), key: { id: null, needed: false } }
    await expect(restoreBackup(made.file, keyless)).rejects.toThrow(/not empty/)
  })
})

describe("the nightly backup", () => {
  const about = { data, version: "1.2.3" }

  it("is due at three in the morning of the company's zone", () => {
    const at = (text: string) => Date.parse(text)
    expect(lastNight(at("2026-11-24T02:59:00+08:00"), 3, "Asia/Shanghai")).toBe(
      at("2026-11-23T03:00:00+08:00"),
    )
    expect(lastNight(at("2026-11-24T03:00:00+08:00"), 3, "Asia/Shanghai")).toBe(
      at("2026-11-24T03:00:00+08:00"),
    )
  })

  it("is made once a night, read back whole, and kept for as long as is settled", async () => {
    await stage.db.pool.query("delete from backups")
    const folders = join(folder, "nights")
    await transaction(stage.db, (tx) =>
      saveBackupSettings(tx, { folder: folders, hour: 3, keepDays: 3 }, stage.now),
    )
    const made: boolean[] = []
    for (let n = 0; n < 12; n++) {
      made.push(await nightly(stage.world, about, "Asia/Shanghai"))
      stage.now += 12 * hour
    }
    expect(made.filter(Boolean)).toHaveLength(6)
    const all = await listBackups(stage.db.pool)
    const kept = all.filter(({ goneAt }) => goneAt === null)
    expect(kept.every(({ tried, file }) => tried === "read" && existsSync(file))).toBe(true)
    expect(kept).toHaveLength(3)
    expect(all.filter(({ goneAt }) => goneAt !== null).some(({ file }) => existsSync(file))).toBe(false)
  })

  it("that cannot be written is told, and tried again an hour later", async () => {
    const blocked = join(folder, "blocked")
    writeFileSync(blocked, "a file where the folder should be")
    await transaction(stage.db, (tx) =>
      saveBackupSettings(tx, { folder: blocked, hour: 3, keepDays: 14 }, stage.now),
    )
    stage.now += 24 * hour
    await expect(nightly(stage.world, about, "Asia/Shanghai")).rejects.toThrow(/EEXIST|ENOTDIR/)
    expect(await findBackupFailure(stage.db.pool)).toMatchObject({ at: stage.now })
    expect(await nightly(stage.world, about, "Asia/Shanghai")).toBe(false)
    rmSync(blocked)
    stage.now += hour
    expect(await nightly(stage.world, about, "Asia/Shanghai")).toBe(true)
    expect(await findBackupFailure(stage.db.pool)).toBeNull()
  })

  it("leaves nothing for ever of one whose process was killed, and another that is being written alone", async () => {
    const half = (name: string, hoursAgo: number) => {
      const path = join(place.folder, `zhunshi-${name}.tar.gz.part`)
      writeFileSync(path, "half")
      const at = (stage.now - hoursAgo * hour) / 1000
      utimesSync(path, at, at)
      return path
    }
    const [killed, written] = [half("killed", 25), half("written", 1)]
    await makeBackup(stage.world, place, "x")
    expect([existsSync(killed), existsSync(written)]).toEqual([false, true])
  })

  it("that lies broken on the disk is found when it is tried", async () => {
    const kept = await keepBackup(stage.world, about, "x")
    writeFileSync(kept.file, readFileSync(kept.file).subarray(0, 5_000))
    expect(await tryBackup(stage.world, kept)).toMatchObject({ tried: "broken" })
    await tellTried(stage.db.pool, kept.id, { at: stage.now, tried: "read", error: null })
  })
})
