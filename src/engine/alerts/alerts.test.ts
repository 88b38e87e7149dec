import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { Json } from "../../core/json.ts"
import { addAlert, findAlert } from "../../store/alerts.ts"
import { transaction } from "../../store/database.ts"
import { type DeliveryState, listDeliveries } from "../../store/deliveries.ts"
import { appendOutbox, listOutboxGroups } from "../../store/outbox.ts"
import { saveSetting } from "../../store/settings.ts"
import { addRobot, alertAll } from "../../testing/alerting.ts"
import { type House, openHouse } from "../../testing/house.ts"
import { openReceiver, type Receiver } from "../../testing/receiver.ts"
import { partOf, publishPart } from "../parts.ts"
import { digest } from "./digest.ts"
import { dispatch } from "./dispatch.ts"
import { mayPost } from "./post.ts"
import { takePulse } from "./pulse.ts"
import { raise } from "./raise.ts"
import { putRobot } from "./robots.ts"
import { sendDue } from "./send.ts"
import { speak } from "./speak.ts"
import { escalate, releaseWarning, settleWarnings, takeWarning } from "./warnings.ts"

const minute = 60_000
const hour = 60 * minute
const start = Date.parse("2026-11-03T10:07:00+08:00")
let house: House
let key: string
const receivers: Receiver[] = []

beforeAll(async () => {
  house = await openHouse(start)
  key = await house.key("operations")
})
afterAll(() => house.close())
beforeEach(async () => {
  house.stage.now = start
  await house.stage.db.pool.query(
    `truncate orders, agenda, events, receivers, lines, parcels, clocks, cases, case_log, case_counters, outbox, rollups, rollup_deltas,
       robots, alerts, deliveries, episodes, staff_notices, shifts, engines, settings cascade`,
  )
  await house.stage.db.pool.query("update departments set head = null")
})
afterEach(async () => {
  for (const each of receivers.splice(0)) await each.close()
})

async function open(
  kind: "wecom" | "dingtalk" | "feishu",
  rules: { secret?: string; keyword?: string } = {},
): Promise<Receiver> {
  const receiver = await openReceiver({ kind, now: () => house.stage.now, ...rules })
  receivers.push(receiver)
  return receiver
}
const at = (ms: number) => new Date(ms).toISOString()
const receiverData = { name: "王小明", phone: "13800001234", address: "杭州市某路 1 号" }
/** Orders paid at an instant, of one warehouse. */
async function pay(paidAt: number, orders: number, more: object = {}, prefix = "N"): Promise<void> {
  const events = Array.from({ length: orders }, (_, i) => ({
    channel: "douyin",
    shop: "青禾里",
    orderNo: `${prefix}${100000 + i}`,
    type: "paid",
    at: at(paidAt),
    eventId: "paid",
    order: { amount: 32_900, currency: "CNY", warehouse: "宁波一仓", receiver: receiverData, ...more },
  }))
  const { status } = await house.ask(key, { method: "POST", url: "/api/v1/order-events", payload: events })
  expect(status).toBeLessThan(300)
}
async function tell(type: string, orderNo: string, when: number): Promise<void> {
  await house.ask(key, {
    method: "POST",
    url: "/api/v1/order-events",
    payload: [{ channel: "douyin", shop: "青禾里", orderNo, type, at: at(when), eventId: type }],
  })
  await house.tickAll()
}
const turn = async (to: number) => {
  house.stage.now = to
  await house.tickAll()
}
const alerts = async () =>
  (
    await house.stage.db.pool.query<{ id: string; code: string }>(
      "select id, code from alerts order by created_at, id",
    )
  ).rows
const states = async (): Promise<DeliveryState[]> =>
  (
    await listDeliveries(house.stage.db.pool, { state: null, robot: null, since: 0, after: null, limit: 100 })
  ).map(({ state }) => state)

describe("the dispatcher", () => {
  it("makes one card of hundreds of orders, with count, worst one, money and a link that opens exactly these rows", async () => {
    const feishu = await open("feishu", { secret: "s3cret" })
    await addRobot(house.world, { kind: "feishu", address: feishu.url, secret: "s3cret" }, start)
    await pay(start, 400)
    house.stage.now = start + 11 * hour
    await pay(start + 11 * hour, 7, {}, "Later")
    await turn(start + 22 * hour + 10_000)
    await alertAll(house.world)
    expect(feishu.asked).toBe(0)
    await turn(start + 22 * hour + 16_000)
    await alertAll(house.world)
    await alertAll(house.world)
    expect(feishu.got).toHaveLength(1)
    const [{ text, body }] = feishu.got as [(typeof feishu.got)[0]]
    expect(text).toContain("400 单快到期 · 备货，公司")
    expect(text).toContain("宁波一仓 · 抖音 青禾里")
    expect(text).toContain("今天")
    expect(text).toContain("涉及 ¥131,600")
    for (const each of Object.values(receiverData)) expect(JSON.stringify(body)).not.toContain(each)
    const link = /https:\/\/zs\.example\.cn(\/orders\?alert=[0-9a-f-]+)/.exec(text)![1]!
    const rows = await house.ask<{ items: unknown[] }>(key, { url: `/api/v1${link}&limit=500` })
    expect(rows.status).toBe(200)
    const counts = await house.ask<{ all: number }>(key, { url: `/api/v1${link.replace("?", "/counts?")}` })
    expect(counts.body.all).toBe(400)
  })

  it("brings a company's first robot what stands and no group heard yet", async () => {
    await pay(start, 3)
    await turn(start + 22 * hour + 10_000)
    house.stage.now += 6_000
    await alertAll(house.world)
    const feishu = await open("feishu")
    const wish = {
      kind: "feishu" as const,
      name: "仓库群",
      department: "warehouse",
      codes: [],
      warehouses: [],
      address: feishu.url,
      keyword: null,
      quiet: null,
      active: true,
    }
    await putRobot(house.world, null, { ...wish, department: "service" }, "沈一诺")
    await alertAll(house.world)
    expect(feishu.got).toHaveLength(0)
    await putRobot(house.world, null, wish, "沈一诺")
    await putRobot(house.world, null, wish, "沈一诺")
    await alertAll(house.world)
    expect(feishu.got.filter(({ text }) => text.includes("3 单快到期 · 备货，公司"))).toHaveLength(1)
  })

  it("says what comes later in a window together with the next one's, so that a window has one card", async () => {
    const wecom = await open("wecom")
    await addRobot(house.world, { kind: "wecom", address: wecom.url, codes: ["near"] }, start)
    for (let i = 0; i < 10; i++) await pay(start + i * minute, 1, {}, `P${i}-`)
    for (let m = 0; m < 31; m += 5) {
      await turn(start + 22 * hour + m * minute + 30_000)
      await alertAll(house.world)
    }
    const counts = wecom.got.map(({ text }) => Number(/(\d+) 单快到期/.exec(text)![1]))
    // The 50% level of prepare came long before; at 22 h the last level begins, minute by minute.
    expect(counts.reduce((n, each) => n + each, 0)).toBeGreaterThanOrEqual(10)
    const windows = wecom.got.map(({ at }) => `${Math.floor(at / (15 * minute))}`)
    expect(new Set(windows).size).toBe(windows.length)
    expect(await listOutboxGroups(house.stage.db.pool)).toEqual([])
  })

  it("does not say what was withdrawn or done meanwhile", async () => {
    const feishu = await open("feishu")
    await addRobot(house.world, { kind: "feishu", address: feishu.url, codes: ["near"] }, start)
    await pay(start, 2)
    await turn(start + 12 * hour)
    house.stage.now += 1_000
    await tell("prepared", "N100000", start + 12 * hour)
    await tell("shipped", "N100000", start + 12 * hour)
    await tell("prepared", "N100001", start + 12 * hour)
    house.stage.now += 5_000
    await alertAll(house.world)
    expect(feishu.got).toHaveLength(0)
    expect(await alerts()).toHaveLength(0)
    expect(await listOutboxGroups(house.stage.db.pool)).toEqual([])
  })

  it("says each thing once, however many dispatchers and senders there are", async () => {
    const dingtalk = await open("dingtalk", { secret: "SEC1" })
    await addRobot(house.world, { kind: "dingtalk", address: dingtalk.url, secret: "SEC1" }, start)
    await pay(start, 40)
    await turn(start + 25 * hour)
    house.stage.now += 6_000
    const many = <T>(round: () => Promise<T>) => Promise.all(Array.from({ length: 5 }, round))
    const made = await many(() => dispatch(house.world))
    const all = await alerts()
    expect(made.reduce((n, each) => n + each, 0)).toBe(all.length)
    for (const { id } of all) await many(() => speak(house.world, id))
    await many(() => sendDue(house.world))
    const codes = dingtalk.got.map(({ text }) => text.split("\n").find((line) => line.startsWith("#")))
    expect(dingtalk.got).toHaveLength(all.length)
    expect(new Set(codes).size).toBe(codes.length)
    expect(new Set(dingtalk.got.map(({ key }) => key)).size).toBe(all.length)
  })

  it("loses nothing when it is killed between any two steps, and sends again only what nobody noted", async () => {
    const feishu = await open("feishu")
    await addRobot(house.world, { kind: "feishu", address: feishu.url, codes: ["over"] }, start)
    await pay(start, 3)
    await turn(start + 24 * hour + 1)
    house.stage.now += 6_000
    // Killed in the dispatch: its transaction is gone, and with it the alert.
    const broken = {
      ...house.world,
      jobs: { ...house.world.jobs, send: async () => Promise.reject(new Error("killed")) },
    }
    await expect(dispatch(broken)).rejects.toThrow("killed")
    expect(await alerts()).toHaveLength(0)
    await dispatch(house.world)
    const over = (await alerts()).find(({ code }) => code === "over")!
    // Killed before the job was done: it is done again; after it was done: nothing happens twice.
    await speak(house.world, over.id)
    await speak(house.world, over.id)
    expect(await states()).toEqual(["waiting"])
    // Killed after the post and before its note: the sending counts as lost after a minute and goes out again with the same key.
    let dead = false
    const dying = {
      ...house.world,
      instant: (tx: Parameters<typeof house.world.instant>[0]) => {
        if (feishu.got.length > 0 && !dead) {
          dead = true
          throw new Error("killed")
        }
        return house.world.instant(tx)
      },
    }
    await expect(sendDue(dying)).rejects.toThrow("killed")
    expect(await states()).toEqual(["sending"])
    await sendDue(house.world)
    expect(feishu.got).toHaveLength(1)
    house.stage.now += minute
    await sendDue(house.world)
    await sendDue(house.world)
    expect(feishu.got).toHaveLength(2)
    expect(feishu.got[0]!.key).toBe(feishu.got[1]!.key)
    expect(await states()).toEqual(["sent"])
  })
})

/** Says something plain through the robots of a department. */
const plainAlert = (n: number, code = "help_asked", department = "warehouse") =>
  transaction(house.stage.db, (tx) =>
    raise(
      house.world,
      tx,
      {
        key: `plain ${n}`,
        code,
        department,
        path: "/work",
        said: { asker: "周楠", asked: "仓库", question: `第 ${n} 问`, caseNo: "C-3127" },
      },
      house.stage.now,
    ),
  )

describe("a robot", () => {
  it("keeps its limit over any number of processes; what would not fit goes out as one card and nothing is lost", async () => {
    const wecom = await open("wecom")
    await addRobot(house.world, { kind: "wecom", address: wecom.url }, start)
    for (let n = 0; n < 26; n++) {
      await plainAlert(n)
      if (n === 18) await alertAll(house.world)
    }
    await alertAll(house.world)
    await Promise.all([sendDue(house.world), sendDue(house.world), sendDue(house.world)])
    expect(wecom.got.length).toBeLessThanOrEqual(20)
    for (let s = 0; s < 3; s++) {
      house.stage.now += 30_000
      await Promise.all([sendDue(house.world), sendDue(house.world)])
    }
    expect(wecom.asked).toBe(wecom.got.length)
    const said = wecom.got.map(({ text }) => text).join("\n")
    for (let n = 0; n < 10; n++) expect(said).toContain(`第 ${n} 问`)
    expect(said).toMatch(/\d+ 条提醒合在一张/)
    expect(new Set(await states())).toEqual(new Set(["sent"]))
  })

  it("says things in the order in which they happened", async () => {
    const feishu = await open("feishu", { secret: "s" })
    await addRobot(house.world, { kind: "feishu", address: feishu.url, secret: "s" }, start)
    for (let n = 0; n < 8; n++) {
      house.stage.now += 10
      await plainAlert(n)
    }
    for (let s = 0; s < 3; s++) {
      await alertAll(house.world)
      await Promise.all([sendDue(house.world), sendDue(house.world)])
      house.stage.now += 1_300
    }
    expect(feishu.got.map(({ text }) => Number(/第 (\d+) 问/.exec(text)?.[1]))).toEqual(
      Array.from({ length: 8 }, (_, n) => n),
    )
    expect(feishu.asked).toBe(8)
  })

  it("rests when the platform says that it was too much, and goes on afterwards", async () => {
    const dingtalk = await open("dingtalk")
    await addRobot(house.world, { kind: "dingtalk", address: dingtalk.url }, start)
    dingtalk.instead.push({ status: 200, body: { errcode: 410100, errmsg: "发送速度太快而限流" } })
    await plainAlert(1)
    await alertAll(house.world)
    expect(await states()).toEqual(["waiting"])
    house.stage.now += 9 * minute
    await sendDue(house.world)
    expect(dingtalk.asked).toBe(1)
    house.stage.now += minute
    await sendDue(house.world)
    expect(dingtalk.got).toHaveLength(1)
    expect(await states()).toEqual(["sent"])
  })

  it("tries again with doubling waits while the platform stumbles, and is dead after five", async () => {
    const wecom = await open("wecom")
    await addRobot(house.world, { kind: "wecom", address: wecom.url }, start)
    for (let i = 0; i < 5; i++) wecom.instead.push({ status: 502 })
    await plainAlert(1)
    await alertAll(house.world)
    for (const wait of [9, 1, 19, 1, 39, 1, 79, 1, 600]) {
      house.stage.now += wait * 1_000
      await sendDue(house.world)
    }
    expect(wecom.asked).toBe(5)
    expect(await states()).toEqual(["dead"])
  })

  it("gives up at once on a wrong signature; operations gets the message instead and is told why", async () => {
    const wrong = await open("dingtalk", { secret: "the new one" })
    const other = await open("wecom")
    await addRobot(
      house.world,
      { kind: "dingtalk", address: wrong.url, secret: "the old one", name: "采购群" },
      start,
    )
    await addRobot(house.world, { kind: "wecom", address: other.url, department: "operations" }, start)
    await plainAlert(1)
    await alertAll(house.world)
    await sendDue(house.world)
    expect(wrong.asked).toBe(1)
    expect(other.got.map(({ text }) => text).join()).toContain("第 1 问")
    const [first] = await listDeliveries(house.stage.db.pool, {
      state: "dead",
      robot: null,
      since: 0,
      after: null,
      limit: 9,
    })
    expect(first).toMatchObject({
      why: "sign",
      code: "310000",
      message: "sign not match",
      insteadName: "仓库群",
    })
  })

  it("gives up on several alerts of one card, and operations gets each of them instead", async () => {
    const wrong = await open("dingtalk", { secret: "the new one" })
    const other = await open("wecom")
    await addRobot(house.world, { kind: "dingtalk", address: wrong.url, secret: "the old one" }, start)
    const robot = await addRobot(
      house.world,
      { kind: "wecom", address: other.url, department: "operations" },
      start,
    )
    for (let n = 0; n < 26; n++) await plainAlert(n)
    await alertAll(house.world)
    for (let s = 0; s < 3; s++) {
      house.stage.now += 61_000
      await sendDue(house.world)
    }
    expect(wrong.asked).toBeLessThan(26)
    const page = { state: null, robot, since: 0, after: null, limit: 100 }
    expect(await listDeliveries(house.stage.db.pool, page)).toHaveLength(26)
  })

  it("holds its tongue in quiet hours but for what is urgent, and says the rest in the morning", async () => {
    house.stage.now = Date.parse("2026-11-03T23:00:00+08:00")
    const wecom = await open("wecom")
    await addRobot(
      house.world,
      { kind: "wecom", address: wecom.url, quietFrom: "22:00", quietTo: "07:00" },
      start,
    )
    await plainAlert(1)
    await plainAlert(2, "incident_opened")
    await alertAll(house.world)
    expect(wecom.got).toHaveLength(1)
    house.stage.now = Date.parse("2026-11-04T06:59:59+08:00")
    await sendDue(house.world)
    expect(wecom.got).toHaveLength(1)
    house.stage.now += 1_000
    await sendDue(house.world)
    expect(wecom.got.map(({ text }) => /第 (\d) 问/.exec(text)?.[1]).filter(Boolean)).toEqual(["1"])
  })

  it("posts to no host but its platform's and those that the environment allows", () => {
    for (const [kind, address, allowed, expected] of [
      ["feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/x", [], true],
      ["feishu", "http://open.feishu.cn/open-apis/bot/v2/hook/x", [], false],
      ["feishu", "https://open.feishu.cn.evil.example/x", [], false],
      ["feishu", "https://open.feishu.cn@evil.example/x", [], false],
      ["feishu", "https://open.feishu.cn:8443/x", [], false],
      ["wecom", "https://open.feishu.cn/x", [], false],
      ["wecom", "http://169.254.169.254/latest", [], false],
      ["wecom", "http://127.0.0.1:9000/x", [], false],
      ["wecom", "http://127.0.0.1:9000/x", ["127.0.0.1"], true],
      ["wecom", "http://127.0.0.1:9000/x", ["127.0.0.1:9001"], false],
      ["dingtalk", "file:///etc/passwd", ["127.0.0.1"], false],
    ] as const)
      expect(mayPost(kind, address, allowed), address).toBe(expected)
  })
})

/** A person of the warehouse who is on duty, and its head. */
async function staff(): Promise<{ worker: string; head: string }> {
  const { pool } = house.stage.db
  const worker = "00000000-0000-7000-8000-00000000000a"
  const head = "00000000-0000-7000-8000-00000000000b"
  await pool.query(
    `insert into staff (id, auth_user_id, name, email, created_at) values ('${worker}', 'a', '小何', 'a@x', now()), ('${head}', 'b', '周楠', 'b@x', now()) on conflict do nothing`,
  )
  await pool.query(`insert into departments (id, name, head) values ('warehouse', '仓储物流', '${head}')
    on conflict (id) do update set head = excluded.head, name = excluded.name`)
  await pool.query(
    `insert into shifts (id, staff, department, from_at, to_at) values (gen_random_uuid(), '${worker}', 'warehouse', to_timestamp(${start / 1000}), to_timestamp(${start / 1000 + 200 * 3600}))`,
  )
  return { worker, head }
}
const bellOf = async (id: string) =>
  (
    await house.stage.db.pool.query<{ kind: string; code: string }>(
      "select kind, data ->> 'code' as code from staff_notices where staff = $1 order by created_at, id",
      [id],
    )
  ).rows.map(({ kind, code }) => code ?? kind)

describe("a warning", () => {
  it("rings whoever is on duty, and goes to the head once when nobody took it", async () => {
    const { worker, head } = await staff()
    const wecom = await open("wecom")
    await addRobot(house.world, { kind: "wecom", address: wecom.url }, start)
    await pay(start, 3)
    await turn(start + 22 * hour)
    house.stage.now += 6_000
    await alertAll(house.world)
    const [warning] = (await alerts()).filter(({ code }) => code === "near")
    expect(await findAlert(house.stage.db.pool, warning!.id)).toMatchObject({ owner: worker })
    expect(await bellOf(worker)).toContain("near")
    // The group is told in the company's language, whoever reads a page in their own.
    const { rows } = await house.stage.db.pool.query(
      "select title ->> 'en' as title, data -> 'text' ->> 'en' as text from alerts, staff_notices where alerts.id = $1 and staff = $2",
      [warning!.id, worker],
    )
    expect(rows[0]).toMatchObject({
      title: "3 near · prepare, company",
      text: expect.stringContaining("3 near, prepare, company"),
    })
    house.stage.now += 14 * minute
    expect(await escalate(house.world)).toBe(0)
    house.stage.now += minute
    const once = await Promise.all([escalate(house.world), escalate(house.world), escalate(house.world)])
    expect(once.reduce((n, each) => n + each, 0)).toBe(
      (await alerts()).filter(({ code }) => code === "near").length,
    )
    await alertAll(house.world)
    expect(await escalate(house.world)).toBe(0)
    expect((await bellOf(head)).filter((code) => code === "escalated")).toHaveLength(1)
    expect(wecom.got.at(-1)!.text).toContain("没人接 · 3 单 备货，公司")
    expect(wecom.got.at(-1)!.text).toContain("仓储物流 15 分钟没有接手")
  })

  it("taken once, stays with whoever took it and goes no further", async () => {
    const { worker, head } = await staff()
    await pay(start, 3)
    await turn(start + 22 * hour)
    house.stage.now += 6_000
    await alertAll(house.world)
    const [warning] = (await alerts()).filter(({ code }) => code === "near")
    const by = { id: worker, name: "小何" }
    expect(await takeWarning(house.world, warning!.id, by)).toMatchObject({ takenBy: worker })
    expect(await takeWarning(house.world, warning!.id, by)).toMatchObject({ takenBy: worker })
    await expect(takeWarning(house.world, warning!.id, { id: head, name: "周楠" })).rejects.toMatchObject({
      code: "warning_taken",
    })
    house.stage.now += hour
    const others = (await alerts()).length
    for (const { id } of await alerts()) if (id !== warning!.id) await takeWarning(house.world, id, by)
    expect(await escalate(house.world)).toBe(0)
    await releaseWarning(house.world, warning!.id, by)
    expect(await escalate(house.world)).toBe(1)
    expect(await alerts()).toHaveLength(others + 1)
  })

  it("ends as saved or lost, by what became of its orders", async () => {
    await pay(start, 3)
    await turn(start + 22 * hour)
    house.stage.now += 6_000
    await alertAll(house.world)
    const [warning] = (await alerts()).filter(({ code }) => code === "near")
    expect(await settleWarnings(house.world)).toBe(0)
    await tell("prepared", "N100000", house.stage.now)
    await tell("prepared", "N100001", house.stage.now)
    await turn(start + 24 * hour + 1)
    await settleWarnings(house.world)
    expect(await findAlert(house.stage.db.pool, warning!.id)).toMatchObject({ saved: 2, lost: 1 })
  })

  it("is never late for the head when minutes are 0: it does not go there", async () => {
    await saveSetting(house.stage.db.pool, "alerts", { escalateMinutes: { "*": 15, warehouse: 0 } }, start)
    await pay(start, 1)
    await turn(start + 22 * hour)
    house.stage.now += 6_000
    await alertAll(house.world)
    house.stage.now += 24 * hour
    expect(await escalate(house.world)).toBe(0)
  })
})

it("the morning digest comes once a day, at its time in the company's zone, with yesterday's figures of the orders that are watched", async () => {
  const wecom = await open("wecom")
  await addRobot(
    house.world,
    { kind: "wecom", address: wecom.url, department: "operations", codes: ["morning_digest"] },
    start,
  )
  await pay(start, 6)
  await turn(start + 25 * hour)
  const url = `/api/v1/orders/douyin/${encodeURIComponent("青禾里")}/N100005/watch`
  const unwatched = { watched: false, reason: "测试单" }
  expect((await house.ask(key, { method: "POST", url, payload: unwatched })).status).toBe(200)
  house.stage.now = Date.parse("2026-11-05T08:59:00+08:00")
  expect(await digest(house.world)).toBe(0)
  house.stage.now = Date.parse("2026-11-05T09:00:00+08:00")
  const told = await Promise.all([digest(house.world), digest(house.world), digest(house.world)])
  expect(told.reduce((n, each) => n + each, 0)).toBe(1)
  await alertAll(house.world)
  expect(await digest(house.world)).toBe(0)
  expect(wecom.got).toHaveLength(1)
  expect(wecom.got[0]!.text).toContain("11月5日 早报")
  expect(wecom.got[0]!.text).toContain("昨天超时 5 单")
  house.stage.now = Date.parse("2026-11-06T12:30:00+08:00")
  expect(await digest(house.world)).toBe(0)
  house.stage.now = Date.parse("2026-11-07T09:05:00+08:00")
  expect(await digest(house.world)).toBe(1)
})

it("the morning digest of a department counts its own cases and their steps that are over, and says how old the oldest is", async () => {
  const [all, warehouse] = [await open("wecom"), await open("wecom")]
  const codes = ["morning_digest"]
  await addRobot(house.world, { kind: "wecom", address: all.url, department: "operations", codes }, start)
  await addRobot(
    house.world,
    { kind: "wecom", address: warehouse.url, department: "warehouse", codes },
    start,
  )
  await pay(start, 3)
  await turn(start + 25 * hour)
  await house.stage.db.pool.query(
    "update cases set department = 'warehouse' where (bucket, n) = (select bucket, n from cases limit 1)",
  )
  house.stage.now = Date.parse("2026-11-05T09:00:00+08:00")
  await house.tickAll()
  await digest(house.world)
  await alertAll(house.world)
  expect(all.got[0]!.text).toContain("未结超时单 3，内部时限已过 3")
  expect(warehouse.got[0]!.text).toContain("未结超时单 1，内部时限已过 1")
  const english = { name: "Qinghe", timezone: "Asia/Shanghai", language: "en" }
  await saveSetting(house.stage.db.pool, "company", english, start)
  house.stage.now = Date.parse("2026-11-06T09:00:00+08:00")
  await digest(house.world)
  await alertAll(house.world)
  expect(warehouse.got[1]!.text).toMatch(/Oldest: C-[0-9A-Z]{4}, 1 day$/m)
})

it("an engine that stands still is told once after a minute, and once when it is back", async () => {
  const wecom = await open("wecom")
  await addRobot(house.world, { kind: "wecom", address: wecom.url, department: "operations" }, start)
  const beat = (ms: number) =>
    house.stage.db.pool.query(
      `insert into engines (id, started_at, beat_at) values ('00000000-0000-4000-8000-000000000001', to_timestamp(${ms / 1000}), to_timestamp(${ms / 1000}))
       on conflict (id) do update set beat_at = excluded.beat_at`,
    )
  await beat(start)
  expect(await takePulse(house.world)).toEqual([])
  house.stage.now += 10_000
  expect(await takePulse(house.world)).toEqual([])
  house.stage.now += 70_000
  const told = await Promise.all([takePulse(house.world), takePulse(house.world)])
  expect(told.flat()).toEqual(["no_engine"])
  expect(await takePulse(house.world)).toEqual([])
  await alertAll(house.world)
  house.stage.now += 5 * minute
  await beat(house.stage.now)
  expect((await Promise.all([takePulse(house.world), takePulse(house.world)])).flat()).toEqual([
    "no_engine over",
  ])
  await alertAll(house.world)
  expect(wecom.got.map(({ text }) => text.split("\n").join(" "))).toEqual([
    expect.stringContaining("没有引擎在跑"),
    expect.stringContaining("时效引擎恢复了"),
  ])
})

it("the same key is said once", async () => {
  const say = () =>
    transaction(house.stage.db, (tx) =>
      addAlert(tx, { key: "k", code: "help_asked", department: "operations" }, house.stage.now),
    )
  expect((await Promise.all([say(), say(), say()])).filter(Boolean)).toHaveLength(1)
})

it("a step of a case that is near or over is told to whoever has it, with the case's number and the company's own name of its cause", async () => {
  const { part } = await partOf(house.stage.db.pool, "causes")
  const own = part.causes.map((each) =>
    each.code === "stock_out" ? { ...each, name: { ...each.name, "zh-Hans": "卖空" } } : each,
  )
  await publishPart(house.world, "causes", { ...part, causes: own } as unknown as Json, "沈一诺")
  const { worker } = await staff()
  const wecom = await open("wecom")
  await addRobot(
    house.world,
    { kind: "wecom", address: wecom.url, codes: ["inner_near", "inner_over"] },
    start,
  )
  const { pool } = house.stage.db
  const now = house.stage.now
  await pool.query(
    `insert into cases (bucket, n, order_id, state, department, assignee, cause, opened_at, changed_at)
     values (5, 7, gen_random_uuid(), 'assigned', 'warehouse', '${worker}', 'stock_out', now(), now())`,
  )
  const subject = "00000000-0005-8000-8000-000000000007"
  await pool.query(
    `insert into clocks (bucket, subject_kind, subject_id, kind, basis, round, start_at, due_at, due_since, warnings, state, observed, unconfirmed)
     values (5, 'case', '${subject}', 'analyse', 'company', 0, now(), to_timestamp(${(now + 10 * minute) / 1000}), now(), '[]', 'near', true, false)`,
  )
  const say = (kind: "warning" | "breach") =>
    appendOutbox(
      pool,
      [
        {
          kind,
          department: "warehouse",
          standard: "analyse",
          clock: "analyse",
          basis: "company",
          level: kind === "warning" ? "PT10M" : null,
          windowAt: now,
          about: [[5, subject, 0, now + 10 * minute]],
          createdAt: house.stage.now,
        },
      ],
      5,
    )
  await say("warning")
  house.stage.now += 6_000
  await alertAll(house.world)
  expect(wecom.got[0]!.text).toMatch(/C-[0-9A-Z]{4} · 分析和方案快到期/)
  expect(wecom.got[0]!.text).toContain("原因：卖空")
  expect(wecom.got[0]!.text).toContain("轮到 小何，今天 10:17 前，还剩 09:54")
  expect(await bellOf(worker)).toEqual(["inner_near"])
  await pool.query(
    "update clocks set breach_due_at = due_at, breach_fired_at = due_at, breach_standing = true, state = 'over' where subject_kind = 'case'",
  )
  house.stage.now = now + 36 * minute
  await say("breach")
  house.stage.now += 6_000
  await alertAll(house.world)
  expect(wecom.got[1]!.text).toMatch(/C-[0-9A-Z]{4} · 分析和方案已过 26:06/)
  expect(wecom.got[1]!.text).toContain("/cases?case=C-")
})
