import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, it, vi } from "vitest"
import type { OrderKey } from "../../core/events.ts"
import { type Policy, policySchema } from "../../core/policy.ts"
import { record } from "../../engine/record.ts"
import { runsOf } from "../../engine/runs.ts"
import type { EngineWorld } from "../../engine/world.ts"
import { type Database, openDatabase } from "../../store/database.ts"
import { listEngines } from "../../store/engines.ts"
import { orderPlace, runSize } from "../../store/keys.ts"
import { instantNow } from "../../store/orders.ts"
import { engineWorldOn } from "../engineWorld.ts"
import { cloneDatabase } from "../rehearsal.ts"
import { Fleet, type Member } from "./fleet.ts"

const policy: Policy = policySchema.parse({
  version: 1,
  effectiveAt: "2020-01-01T00:00:00Z",
  standards: [{ id: "ship", clock: "ship", within: "PT1S", stop: ["shipped"] }],
})

let db: Database
let drop: () => Promise<void>
let world: EngineWorld
let fleet: Fleet
// Processes take long to come up where many share a machine.
vi.setConfig({ testTimeout: 180_000 })

const data = mkdtempSync(join(tmpdir(), "zs-fleet-"))
/** engines with the ids under which they beat */
const engines: { member: Member; id: string }[] = []

beforeAll(async () => {
  const clone = await cloneDatabase()
  drop = clone.drop
  db = openDatabase(clone.url, { max: 4 })
  await db.pool.query("insert into policies (version, document, published_at) values (1, $1, now())", [
    policy,
  ])
  world = engineWorldOn(db)
  fleet = new Fleet(clone.url, data)
})
afterAll(async () => {
  await fleet.end("SIGKILL")
  await db.close()
  await drop()
  rmSync(data, { recursive: true, force: true })
})

const living = async () => (await listEngines(db.beats)).filter(({ alive }) => alive).map(({ id }) => id)

/** Starts an engine and waits until it beats. */
async function startEngine(): Promise<(typeof engines)[number]> {
  const before = new Set(await living())
  const member = fleet.start("engine")
  const fresh = async () => (await living()).find((id) => !before.has(id))
  await expect.poll(fresh, { timeout: 100_000 }).toBeDefined()
  const engine = { member, id: (await fresh())! }
  engines.push(engine)
  return engine
}

let numbers = 0
/** An order paid now, due in a second, in a run of this engine among those named. */
async function payIn(engine: string, among: readonly string[]): Promise<OrderKey> {
  const runs = runsOf(engine, among)
  for (;;) {
    const key = { channel: "douyin", shop: "s1", orderNo: `F${++numbers}` }
    if (!runs.includes(Math.floor(orderPlace(key).bucket / runSize))) continue
    const at = await instantNow(db.pool)
    await record(world, [{ key, event: { type: "paid", at, source: "erp", eventId: "paid" } }])
    return key
  }
}

/** How late the breach of an order took effect, milliseconds; null: not yet. */
async function lagOf(key: OrderKey): Promise<number | null> {
  const { rows } = await db.pool.query<{ lag: number }>(
    `select (extract(epoch from breach_fired_at - breach_due_at) * 1000)::float8 as lag from clocks
     where subject_id = $1 and breach_due_at is not null`,
    [orderPlace(key).id],
  )
  return rows[0]?.lag ?? null
}
const fires = (key: OrderKey, within: number) =>
  expect.poll(() => lagOf(key), { timeout: within + 5_000, interval: 50 }).not.toBeNull()

it("engines share the runs, and each acts on its own within a second", async () => {
  await startEngine()
  await startEngine()
  const ids = engines.map(({ id }) => id)
  await expect.poll(living).toEqual(expect.arrayContaining(ids))
  for (const { id } of engines) {
    const key = await payIn(id, ids)
    await fires(key, 5_000)
    expect(await lagOf(key)).toBeLessThan(5_000)
  }
})

it("the runs of a killed engine are taken over within ten seconds", async () => {
  const [killed] = engines.splice(0, 1)
  const ids = [killed!.id, engines[0]!.id]
  await killed!.member.end("SIGKILL")
  const key = await payIn(killed!.id, ids)
  await fires(key, 15_000)
  expect(await lagOf(key)).toBeLessThan(10_000)
})

it("a new engine gets its share, and acts on it while the other is frozen", async () => {
  const [old] = engines
  const fresh = await startEngine()
  await expect.poll(async () => (await living()).sort()).toEqual([old!.id, fresh.id].sort())
  old!.member.freeze()
  const key = await payIn(fresh.id, [old!.id, fresh.id])
  await fires(key, 5_000)
  old!.member.thaw()
  expect(await lagOf(key)).toBeLessThan(5_000)
})

it("a frozen engine that wakes finds its session ended, and what it was about to do done once by another", async () => {
  const [frozen, other] = engines
  // It is stopped in the middle of a tick, which waits for the number of its case.
  const ids = [frozen!.id, other!.id]
  await expect.poll(async () => (await living()).sort()).toEqual([...ids].sort())
  const holder = await db.pool.connect()
  await holder.query("begin; lock table case_counters in exclusive mode")
  const key = await payIn(frozen!.id, ids)
  const waiting = async () => {
    const { rows } = await db.beats.query<{ pid: number }>(
      "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    )
    return rows[0]?.pid ?? null
  }
  await expect.poll(waiting, { timeout: 10_000, interval: 20 }).not.toBeNull()
  const pid = await waiting()
  frozen!.member.freeze()
  await holder.query("commit")
  holder.release()
  await fires(key, 15_000)
  expect(await lagOf(key)).toBeLessThan(15_000)
  const sessions = await db.pool.query("select 1 from pg_stat_activity where pid = $1", [pid])
  expect(sessions.rowCount).toBe(0)
  frozen!.member.thaw()
  await expect.poll(async () => (await living()).sort(), { timeout: 10_000 }).toEqual([...ids].sort())
  const next = await payIn(frozen!.id, ids)
  await fires(next, 10_000)
  const { rows } = await db.pool.query(
    `select c.effects, (select count(*)::int from cases k where k.order_id = c.subject_id) as cases,
       (select count(*)::int from outbox o cross join json_array_elements(o.about) a where a ->> 1 = c.subject_id::text) as said
     from clocks c where c.subject_id = $1`,
    [orderPlace(key).id],
  )
  expect(rows).toEqual([{ effects: 1, cases: 1, said: 1 }])
})

it("an engine that is asked to stop hands its runs over at once", async () => {
  const [stopped, other] = engines
  await stopped!.member.end()
  expect(stopped!.member.exitCode).toBe(0)
  expect(await living()).toEqual([other!.id])
  const key = await payIn(stopped!.id, [stopped!.id, other!.id])
  await fires(key, 8_000)
  expect(await lagOf(key)).toBeLessThan(5_000)
})
