import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Actor } from "../../core/cases.ts"
import type { Refusal } from "../../core/refusals.ts"
import { listCaseLogs, readCases } from "../../store/cases.ts"
import { saveStock } from "../../store/declared.ts"
import { casesAlike } from "../../store/incidentCases.ts"
import {
  findIncident,
  findIncidentId,
  listIncidentActs,
  listRefusals,
  type StoredIncident,
} from "../../store/incidents.ts"
import { caseNumber, readCaseNumber } from "../../store/keys.ts"
import { noticesOf } from "../../store/notices.ts"
import { addPerson, saveCompany, saveDepartment } from "../../store/people.ts"
import { caseOf, tellOrders, tickAll } from "../../testing/cases.ts"
import { type Rehearsal, rehearse } from "../../testing/rehearsal.ts"
import { on } from "../../testing/week.ts"
import { assignApplied } from "../cases/applied.ts"
import { performAct } from "../cases/perform.ts"
import { startProposing } from "../proposing.ts"
import type { EngineWorld } from "../world.ts"
import { carryOut } from "./carry.ts"
import { gather, openIncident } from "./gather.ts"
import type { IncidentInput } from "./hand.ts"
import { actOnIncident } from "./record.ts"

const minute = 60_000
const total = 250
const paid = on("Mon 10:00")
let stage: Rehearsal
let propose: ReturnType<typeof startProposing>
const people: Record<string, string> = {}

beforeAll(async () => {
  stage = await rehearse(on("Mon 09:00"))
  const { pool } = stage.db
  for (const id of ["operations", "service", "warehouse", "purchasing"])
    await saveDepartment(pool, { id, name: id, parent: null })
  for (const [name, department] of [
    ["he", "purchasing"],
    ["shen", "operations"],
    ["chen", "service"],
  ] as const) {
    const person = { authUserId: name, name, email: `${name}@example.com`, expiresAt: null }
    people[name] = await addPerson(
      pool,
      { ...person, roles: [{ role: "viewer", department }] },
      on("Mon 09:00"),
    )
  }
  await saveStock(pool, [
    {
      sku: "QH-2041",
      warehouse: "一仓",
      at: on("Mon 21:03"),
      onHand: 0,
      locked: 0,
      blocked: null,
      counted: null,
      inbound: [],
      recordedAt: stage.now,
      recordedBy: "test",
    },
  ])
  propose = startProposing(stage.world)
  stage.now = on("Tue 10:05")
  await told(0, total, paid)
  await open()
})
afterAll(() => stage.close())

/** Tells of orders of the SKU that is sold out. */
const told = (from: number, to: number, at: number) =>
  tellOrders(
    stage,
    Array.from({ length: to - from }, (_, i) => ({
      orderNo: `out-${from + i}`,
      order: {
        warehouse: "一仓",
        items: [{ line: "1", sku: "QH-2041", name: "四件套", quantity: 1 }],
        ...(i % 5 === 4 ? { buyer: { id: "b", language: "en" } } : {}),
      },
      events: [["paid", at]],
    })),
  )
/** Opens the cases that are due, proposes their causes and assigns those that are sure. */
async function open(): Promise<void> {
  await tickAll(stage)
  await assignApplied(stage.world, (await propose()).applied)
}
const actor = (name: string, role: Actor["roles"][number] | null, departments: string[]): Actor => ({
  id: people[name]!,
  name,
  roles: role ? [role] : [],
  departments,
})
const shen = () => actor("shen", { role: "operations", department: null }, ["operations"])
const he = () => actor("he", null, ["purchasing"])
const chen = () => actor("chen", { role: "service", department: null }, ["service"])

const incident = async (number: string): Promise<StoredIncident> =>
  (await findIncident(stage.db.pool, (await findIncidentId(stage.db.pool, number))!))!
const carry = async (number: string, world: EngineWorld = stage.world, signal?: AbortSignal) =>
  carryOut(world, (await incident(number)).id, signal)
/** Does an act to an incident and to its cases; answers how the act ended. */
async function act(number: string, input: IncidentInput, who = shen()) {
  await actOnIncident(stage.world, number, input, { actor: who })
  await carry(number)
  return lastAct(number)
}
async function lastAct(number: string) {
  const { id } = await incident(number)
  const last = (await listIncidentActs(stage.db.pool, id)).at(-1)!
  return {
    seq: last.seq,
    act: last.act,
    done: last.done,
    refused: last.refused,
    of: last.ofCases,
    state: last.state,
  }
}
/** How many cases of an incident stand in which state. */
async function states(number: string): Promise<Record<string, number>> {
  const found: Record<string, number> = {}
  for (const { state, exempt, count } of await casesAlike(stage.db.pool, [(await incident(number)).id]))
    found[exempt ? `${state}, exempt` : state] = count
  return found
}
const numberOf = async (i: number): Promise<string> => {
  const { n, bucket } = await caseOf(stage, `out-${i}`)
  return caseNumber(n, bucket)
}
const logOf = async (number: string) =>
  (await listCaseLogs(stage.db.pool, [readCaseNumber(number)!])).get(number) ?? []
/** How often an entry stands in the courses of the cases, at most once each or not. */
async function entries(what: string): Promise<{ all: number; cases: number }> {
  const { rows } = await stage.db.pool.query(
    "select count(*)::int as all, count(distinct (bucket, case_n))::int as cases from case_log where what = $1",
    [what],
  )
  return rows[0]
}
const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "done",
    (error: Refusal) => error.code,
  )

/** A report that lacks nothing. */
const fields = {
  cause: "stock_out",
  causeEvidence: [{ signal: null, text: "盘点为零", agreed: true }],
  causeReason: "现场核对过。",
  result: "shipped",
  rootCause: "直播时库存没有及时扣减，卖空以后还在接单，没有人盯这一步。",
  whatHappened: "直播卖空以后还在接单，补货第二天到仓，当天按付款先后发完。",
  gaps: "夜里没有人上班。",
  told: "before_asking",
  leftOver: "无",
  repeat: "single",
  prevention: [],
  preventionNone: "安全库存已经提高。",
  customerEffect: "客户收到得比承诺晚，没有投诉。",
}

describe("gathering", () => {
  it("cases that share strong evidence come into one incident, visibly and named in the company's language, and its department is told", async () => {
    const company = { name: "青禾里", timezone: "Asia/Shanghai", language: "zh-Hant" }
    await saveCompany(stage.db.pool, company, stage.now)
    expect(await gather(stage.world)).toEqual({ opened: ["I-1"], joined: [], dissolved: [] })
    await saveCompany(stage.db.pool, { ...company, language: "zh-Hans" }, stage.now)
    // Until they are in, nothing else is gathered.
    expect((await gather(stage.world)).opened).toEqual([])
    await carry("I-1")
    expect(await states("I-1")).toEqual({ assigned: total })
    expect(await incident("I-1")).toMatchObject({
      title: "QH-2041 斷貨",
      cause: "stock_out",
      department: "purchasing",
      shared: { kind: "sku", value: "QH-2041" },
    })
    expect((await logOf(await numberOf(3))).at(-1)).toMatchObject({
      what: "incident_joined",
      who: null,
      data: { incident: "I-1" },
    })
    const { rows } = await stage.db.pool.query("select department, path, said ->> 'count' as n from alerts")
    expect(rows).toEqual([{ department: "purchasing", path: "/cases/incidents/I-1", n: String(total) }])
  })

  it("a later case joins; one that was taken out by hand is never gathered again", async () => {
    const left = await numberOf(0)
    expect(
      await refusal(
        actOnIncident(stage.world, "I-1", { act: "leave", cases: [left], reason: " " }, { actor: he() }),
      ),
    ).toBe("reason_needed")
    expect(await act("I-1", { act: "leave", cases: [left], reason: "客户已换货" }, he())).toMatchObject({
      done: 1,
      refused: 0,
    })
    await told(total, total + 3, paid + 2 * minute)
    await open()
    expect(await gather(stage.world)).toEqual({ opened: [], joined: ["I-1"], dissolved: [] })
    await carry("I-1")
    expect(await states("I-1")).toEqual({ assigned: total + 2 })
    expect(await gather(stage.world)).toEqual({ opened: [], joined: [], dissolved: [] })
    expect((await readCases(stage.db.pool, [readCaseNumber(left)!]))[0]).toMatchObject({
      incident: null,
      exempt: true,
    })
  })
})

describe("what is done once for all", () => {
  it("reaches each case exactly once, however often its job is killed, and stops its hour at the instant of the act", async () => {
    const going = await numberOf(1)
    await act("I-1", { act: "exempt", cases: [going], reason: "客户要退款" })
    stage.now = on("Tue 10:30")
    const body: IncidentInput = { act: "analyse", cause: "stock_out", text: "补货在路上" }
    expect(await refusal(actOnIncident(stage.world, "I-1", body, { actor: shen(), version: 1 }))).toBe(
      "stale_version",
    )
    await act("I-1", body, he())
    stage.now = on("Tue 11:04")
    const plan: IncidentInput = { act: "plan", etaAt: on("Wed 18:00"), reason: "南通补 240 件" }
    await actOnIncident(stage.world, "I-1", plan, { actor: he(), actId: "once" })
    await actOnIncident(stage.world, "I-1", plan, { actor: he(), actId: "once" })
    // Killed between two batches, and in the midst of one.
    const killed = new AbortController()
    const between = { ...stage.world, changed: () => killed.abort(new Error("killed")) }
    await expect(carry("I-1", between, killed.signal)).rejects.toThrow("killed")
    expect(await states("I-1")).toMatchObject({ planned: 100, analysed: total + 1 - 100 })
    let asked = 0
    const within: EngineWorld = {
      ...stage.world,
      ruleBook: (tx) => (++asked > 1 ? Promise.reject(new Error("killed")) : stage.world.ruleBook(tx)),
    }
    await expect(carry("I-1", within)).rejects.toThrow("killed")
    expect(await states("I-1")).toMatchObject({ planned: 200, analysed: total + 1 - 200 })
    // The hour of those that wait is over by now; it was kept.
    stage.now = on("Tue 11:06")
    await tickAll(stage)
    await Promise.all([carry("I-1"), carry("I-1")])
    await tickAll(stage)
    expect(await lastAct("I-1")).toMatchObject({ done: total + 1, refused: 0, state: "done" })
    expect(await states("I-1")).toEqual({ planned: total + 1, "assigned, exempt": 1 })
    expect(await entries("plan")).toEqual({ all: total + 1, cases: total + 1 })
    const { rows } = await stage.db.pool.query(
      `select count(*)::int as n from clocks where subject_kind = 'case' and kind = 'analyse' and breach_standing`,
    )
    // Those two that go their own way were late; nobody else was.
    expect(rows).toEqual([{ n: 2 }])
  })

  it("a date drafts the message to every customer in their own language, and each is told their own words", async () => {
    expect(
      await refusal(
        actOnIncident(stage.world, "I-1", { act: "plan", etaAt: 1, reason: "r" }, { actor: he() }),
      ),
    ).toBe("eta_in_past")
    const one = readCaseNumber(await numberOf(2))!
    const other = readCaseNumber(await numberOf(4))!
    const drafts = await noticesOf(stage.db.pool, [one, other])
    expect(drafts.map(({ language, state }) => [language, state]).sort()).toEqual([
      ["en", "drafted"],
      ["zh-Hans", "drafted"],
    ])
    expect(await act("I-1", { act: "told", how: "chat" }, chen())).toMatchObject({
      done: total + 1,
      refused: 0,
    })
    const told = await noticesOf(stage.db.pool, [one, other])
    expect(told.map(({ state, text, texts }) => [state, text === texts.chat])).toEqual([
      ["told", true],
      ["told", true],
    ])
    expect(await entries("told")).toEqual({ all: total + 1, cases: total + 1 })
  })

  it("a case that joins later takes over what was written, and owes its own customer the date", async () => {
    await told(total + 3, total + 4, paid + 30 * minute)
    stage.now = on("Tue 11:40")
    await open()
    expect((await gather(stage.world)).joined).toEqual(["I-1"])
    await carry("I-1")
    const late = await numberOf(total + 3)
    const [own] = await readCases(stage.db.pool, [readCaseNumber(late)!])
    expect(own).toMatchObject({ state: "planned", etaAt: on("Wed 18:00"), owed: "tell" })
    expect((await logOf(late)).map(({ what }) => what).slice(-3)).toEqual([
      "incident_joined",
      "analyse",
      "plan",
    ])
  })

  it("is taken back as one where nothing was done since, and says of which cases not", async () => {
    const planned = await act("I-1", { act: "plan", etaAt: on("Thu 18:00"), reason: "车坏了" }, he())
    expect(planned.done).toBe(total + 2)
    expect(await incident("I-1")).toMatchObject({ etaAt: on("Thu 18:00"), etaChanges: 1 })
    const talked = await numberOf(5)
    await performAct(
      stage.world,
      { number: talked, input: { act: "told", how: "phone", text: "已电话说明" } },
      { actor: chen() },
    )
    expect(await refusal(actOnIncident(stage.world, "I-1", { act: "undo", seq: 1 }, { actor: he() }))).toBe(
      "not_your_case",
    )
    expect(await refusal(actOnIncident(stage.world, "I-1", { act: "undo", seq: 5 }, { actor: shen() }))).toBe(
      "not_undoable",
    )
    const undone = await act("I-1", { act: "undo", seq: planned.seq }, shen())
    expect(undone).toMatchObject({ done: total + 1, refused: 1 })
    const { id } = await incident("I-1")
    expect(await listRefusals(stage.db.pool, id, undone.seq)).toEqual([
      { number: talked, code: "not_undoable", detail: null },
    ])
    expect(await incident("I-1")).toMatchObject({ state: "planned", etaAt: on("Wed 18:00"), etaChanges: 0 })
    const [own] = await readCases(stage.db.pool, [readCaseNumber(await numberOf(6))!])
    expect(own).toMatchObject({ state: "planned", etaAt: on("Wed 18:00"), etaChanges: 0 })
  })

  it("an act that is taken back while it runs reaches no further case", async () => {
    await actOnIncident(
      stage.world,
      "I-1",
      { act: "plan", etaAt: on("Fri 18:00"), reason: "又晚了" },
      { actor: he() },
    )
    const killed = new AbortController()
    const between = { ...stage.world, changed: () => killed.abort(new Error("killed")) }
    await expect(carry("I-1", between, killed.signal)).rejects.toThrow("killed")
    const { seq } = await lastAct("I-1")
    expect(await act("I-1", { act: "undo", seq }, he())).toMatchObject({ done: 100, refused: 0, of: 100 })
    const { rows } = await stage.db.pool.query("select count(*)::int as n from cases where eta_at = $1", [
      new Date(on("Fri 18:00")),
    ])
    expect(rows).toEqual([{ n: 0 }])
  })

  it("is resolved once every order has its fact; those without are told with why", async () => {
    stage.now = on("Tue 18:00")
    const shipped = Array.from({ length: total + 4 }, (_, i) => i).filter((i) => i !== 7)
    await tellOrders(
      stage,
      shipped.map((i) => ({ orderNo: `out-${i}`, events: [["shipped", stage.now]] })),
    )
    await tickAll(stage)
    expect(await act("I-1", { act: "resolve" }, he())).toMatchObject({ done: total + 1, refused: 1 })
    expect((await incident("I-1")).state).toBe("planned")
    const { id, seq } = await incident("I-1")
    expect(await listRefusals(stage.db.pool, id, seq)).toMatchObject([{ code: "fact_needed" }])
    await tellOrders(stage, [{ orderNo: "out-7", events: [["shipped", stage.now]] }])
    await tickAll(stage)
    expect(await act("I-1", { act: "resolve" }, he())).toMatchObject({ refused: 0 })
    expect((await incident("I-1")).state).toBe("resolved")
  })

  it("has one report, refused with its gaps, returned, handed in again and archived for all", async () => {
    expect(
      await refusal(actOnIncident(stage.world, "I-1", { act: "report", fields: {} }, { actor: he() })),
    ).toBe("report_incomplete")
    expect(await act("I-1", { act: "report", fields }, he())).toMatchObject({ done: total + 2, refused: 0 })
    expect(await act("I-1", { act: "return", gaps: ["course_gap"] })).toMatchObject({ done: total + 2 })
    expect(await states("I-1")).toMatchObject({ resolved: total + 2 })
    // What the report names is the cause of the incident and of every case.
    await act("I-1", { act: "report", fields: { ...fields, cause: "supplier_late" } }, he())
    expect((await incident("I-1")).cause).toBe("supplier_late")
    const { rows: causes } = await stage.db.pool.query(
      "select c.cause, count(*)::int as n from cases c join incidents i on i.id = c.incident where i.n = 1 and not c.exempt group by 1",
    )
    expect(causes).toEqual([{ cause: "supplier_late", n: total + 2 }])
    expect(await act("I-1", { act: "archive" })).toMatchObject({ done: total + 2, refused: 0 })
    expect(await incident("I-1")).toMatchObject({ state: "archived", closedAt: stage.now })
    const { rows } = await stage.db.pool.query(
      "select subject, jsonb_array_length(document #> '{about,orders}') as orders from report_archive",
    )
    expect(rows).toEqual([{ subject: "I-1", orders: total + 2 }])
    expect(
      await refusal(
        actOnIncident(stage.world, "I-1", { act: "add", cases: [await numberOf(0)] }, { actor: shen() }),
      ),
    ).toBe("illegal_move")
  })
})

describe("cases gathered by hand", () => {
  const numbers = async (from: number, to: number) =>
    Promise.all(Array.from({ length: to - from }, (_, i) => numberOf(from + i)))

  beforeAll(async () => {
    stage.now = on("Wed 09:00")
    await told(1000, 1012, on("Tue 08:00"))
    await tickAll(stage)
  })

  it("come into an incident under a name, once however often it is asked", async () => {
    const body = { title: "两仓混发", cases: await numbers(1000, 1008), actId: "mine" }
    expect(await openIncident(stage.world, body, shen())).toBe("I-2")
    expect(await openIncident(stage.world, body, shen())).toBe("I-2")
    await carry("I-2")
    expect(await states("I-2")).toEqual({ open: 8 })
    expect(await incident("I-2")).toMatchObject({ cause: null, department: null, openedBy: "shen" })
    // Nobody has them yet: the analysis of operations brings them to the department of the cause.
    expect(await act("I-2", { act: "analyse", cause: "stock_out", text: "卖空了" })).toMatchObject({
      done: 8,
    })
    expect(await states("I-2")).toEqual({ analysed: 8 })
    expect((await incident("I-2")).department).toBe("purchasing")
  })

  it("are parted into a new one with what was written, and that is taken back as one", async () => {
    const some = await numbers(1000, 1003)
    const { seq } = await act("I-2", { act: "split", cases: some, title: "可换云白" })
    expect([await states("I-2"), await states("I-3")]).toEqual([{ analysed: 5 }, { analysed: 3 }])
    expect(await incident("I-3")).toMatchObject({ state: "analysed", analysis: { text: "卖空了" } })
    expect(await act("I-2", { act: "undo", seq })).toMatchObject({ done: 3, refused: 0 })
    expect([await states("I-2"), await states("I-3")]).toEqual([{ analysed: 8 }, {}])
    expect((await incident("I-3")).state).toBe("dissolved")
  })

  it("merge into another, whose date they take over, and come back when that is taken back", async () => {
    const opened = await openIncident(
      stage.world,
      { title: "尾单", cases: await numbers(1008, 1012) },
      shen(),
    )
    await carry(opened)
    await act("I-2", { act: "plan", etaAt: on("Fri 12:00"), reason: "等补货" })
    const into = await actOnIncident(stage.world, opened, { act: "merge", into: "I-2" }, { actor: shen() })
    expect(into).toBe("I-2")
    await carry("I-2")
    expect(await states("I-2")).toEqual({ planned: 12 })
    expect((await incident(opened)).state).toBe("dissolved")
    const { seq } = await lastAct("I-2")
    expect(await act("I-2", { act: "undo", seq })).toMatchObject({ done: 4, refused: 0 })
    expect([await states("I-2"), await states(opened)]).toEqual([{ planned: 8 }, { open: 4 }])
    expect((await incident(opened)).state).toBe("open")
  })

  it("belong to one incident at a time, and one without cases is dissolved", async () => {
    const taken = await numbers(1000, 1001)
    expect(await act("I-4", { act: "add", cases: taken })).toMatchObject({ done: 0, refused: 1 })
    await act("I-4", { act: "leave", cases: await numbers(1008, 1012), reason: "各自处理" })
    expect((await gather(stage.world)).dissolved).toEqual(["I-4"])
  })

  it("an act that was in time stands in time, though it reached its cases only after their hour had been told as missed", async () => {
    stage.now = on("Wed 10:00")
    const number = await openIncident(
      stage.world,
      { title: "工作停了", cases: await numbers(1008, 1012) },
      shen(),
    )
    await carry(number)
    await act(number, { act: "assign", department: "purchasing" })
    stage.now = on("Wed 10:30")
    const body: IncidentInput = { act: "analyse", cause: "stock_out", text: "卖空了" }
    const plan: IncidentInput = { act: "plan", etaAt: on("Fri 18:00"), reason: "等补货" }
    await actOnIncident(stage.world, number, body, { actor: he() })
    await actOnIncident(stage.world, number, plan, { actor: he() })
    const late = async () => {
      const { rows } = await stage.db.pool.query(
        `select count(*)::int as n from clocks k join cases c on c.bucket = k.bucket and c.n = k.case_n join incidents i on i.id = c.incident
         where k.subject_kind = 'case' and k.kind = 'analyse' and k.breach_standing and 'I-' || i.n = $1`,
        [number],
      )
      return rows[0].n
    }
    // The job stood still for longer than a tick has patience.
    stage.now = on("Wed 11:05")
    await tickAll(stage)
    expect(await late()).toBe(4)
    await carry(number)
    await tickAll(stage)
    expect(await late()).toBe(0)
    expect((await logOf(await numberOf(1008))).findLast(({ what }) => what === "plan")).toMatchObject({
      at: on("Wed 10:30"),
    })
  })

  it("an incident that no case follows any more has nothing to report", async () => {
    stage.now = on("Wed 12:00")
    const some = await numbers(1008, 1012)
    await tellOrders(
      stage,
      some.map((_, i) => ({ orderNo: `out-${1008 + i}`, events: [["shipped", stage.now]] })),
    )
    await tickAll(stage)
    const { n } = (await stage.db.pool.query("select max(n) as n from incidents")).rows[0]
    const number = `I-${n}`
    expect(await act(number, { act: "resolve" })).toMatchObject({ done: 4, refused: 0 })
    const { seq } = await act(number, { act: "leave", cases: some, reason: "各自处理" })
    const own = {
      told: "not_told",
      notToldWhy: "顾客没有问起，发货很快就到了",
      rootCause: "打面单的电脑死机，两个小时没有打出面单，没有备用的机器可以换。",
    }
    const report: IncidentInput = { act: "report", fields: { ...fields, ...own } }
    expect(await refusal(actOnIncident(stage.world, number, report, { actor: shen() }))).toBe("illegal_move")
    await act(number, { act: "undo", seq })
    expect(await act(number, report)).toMatchObject({ done: 4, refused: 0 })
  })

  it("a case that leaves the incident that reported it is given back, and reported on its own", async () => {
    const number = await numberOf(1008)
    const back = () =>
      performAct(stage.world, { number, input: { act: "return", gaps: ["course_gap"] } }, { actor: shen() })
    // While it follows, its report is the incident's, and is given back there.
    expect(await refusal(back())).toBe("report_not_submitted")
    const { n } = (await stage.db.pool.query("select max(n) as n from incidents")).rows[0]
    await act(`I-${n}`, { act: "leave", cases: [number], reason: "另有原因" })
    expect(await back()).toMatchObject({ state: "resolved", owed: "report" })
  })

  it("what was written while they were on their way in counts from when it was written, and is taken back with that", async () => {
    stage.now = on("Thu 09:00")
    await told(1100, 1102, on("Wed 08:00"))
    await tickAll(stage)
    const some = await numbers(1100, 1102)
    for (const number of some)
      await performAct(
        stage.world,
        { number, input: { act: "assign", department: "purchasing" } },
        { actor: shen() },
      )
    const number = await openIncident(stage.world, { title: "漏发", cases: some }, shen())
    stage.now = on("Thu 09:30")
    await actOnIncident(
      stage.world,
      number,
      { act: "analyse", cause: "stock_out", text: "卖空了" },
      { actor: shen() },
    )
    await carry(number)
    expect(await lastAct(number)).toMatchObject({ done: 2, refused: 0 })
    expect((await logOf(some[0]!)).slice(-2)).toMatchObject([
      { what: "incident_joined", at: on("Thu 09:00") },
      { what: "analyse", at: on("Thu 09:30") },
    ])
    expect(await act(number, { act: "undo", seq: 2 })).toMatchObject({ done: 2, refused: 0 })
    expect(await states(number)).toEqual({ assigned: 2 })
  })

  it("an act that was written before it was found resolved leaves it resolved when it is taken back", async () => {
    const { n } = (await stage.db.pool.query("select max(n) as n from incidents")).rows[0]
    const number = `I-${n}`
    stage.now = on("Thu 10:00")
    const left = [1100, 1101].map((order) => ({
      orderNo: `out-${order}`,
      events: [["shipped", stage.now]] as [string, number][],
    }))
    await tellOrders(stage, left)
    await tickAll(stage)
    // Both are written before the job has a turn.
    await actOnIncident(stage.world, number, { act: "resolve" }, { actor: shen() })
    await actOnIncident(
      stage.world,
      number,
      { act: "analyse", cause: "stock_out", text: "卖空了" },
      { actor: shen() },
    )
    await carry(number)
    expect((await incident(number)).state).toBe("resolved")
    const { seq } = await lastAct(number)
    await act(number, { act: "undo", seq })
    expect((await incident(number)).state).toBe("resolved")
  })
})
