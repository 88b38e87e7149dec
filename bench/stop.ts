import { PgBoss } from "pg-boss"
import { record } from "../src/engine/record.ts"
import { openGround, rateOf } from "./ground.ts"
import { middle } from "./middle.ts"
import { incoming, shipped, told } from "./orders.ts"

const orders = 15_000
const clocksAnOrder = 2
const perCall = 2_500
const lanes = 2
const rounds = 3
const hour = 3_600_000
const now = Date.UTC(2026, 10, 11)

/** Clocks stopped a second because their orders shipped: event, stage, clocks and counts for us, in turn with pg-boss's cancel by ids of as many jobs. */
export async function measureStop() {
  const ground = await openGround(now)
  const boss = new PgBoss({ connectionString: ground.url, supervise: false, schedule: false })
  boss.on("error", () => {})
  await boss.start()
  await boss.createQueue("due")
  const rates: { us: number; boss: number }[] = []
  for (let round = 0; round < rounds; round++) {
    ground.now = now
    for (let i = 0; i < orders; i += perCall)
      await record(ground.world, incoming(batch(round * orders + i, (each) => told(each, now)).flat()))
    const ids = await insertJobs(boss)
    await ground.db.pool.query("vacuum analyze")
    await ground.db.pool.query("checkpoint")
    ground.now = now + hour
    const calls = Array.from({ length: orders / perCall }, (_, call) =>
      incoming(batch(round * orders + call * perCall, (each) => shipped(each, now + hour))),
    )
    const us = await rateOf(orders * clocksAnOrder, async () => {
      const lane = async () => {
        for (let call = calls.pop(); call !== undefined; call = calls.pop()) await record(ground.world, call)
      }
      await Promise.all(Array.from({ length: lanes }, lane))
    })
    const cancelled = await rateOf(ids.length, async () => {
      const lane = async () => {
        for (let some = ids.splice(0, 1_000); some.length > 0; some = ids.splice(0, 1_000))
          await boss.cancel("due", some)
      }
      await Promise.all(Array.from({ length: lanes }, lane))
    })
    rates.push({ us, boss: cancelled })
  }
  const { rows } = await ground.db.pool.query("select count(*)::int as n from clocks where outcome = 'met'")
  if (rows[0].n !== orders * clocksAnOrder * rounds) throw new Error(`${rows[0].n} clocks stopped`)
  await boss.stop({ graceful: false, close: true })
  await ground.close()
  return {
    us: middle(rates.map(({ us }) => us)),
    peers: { "pg-boss": middle(rates.map((each) => each.boss)) },
    ratios: { "pg-boss": middle(rates.map((each) => each.us / each.boss)) },
  }
}

const batch = <Each>(from: number, make: (i: number) => Each): Each[] =>
  Array.from({ length: perCall }, (_, k) => make(from + k))

async function insertJobs(boss: PgBoss): Promise<string[]> {
  const ids: string[] = []
  for (let i = 0; i < orders * clocksAnOrder; i += 5_000) {
    const jobs = Array.from({ length: 5_000 }, (_, k) => ({ id: crypto.randomUUID(), data: { i: i + k } }))
    await boss.insert("due", jobs)
    ids.push(...jobs.map(({ id }) => id))
  }
  return ids
}
