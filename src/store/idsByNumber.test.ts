import { afterAll, beforeAll, expect, it } from "vitest"
import { parseInstant } from "../core/instants.ts"
import { record } from "../engine/record.ts"
import { tick } from "../engine/tick.ts"
import { type Rehearsal, rehearse } from "../testing/rehearsal.ts"
import { told } from "../testing/told.ts"
import { listTables } from "./backups.ts"
import { transaction } from "./database.ts"
import { everyRun, orderPlace } from "./keys.ts"
import { listMigrations } from "./migrate.ts"

const at = (text: string) => parseInstant(text)!
let stage: Rehearsal
beforeAll(async () => {
  stage = await rehearse(at("2026-11-02T10:00:00+08:00"))
})
afterAll(() => stage.close())

/** All rows of the database by table, as texts. */
async function dump(): Promise<Map<string, string[]>> {
  const rows = new Map<string, string[]>()
  for (const { name } of await listTables(stage.db.pool)) {
    const found = await stage.db.pool.query<{ row: string }>(
      `select t::text as row from "${name}" t order by 1`,
    )
    rows.set(
      name,
      found.rows.map(({ row }) => row),
    )
  }
  return rows
}

it("an order whose id was the digest of its key is known by the id that begins with its number", async () => {
  const numbers = ["6920934871234567890", "A-12", "无"]
  const events = numbers.flatMap((orderNo) => [
    told(orderNo, "created", "2026-11-02T09:59:00+08:00"),
    told(orderNo, "paid", "2026-11-02T10:00:00+08:00", {
      order: { items: [{ line: "1", sku: "x" }], receiver: { name: "林小姐", phone: "13912346021" } },
    }),
  ])
  await record(stage.world, events)
  stage.now = at("2026-11-04T12:00:00+08:00")
  await tick(stage.world, everyRun)
  await record(stage.world, [
    told(numbers[0]!, "shipped", stage.now, { order: { carrier: "SF", trackingNo: "SF1" } }),
  ])
  const places = numbers.map((orderNo) => orderPlace({ channel: "douyin", shop: "s1", orderNo }))
  const { text } = listMigrations().find(({ name }) => name === "0025-ids-by-number.sql")!
  // As it was then.
  await stage.db.pool.query("alter table outbox alter column about type jsonb")
  const before = await dump()

  const [made, ...renaming] = text.split(";\n")
  expect(made).toMatch(/create temporary table renamed/)
  await transaction(stage.db, async (tx) => {
    await tx.query("create temporary table renamed (bucket int2, was uuid, id uuid) on commit drop")
    for (const { bucket, id, digest } of places)
      await tx.query("insert into renamed values ($1, $2, $3)", [bucket, id, digest])
    await tx.query(renaming.join(";\n"))
  })
  const old = [...(await dump())].flatMap(([table, rows]) => rows.map((row) => `${table} ${row}`))
  for (const { id, digest } of places) {
    expect(old.filter((row) => row.includes(id))).toEqual([])
    expect(old.filter((row) => row.includes(digest)).length).toBeGreaterThan(5)
  }

  await transaction(stage.db, (tx) => tx.query(text))
  expect(await dump()).toEqual(before)
  expect((await record(stage.world, events)).answers).toEqual(events.map(() => "duplicate"))
})
