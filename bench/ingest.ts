import { PassThrough } from "node:stream"
import { pipeline } from "node:stream/promises"
import pg from "pg"
import { from as copyFrom, to as copyTo } from "pg-copy-streams"
import { rateOf } from "./ground.ts"
import { openHouseFor } from "./house.ts"
import { middle } from "./middle.ts"
import { told } from "./orders.ts"

const n = 50_000
const perCall = 2_500
const clients = 2
const rounds = 3
const tables = ["orders", "agenda", "events", "receivers", "lines", "clocks", "rollup_deltas", "audit"]

/** New orders taken in a second over HTTP, durable, validated, receivers encrypted; the peer is binary COPY of the same rows into the same indexed tables, on one connection and on two, in turn with us. */
export async function measureIngest() {
  const house = await openHouseFor(Date.now())
  const rates: { us: number; copy: number; copyOnTwo: number }[] = []
  for (let round = 0; round < rounds; round++) {
    const us = await ingest(house)
    const rows = await rowsOf(house.ground.url)
    const copy = await copyIn(house.ground.url, rows, 1)
    const copyOnTwo = await copyIn(house.ground.url, rows, 2)
    await empty(house.ground.url)
    rates.push({ us, copy, copyOnTwo })
  }
  await house.close()
  return {
    us: middle(rates.map(({ us }) => us)),
    peers: {
      copy: middle(rates.map(({ copy }) => copy)),
      "copy on two connections": middle(rates.map(({ copyOnTwo }) => copyOnTwo)),
    },
    ratios: {
      copy: middle(rates.map(({ us, copy }) => us / copy)),
      "copy on two connections": middle(rates.map(({ us, copyOnTwo }) => us / copyOnTwo)),
    },
  }
}

async function ingest(house: { url: string; key: string }): Promise<number> {
  const paidAt = Date.now() - 60_000
  const calls = Array.from({ length: n / perCall }, (_, call) =>
    Buffer.from(
      JSON.stringify(Array.from({ length: perCall }, (_, k) => told(call * perCall + k, paidAt)).flat()),
    ),
  )
  return rateOf(n, async () => {
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
}

async function connected<Result>(url: string, act: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await act(client)
  } finally {
    await client.end()
  }
}

/** What was written, table by table, as COPY writes it out. */
const rowsOf = (url: string): Promise<Map<string, Buffer>> =>
  connected(url, async (client) => {
    const rows = new Map<string, Buffer>()
    for (const table of tables) {
      const chunks: Buffer[] = []
      for await (const chunk of client.query(copyTo(`copy ${table} to stdout binary`)))
        chunks.push(chunk as Buffer)
      rows.set(table, Buffer.concat(chunks))
    }
    return rows
  })

/** Orders a second of COPY into fresh tables with the same indexes; on several connections each takes the next table, the largest first. */
async function copyIn(url: string, rows: ReadonlyMap<string, Buffer>, connections: number): Promise<number> {
  await connected(url, async (client) => {
    for (const table of tables) await client.query(`create table copy_${table} (like ${table} including all)`)
    await client.query("checkpoint")
  })
  const waiting = [...rows].sort(([, one], [, other]) => one.length - other.length)
  const copier = () =>
    connected(url, async (client) => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        const source = new PassThrough()
        source.end(next[1])
        await pipeline(source, client.query(copyFrom(`copy copy_${next[0]} from stdin binary`)))
      }
    })
  const rate = await rateOf(n, async () => {
    await Promise.all(Array.from({ length: connections }, copier))
  })
  await connected(url, (client) =>
    client.query(`drop table ${tables.map((each) => `copy_${each}`).join(", ")}`),
  )
  return rate
}

const empty = (url: string) =>
  connected(url, async (client) => {
    await client.query(`truncate ${tables.join(", ")} cascade`)
    await client.query("checkpoint")
  })
