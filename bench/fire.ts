import { Logger, makeWorkerUtils, run } from "graphile-worker"
import pg from "pg"
import { PgBoss } from "pg-boss"
import { record } from "../src/engine/record.ts"
import { tick } from "../src/engine/tick.ts"
import { runCount } from "../src/store/keys.ts"
import { openGround, rateOf } from "./ground.ts"
import { middle } from "./middle.ts"
import { incoming, prepared, told } from "./orders.ts"

/** The peers tell of every job otherwise, which would be measured too. */
const quiet = new Logger(() => () => {})
const n = 50_000
const rounds = 3
const hour = 3_600_000
const now = Date.UTC(2026, 10, 11)

/** Clocks that fire a second, in turn with the peers: breach, case, counts and outbox row each for us, an empty handler for them. */
export async function measureFire() {
  const rates: { us: number; graphile: number; boss: number }[] = []
  for (let round = 0; round < rounds; round++)
    rates.push({ us: await fireOurs(), graphile: await fireGraphile(), boss: await fireBoss() })
  return {
    us: middle(rates.map(({ us }) => us)),
    peers: {
      "graphile-worker": middle(rates.map(({ graphile }) => graphile)),
      "pg-boss": middle(rates.map(({ boss }) => boss)),
    },
    ratios: {
      "graphile-worker": middle(rates.map(({ us, graphile }) => us / graphile)),
      "pg-boss": middle(rates.map(({ us, boss }) => us / boss)),
    },
  }
}

async function fireOurs(): Promise<number> {
  const ground = await openGround(now)
  for (let i = 0; i < n; i += 2_500)
    await record(
      ground.world,
      incoming(
        Array.from({ length: 2_500 }, (_, k) => [
          ...told(i + k, now),
          prepared(i + k, now + 10 * hour),
        ]).flat(),
      ),
    )
  // Prepared in time; the warnings before shipping are fired beforehand. What is measured is one breach an order.
  ground.now = now + 47 * hour
  await tickAll(ground.world)
  await ground.db.pool.query("vacuum analyze")
  ground.now = now + 48 * hour + 1
  const rate = await rateOf(n, async () => {
    await Promise.all([0, 1].map((half) => tickAll(ground.world, half)))
  })
  const { rows } = await ground.db.pool.query(
    "select count(*)::int as n from breaches where standing and case_n is not null",
  )
  if (rows[0].n !== n) throw new Error(`${rows[0].n} of ${n} fired`)
  await ground.close()
  return rate
}

async function tickAll(world: Parameters<typeof tick>[0], half?: number): Promise<void> {
  for (let run = 0; run < runCount; run++)
    if (half === undefined || run % 2 === half)
      while ((await tick(world, { first: run, last: run })).claimed > 0);
}

async function fireGraphile(): Promise<number> {
  const ground = await openGround(now)
  const pool = new pg.Pool({ connectionString: ground.url, max: 30 })
  pool.on("error", () => {})
  const utils = await makeWorkerUtils({ pgPool: pool, logger: quiet })
  await utils.migrate()
  for (let i = 0; i < n; i += 5_000)
    await utils.addJobs(
      Array.from({ length: 5_000 }, (_, k) => ({ identifier: "due", payload: { i: i + k } })),
    )
  await ground.db.pool.query("vacuum analyze")
  let done = 0
  let all: () => void = () => {}
  const finished = new Promise<void>((resolve) => {
    all = resolve
  })
  const rate = await rateOf(n, async () => {
    const runner = await run({
      pgPool: pool,
      concurrency: 24,
      logger: quiet,
      noHandleSignals: true,
      preset: { worker: { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      taskList: {
        due: async () => {
          if (++done === n) all()
        },
      },
    })
    await finished
    await runner.stop()
  })
  await utils.release()
  await pool.end()
  await ground.close()
  return rate
}

async function fireBoss(): Promise<number> {
  const ground = await openGround(now)
  const boss = new PgBoss({ connectionString: ground.url, supervise: false, schedule: false })
  boss.on("error", () => {})
  await boss.start()
  await boss.createQueue("due")
  for (let i = 0; i < n; i += 5_000)
    await boss.insert(
      "due",
      Array.from({ length: 5_000 }, (_, k) => ({ data: { i: i + k } })),
    )
  await ground.db.pool.query("vacuum analyze")
  const rate = await rateOf(n, async () => {
    for (;;) {
      const jobs = await boss.fetch("due", { batchSize: 1_000 })
      if (jobs.length === 0) return
      await boss.complete(
        "due",
        jobs.map(({ id }) => id),
      )
    }
  })
  await boss.stop({ graceful: false, close: true })
  await ground.close()
  return rate
}
