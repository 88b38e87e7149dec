import { afterAll, beforeAll, expect, it } from "vitest"
import { parseInstant } from "../core/instants.ts"
import { everyRun, orderPlace } from "../store/keys.ts"
import { wholeDetails } from "../store/orders.ts"
import { type Rehearsal, rehearse } from "../testing/rehearsal.ts"
import { readCounts } from "../testing/simulator/counts.ts"
import { told } from "../testing/told.ts"
import { shipForeseen } from "./plainShipments.ts"
import { type Incoming, record } from "./record.ts"
import { tick } from "./tick.ts"

const at = (text: string) => parseInstant(text)!
const start = at("2026-11-02T10:00:00+08:00")
let foreseeing: Rehearsal
let judging: Rehearsal
beforeAll(async () => {
  ;[foreseeing, judging] = await Promise.all([rehearse(start), rehearse(start)])
  // Rules of another edition each time: nothing that was foreseen holds, and all is judged.
  const { ruleBook } = judging.world
  let edition = 0
  judging.world.ruleBook = async (tx) => ({ ...(await ruleBook(tx)), edition: `${edition++}` })
})
afterAll(() => Promise.all([foreseeing.close(), judging.close()]))

/** Everything that a shipment may have changed, as rows; counts added up. */
async function rowsOf({ db }: Rehearsal): Promise<Record<string, unknown[]>> {
  const rows: Record<string, unknown[]> = {}
  const ask = async (name: string, text: string) => {
    rows[name] = (await db.pool.query(text)).rows
  }
  await ask(
    "orders",
    `select o.*, ${wholeDetails} as details, a.stage, a.facts, a.told_at from orders o join agenda a using (bucket, id) order by order_no`,
  )
  await ask(
    "agenda",
    "select bucket, id, version, judged_at, recheck_at, next_at, case_next_at, next_due_at, stuck, breaks_kind, then_at from agenda order by bucket, id",
  )
  await ask("clocks", "select to_jsonb(c) as c from clocks c order by subject_id, kind, basis, round")
  await ask("events", "select to_jsonb(e) as e from events e order by order_id, identity, content")
  await ask("parcels", "select * from parcels order by order_id, carrier, tracking_no")
  return { ...rows, counts: [...(await readCounts(db.pool))].sort() }
}

/** Where the wide rows of orders lie; a row that was rewritten lies elsewhere. */
const widely = async (...orders: string[]): Promise<unknown[]> =>
  (
    await foreseeing.db.pool.query(
      "select order_no, ctid from orders where order_no = any($1::text[]) order by 1",
      [orders],
    )
  ).rows

/** Tells in both worlds, without a tick; answers what both answer. */
async function tellBoth(now: string, ...calls: (readonly Incoming[])[]): Promise<string[]> {
  const answers: string[][] = []
  for (const stage of [foreseeing, judging]) {
    stage.now = at(now)
    const own = []
    for (const incoming of calls) own.push(...(await record(stage.world, incoming)).answers)
    answers.push(own)
  }
  expect(answers[0]).toEqual(answers[1])
  return answers[0]!
}

/** Ticks and tells in both worlds; `calls` follow each other without a tick. */
async function both(now: string, ...calls: (readonly Incoming[])[]): Promise<string[]> {
  for (const stage of [foreseeing, judging]) {
    stage.now = at(now)
    await tick(stage.world, everyRun)
  }
  return tellBoth(now, ...calls)
}

/** Which of these events, each of another order, the foreseeing world takes for plain shipments; nothing of it is kept. */
async function foreseenOf(incoming: readonly Incoming[], now: string): Promise<string[]> {
  const batches = incoming.map(({ key, event }, index) => ({
    place: orderPlace(key),
    key,
    events: [{ index, event }],
  }))
  const client = await foreseeing.db.pool.connect()
  try {
    await client.query("begin")
    const book = await foreseeing.world.ruleBook(client)
    const groups = await shipForeseen(client, batches, book, at(now))
    const places = groups.flatMap((each) => each.places).sort((one, other) => one - other)
    return places.map((i) => batches[i]!.key.orderNo)
  } finally {
    await client.query("rollback")
    client.release()
  }
}

it("plain shipments leave the very rows that a judgement leaves", async () => {
  const ordered = (orderNo: string, more: object = {}) => [
    told(orderNo, "created", "2026-11-02T09:59:00+08:00", {
      eventId: `${orderNo}-c`,
      order: { warehouse: "宁波一仓", liveSession: "晚场", items: [{ line: "1", sku: "x" }], ...more },
    }),
    told(orderNo, "paid", "2026-11-02T10:00:00+08:00", { eventId: `${orderNo}-p` }),
  ]
  const orders = ["plain", "prepared", "late", "lines", "changed", "twice", "corrected", "ahead", "promised"]
  orders.push("at once", "at last", "scanned")
  await both(
    "2026-11-02T10:00:00+08:00",
    orders.flatMap((each) => ordered(each)),
  )
  const wide = await widely("plain", "prepared")
  await both("2026-11-02T12:00:00+08:00", [
    told("prepared", "prepared", "2026-11-02T12:00:00+08:00", { eventId: "1" }),
    told("ahead", "prepared", "2026-11-02T12:00:00+08:00"),
    told("promised", "promise_changed", "2026-11-02T11:00:00+08:00", {
      promisedShipAt: "2026-11-04T00:00:00+08:00",
    }),
  ])
  // A warning has fired and the clocks are near, the prepared one's aside; what is over then no tick has seen yet.
  await both("2026-11-03T09:50:00+08:00")
  const shipped = (orderNo: string, instant: string, more: object = {}) =>
    told(orderNo, "shipped", instant, { order: { carrier: "SF", trackingNo: `SF-${orderNo}` }, ...more })
  const shipments = [
    shipped("plain", "2026-11-03T09:00:00+08:00", { eventId: "s", observedAt: "2026-11-03T09:20:00+08:00" }),
    shipped("prepared", "2026-11-03T09:10:00+08:00"),
    shipped("late", "2026-11-03T10:00:00.001+08:00"),
    shipped("lines", "2026-11-03T09:00:00+08:00", { lines: ["1"] }),
    shipped("changed", "2026-11-03T09:00:00+08:00", { order: { warehouse: "二仓" } }),
    shipped("corrected", "2026-11-03T09:00:00+08:00", { eventId: "corrected-p" }),
    shipped("ahead", "2026-11-03T12:00:00+08:00"),
    shipped("promised", "2026-11-03T09:30:00+08:00", { order: undefined }),
    shipped("at once", "2026-11-02T10:00:00+08:00"),
    shipped("at last", "2026-11-03T10:00:00+08:00"),
    shipped("scanned", "2026-11-03T09:30:00+08:00", { observedAt: "2026-11-03T09:29:59.999+08:00" }),
  ]
  const now = "2026-11-03T10:00:00.001+08:00"
  expect(await foreseenOf(shipments, now)).toEqual(["plain", "prepared", "promised", "at last"])
  const twice = told("twice", "shipped", "2026-11-03T09:00:00+08:00")
  const answers = await tellBoth(now, [...shipments, twice, twice])
  expect(answers).toEqual([
    ...Array(5).fill("accepted"),
    "conflict",
    "accepted",
    "accepted",
    "accepted",
    "accepted",
    "accepted",
    "accepted",
    "duplicate",
  ])
  expect(await rowsOf(foreseeing)).toEqual(await rowsOf(judging))
  expect(await widely("plain", "prepared"), "an event leaves the wide row as it is").toEqual(wide)
  const [order] = (
    await foreseeing.db.pool.query(
      `select o.*, ${wholeDetails} as details, a.stage, a.facts, a.told_at from orders o join agenda a using (bucket, id) where order_no = 'plain'`,
    )
  ).rows
  expect(order).toMatchObject({
    stage: "shipped",
    facts: { prepared: at("2026-11-03T09:00:00+08:00"), shipped: at("2026-11-03T09:00:00+08:00") },
    details: { carrier: "SF", trackingNo: "SF-plain", warehouse: "宁波一仓" },
    told_at: at("2026-11-03T09:20:00+08:00"),
  })
})

it("what comes after a plain shipment is judged: it is taken back, told again, or was late after all", async () => {
  const answers = await both("2026-11-03T11:00:00+08:00", [
    told("plain", "shipped", "2026-11-03T09:00:00+08:00", {
      eventId: "s",
      order: { carrier: "SF", trackingNo: "SF-plain" },
    }),
    told("prepared", "retracted", "2026-11-03T10:30:00+08:00", {
      of: { type: "shipped", at: "2026-11-03T09:10:00+08:00" },
    }),
  ])
  expect(answers).toEqual(["duplicate", "accepted"])
  expect(
    await both("2026-11-05T09:00:00+08:00", [
      told("plain", "shipped", "2026-11-04T12:00:00+08:00", {
        eventId: "s",
        observedAt: "2026-11-05T09:00:00+08:00",
        order: { carrier: "SF", trackingNo: "SF-plain" },
      }),
    ]),
  ).toEqual(["corrected"])
  await both("2026-11-05T10:00:00+08:00", [])
  expect(await rowsOf(foreseeing)).toEqual(await rowsOf(judging))
  const breaches = await foreseeing.db.pool.query(
    "select o.order_no, b.kind from breaches b join orders o on o.id = b.subject_id where o.order_no in ('plain', 'prepared') order by 1, 2",
  )
  expect(breaches.rows).toEqual([
    { order_no: "plain", kind: "prepare" },
    { order_no: "plain", kind: "ship" },
    { order_no: "prepared", kind: "ship" },
  ])
})

it("a breach that is owed of the preparing is not forgotten over the shipment", async () => {
  const now = "2026-11-05T10:00:00+08:00"
  await both(
    now,
    [told("tardy", "paid", "2026-11-04T09:00:00+08:00")],
    [told("tardy", "prepared", "2026-11-05T09:30:00+08:00")],
    [told("tardy", "shipped", "2026-11-05T09:50:00+08:00")],
  )
  await both(now)
  expect(await rowsOf(foreseeing)).toEqual(await rowsOf(judging))
  const { rows } = await foreseeing.db.pool.query(
    "select b.kind from breaches b join orders o on o.id = b.subject_id where o.order_no = 'tardy'",
  )
  expect(rows).toEqual([{ kind: "prepare" }])
})

it("a shipment that waits until somebody else has written its order is judged by what is then there", async () => {
  const now = "2026-11-05T12:00:00+08:00"
  await both(now, [told("waiting", "paid", now)])
  for (const stage of [foreseeing, judging]) stage.now = at("2026-11-05T12:30:00+08:00")
  const shipped = [told("waiting", "shipped", "2026-11-05T12:20:00+08:00")]
  await record(judging.world, shipped)
  const other = await foreseeing.db.pool.connect()
  await other.query("begin")
  const { id } = orderPlace(shipped[0]!.key)
  await other.query("update agenda set version = version where id = $1", [id])
  const waiting = record(foreseeing.world, shipped)
  for (let waits = 0; waits === 0; ) {
    const { rows } = await foreseeing.db.pool.query(
      "select count(*)::int as n from pg_locks where not granted",
    )
    waits = rows[0].n
  }
  await other.query("commit")
  other.release()
  expect((await waiting).answers).toEqual(["accepted"])
  expect(await rowsOf(foreseeing)).toEqual(await rowsOf(judging))
})

it("an act is never before a judgement of one of its orders, also where its clock is behind", async () => {
  const now = "2026-11-05T13:00:00+08:00"
  await both(now, [told("behind", "paid", "2026-11-05T12:50:00+08:00")])
  for (const stage of [foreseeing, judging]) stage.now = at("2026-11-05T12:55:00+08:00")
  const shipped = [told("behind", "shipped", "2026-11-05T12:58:00+08:00")]
  for (const stage of [foreseeing, judging]) expect((await record(stage.world, shipped)).at).toBe(at(now))
  expect(await rowsOf(foreseeing)).toEqual(await rowsOf(judging))
})

it("rules that are published while a shipment waits hold for it", async () => {
  const now = "2026-11-05T13:20:00+08:00"
  await both(now, [told("overtaken", "paid", "2026-11-05T13:05:00+08:00")])
  const { ruleBook } = foreseeing.world
  let books = 0
  // The first try reads them before the lock, and other ones after it.
  foreseeing.world.ruleBook = async (tx) => {
    const book = await ruleBook(tx)
    return ++books < 2 ? book : { ...book, edition: `${book.edition} published` }
  }
  try {
    const answers = await tellBoth(now, [told("overtaken", "shipped", "2026-11-05T13:15:00+08:00")])
    expect(answers).toEqual(["accepted"])
  } finally {
    foreseeing.world.ruleBook = ruleBook
  }
  expect(books, "read twice each time it was tried").toBe(4)
  expect(await rowsOf(foreseeing)).toEqual(await rowsOf(judging))
})

it("a shipment that was foreseen and meets other clocks is judged when it is tried again", async () => {
  const paid = told("odd", "paid", "2026-11-05T13:30:00+08:00")
  await both("2026-11-05T13:30:00+08:00", [paid])
  await foreseeing.db.pool.query(
    "delete from clocks where kind = 'prepare' and subject_id = (select id from orders where order_no = 'odd')",
  )
  expect(
    await both("2026-11-05T14:00:00+08:00", [told("odd", "shipped", "2026-11-05T14:00:00+08:00")]),
  ).toEqual(["accepted"])
  const clocks = await foreseeing.db.pool.query(
    "select kind, outcome from clocks where subject_id = (select id from orders where order_no = 'odd') order by 1",
  )
  expect(clocks.rows).toEqual([
    { kind: "prepare", outcome: "met" },
    { kind: "ship", outcome: "met" },
  ])
})
