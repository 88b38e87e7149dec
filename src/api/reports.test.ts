import exceljs from "exceljs"
import { afterAll, beforeAll, expect, it } from "vitest"
import { startProposing } from "../engine/proposing.ts"
import { archiveReport, ofCase, submitReport } from "../engine/reports.ts"
import { transaction } from "../store/database.ts"
import { caseNumber } from "../store/keys.ts"
import { caseOf, tellOrders, tickAll } from "../testing/cases.ts"
import { type House, openHouse } from "../testing/house.ts"
import { on } from "../testing/week.ts"
import type { CasesPage } from "./contract/cases.ts"
import type {
  ArchivedRow,
  EvidenceOfCase,
  ProposalsView,
  ReasonView,
  ReportPage,
  StockFileAnswer,
  StockView,
  WindowView,
} from "./contract/causes.ts"
import type { Page } from "./contract.ts"

let house: House
let operations: string
let viewer: string
let number: string

beforeAll(async () => {
  house = await openHouse(on("Mon 09:00"))
  house.stage.now = on("Tue 10:30")
  operations = await house.key("operations")
  viewer = await house.key("viewer")
  await tellOrders(house.stage, [
    {
      orderNo: "1",
      order: {
        warehouse: "一仓",
        items: [{ line: "1", sku: "QH-2041", name: "四件套", quantity: 1 }],
        receiver: { province: "广东" },
      },
      events: [["paid", on("Mon 10:00")]],
    },
    {
      orderNo: "2",
      order: { items: [{ line: "1", sku: "X", name: "枕套" }] },
      events: [["paid", on("Mon 10:00")]],
    },
  ])
  await tickAll(house.stage)
  const place = await caseOf(house.stage, "1")
  number = caseNumber(place.n, place.bucket)
})
afterAll(() => house.close())

const post = <Body>(url: string, payload: object, key = operations) =>
  house.ask<Body>(key, { method: "POST", url, payload })
const form = (text: string) => {
  const edge = "----zs"
  const payload = `--${edge}\r\ncontent-disposition: form-data; name="file"; filename="stock.csv"\r\ncontent-type: text/csv\r\n\r\n${text}\r\n--${edge}--\r\n`
  return {
    method: "POST" as const,
    url: "/api/v1/stock/files",
    payload,
    headers: { "content-type": `multipart/form-data; boundary=${edge}` },
  }
}

it("a stock file is taken in, bad rows are named, and its levels speak for a stock-out", async () => {
  const { body } = await house.ask<StockFileAnswer>(
    operations,
    form("商家编码,仓库,实际库存,采购单号,更新时间\nQH-2041,一仓,0,,2026-11-23 21:03\nQH-9,一仓,很多,,\n"),
  )
  expect(body).toEqual({
    rows: 2,
    saved: 1,
    columns: ["sku", "warehouse", "at", "onHand", "inboundRef"],
    rejected: [{ line: 3, column: "onHand", message: "is no number: 很多" }],
  })
  const stock = await house.ask<StockView[]>(viewer, { url: "/api/v1/stock?q=2041" })
  expect(stock.body).toMatchObject([
    { sku: "QH-2041", sellable: 0, inbound: [], recordedBy: "key operations operations" },
  ])
  expect((await house.ask(viewer, form("a,b\n1,2\n"))).status).toBe(403)
  expect((await house.ask(operations, form("a,b\n1,2\n"))).status).toBe(422)
})

it("windows are declared with their proof, ended and taken back", async () => {
  const typhoon = {
    kind: "weather",
    name: "台风",
    regions: ["广东"],
    from: "2026-11-23T12:00:00+08:00",
    proof: "",
  }
  expect((await post("/api/v1/windows", typhoon)).status).toBe(422)
  const { body } = await post<WindowView>("/api/v1/windows", { ...typhoon, proof: "粤应急 31 号" })
  expect(body).toMatchObject({ to: null, declaredBy: "key operations operations" })
  expect((await post(`/api/v1/windows/${body.id}/end`, { at: "2026-11-23T11:00:00+08:00" })).status).toBe(404)
  expect((await post(`/api/v1/windows/${body.id}/end`, { at: "2026-11-24T12:00:00+08:00" })).status).toBe(200)
  expect((await post(`/api/v1/windows/${body.id}/withdraw`, {})).status).toBe(200)
  const { body: all } = await house.ask<WindowView[]>(viewer, { url: "/api/v1/windows" })
  expect(all).toMatchObject([{ id: body.id, withdrawnBy: "key operations operations" }])
})

it("the first look at a case makes its proposal, with sentences in every language", async () => {
  const { body } = await house.ask<EvidenceOfCase>(viewer, { url: `/api/v1/cases/${number}/evidence` })
  expect(body).toMatchObject({ state: "applied", stale: false })
  expect(body.proposals[0]).toMatchObject({
    cause: "stock_out",
    confidence: 83,
    name: { en: "Out of stock" },
  })
  expect(body.proposals[0]!.for[0]!.sentence["zh-Hans"]).toBe("QH-2041 可售 0，11月23日 21:03 起")
  expect(body.split).toMatchObject({
    latenessMs: 1_800_000,
    parts: [{ stage: "goods", department: "purchasing" }],
  })
  expect((await house.ask(viewer, { url: "/api/v1/cases/C-ZZZZ/evidence" })).status).toBe(404)
  // Whose hours it is goes on while the order is late, whenever its cause was looked at.
  house.stage.now += 3_600_000
  const later = await house.ask<EvidenceOfCase>(viewer, { url: `/api/v1/cases/${number}/evidence` })
  expect(later.body).toMatchObject({ madeAt: body.madeAt, split: { latenessMs: 1_800_000 + 3_600_000 } })
  house.stage.now -= 3_600_000
})

it("operations confirms all that wait for a cause, or overrules with a reason that says why", async () => {
  await startProposing(house.world)()
  const waiting = async () =>
    (await house.ask<ProposalsView>(viewer, { url: "/api/v1/proposals" })).body.waiting
  expect(await waiting()).toMatchObject([{ cause: null, cases: 1 }])
  const proposed = async () =>
    (await house.ask<CasesPage>(viewer, { url: "/api/v1/cases" })).body.items.map((each) => each.proposed)
  expect(await proposed()).toEqual([null, null])
  await house.stage.db.pool.query("update case_proposals set cause = 'pick_error' where state = 'waiting'")
  expect((await proposed()).sort()).toEqual([null, "pick_error"].sort())
  await house.stage.db.pool.query("update case_proposals set cause = null where state = 'waiting'")
  const other = await caseOf(house.stage, "2")
  const decide = (more: object, key = operations) =>
    post<{ decided: number }>(
      "/api/v1/proposals/decide",
      { cases: [caseNumber(other.n, other.bucket)], ...more },
      key,
    )
  expect((await decide({ cause: "pick_error" })).status).toBe(422)
  expect((await decide({ cause: "pick_error", reason: "nothing" })).status).toBe(400)
  expect((await decide({ cause: "pick_error", reason: "not_in_facts", note: "短" })).status).toBe(422)
  expect((await decide({ cause: "pick_error", reason: "several" }, viewer)).status).toBe(403)
  expect((await decide({ cause: "pick_error", reason: "several" })).body.decided).toBe(1)
  expect(await waiting()).toEqual([])
  const { body: reasons } = await house.ask<ReasonView[]>(viewer, { url: "/api/v1/reasons/overrule_cause" })
  expect(reasons.map(({ code }) => code)).toContain("several")
})

it("a report is drafted, handed in, archived, found and exported", async () => {
  const page = async () =>
    (await house.ask<ReportPage>(viewer, { url: `/api/v1/cases/${number}/report` })).body
  await house.stage.db.pool.query("update case_proposals set state = 'confirmed'")
  house.stage.now = on("Tue 12:00")
  await tellOrders(house.stage, [{ orderNo: "1", events: [["shipped", on("Tue 11:30")]] }])
  expect(await page()).toMatchObject({
    state: "none",
    form: "short",
    fields: { cause: "stock_out", result: "shipped" },
    known: { causeName: { "zh-Hans": "断货" } },
  })
  for (const nobodys of ["C-ZZZZ", "C-0000", "I-7"])
    expect((await house.ask(viewer, { url: `/api/v1/cases/${nobodys}/report` })).status).toBe(404)
  const fields = { told: "not_needed", repeat: "single", whatHappened: "货到得晚，到了以后马上备好当天发出" }
  const saved = await house.ask<ReportPage>(operations, {
    method: "PUT",
    url: `/api/v1/cases/${number}/report`,
    payload: { fields },
  })
  expect(saved.body).toMatchObject({
    state: "draft",
    gaps: [],
    progress: { done: 8, of: 8 },
    savedBy: "key operations operations",
  })
  expect(
    (await house.ask(viewer, { method: "PUT", url: `/api/v1/cases/${number}/report`, payload: { fields } }))
      .status,
  ).toBe(403)
  // Who handles cases, but not this one, reads it.
  const other = await house.key("service")
  const url = `/api/v1/cases/${number}/report`
  expect((await house.ask<ReportPage>(other, { url })).body).toMatchObject({
    mayWrite: false,
    mayClose: false,
  })
  expect((await house.ask<ReportPage>(operations, { url })).body.mayClose).toBe(true)
  expect(
    await house.ask(other, { method: "PUT", url, payload: { fields: { told: "not_told" } } }),
  ).toMatchObject({ status: 403, body: { code: "not_your_case" } })
  expect((await page()).fields.told).toBe("not_needed")
  const subject = ofCase(await caseOf(house.stage, "1"))
  await transaction(house.stage.db, async (tx) => {
    await submitReport(house.world, tx, subject, { by: "周楠" }, house.stage.now)
    await archiveReport(house.world, tx, subject, "沈一诺", house.stage.now)
  })
  expect(await page()).toMatchObject({
    state: "archived",
    chain: { number: 1 },
    previous: null,
    archivedBy: "沈一诺",
  })
  expect(
    (
      await house.ask(operations, {
        method: "PUT",
        url: `/api/v1/cases/${number}/report`,
        payload: { fields },
      })
    ).status,
  ).toBe(409)
  const found = await house.ask<Page<ArchivedRow>>(viewer, {
    url: `/api/v1/reports?q=${encodeURIComponent("货到得晚")}`,
  })
  expect(found.body).toMatchObject({
    total: 1,
    items: [{ subject: number, causeName: { en: "Out of stock" } }],
  })
  expect(
    (await house.ask<Page<ArchivedRow>>(viewer, { url: `/api/v1/reports?q=${encodeURIComponent("台风")}` }))
      .body.total,
  ).toBe(0)
  const bookIn = async (language: string) => {
    const book = await house.app.inject({
      url: `/api/v1/reports/export?language=${language}`,
      headers: { "x-api-key": viewer },
    })
    expect(book.statusCode).toBe(200)
    const read = new exceljs.Workbook()
    await read.xlsx.load(book.rawPayload as unknown as ArrayBuffer)
    return read.worksheets[0]!.getRow(2).values as string[]
  }
  const row = await bookIn("zh-Hans")
  expect([row[5], (await bookIn("en"))[5]]).toEqual(["抖音", "Douyin"])
  expect([row[2], row[10], row[12], row[14]]).toEqual([number, "断货", fields.whatHappened, "已发货"])
  expect(row[3]).toMatch(/^2026-11-\d\d \d\d:\d\d:\d\d$/)
  expect((await house.ask<ReportPage>(viewer, { url: "/api/v1/reports/1" })).body.subject).toBe(number)
})

it("an export that fails on its way breaks off, and nobody waits for it", async () => {
  const { pool } = house.stage.db
  await pool.query("alter table report_archive rename to archive_away")
  const broken = house.ask(viewer, { url: "/api/v1/reports/export" })
  await expect(
    broken.then(
      ({ status }) => status >= 500 || status,
      () => true,
    ),
  ).resolves.toBe(true)
  await pool.query("alter table archive_away rename to report_archive")
})
