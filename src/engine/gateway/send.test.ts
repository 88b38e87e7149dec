import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { Actor } from "../../core/cases.ts"
import { partsOf } from "../../core/policyParts.ts"
import { type CaseEntry, listCaseLogs, readCases } from "../../store/cases.ts"
import { listClocks } from "../../store/clocks.ts"
import { findIncidentId } from "../../store/incidents.ts"
import { caseNumber, casePlace, readCaseNumber } from "../../store/keys.ts"
import { noticesOf } from "../../store/notices.ts"
import { saveCompany, saveDepartment } from "../../store/people.ts"
import { newestPolicy } from "../../store/rules.ts"
import { saveTrialRun } from "../../store/trialRun.ts"
import { caseOf, tellOrders, tickAll } from "../../testing/cases.ts"
import { openTestGateway, type TestGateway } from "../../testing/gateway.ts"
import { type Rehearsal, rehearse } from "../../testing/rehearsal.ts"
import { on } from "../../testing/week.ts"
import type { ActInput } from "../cases/hand.ts"
import { performAct } from "../cases/perform.ts"
import { undoActs } from "../cases/undo.ts"
import { carryOut } from "../incidents/carry.ts"
import { openIncident } from "../incidents/gather.ts"
import { actOnIncident } from "../incidents/record.ts"
import { openJobs } from "../jobs.ts"
import { draftNotice } from "../notices.ts"
import { partOf } from "../parts.ts"
import { publishParts } from "../publishing.ts"
import { noticeQueue, sendNotice } from "./send.ts"
import { putGateway } from "./settings.ts"

const minute = 60_000
const phone = "13912345678"
let stage: Rehearsal
let gateway: TestGateway
const shen: Actor = {
  id: null,
  name: "沈一诺",
  roles: [{ role: "operations", department: null }],
  departments: ["operations"],
}

beforeAll(async () => {
  stage = await rehearse(on("Mon 09:00"))
  gateway = await openTestGateway(() => stage.now)
  const { pool } = stage.db
  await saveCompany(pool, { name: "青禾里", timezone: "Asia/Shanghai", language: "zh-Hans" }, stage.now)
  for (const id of ["operations", "service", "warehouse", "purchasing"])
    await saveDepartment(pool, { id, name: id, parent: null })
  await putGateway(stage.world, gateway, "owner")
  const newest = await newestPolicy(pool)
  const parts = partsOf(newest, (await partOf(pool, "causes")).part.thresholds)
  const wanted = { ...parts, autoNotices: ["delay_new_date", "date_missed_again", "shipped"] }
  const publishing = { parts: wanted, base: newest.version, effectiveAt: null, reason: "省人手" }
  await publishParts(stage.world, publishing, { name: "owner" })
})
afterAll(async () => {
  await gateway.close()
  await stage.close()
})
beforeEach(async () => {
  await stage.db.pool.query("delete from pgboss.job where name = 'notices.send'")
  stage.now = on("Tue 10:30")
  Object.assign(gateway, { got: [], asked: 0, instead: [], meanwhile: null })
})

let orders = 0
/** Opens a case that waits for its plan; answers its number. */
async function analysed(receiver: object | null = { name: "王小明", phone }): Promise<string> {
  const orderNo = `6931048820157${743_000 + orders++}`
  const order = { items: [{ line: "1", sku: "A", name: "四件套" }], ...(receiver ? { receiver } : {}) }
  await tellOrders(stage, [{ orderNo, order, events: [["paid", stage.now - 24.5 * 60 * minute]] }])
  await tickAll(stage)
  const { n, bucket } = await caseOf(stage, orderNo)
  const number = caseNumber(n, bucket)
  await act(number, { act: "assign", department: "purchasing" })
  await act(number, { act: "analyse", cause: "stock_out", text: "卖空了" })
  return number
}
const act = (number: string, input: ActInput) => performAct(stage.world, { number, input }, { actor: shen })
const plan = (number: string, etaAt: number) =>
  act(number, { act: "plan", etaAt, reason: "等补货", text: "调货" })

const placeOf = (number: string) => readCaseNumber(number)!
const caseNow = async (number: string) => (await readCases(stage.db.pool, [placeOf(number)]))[0]!
const logOf = async (number: string): Promise<CaseEntry[]> => {
  const own = await caseNow(number)
  return (await listCaseLogs(stage.db.pool, [own])).get(number) ?? []
}
const tellClock = async (number: string) => {
  const place = casePlace(await caseNow(number))
  const clocks = (await listClocks(stage.db.pool, [place], "case")).get(place.id) ?? []
  return clocks.findLast(({ kind }) => kind === "tell")!
}
const noticesNow = async (number: string) => {
  const notices = await noticesOf(stage.db.pool, [placeOf(number)])
  return notices.map(({ state, toldBy, error }) => [state, toldBy, error])
}

/** Does the jobs that are due by the hand-turned clock, each once; answers what went wrong. */
async function work(): Promise<string[]> {
  const { rows } = await stage.db.pool.query<{ data: { bucket: number; id: string } }>(
    `delete from pgboss.job where name = 'notices.send' and start_after <= to_timestamp($1::float8 / 1000) returning data`,
    [stage.now],
  )
  const wrong: string[] = []
  for (const { data } of rows)
    await sendNotice(stage.world, data).catch((error: Error) => wrong.push(error.message))
  return wrong
}
const queued = async () => {
  const { rows } = await stage.db.pool.query<{ data: object; at: number }>(
    "select data, (extract(epoch from start_after) * 1000)::float8 as at from pgboss.job where name = 'notices.send' order by created_on",
  )
  return rows
}

describe("a date that is saved", () => {
  it("reaches its customer once, a minute later, signed, and stops the clock as a person's telling does", async () => {
    const number = await analysed()
    await plan(number, on("Wed 18:00"))
    expect(await queued()).toHaveLength(1)
    expect(Object.keys((await queued())[0]!.data).sort()).toEqual(["bucket", "id"])
    await work()
    expect(gateway.asked).toBe(0)
    stage.now += minute
    expect(await work()).toEqual([])
    const [notice] = await noticesOf(stage.db.pool, [placeOf(number)])
    expect(gateway.got).toEqual([
      {
        key: notice!.id,
        body: {
          id: notice!.id,
          template: "delay_new_date",
          language: "zh-Hans",
          text: notice!.texts.sms,
          channel: "douyin",
          shop: "s1",
          orderNo: expect.stringMatching(/^6931048820157/),
          phone,
        },
      },
    ])
    expect(notice).toMatchObject({ state: "told", toldBy: null, toldAt: stage.now, channel: "notice" })
    expect(notice!.text).toBe(notice!.texts.sms)
    expect((await logOf(number)).at(-1)).toMatchObject({
      what: "told",
      who: null,
      data: { auto: true, text: notice!.texts.sms, etaAt: on("Wed 18:00"), messageId: "m-1" },
    })
    expect(await tellClock(number)).toMatchObject({ state: "closed", closedAt: stage.now })
    const { bucket, id } = notice!
    await sendNotice(stage.world, { bucket, id })
    expect(gateway.asked).toBe(1)
    stage.now += 60 * minute
    await tickAll(stage)
    expect((await tellClock(number)).breachFiredAt).toBeNull()
  })

  it("can no longer be taken back once its customer knows it", async () => {
    const number = await analysed()
    await plan(number, on("Wed 18:00"))
    const { batch } = (await logOf(number)).at(-1)!
    stage.now += minute
    await work()
    const { done } = await undoActs(stage.world, batch!, shen)
    expect(done).toMatchObject([{ ok: false, code: "not_undoable" }])
  })

  it("is not told when it was replaced, taken back or told by a person before it left", async () => {
    const replaced = await analysed()
    await plan(replaced, on("Wed 18:00"))
    stage.now += 1000
    await plan(replaced, on("Thu 18:00"))
    const takenBack = await analysed()
    await plan(takenBack, on("Wed 18:00"))
    await undoActs(stage.world, (await logOf(takenBack)).at(-1)!.batch!, shen)
    const told = await analysed()
    await plan(told, on("Wed 18:00"))
    await act(told, { act: "told", how: "chat", text: "周三发" })
    stage.now += minute
    expect(await work()).toEqual([])
    expect(gateway.got.map(({ body }) => String(body.text))).toEqual([
      expect.stringContaining("11月26日 18:00"),
    ])
    expect(await noticesNow(replaced)).toEqual([
      ["superseded", null, null],
      ["told", null, null],
    ])
    expect(await noticesNow(told)).toEqual([["told", "沈一诺", null]])
    expect((await logOf(told)).filter(({ what }) => what === "told")).toHaveLength(1)
  })

  it("that comes back after another one took its place is told", async () => {
    const number = await analysed()
    for (const eta of ["Wed 18:00", "Thu 18:00", "Wed 18:00"]) {
      await plan(number, on(eta))
      stage.now += 1000
    }
    stage.now += minute
    await work()
    expect(gateway.got.map(({ body }) => String(body.text))).toEqual([
      expect.stringContaining("11月25日 18:00"),
    ])
  })

  it("stays for a person where nobody knows the customer's whole phone", async () => {
    for (const receiver of [null, { name: "王小明", phone: "139****5678" }]) {
      const number = await analysed(receiver)
      await plan(number, on("Wed 18:00"))
      stage.now += minute
      expect(await work()).toEqual([])
      expect(await noticesNow(number)).toEqual([["drafted", null, null]])
    }
    expect(gateway.asked).toBe(0)
  })

  it("is left to people in a trial run", async () => {
    const trial = { since: stage.now, by: "owner", until: null, endedBy: null }
    await saveTrialRun(stage.db.pool, trial, stage.now)
    await plan(await analysed(), on("Wed 18:00"))
    expect(await queued()).toEqual([])
    await saveTrialRun(stage.db.pool, { ...trial, until: stage.now, endedBy: "owner" }, stage.now)
  })

  it("is noted with its words also when a person told it while it was on its way", async () => {
    const number = await analysed()
    await plan(number, on("Wed 18:00"))
    stage.now += minute
    gateway.meanwhile = () => act(number, { act: "told", how: "phone", text: "周三发" })
    expect(await work()).toEqual([])
    expect((await logOf(number)).filter(({ what }) => what === "told").map(({ who }) => who)).toEqual([
      "沈一诺",
      null,
    ])
    expect(await noticesNow(number)).toEqual([["told", "沈一诺", null]])
  })
})

describe("at night", () => {
  it("what the clock does not allow to wait leaves; what it allows waits for eight o'clock", async () => {
    stage.now = on("Tue 23:00")
    const late = await analysed()
    await plan(late, on("Wed 18:00"))
    stage.now += minute
    await work()
    expect(gateway.asked).toBe(1)

    stage.now = on("Wed 07:40")
    const early = await analysed()
    await plan(early, on("Wed 18:00"))
    stage.now += minute
    await work()
    expect(gateway.asked).toBe(1)
    expect((await queued()).map(({ at }) => at)).toEqual([on("Wed 08:00")])
    stage.now = on("Wed 08:00")
    await work()
    expect(gateway.asked).toBe(2)
    expect(await tellClock(early)).toMatchObject({ state: "closed" })
  })
})

describe("a gateway that fails", () => {
  it("is asked again with the same key, and takes the message once", async () => {
    const number = await analysed()
    await plan(number, on("Wed 18:00"))
    stage.now += minute
    gateway.instead = [{ status: 503 }, { status: 504, takes: true, body: `for ${phone}` }]
    expect(await work()).toEqual(["the gateway did not take the message: HTTP 503"])
    expect(await noticesNow(number)).toEqual([["failed", null, "HTTP 503"]])
    const [{ bucket, id } = { bucket: 0, id: "" }] = await noticesOf(stage.db.pool, [placeOf(number)])
    await expect(sendNotice(stage.world, { bucket, id })).rejects.toThrow("HTTP 504")
    await sendNotice(stage.world, { bucket, id })
    expect([gateway.asked, gateway.got.length]).toEqual([3, 1])
    expect(await noticesNow(number)).toEqual([["told", null, null]])
  })

  it("leaves the message to a person: the job lies among the dead, and the clock is missed", async () => {
    const number = await analysed()
    await plan(number, on("Wed 18:00"))
    stage.now += minute
    gateway.instead = Array.from({ length: 9 }, () => ({ status: 500 }))
    const [job] = await queued()
    await stage.db.pool.query("delete from pgboss.job where name = 'notices.send'")
    const soon = { ...noticeQueue, name: "notices.soon", retries: 1, retryAfterSeconds: 0 }
    const jobs = openJobs(stage.db)
    jobs.on(soon, (way) => sendNotice(stage.world, way))
    await jobs.start({ error() {}, info() {} }, async () => "Asia/Shanghai")
    await jobs.send(stage.db.pool, soon, job!.data as { bucket: number; id: string })
    await expect
      .poll(() => jobs.dead(), { timeout: 20_000 })
      .toMatchObject([{ queue: "notices.soon", error: "the gateway did not take the message: HTTP 500" }])
    expect((await jobs.dead())[0]!.data).toEqual(job!.data)
    await jobs.stop()
    expect(gateway.asked).toBe(2)
    stage.now += 30 * minute
    await tickAll(stage)
    expect((await tellClock(number)).breachFiredAt).not.toBeNull()
    // A person tells what the gateway did not take.
    await act(number, { act: "told", how: "chat", text: "周三发" })
    expect(await noticesNow(number)).toEqual([["told", "沈一诺", null]])
  })
})

it("a message about something else leaves too, and does not pass for the date", async () => {
  const number = await analysed(null)
  await plan(number, on("Wed 18:00"))
  const { orderId } = await caseNow(number)
  const { rows } = await stage.db.pool.query<{ order_no: string }>(
    "select order_no from orders where id = $1",
    [orderId],
  )
  const order = { receiver: { phone }, carrier: "圆通", trackingNo: "YT1" }
  await tellOrders(stage, [{ orderNo: rows[0]!.order_no, order, events: [["refund_requested", stage.now]] }])
  await draftNotice(
    stage.world,
    stage.db.pool,
    placeOf(number),
    "shipped:1",
    { template: "shipped" },
    stage.now,
  )
  await stage.db.pool.query("delete from pgboss.job where name = 'notices.send' and data->>'id' <> $1", [
    (await noticesOf(stage.db.pool, [placeOf(number)])).find(({ template }) => template === "shipped")!.id,
  ])
  stage.now += minute
  expect(await work()).toEqual([])
  expect(gateway.got).toMatchObject([{ body: { template: "shipped" } }])
  expect(await tellClock(number)).toMatchObject({ closedAt: null })
})

it("a date that an incident gives reaches each of its customers once", async () => {
  const cases = [await analysed(), await analysed(), await analysed()]
  const incident = await openIncident(stage.world, { title: "补货", cases }, shen)
  const carry = async () => carryOut(stage.world, (await findIncidentId(stage.db.pool, incident))!)
  await carry()
  await actOnIncident(
    stage.world,
    incident,
    { act: "analyse", cause: "stock_out", text: "卖空了" },
    { actor: shen },
  )
  await carry()
  await actOnIncident(
    stage.world,
    incident,
    { act: "plan", etaAt: on("Thu 18:00"), reason: "等补货" },
    { actor: shen },
  )
  await carry()
  stage.now += minute
  expect(await work()).toEqual([])
  expect(await work()).toEqual([])
  expect(gateway.asked).toBe(3)
  expect(new Set(gateway.got.map(({ body }) => body.orderNo)).size).toBe(3)
  for (const number of cases) expect(await tellClock(number)).toMatchObject({ state: "closed" })
})

it("nothing of the receiver stands in the audit trail, the jobs, the messages or the cases", async () => {
  for (const table of ["audit", "pgboss.job", "notices", "case_log", "settings"]) {
    const { rows } = await stage.db.pool.query(`select 1 from ${table} t where t::text ~ '${phone}|王小明'`)
    expect([table, rows.length]).toEqual([table, 0])
  }
  const { rows } = await stage.db.pool.query("select 1 from settings t where t::text like '%sixteen%'")
  expect(rows).toEqual([])
})
