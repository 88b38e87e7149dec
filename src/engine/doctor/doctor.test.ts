import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { type FindingWords, inWords } from "../../core/findings.ts"
import { beatEngine } from "../../store/engines.ts"
import { newId } from "../../store/keys.ts"
import { saveCompany } from "../../store/people.ts"
import { saveRobot } from "../../store/robots.ts"
import { type Rehearsal, rehearse } from "../../testing/rehearsal.ts"
import { makeBackup } from "../backup/making.ts"
import { tryBackup } from "../backup/reading.ts"
import { Lags } from "../lags.ts"
import { record } from "../record.ts"
import { checks, examine } from "./doctor.ts"
import type { Patient } from "./finding.ts"

const hour = 3_600_000
const data = mkdtempSync(join(tmpdir(), "zs-doctor-"))
let stage: Rehearsal
let patient: Patient
beforeAll(async () => {
  // Engines beat by the database's own clock, so this house stands at the present.
  stage = await rehearse(Date.now())
  chmodSync(data, 0o700)
  writeFileSync(join(data, "master.key"), key(7), { mode: 0o600 })
  patient = {
    world: stage.world,
    data,
    givenKey: undefined,
    knownKeyId: async () => stage.world.secrets.keyId,
    publicUrl: null,
    timezone: "Asia/Shanghai",
    machineNow: () => stage.now,
    reach: async () => "other",
  }
})
afterAll(async () => {
  await stage.close()
  rmSync(data, { recursive: true, force: true })
})

const key = (byte: number) => Buffer.alloc(32, byte).toString("base64")

const found = async (id: string) => {
  const findings = await examine(
    patient,
    checks.filter((check) => check.id === id),
  )
  return `${findings[0]!.state} ${findings[0]!.says}`
}

const words = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../content/doctor.json"), "utf8"),
) as FindingWords
/** Every sentence that a check can say, as its source has it. */
const said = ["heart", "company", "machine"].flatMap((file) => {
  const text = readFileSync(join(import.meta.dirname, `${file}.ts`), "utf8")
  return text
    .split(/\n {4}id: "/)
    .slice(1)
    .flatMap((part) => {
      const id = part.slice(0, part.indexOf('"'))
      return [...part.matchAll(/\b(ok|warn|bad)\("(\w+)"/g)].map(([, state, says]) => ({
        id,
        state,
        says: says!,
      }))
    })
})

it("has a sentence for everything that it can say, in three languages, and a way to mend what is not good", () => {
  expect(said.length).toBeGreaterThan(30)
  for (const { id, state, says } of [
    ...said,
    ...checks.map(({ id }) => ({ id, state: "ok", says: "failed" })),
    ...["damaged", "other"].map((says) => ({ id: "key", state: "bad", says })),
    { id: "database", state: "bad", says: "damaged" },
  ])
    for (const language of ["zh-Hans", "zh-Hant", "en"]) {
      const { mend } = inWords(words, { id, state: "ok", says, values: {} }, language)
      const sentence = words[id]?.[says] as Record<string, string> | undefined
      expect(sentence?.[language], `${id} ${says} in ${language}`).toBeTruthy()
      if (state !== "ok") expect(mend, `how to mend ${id} ${says} in ${language}`).not.toBeNull()
    }
})

it("looks at everything there is to look at", async () => {
  const findings = await examine(patient)
  expect(findings.map(({ id }) => id)).toEqual(checks.map(({ id }) => id))
  expect(findings.filter(({ says }) => says === "failed")).toEqual([])
})

it("misses an engine, and sees one that beats", async () => {
  expect(await found("engine")).toBe("bad none")
  await beatEngine(stage.db.pool, newId(stage.now), new Lags().told())
  expect(await found("engine")).toBe("ok alive")
})

it("sees what is due and was not acted on", async () => {
  expect(await found("due")).toBe("ok none")
  await record(stage.world, [
    {
      key: { channel: "own", shop: "main", orderNo: "1" },
      event: { type: "paid", at: stage.now - 100 * hour, source: "erp", eventId: "p" },
    },
  ])
  stage.now += 5_000
  expect(await found("due")).toBe("bad some")
})

it("sees a clock that is off, files that others can read, a key that is gone", async () => {
  expect(await found("clock")).toBe("ok same")
  const skewed = { ...patient, machineNow: () => stage.now + 5_000 }
  const [finding] = await examine(
    skewed,
    checks.filter(({ id }) => id === "clock"),
  )
  expect(finding).toMatchObject({ state: "warn", says: "off", values: { seconds: 5 } })
  expect(await found("key")).toBe("ok closed")
  chmodSync(join(data, "master.key"), 0o644)
  expect(await found("key")).toBe("bad open")
  writeFileSync(join(data, "master.key"), key(8))
  expect(await found("key")).toBe("bad other")
  writeFileSync(join(data, "master.key"), key(8).slice(0, 20))
  expect(await found("key")).toBe("bad damaged")
  rmSync(join(data, "master.key"))
  expect(await found("key")).toBe("bad missing")
  chmodSync(data, 0o755)
  expect(await found("folder")).toBe("warn open")
})

it("knows how old the last backup is and how it was found", async () => {
  expect(await found("backup")).toBe("ok early")
  await saveCompany(
    stage.db.pool,
    { name: "青禾里", timezone: "Asia/Shanghai", language: "zh-Hans" },
    stage.now,
  )
  expect(await found("backup")).toBe("warn never")
  const made = await makeBackup(stage.world, { folder: join(data, "backups"), data, version: "1" }, "x")
  expect(await found("backup")).toBe("ok untried")
  await tryBackup(stage.world, made)
  expect(await found("backup")).toBe("ok tried")
  stage.now += 30 * hour
  expect(await found("backup")).toBe("warn old")
  stage.now += 50 * hour
  expect(await found("backup")).toBe("bad old")
  writeFileSync(made.file, "no backup any more")
  await tryBackup(stage.world, made)
  expect(await found("backup")).toBe("bad broken")
})

it("misses the holidays of a year that was not announced yet, in time", async () => {
  const on = async (date: string) => {
    const there = { ...patient, machineNow: () => Date.parse(date) }
    return (
      await examine(
        there,
        checks.filter(({ id }) => id === "calendar"),
      )
    )[0]!.says
  }
  expect(await on("2026-06-01T00:00:00Z")).toBe("known")
  expect(await on("2026-11-24T00:00:00Z")).toBe("next")
  expect(await on("2027-01-02T00:00:00Z")).toBe("missing")
})

it("tries the public address where there is one, and misses robots", async () => {
  expect(await found("address")).toBe("ok unset")
  const open = { ...patient, publicUrl: "https://zs.example.com" }
  const [address] = await examine(
    open,
    checks.filter(({ id }) => id === "address"),
  )
  expect(address).toMatchObject({ state: "bad", says: "other" })
  expect(await found("robots")).toBe("warn nobody")
})

it("says that robots deliver where there are some", async () => {
  await saveRobot(
    stage.db.pool,
    {
      id: newId(stage.now),
      kind: "feishu",
      name: "运营群",
      department: "operations",
      codes: [],
      warehouses: [],
      address: Buffer.from("sealed"),
      shown: "…",
      secret: null,
      secretAt: null,
      keyword: null,
      quietFrom: null,
      quietTo: null,
      active: true,
    },
    stage.now,
  )
  expect(await found("robots")).toBe("ok delivering")
})

it("says which data is old, by shop", async () => {
  await stage.world.hearing.flush(stage.db)
  expect(await found("channels")).toBe("warn stale")
})
