import { record } from "../src/engine/record.ts"
import type { Database } from "../src/store/database.ts"
import { openHouseFor } from "./house.ts"
import { middle } from "./middle.ts"
import { incoming, shipped, told } from "./orders.ts"

const small = 100_000
const real = 20_000
const perCall = 20
const calls = 150
const asks = 60
const shops = 20
const boardLimitMs = 100

/**
 * What an event costs and how long the board takes with many open orders, beside 100,000. Events are told to real orders; the
 * others are cloned from them by SQL under numbers of their own that rise with time, over twenty shops and the 23 hours before, and counted.
 */
export async function measureGrowth(most = 1_000_000) {
  const now = Date.now()
  const house = await openHouseFor(now)
  const { db } = house.ground
  for (let i = 0; i < real; i += 2_500) await record(house.ground.world, orders(i, now - 60_000, 2_500))
  const figures: Record<string, number> = {}
  const measured: { eventUs: number; boardMs: number }[] = []
  let used = 0
  for (const size of [small, most]) {
    await cloneUpTo(db, size, now - 60_000)
    const firstUs = await eventCost(house, used, now)
    await readIndexes(db)
    const eventUs = await eventCost(house, used + calls * perCall, now)
    used += 2 * calls * perCall
    const board = await boardTimes(house)
    measured.push({ eventUs, boardMs: board.p95 })
    figures[`event at ${size.toLocaleString("en")} µs`] = Math.round(eventUs)
    figures[`event at ${size.toLocaleString("en")} µs, indexes not in memory`] = Math.round(firstUs)
    figures[`board at ${size.toLocaleString("en")} p50 ms`] = board.p50
    figures[`board at ${size.toLocaleString("en")} p95 ms`] = board.p95
  }
  await house.close()
  const [one, other] = measured as [(typeof measured)[0], (typeof measured)[0]]
  return {
    us: figures,
    peers: {},
    ratios: {
      "the event at 100,000": other.eventUs / one.eventUs,
      "the board at 100,000": other.boardMs / one.boardMs,
      "the board's limit of 100 ms": other.boardMs / boardLimitMs,
    },
  }
}

type House = Awaited<ReturnType<typeof openHouseFor>>

const orders = (from: number, paidAt: number, n: number) =>
  incoming(Array.from({ length: n }, (_, k) => told(from + k, paidAt)).flat())

/** Microseconds of an event, the median of many calls: in turn new orders and shipments of orders that are there. */
async function eventCost({ ground: { world } }: House, used: number, now: number): Promise<number> {
  const took: number[] = []
  world.instant = async () => now
  for (let call = 0; call < calls; call++) {
    const from = used + call * perCall
    const events = [
      ...orders(1_000_000_000 + from, now, perCall / 2),
      ...incoming(Array.from({ length: perCall / 2 }, (_, k) => shipped(from + k, now))),
    ]
    const start = performance.now()
    await record(world, events)
    took.push(((performance.now() - start) * 1_000) / events.length)
  }
  return middle(took)
}

async function boardTimes({ url, key }: House): Promise<{ p50: number; p95: number }> {
  const took: number[] = []
  for (let i = 0; i < asks; i++) {
    const start = performance.now()
    const answer = await fetch(`${url}/api/v1/board`, { headers: { "x-api-key": key } })
    await answer.text()
    if (!answer.ok) throw new Error(`the board answers ${answer.status}`)
    took.push(performance.now() - start)
  }
  took.sort((one, other) => one - other)
  return { p50: Math.round(middle(took)), p95: Math.round(took[Math.ceil(asks * 0.95) - 1]!) }
}

/** Clones orders with all their rows until there are so many, and counts the clones. Indexes are made afterwards: kept up row by row they cost hours once they outgrow the memory. */
async function cloneUpTo(db: Database, size: number, paidAt: number): Promise<void> {
  const client = await db.pool.connect()
  try {
    await client.query("set maintenance_work_mem = '1GB'; set synchronous_commit = off")
    const { rows: indexes } = await client.query<{ drop: string; make: string }>(indexesOf)
    for (const { drop } of indexes) await client.query(drop)
    const { rows } = await client.query("select count(*)::int as n from orders")
    for (const text of clone(size - rows[0].n, paidAt)) await client.query(text)
    for (const { make } of indexes.reverse()) await client.query(make)
    await client.query("truncate rollups, rollup_deltas")
    for (const text of counting) await client.query(text)
    await client.query("vacuum analyze")
    await client.query("checkpoint")
  } finally {
    client.release()
  }
}

const cloned = ["orders", "agenda", "events", "receivers", "lines", "clocks"]
/** Reads the indexes in, as some hours of work do: an event touches a page of each anywhere. */
async function readIndexes(db: Database): Promise<void> {
  await db.pool.query("create extension if not exists pg_prewarm")
  await db.pool.query(`select pg_prewarm(i.indexrelid) from pg_index i where ${isCloned("i.indrelid")}`)
}
const isCloned = (column: string) => `${column} = any('{${cloned.join(",")}}'::regclass[])`
/** SQL that drops each index of those tables and what rests on it, and SQL that makes it again. */
const indexesOf = `
  select format('alter table %s drop constraint %s', c.conrelid::regclass, c.conname) as drop,
    format('alter table %s add constraint %s %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) as make, c.contype = 'f' as rests
  from pg_constraint c where c.contype = 'p' and ${isCloned("c.conrelid")} or c.contype = 'f' and ${isCloned("c.confrelid")}
  union all
  select format('drop index %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid), false
  from pg_index i where not i.indisprimary and ${isCloned("i.indrelid")}
  order by rests desc`

const columnsBut = (alias: string, names: string) => names.replaceAll(/[a-z_]+/g, `${alias}.$&`)
const orderRest =
  "end_at, details, anomalies, live_session, warehouse, policy, settings, watched, unwatched, cases_from"
const agendaRest =
  "stage, facts, version, breaks_kind, breaks_basis, breaks_round, breaks_as, ships_told, ships_as"
const clockRest = "kind, basis, round, standard, policy"
const clockEnd =
  "warnings, state, outcome, closed_at, stopped_by, paused_until, observed, unconfirmed, gone, effects"

/** SQL of n clones of orders paid at an instant, in statements: fresh bucket, number, id and shop, all instants back by up to 23 hours, however many there are. */
const clone = (n: number, paidAt: number): string[] => [
  "drop table if exists clones",
  `create unlogged table clones as
   with s as materialized (select o.bucket, o.id, row_number() over () - 1 as r from orders o join agenda using (bucket, id)
     where shop = 's1' and stage = 'paid' and paid_at = to_timestamp(${paidAt / 1000}))
   select bucket, id, (random() * 1023)::int::int2 as to_bucket, (left(no, 8) || substr(gen_random_uuid()::text, 9))::uuid as to_id, no,
     's' || (random() * ${shops - 1})::int as shop, seconds * interval '1 second' as back
   from (select i, (random() * ${23 * 3600})::int as seconds from generate_series(1, ${n}) i) b
   join s on s.r = i % (select count(*) from s)
   cross join lateral (select '68' || lpad((${23 * 3600} - seconds)::text, 6, '0') || lpad(i::text, 11, '0') as no) k`,
  "analyze clones",
  `insert into orders (bucket, id, channel, shop, order_no, created_at, paid_at, received_at, ${orderRest})
   select c.to_bucket, c.to_id, o.channel, c.shop, c.no, o.created_at - c.back, o.paid_at - c.back, o.received_at, ${columnsBut("o", orderRest)}
   from clones c join orders o using (bucket, id)`,
  `insert into agenda (bucket, id, judged_at, next_at, next_due_at, then_at, told_at, ships_after, ships_by, ${agendaRest})
   select c.to_bucket, c.to_id, a.judged_at - c.back, a.next_at - c.back, a.next_due_at - c.back, a.then_at - c.back,
     a.told_at - c.back, a.ships_after - c.back, a.ships_by - c.back, ${columnsBut("a", agendaRest)}
   from clones c join agenda a using (bucket, id)`,
  `insert into events (bucket, order_id, identity, content, type, at, source, event_id, holds, body, receiver, recorded_at)
   select c.to_bucket, c.to_id, e.identity, e.content, e.type, e.at - c.back, e.source, e.event_id, e.holds, e.body, e.receiver, e.recorded_at
   from clones c join events e on e.bucket = c.bucket and e.order_id = c.id`,
  `insert into receivers (bucket, order_id, hmac, blob, phone_index, tail_index)
   select c.to_bucket, c.to_id, r.hmac, r.blob, r.phone_index, r.tail_index
   from clones c join receivers r on r.bucket = c.bucket and r.order_id = c.id`,
  `insert into lines (bucket, order_id, line, sku, name, quantity)
   select c.to_bucket, c.to_id, l.line, l.sku, l.name, l.quantity from clones c join lines l on l.bucket = c.bucket and l.order_id = c.id`,
  `insert into clocks (bucket, subject_kind, subject_id, start_at, due_at, due_since, ${clockRest}, ${clockEnd})
   select c.to_bucket, 'order', c.to_id, k.start_at - c.back, k.due_at - c.back, k.due_since, ${columnsBut("k", clockRest)}, ${columnsBut("k", clockEnd)}
   from clones c join clocks k on k.bucket = c.bucket and k.subject_id = c.id and k.subject_kind = 'order'`,
]

const slot = (column: string) => `floor(extract(epoch from ${column}) / 900)::int`
const part = "chr(31)"
/** The counts that a board reads, counted again from the rows. */
const counting = [
  `insert into rollups select 0, 'stage', -1, concat_ws(${part}, stage, 'running', channel, shop), count(*) from orders join agenda using (bucket, id) group by stage, channel, shop`,
  `insert into rollups select 0, 'ribbon', ${slot("c.due_at")}, concat_ws(${part}, c.kind, c.basis, '', o.channel, o.shop), count(*)
   from clocks c join orders o on o.bucket = c.bucket and o.id = c.subject_id where c.closed_at is null
   group by ${slot("c.due_at")}, c.kind, c.basis, o.channel, o.shop`,
  `insert into rollups select 0, 'open', ${slot("c.due_at")}, concat_ws(${part}, c.kind, c.basis, c.state, o.channel, o.shop), count(*)
   from clocks c join orders o on o.bucket = c.bucket and o.id = c.subject_id where c.closed_at is null
   group by ${slot("c.due_at")}, c.kind, c.basis, c.state, o.channel, o.shop`,
  `insert into rollups select 0, 'arrival', floor(extract(epoch from paid_at) / 60)::int, concat_ws(${part}, 'paid', channel, shop, coalesce(live_session, '')), count(*)
   from orders where paid_at is not null group by floor(extract(epoch from paid_at) / 60)::int, channel, shop, live_session`,
]
