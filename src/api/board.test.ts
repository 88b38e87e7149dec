import { afterAll, beforeAll, expect, it } from "vitest"
import { parseInstant } from "../core/instants.ts"
import { type Bound, boundOf } from "../store/orderBounds.ts"
import {
  type Cursor,
  countOrders,
  type ListedOrder,
  listOrders,
  type OrderFilter,
} from "../store/orderLists.ts"
import { type House, openHouse } from "../testing/house.ts"
import type { Board, CaseRow, OrderCounts, OrderRow, Page } from "./contract.ts"

const hour = 3_600_000
const now = parseInstant("2026-11-03T12:07:00+08:00")!
let house: House
let key: string
let board: Board

/** A hundred lives paid over the last sixty hours, some prepared, some shipped, some held. */
function lives(): object[] {
  return Array.from({ length: 100 }, (_, i) => {
    const paid = now - i * 0.6 * hour
    const common = { channel: i % 3 ? "douyin" : "kuaishou", shop: "s1", orderNo: `B${i}` }
    const tell = (type: string, at: number, more: object = {}) => ({
      ...common,
      type,
      at: new Date(at).toISOString(),
      eventId: type,
      ...more,
    })
    return [
      tell("created", paid - 60_000, {
        order: {
          promisedShipAt: new Date(paid + 40 * hour).toISOString(),
          ...(i % 3 === 0 && { warehouse: i % 2 ? "W1" : "W2", liveSession: "L1" }),
        },
      }),
      tell("paid", paid),
      ...(i % 4 === 1 ? [tell("prepared", paid + 2 * hour)] : []),
      ...(i % 5 === 2 && paid + 3 * hour < now ? [tell("shipped", paid + 3 * hour)] : []),
      ...(i % 7 === 3 ? [tell("held", paid + hour, { reason: "customer" })] : []),
    ]
  }).flat()
}

beforeAll(async () => {
  house = await openHouse(now)
  key = await house.key("operations")
  await house.ask(key, { method: "POST", url: "/api/v1/order-events", payload: lives() })
  await house.tickAll()
  board = (await house.ask<Board>(key, { url: "/api/v1/board" })).body
})
afterAll(() => house.close())

const count = async (link: string): Promise<number> => {
  const { status, body } = await house.ask<Page<OrderRow | CaseRow>>(key, {
    url: `/api/v1${link}${link.includes("?") ? "&" : "?"}limit=500`,
  })
  expect(status, link).toBe(200)
  return body.items.length
}

it("each section of the ribbon opens exactly the orders that it counts", async () => {
  for (const kind of ["prepare", "ship"] as const) {
    let sum = 0
    for (const { key: name, from, to, count: shown } of board.ribbon[kind]) {
      const range = `${from ? `&dueFrom=${from}` : ""}${to ? `&dueTo=${to}` : ""}`
      expect(
        await count(`/orders?clock=${kind}${name === "overdue" ? "&state=over" : range}`),
        `${kind} ${name}`,
      ).toBe(shown)
      sum += shown
    }
    expect(sum).toBeGreaterThan(20)
  }
})

it("each stage opens exactly its orders, and those of them that are over", async () => {
  for (const { stage, count: shown, over } of board.stages) {
    expect(await count(`/orders?stage=${stage}`), stage).toBe(shown)
    expect(await count(`/orders?stage=${stage}&state=over`), stage).toBe(over)
  }
})

it("what needs a person opens exactly what it counts", async () => {
  expect(board.attention.length).toBeGreaterThan(2)
  for (const { link, count: shown, what } of board.attention) expect(await count(link), what).toBe(shown)
})

it("its countdown is that of the first order that it opens", async () => {
  const soon = board.attention.filter(({ kind }) => kind === "near")
  expect(soon.length).toBeGreaterThan(0)
  for (const { link, what, dueAt } of soon) {
    const [first] = (await house.ask<Page<OrderRow>>(key, { url: `/api/v1${link}&limit=1` })).body.items
    const dues = first!.clocks.filter(
      (each) => each.kind === what && each.state !== "closed" && each.observed,
    )
    expect(dueAt).toBe(dues.map((each) => each.dueAt!).sort()[0])
  }
})

it("a scope shows its share, and the shares add up", async () => {
  const [douyin, kuaishou] = await Promise.all(
    ["douyin", "kuaishou"].map(
      async (channel) => (await house.ask<Board>(key, { url: `/api/v1/board?channel=${channel}` })).body,
    ),
  )
  const paid = (each: Board) => each.stages.find(({ stage }) => stage === "paid")!.count
  expect(paid(douyin!) + paid(kuaishou!)).toBe(paid(board))
  expect(paid(kuaishou!)).toBeGreaterThan(0)
})

it("the summary counts what the orders' own clocks say", async () => {
  const { body } = await house.ask<{ orders: number; clocks: Record<string, Record<string, number>> }>(key, {
    url: "/api/v1/clocks/summary",
  })
  const all = (await house.ask<Page<OrderRow>>(key, { url: "/api/v1/orders?limit=500" })).body.items
  const clocks = all
    .flatMap((each) => each.clocks)
    .filter((each) => each.basis === "company" && each.kind === "ship")
  expect(body.orders).toBe(100)
  expect(body.clocks.ship!.overdue).toBe(clocks.filter(({ state }) => state === "over").length)
  expect(body.clocks.ship!.met).toBe(clocks.filter(({ outcome }) => outcome === "met").length)
  const afresh = await house.ask<typeof body>(key, {
    url: `/api/v1/clocks/summary?asOf=${new Date(now).toISOString()}`,
  })
  expect(afresh.body.clocks).toEqual(body.clocks)
})

it("a list of any length is paged without a gap or a repetition", async () => {
  const seen: string[] = []
  for (let cursor = ""; ; ) {
    const { body } = await house.ask<Page<OrderRow>>(key, { url: `/api/v1/orders?limit=7&cursor=${cursor}` })
    seen.push(...body.items.map(({ order }) => order.orderNo))
    if (body.next === null) break
    cursor = body.next
  }
  expect(seen).toHaveLength(100)
  expect(new Set(seen).size).toBe(100)
})

it("a list is the same whichever way it goes, in pages or whole, and a window begins and ends at its dues", async () => {
  const { db } = house.stage
  const most = { all: 100, over: 100, near: 100, running: 100, paused: 100, total: 100 }
  const pages = async (
    filter: OrderFilter,
    sort: "nextDueAt" | "-paidAt",
    bound: Bound | null,
    limit: number,
  ) => {
    const seen: string[] = []
    for (let after: Cursor | null = null; ; ) {
      const page: ListedOrder[] = await listOrders(db, filter, { limit, after, sort, bound })
      seen.push(...page.map(({ orderNo }) => orderNo))
      if (page.length < limit) return seen
      after = page.at(-1)!.cursor
    }
  }
  const filters: OrderFilter[] = [
    { now },
    { channel: "kuaishou", now },
    { stage: "shipped", now },
    { state: "over", now },
    { state: "near", channel: "douyin", now },
    { dueTo: now + 12 * hour, now },
    { clock: "ship", state: "over", now },
    { paidFrom: now - 60 * hour, paidTo: now - 2 * hour, now },
    { stage: "paid", paidFrom: now - 60 * hour, now },
    { warehouse: "W1", now },
    { liveSession: "L1", state: "running", now },
    { liveSession: "L1", warehouse: "W2", stage: "shipped", now },
  ]
  for (const filter of filters)
    for (const sort of ["nextDueAt", "-paidAt"] as const) {
      const whole = await pages(filter, sort, null, 500)
      expect(whole.length, JSON.stringify(filter)).toBeGreaterThan(0)
      expect(await pages(filter, sort, most, 500)).toEqual(whole)
      expect(await pages(filter, sort, most, 7)).toEqual(whole)
      const bound = await boundOf(db.pool, filter)
      expect(await pages(filter, sort, bound, 7)).toEqual(whole)
      const { total, ...counts } = bound!
      const found = await countOrders(db, filter, null)
      expect(await countOrders(db, filter, most)).toEqual(found)
      expect(await countOrders(db, filter, bound)).toEqual(found)
      expect(total).toBe(100)
      for (const [state, n] of Object.entries(found))
        expect(
          counts[state as keyof typeof found],
          `${JSON.stringify(filter)} ${state}`,
        ).toBeGreaterThanOrEqual(n)
    }
  for (const none of [
    { liveSession: "L" },
    { warehouse: "W" },
    { liveSession: "L1", stage: "closed" },
    { clock: "deliver" },
  ])
    expect((await boundOf(db.pool, none))!.all, JSON.stringify(none)).toBe(0)
  const all = (await house.ask<Page<OrderRow>>(key, { url: "/api/v1/orders?limit=500" })).body.items
  const dueOf = ({ clocks }: OrderRow, clock: string | undefined) =>
    clocks
      .filter(({ kind, state, observed }) => state !== "closed" && observed && (clock ?? kind) === kind)
      .flatMap(({ dueAt }) => (dueAt === null ? [] : [parseInstant(dueAt)!]))
      .reduce((first, due) => Math.min(first, due), Number.POSITIVE_INFINITY)
  for (const clock of ["ship", "prepare", undefined])
    for (const [from, to] of [[-5, 9] as const, [3, 30] as const, [12, null] as const]) {
      const filter = { clock, dueFrom: now + from * hour, dueTo: to === null ? undefined : now + to * hour }
      const wanted = all
        .map((row) => ({ row, due: dueOf(row, clock) }))
        .filter(
          ({ due }) => Number.isFinite(due) && due >= filter.dueFrom && due < (filter.dueTo ?? Infinity),
        )
        .sort((one, other) => one.due - other.due)
        .map(({ row }) => row.order.orderNo)
      expect(wanted.length).toBeGreaterThan(5)
      expect(await pages(filter, "nextDueAt", most, 500)).toEqual(wanted)
      expect(await pages(filter, "nextDueAt", null, 7)).toEqual(wanted)
      expect((await countOrders(db, filter, most)).all).toBe(wanted.length)
    }
})

it("every open case is in the list of cases, with its breaches", async () => {
  const { body } = await house.ask<Page<CaseRow>>(key, { url: "/api/v1/cases?state=open&limit=500" })
  expect(body.items.length).toBe(board.cases.open)
  expect(body.items.every(({ breaches }) => breaches.length > 0)).toBe(true)
})

it("an order taken out of the watch leaves board and lists, and comes back", async () => {
  const victim = (await house.ask<Page<OrderRow>>(key, { url: "/api/v1/orders?state=over&limit=1" })).body
    .items[0]!.order
  const path = `/api/v1/orders/${victim.channel}/${victim.shop}/${victim.orderNo}`
  const before = await count("/orders?state=over")
  const watch = async (watched: boolean, reason: string) =>
    (await house.ask(key, { method: "POST", url: `${path}/watch`, payload: { watched, reason } })).status
  const version = async () =>
    (
      await house.stage.db.pool.query<{ version: number }>(
        "select a.version from agenda a join orders o using (bucket, id) where o.channel = $1 and o.shop = $2 and o.order_no = $3",
        [victim.channel, victim.shop, victim.orderNo],
      )
    ).rows[0]!.version
  expect(await watch(false, "")).toBe(422)
  expect(await watch(false, "测试单")).toBe(200)
  const once = await version()
  expect(once).toBeGreaterThan(0)
  expect(await watch(false, "测试单")).toBe(200)
  expect(await version()).toBe(once)
  expect(await watch(false, "补差价")).toBe(409)
  await house.tickAll()
  expect(await count("/orders?state=over")).toBe(before - 1)
  expect((await house.ask<{ unwatched: object }>(key, { url: path })).body.unwatched).toMatchObject({
    reason: "测试单",
  })
  expect(await watch(true, "还要发")).toBe(200)
  await house.tickAll()
  expect(await count("/orders?state=over")).toBe(before)
  expect((await house.ask<Board>(key, { url: "/api/v1/board" })).body.ribbon).toEqual(board.ribbon)
})

it("what is odd about orders is counted, with an example, until it no longer is", async () => {
  const odd = { channel: "douyin", shop: "s9", orderNo: "ODD" }
  const tell = (type: string, at: number) =>
    house.ask(key, {
      method: "POST",
      url: "/api/v1/order-events",
      payload: [{ ...odd, type, at: new Date(at).toISOString(), eventId: type }],
    })
  const oddities = async (query = "") =>
    (await house.ask<Board>(key, { url: `/api/v1/board${query}` })).body.attention.filter(
      ({ kind }) => kind === "anomaly",
    )
  await tell("shipped", now - hour)
  const [found] = await oddities("?channel=douyin&shop=s9")
  expect(found).toMatchObject({ what: "no_paid", count: 1, example: odd })
  expect(await count(found!.link)).toBe(1)
  expect(await oddities("?shop=s1")).toEqual([])
  await tell("paid", now - 2 * hour)
  expect(await oddities("?shop=s9")).toEqual([])
})

it("the counts of a list, from the roll-ups or from rows, are what the list shows", async () => {
  const states = ["over", "near", "running", "paused"] as const
  const narrowings = ["", "stage=paid", "channel=kuaishou&stage=prepared", "clock=ship", "state=near"]
  for (const narrowed of [...narrowings, "clock=prepare&basis=company", "q=7", "channel=douyin&state=over"]) {
    const { body } = await house.ask<OrderCounts>(key, { url: `/api/v1/orders/counts?${narrowed}` })
    expect(body, narrowed).toMatchObject({ all: await count(`/orders?${narrowed}`), exact: true })
    for (const state of states) {
      const query = new URLSearchParams(narrowed)
      query.set("state", state)
      expect(body[state], `${narrowed} ${state}`).toBe(await count(`/orders?${query}`))
    }
  }
})

it("an order is found by the end of its number, not by its beginning, and nothing in it is a pattern", async () => {
  expect(await count("/orders?q=B17")).toBe(1)
  expect(await count("/orders?q=7")).toBe(10)
  expect(await count("/orders?q=B1")).toBe(1)
  for (const nothing of ["_7", "%257", "%5C7"]) expect(await count(`/orders?q=${nothing}`), nothing).toBe(0)
  const { body } = await house.ask<Page<CaseRow>>(key, { url: "/api/v1/cases?limit=1" })
  const [own] = body.items
  expect(await count(`/cases?q=${own!.number}`)).toBe(1)
  expect(await count(`/cases?q=${own!.order.orderNo}`)).toBe(1)
})
