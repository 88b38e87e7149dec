import { PassThrough } from "node:stream"
import { pipeline } from "node:stream/promises"
import { from as copyFrom, to as copyTo } from "pg-copy-streams"
import { rateOf } from "./ground.ts"
import { openHouseFor } from "./house.ts"
import { told } from "./orders.ts"

const n = 50_000
const perCall = 2_500
const clients = 2
const tables = ["orders", "agenda", "events", "receivers", "lines", "clocks", "rollup_deltas"]

/** New orders taken in a second over HTTP, durable, validated, receivers encrypted; the peer is binary COPY of the same rows into the same indexed tables. */
export async function measureIngest() {
  const house = await openHouseFor(Date.now())
  const calls = Array.from({ length: n / perCall }, (_, call) =>
    JSON.stringify(
      Array.from({ length: perCall }, (_, k) => told(call * perCall + k, Date.now() - 60_000)).flat(),
    ),
  )
  const us = await rateOf(n, async () => {
    const send = async () => {
      for (let body = calls.pop(); body !== undefined; body = calls.pop()) {
        const answer = await fetch(`${house.url}/api/v1/order-events`, {
          method: "POST",
          headers: { "content-type": "application/json", "x-api-key": house.key },
          body,
        })
        const { accepted } = (await answer.json()) as { accepted: number }
        if (accepted !== perCall * 2) throw new Error(`${accepted} of ${perCall * 2} accepted`)
      }
    }
    await Promise.all(Array.from({ length: clients }, send))
  })
  const copy = await measureCopy(house.ground.url, house.ground.db)
  await house.close()
  return { us, peers: { copy }, ratios: { copy: us / copy } }
}

async function measureCopy(_url: string, db: import("../src/store/database.ts").Database): Promise<number> {
  const client = await db.pool.connect()
  const kept: Buffer[] = []
  for (const table of tables) {
    await client.query(`create table copy_${table} (like ${table} including all)`)
    const out = client.query(copyTo(`copy ${table} to stdout binary`))
    const chunks: Buffer[] = []
    for await (const chunk of out) chunks.push(chunk as Buffer)
    kept.push(Buffer.concat(chunks))
  }
  const rate = await rateOf(n, async () => {
    for (const [i, table] of tables.entries()) {
      const source = new PassThrough()
      source.end(kept[i])
      await pipeline(source, client.query(copyFrom(`copy copy_${table} from stdin binary`)))
    }
  })
  client.release()
  return rate
}
