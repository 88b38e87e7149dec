import { existsSync } from "node:fs"
import { afterAll, beforeAll, expect, it } from "vitest"
import { type House, openHouse } from "../testing/house.ts"
import type { BackupsView } from "./contract/backups.ts"
import type { TrialRunView } from "./contract/trialRun.ts"

let house: House
let keys: Record<"owner" | "operations" | "administration" | "warehouse", string>
beforeAll(async () => {
  house = await openHouse(Date.parse("2026-11-24T02:00:00Z"))
  keys = {
    owner: await house.key("owner"),
    operations: await house.key("operations"),
    administration: await house.key("administration"),
    warehouse: await house.key("warehouse"),
  }
})
afterAll(() => house.close())

const url = "/api/v1/backups"
const backups = async (): Promise<BackupsView> =>
  (await house.ask<BackupsView>(keys.operations, { method: "GET", url })).body

it("one is made at the press of a button, read back, and seen by whoever reads settings", async () => {
  expect((await house.ask(keys.operations, { method: "POST", url })).status).toBe(403)
  expect((await house.ask(keys.warehouse, { method: "GET", url })).status).toBe(403)
  expect((await house.ask(keys.administration, { method: "POST", url })).status).toBe(202)
  await expect.poll(async () => (await backups()).items[0]?.tried, { timeout: 20_000 }).toBe("read")
  expect(await backups()).toMatchObject({ keepDays: 14, hour: 3, own: true, failure: null })
  expect((await backups()).items[0]).toMatchObject({ by: "key administration administration", here: true })
})

it("its file goes to the owner alone, and that is noted", async () => {
  const [made] = (await backups()).items
  expect(
    (await house.ask(keys.administration, { method: "GET", url: `${url}/${made!.id}/file` })).status,
  ).toBe(403)
  const file = await house.ask<string>(keys.owner, { method: "GET", url: `${url}/${made!.id}/file` })
  expect(file.status).toBe(200)
  const { rows } = await house.stage.db.pool.query("select who from audit where what = 'backup.download'")
  expect(rows).toEqual([{ who: "key owner owner" }])
})

it("a folder that cannot be written to is refused, a good one is taken", async () => {
  const put = (folder: string | null) =>
    house.ask<BackupsView & { code: string }>(keys.owner, {
      method: "PUT",
      url: `${url}/settings`,
      payload: { folder, hour: 4, keepDays: 30 },
    })
  expect((await put("backups")).body.code).toBe("bad_folder")
  expect((await put("/proc/nowhere")).body.code).toBe("bad_folder")
  const { body } = await put(`${house.world.config.data}/elsewhere`)
  expect(body).toMatchObject({ own: false, hour: 4, keepDays: 30 })
  expect(existsSync(body.folder)).toBe(true)
})

it("a file that was taken away is said to be gone", async () => {
  await house.stage.db.pool.query("update backups set file = '/nowhere/at/all'")
  const [made] = (await backups()).items
  expect(made!.here).toBe(false)
  const { body } = await house.ask(keys.owner, { method: "POST", url: `${url}/${made!.id}/try` })
  expect(body).toMatchObject({ code: "backup_gone" })
})

it("the trial run is seen by everybody and ended by who may change settings", async () => {
  const trial = { url: "/api/v1/trial-run" } as const
  const put = (key: string, on: boolean) =>
    house.ask<TrialRunView>(key, { ...trial, method: "PUT", payload: { on } })
  expect((await put(keys.operations, true)).status).toBe(403)
  expect((await put(keys.administration, true)).body).toMatchObject({
    on: true,
    cases: { opened: 0, open: 0 },
  })
  expect((await house.ask(keys.warehouse, { ...trial, method: "GET" })).body).toMatchObject({ on: true })
  expect((await put(keys.owner, false)).body).toMatchObject({ on: false, endedBy: "key owner owner" })
})
