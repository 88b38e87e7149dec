import { setTimeout as pause } from "node:timers/promises"
import { startEngine } from "../src/engine/loop.ts"
import { record } from "../src/engine/record.ts"
import type { EngineWorld } from "../src/engine/world.ts"
import { instantNow } from "../src/store/orders.ts"
import { openGround } from "./ground.ts"
import { incoming, told } from "./orders.ts"

const perCall = 2_500
const lanes = 2
const dueTogether = 5_000
const ordersPerSecond = 1_000
const hour = 3_600_000
const limitMs = 1_000

/**
 * How late breaches take effect with a million open clocks, 2,000 events arriving a second and 5,000 clocks due on the same
 * second, in milliseconds: fired − due as the rows keep it (the instant at which its tick began), and until the last one is
 * committed, with the real loop in real time.
 */
export async function measureLag(clocks = 1_000_000) {
  const ground = await openGround(Date.now())
  let tickedAt = 0
  const engine: { wake(at: number | null): void } = { wake() {} }
  const world: EngineWorld = {
    ...ground.world,
    instant: instantNow,
    changed({ nextAt, cases }) {
      if (nextAt !== undefined) engine.wake(nextAt)
      // A tick tells of itself once it is committed.
      if (cases !== undefined) tickedAt = Date.now()
    },
  }
  await fill(world, clocks / 2)
  await ground.db.pool.query("vacuum analyze")
  const running = startEngine(world, { error: (about) => console.error(about), info() {} })
  engine.wake = running.wake
  // Their preparation is due together in a while; what is owed to them until then has taken effect before.
  const dueAt = Math.ceil((Date.now() + Math.max(20_000, clocks / 50)) / 1_000) * 1_000
  const first = 50_000_000
  for (let i = 0; i < dueTogether; i += perCall) await record(world, orders(first + i, dueAt - 24 * hour))
  await settled(world, dueAt)
  const arrived = await arrive(world, dueAt)
  await allFired(world, dueAt)
  await running.stop()
  const { rows } = await ground.db.pool.query(
    `select array_agg(round(date_part('epoch', breach_fired_at) * 1000)) as fired,
       (select count(*)::int from clocks where closed_at is null) as open
     from clocks where breach_due_at = to_timestamp($1::float8 / 1000)`,
    [dueAt],
  )
  await ground.close()
  const lags = (rows[0].fired as number[]).map((firedAt) => firedAt - dueAt)
  if (lags.length !== dueTogether) throw new Error(`${lags.length} of ${dueTogether} fired`)
  const sorted = lags.sort((one, other) => one - other)
  const at = (share: number) => sorted[Math.ceil(sorted.length * share) - 1]!
  return {
    us: {
      "p50 ms": at(0.5),
      "p99 ms": at(0.99),
      "most ms": at(1),
      "all committed ms": tickedAt - dueAt,
      "open clocks": rows[0].open as number,
      "events a second beside": arrived,
    },
    peers: {},
    ratios: { "the limit of 1 s": at(0.99) / limitMs },
  }
}

const orders = (from: number, paidAt: number, n = perCall) =>
  incoming(Array.from({ length: n }, (_, k) => told(from + k, paidAt)).flat())

async function fill(world: EngineWorld, n: number): Promise<void> {
  let next = 0
  const lane = async () => {
    for (let i = next; i < n; i = next) {
      next += perCall
      await record(world, orders(i, Date.now()))
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

/** Waits until what was owed before the second in question has taken effect. */
async function settled(world: EngineWorld, dueAt: number): Promise<void> {
  for (;;) {
    const { rows } = await world.db.pool.query(
      "select count(*)::int as n from agenda where next_at <= clock_timestamp()",
    )
    if (rows[0].n === 0) return
    if (Date.now() > dueAt - 2_000)
      throw new Error("the machine is too slow: earlier warnings are still owed")
    await pause(100)
  }
}

/** Waits until every clock of the second in question was acted on, at most a minute. */
async function allFired(world: EngineWorld, dueAt: number): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const { rows } = await world.db.pool.query(
      "select count(*)::int as n from clocks where breach_due_at = to_timestamp($1::float8 / 1000)",
      [dueAt],
    )
    if (rows[0].n === dueTogether) return
    await pause(100)
  }
}

/** Tells of new orders, ten calls a second, until five seconds after the due; answers the events told a second. */
async function arrive(world: EngineWorld, dueAt: number): Promise<number> {
  const from = Math.max(Date.now(), dueAt - 5_000)
  await pause(from - Date.now())
  const calls: Promise<unknown>[] = []
  for (let call = 0; from + call * 100 < dueAt + 5_000; call++) {
    await pause(Math.max(0, from + call * 100 - Date.now()))
    calls.push(record(world, orders(60_000_000 + call * 100, Date.now(), ordersPerSecond / 10)))
  }
  await Promise.all(calls)
  return Math.round((calls.length * 200 * 1_000) / (Date.now() - from))
}
