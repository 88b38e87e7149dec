import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { mappingSchema } from "../../core/mapping.ts"
import { openPath } from "../../files/node.ts"
import { openTable } from "../../files/reading.ts"
import { everyRun } from "../../store/keys.ts"
import { type Rehearsal, rehearse } from "../../testing/rehearsal.ts"
import { type ImportResult, runImport, startImport } from "../importing.ts"
import { tick } from "../tick.ts"
import { undoImport } from "../undoing.ts"
import { type Foreseen, foreseeImport } from "./foreseeing.ts"
import type { ImportOrder } from "./order.ts"
import { foreseeUndo } from "./undoForecast.ts"

const folder = mkdtempSync(join(tmpdir(), "zs-foresee-"))
const hour = 3_600_000
const now = Date.parse("2026-11-24T04:00:00Z")
let stage: Rehearsal
beforeAll(async () => {
  stage = await rehearse(now)
})
afterAll(async () => {
  await stage.close()
  rmSync(folder, { recursive: true, force: true })
})

const mapping = mappingSchema.parse({
  name: "erp",
  constants: { channel: "own" },
  columns: { orderNo: "no", paidAt: "paid", shippedAt: "shipped", sku: "sku", receiverPhone: "phone" },
})
const stamp = (hoursAgo: number) =>
  new Date(now - hoursAgo * hour + 8 * hour).toISOString().slice(0, 19).replace("T", " ")
/** A line of the file: paid so many hours ago, shipped so many hours ago or not. */
const line = (no: string, paid: number, shipped?: number) =>
  `${no},${stamp(paid)},${shipped === undefined ? "" : stamp(shipped)},A,13912346021`

async function orderOf(lines: string[], more: Partial<ImportOrder> = {}): Promise<ImportOrder> {
  const path = join(folder, "file.csv")
  writeFileSync(path, ["no,paid,shipped,sku,phone", ...lines].join("\n"))
  return {
    file: "file.csv",
    opened: await openTable(await openPath(path), { mapping }),
    by: "test",
    shop: "s1",
    exportedAt: stage.now,
    changedAt: stage.now,
    casesFrom: null,
    ...more,
  }
}
const foresee = async (lines: string[], more?: Partial<ImportOrder>): Promise<Foreseen> =>
  foreseeImport(stage.world, await orderOf(lines, more))
async function bring(lines: string[], more?: Partial<ImportOrder>) {
  const order = await orderOf(lines, more)
  const done = await runImport(stage.world, await startImport(stage.world, order), order)
  while ((await tick(stage.world, everyRun)).claimed > 0);
  return { number: done.number, result: done.result as unknown as ImportResult }
}
const count = async (what: string): Promise<number> =>
  (await stage.db.pool.query<{ n: number }>(`select count(*)::int as n from ${what}`)).rows[0]!.n

const first = [
  line("overdue-1", 60),
  line("overdue-2", 70),
  line("shipped-late", 100, 20),
  line("near", 46),
  line("fresh", 1),
  line("done", 30, 20),
]

describe("a first import", () => {
  it("says what it will come to before it changes anything, and comes to exactly that", async () => {
    const seen = await foresee(first)
    expect(seen).toMatchObject({ isFirst: true, orders: 6, newOrders: 6, changedOrders: 0, sameOrders: 0 })
    expect(seen).toMatchObject({ overdueUnshipped: 2, missingOpenOrders: 0 })
    expect(seen.following).toMatchObject({ asAsked: { cases: 0 }, howeverOld: { cases: 2 } })
    for (const table of ["orders", "events", "import_rows", "imports", "shops", "channel_settings", "outbox"])
      expect(await count(table), table).toBe(0)
    const { result } = await bring(first)
    for (const figure of ["orders", "newOrders", "overdueUnshipped", "missingOpenOrders"] as const)
      expect(result[figure], figure).toBe(seen[figure])
    expect(await count("cases")).toBe(seen.following.asAsked.cases)
    expect(await count("outbox")).toBe(seen.following.asAsked.alerts)
    expect(await count("outbox where kind = 'breach'"), "history alerts nobody").toBe(0)
  })

  it("opens as many cases as was said when what is overdue is to open them, however old", async () => {
    const more = { shop: "s2", casesFrom: "open" as const }
    const before = await count("cases")
    const seen = await foresee(first, more)
    expect(seen.following.asAsked).toEqual(seen.following.howeverOld)
    await bring(first, more)
    expect((await count("cases")) - before).toBe(seen.following.asAsked.cases)
  })
})

describe("a later import", () => {
  it("asks the database which orders are new, changed and the same, and which are missing", async () => {
    const lines = [line("overdue-1", 60, 2), line("near", 46), line("new", 3), line("done", 30, 20)]
    const seen = await foresee(lines)
    expect(seen).toMatchObject({ isFirst: false, newOrders: 1, changedOrders: 1, sameOrders: 2 })
    expect(seen.missingOpenOrders, "overdue-2 and fresh").toBe(2)
    const { result } = await bring(lines)
    for (const figure of ["newOrders", "changedOrders", "sameOrders", "missingOpenOrders"] as const)
      expect(result[figure], figure).toBe(seen[figure])
  })

  it("of a channel with several shops says that the shop is needed", async () => {
    await expect(foresee([line("x", 1)], { shop: null })).rejects.toThrow(/several shops/)
    expect(await count("import_rows")).toBe(0)
  })
})

describe("an undo", () => {
  it("says what will change before it does, and changes exactly that", async () => {
    const { number } = await bring([line("u1", 60), line("u2", 1), line("near", 46, 1)], {
      shop: "s2",
      casesFrom: "open",
    })
    const cases = await count("cases where withdrawn")
    const orders = await count("agenda where told_at is not null")
    const seen = await foreseeUndo(stage.world, number)
    expect(seen).toMatchObject({ orders: 3, vanishing: 2, casesWithdrawn: 1 })
    expect(seen.withdrawn).toBeGreaterThan(0)
    expect(await count("import_changes where import = (select max(number) from imports)")).toBeGreaterThan(0)
    await undoImport(stage.world, number, "test")
    while ((await tick(stage.world, everyRun)).claimed > 0);
    expect((await count("cases where withdrawn")) - cases).toBe(seen.casesWithdrawn)
    expect(orders - (await count("agenda where told_at is not null"))).toBe(seen.vanishing)
    expect(await count("clocks where breach_standing = false")).toBe(seen.withdrawn)
    await expect(foreseeUndo(stage.world, number)).rejects.toThrow(/undone already/)
  })
})
