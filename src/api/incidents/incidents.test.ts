import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { carryOut } from "../../engine/incidents/carry.ts"
import { addPerson, saveDepartment } from "../../store/people.ts"
import { type House, openHouse } from "../../testing/house.ts"
import type { CaseCounts, CasesPage, CaseView } from "../contract/cases.ts"
import type { ReportPage } from "../contract/causes.ts"
import type { IncidentRefusal, IncidentsPage, IncidentView } from "../contract/incidents.ts"
import type { WorkList } from "../contract/work.ts"
import type { Board } from "../contract.ts"

const minute = 60_000
const hour = 60 * minute
const start = Date.parse("2026-11-02T02:00:00Z")
/** Many more: `ZHUNSHI_CASES=2000 npx vitest run src/api/incidents`. */
const total = Number(process.env.ZHUNSHI_CASES ?? 60)
const stockOut = Math.max(30, Math.round(total * 0.15))
let house: House
let operations: string
let viewer: string
let service: string
let integration: string

beforeAll(async () => {
  house = await openHouse(start)
  ;[operations, viewer, service, integration] = (await Promise.all(
    (["operations", "viewer", "service", "integration"] as const).map((role) => house.key(role)),
  )) as [string, string, string, string]
  const { pool } = house.stage.db
  for (const id of ["operations", "service", "warehouse", "purchasing"])
    await saveDepartment(pool, { id, name: id, parent: null })
  for (const [name, department] of [
    ["zhou", "warehouse"],
    ["he", "purchasing"],
  ] as const) {
    const person = { authUserId: name, name, email: `${name}@example.com`, expiresAt: null }
    await addPerson(pool, { ...person, roles: [{ role: "viewer", department }] }, start)
  }
  await told("paid", start)
  house.stage.now = start + 24 * hour + 1
  await house.tickAll()
}, 300_000)
afterAll(() => house.close())

async function told(type: string, at: number): Promise<void> {
  for (let from = 0; from < total; from += 1000) {
    const payload = Array.from({ length: Math.min(1000, total - from) }, (_, i) => ({
      channel: "douyin",
      shop: "s1",
      orderNo: `N${10_000 + from + i}`,
      type,
      at: new Date(at).toISOString(),
      ...(type === "paid"
        ? {
            order: {
              items: [{ line: "1", sku: from + i < stockOut ? "QH-2041" : `S${i % 7}`, name: "四件套" }],
            },
          }
        : {}),
    }))
    const { body } = await house.ask(integration, { method: "POST", url: "/api/v1/order-events", payload })
    expect(body.accepted).toBe(payload.length)
  }
}
const get = async <Body>(url: string, key = operations): Promise<Body> =>
  (await house.ask<Body>(key, { url })).body
const post = <Body = IncidentView & { code?: string; detail?: string }>(
  url: string,
  payload: object,
  key = operations,
) => house.ask<Body>(key, { method: "POST", url, payload })
const incident = (number = "I-1", key = operations) => get<IncidentView>(`/api/v1/incidents/${number}`, key)
/** Does an act to the incident and lets the job do its part; answers how the act ended. */
async function act(payload: object, key = operations) {
  const { status, body } = await post("/api/v1/incidents/I-1/acts", payload, key)
  if (status !== 200) throw new Error(`${body.code}: ${body.detail ?? ""}`)
  await carryOut(house.world, body.id)
  return (await incident()).acts[0]!
}
/** All cases of a filter, page by page. */
async function all(filter = ""): Promise<CasesPage["items"]> {
  const items: CasesPage["items"] = []
  for (let cursor = ""; ; ) {
    const page = await get<CasesPage>(`/api/v1/cases?sort=owed&limit=500&${filter}&cursor=${cursor}`)
    items.push(...page.items)
    if (page.next === null) return items
    cursor = page.next
  }
}
const idsOf = (rows: CasesPage["items"]) => rows.map(({ id }) => id)
/** The incident, the list of its cases, their counts and the board say the same. */
async function countsAgree(): Promise<void> {
  const [view, rows, counts, every, board, list] = await Promise.all([
    incident(),
    all("incident=I-1"),
    get<CaseCounts>("/api/v1/cases/counts?incident=I-1"),
    get<CaseCounts>("/api/v1/cases/counts"),
    get<Board>("/api/v1/board"),
    get<IncidentsPage>("/api/v1/incidents"),
  ])
  const ofRows: Record<string, number> = {}
  for (const { state } of rows) ofRows[state] = (ofRows[state] ?? 0) + 1
  const told = (some: { state: string; count: number }[]) =>
    Object.fromEntries(some.map(({ state, count }) => [state, count]))
  expect(told(view.byState)).toEqual(ofRows)
  expect(told(counts.byState)).toEqual(ofRows)
  expect([view.cases, counts.total]).toEqual([rows.length, rows.length])
  expect(list.items.find(({ number }) => number === "I-1")).toMatchObject({ cases: rows.length })
  expect(every.total).toBe(total)
  for (const { state, count } of board.cases.byState)
    expect(every.byState.find((each) => each.state === state)?.count ?? 0, `board ${state}`).toBe(count)
}
/** How many inner clocks of a kind broke, each once: rows, entries and outbox say the same. */
async function broken(kind: string): Promise<number> {
  const { rows } = await house.stage.db.pool.query<{ clocks: number; entries: number; said: number }>(
    `select (select count(*)::int from clocks where subject_kind = 'case' and kind = $1 and breach_standing) as clocks,
       (select count(*)::int from case_log where what = 'overdue' and data ->> 'clock' = $1) as entries,
       (select coalesce(sum(json_array_length(about)), 0)::int from outbox where kind = 'breach' and clock = $1) as said`,
    [kind],
  )
  expect([rows[0]!.entries, rows[0]!.said]).toEqual([rows[0]!.clocks, rows[0]!.clocks])
  return rows[0]!.clocks
}
async function bulk(ids: string[], input: object): Promise<number> {
  let done = 0
  for (let i = 0; i < ids.length; i += 500)
    done += (await post<{ done: number }>("/api/v1/cases/bulk", { ids: ids.slice(i, i + 500), input })).body
      .done
  return done
}

describe(`${total} cases, ${stockOut} of them one stock-out`, () => {
  it("are gathered by hand, seen by who reads cases, and led by operations", async () => {
    const rows = await all()
    const soldOut = idsOf(rows.filter(({ order }) => Number(order.orderNo.slice(1)) < 10_000 + stockOut))
    expect([rows.length, soldOut.length]).toEqual([total, stockOut])
    const body = { title: "QH-2041 断货", cases: soldOut, cause: "stock_out", actId: "open" }
    expect((await post("/api/v1/incidents", body, viewer)).status).toBe(403)
    const opened = await post("/api/v1/incidents", body)
    expect([opened.status, opened.body.number, opened.body.running?.of]).toEqual([200, "I-1", stockOut])
    expect((await post("/api/v1/incidents", body)).body.number).toBe("I-1")
    await carryOut(house.world, opened.body.id)
    expect(await incident("I-1", viewer)).toMatchObject({
      cases: stockOut,
      department: "purchasing",
      state: "open",
      owed: { what: "assign", department: "operations", count: stockOut, state: "running" },
      running: null,
    })
    expect((await incident("I-1", viewer)).legal.every(({ may }) => !may)).toBe(true)
    expect((await house.ask(null, { url: "/api/v1/incidents" })).status).toBe(401)
    expect((await house.ask(operations, { url: "/api/v1/incidents/I-9" })).status).toBe(404)
    await countsAgree()
  })

  it("stand in my work as one, and name themselves on each case", async () => {
    const { items, counts } = await get<WorkList>("/api/v1/work?scope=department&limit=500")
    const mine = items.filter(({ kind }) => kind === "incident")
    expect(mine).toMatchObject([
      { number: "I-1", count: stockOut, what: "assign", link: "/cases/incidents/I-1" },
    ])
    expect(counts.department).toBe(total - stockOut + 1)
    const [one] = await all("incident=I-1")
    const view = await get<CaseView>(`/api/v1/cases/${one!.id}`)
    expect(view.incident).toMatchObject({ number: "I-1", title: "QH-2041 断货" })
    expect(view.log.at(-1)).toMatchObject({ what: "incident_joined", data: { incident: "I-1" } })
  })

  it("are assigned and analysed as one; others one by one and some late, each late hour once", async () => {
    expect(await act({ act: "assign" })).toMatchObject({
      act: "assign",
      done: stockOut,
      refused: 0,
      undoable: true,
    })
    expect((await incident()).owner?.name).toBe("he")
    const rest = idsOf(await all("incident=none"))
    expect(await bulk(rest, { act: "assign", department: "warehouse" })).toBe(total - stockOut)
    house.stage.now += 30 * minute
    const body = { act: "analyse", cause: "stock_out", text: "直播卖空，补货在路上" }
    const { version } = await incident()
    expect((await post("/api/v1/incidents/I-1/acts", { ...body, version: version - 1 })).body.code).toBe(
      "stale_version",
    )
    expect(await act({ ...body, version })).toMatchObject({ done: stockOut, refused: 0 })
    expect((await post("/api/v1/incidents/I-1/acts", body)).body).toMatchObject({ code: "illegal_move" })
    const etaAt = new Date(house.stage.now + 8 * hour).toISOString()
    expect(await act({ act: "plan", etaAt, reason: "等补货" })).toMatchObject({ done: stockOut, refused: 0 })
    house.stage.now += 31 * minute
    await house.tickAll()
    expect(await broken("analyse")).toBe(total - stockOut)
    // Nobody has told the customers within half an hour.
    expect(await broken("tell")).toBe(stockOut)
    await countsAgree()
    const view = await incident()
    expect(view).toMatchObject({
      state: "planned",
      drafts: [{ language: "zh-Hans", count: stockOut }],
      believed: [{ etaAt: null, count: stockOut }],
    })
    expect(view.owed).toMatchObject({ what: "tell", department: "service", state: "over", count: stockOut })
  })

  it("customers are told by customer service, each in their own words; another date is taken back as one", async () => {
    expect(await act({ act: "told", how: "chat" }, service)).toMatchObject({
      done: stockOut,
      undoable: false,
    })
    const { believed, etaAt } = await incident()
    expect(believed).toEqual([{ etaAt, count: stockOut }])
    const later = new Date(house.stage.now + 20 * hour).toISOString()
    const changed = await act({ act: "plan", etaAt: later, reason: "车坏了" })
    expect((await incident()).etaAt).toBe(later)
    expect(await act({ act: "undo", seq: changed.seq })).toMatchObject({ done: stockOut, refused: 0 })
    expect((await incident()).etaAt).toBe(etaAt)
    await countsAgree()
  })

  it("one goes its own way, and one that has no fact yet is told with why", async () => {
    const [one, other] = idsOf(await all("incident=I-1"))
    await act({ act: "exempt", cases: [one], reason: "客户要退款" })
    expect(idsOf(await all("incident=I-1&exempt=true"))).toEqual([one])
    expect(await act({ act: "resolve" })).toMatchObject({ done: 0, refused: stockOut - 1 })
    const { acts } = await incident()
    const refused = await get<IncidentRefusal[]>(`/api/v1/incidents/I-1/acts/${acts[0]!.seq}/refused`)
    expect([refused.length, new Set(refused.map(({ code }) => code))]).toEqual([
      stockOut - 1,
      new Set(["fact_needed"]),
    ])
    expect(refused.some(({ number }) => number === other)).toBe(true)
  })

  it("are resolved, reported once and archived; their number agrees everywhere", async () => {
    house.stage.now += hour
    await told("shipped", house.stage.now)
    await house.tickAll()
    const own = idsOf(await all("incident=I-1&exempt=true"))
    expect(await act({ act: "resolve" })).toMatchObject({ done: stockOut - 1, refused: 0 })
    expect((await incident()).state).toBe("resolved")
    const page = await get<ReportPage>("/api/v1/cases/I-1/report")
    expect([page.incident, page.form, page.known.orders.length]).toEqual([
      "I-1",
      "long",
      Math.min(500, stockOut - 1),
    ])
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
    const draft = { method: "PUT" as const, url: "/api/v1/cases/I-1/report", payload: { fields } }
    expect((await house.ask(operations, draft)).status).toBe(200)
    expect((await incident()).report?.state).toBe("draft")
    expect(await act({ act: "report" })).toMatchObject({ done: stockOut - 1, refused: 0 })
    expect(await act({ act: "archive" })).toMatchObject({ done: stockOut - 1, refused: 0 })
    expect(await incident()).toMatchObject({ state: "archived", owed: null, exempt: 1 })
    expect((await get<ReportPage>("/api/v1/cases/I-1/report")).state).toBe("archived")
    await countsAgree()
    // The others go their usual way.
    const rest = [...idsOf(await all("incident=none")), ...own]
    const text = { causeEvidence: fields.causeEvidence, repeat: "single", whatHappened: fields.whatHappened }
    expect(
      await bulk(
        rest.filter((id) => !own.includes(id)),
        { act: "analyse", cause: "pick_error", text: "拣错了" },
      ),
    ).toBe(total - stockOut)
    expect(await bulk(rest, { act: "resolve" })).toBe(rest.length)
    await bulk(rest, { act: "report", form: "long", fields: { ...fields, ...text, cause: undefined } })
    await countsAgree()
    await house.tickAll()
    expect(await broken("analyse")).toBe(total - stockOut)
  }, 300_000)
})
