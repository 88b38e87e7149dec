import { afterAll, beforeAll, expect, it } from "vitest"
import { isoOf } from "../core/instants.ts"
import type { ReportFields } from "../core/reports.ts"
import { wantedWords } from "../core/reports.ts"
import { appendCaseLog } from "../store/cases.ts"
import { transaction } from "../store/database.ts"
import type { CasePlace } from "../store/evidence.ts"
import { caseNumber } from "../store/keys.ts"
import { archivedOf, countReports, searchReports, verifyReports } from "../store/reports.ts"
import { caseOf, tellOrders, tickAll } from "../testing/cases.ts"
import { type Rehearsal, rehearse } from "../testing/rehearsal.ts"
import { on } from "../testing/week.ts"
import { startProposing } from "./proposing.ts"
import { archiveReport, examineReport, ofCase, returnReport, saveDraft, submitReport } from "./reports.ts"

let stage: Rehearsal
const numbers = ["1", "2", "3"]
const order = (orderNo: string) => ({
  orderNo,
  order: {
    warehouse: "一仓",
    items: [{ line: "1", sku: "QH-2041", name: "奶油风四件套 燕麦", quantity: 1 }],
    receiver: { name: "林小姐", phone: "13912346021", province: "浙江", city: "宁波" },
  },
  events: [
    ["paid", on("Mon 10:00")],
    ["held", on("Mon 12:00"), { reason: "warehouse", hold: "stock" }],
  ] as [string, number, object?][],
})
const place = async (orderNo: string): Promise<CasePlace> => caseOf(stage, orderNo)
const examine = async (orderNo: string) =>
  examineReport(stage.world, stage.db.pool, ofCase(await place(orderNo)), stage.now)
const submit = async (orderNo: string, fields?: ReportFields) => {
  const subject = ofCase(await place(orderNo))
  return transaction(stage.db, (tx) =>
    submitReport(stage.world, tx, subject, { by: "周楠", fields }, stage.now),
  )
}
const archive = async (orderNo: string) => {
  const subject = ofCase(await place(orderNo))
  return transaction(stage.db, (tx) => archiveReport(stage.world, tx, subject, "沈一诺", stage.now))
}
/** What a person writes into the one-minute report: the rest is filled in. */
const minute: ReportFields = {
  cause: "stock_out",
  causeEvidence: [{ signal: "sellable_zero", agreed: true }],
  repeat: "single",
  whatHappened: "货没到，下午从金华仓调来一批，当天就发出去了",
}

beforeAll(async () => {
  stage = await rehearse(on("Mon 09:00"))
  stage.now = on("Tue 10:01")
  await tellOrders(stage, numbers.map(order))
  await tickAll(stage)
  await startProposing(stage.world)()
  stage.now = on("Tue 12:00")
  for (const orderNo of numbers) {
    const { bucket, n } = await place(orderNo)
    await stage.db.pool.query(
      "update cases set cause = 'stock_out', department = 'purchasing' where bucket = $1 and n = $2",
      [bucket, n],
    )
    await stage.db.pool.query(
      "update case_proposals set state = 'confirmed' where bucket = $1 and case_n = $2",
      [bucket, n],
    )
    await appendCaseLog(stage.db.pool, [
      {
        bucket,
        caseN: n,
        at: on("Tue 10:30"),
        what: "told",
        who: "陈露",
        data: { how: "chat", text: "今天 18:00 前发" },
      },
    ])
  }
  await tellOrders(
    stage,
    numbers.map((orderNo) => ({
      orderNo,
      events: [
        ["prepared", on("Tue 11:30")],
        ["shipped", on("Tue 11:50")],
      ],
    })),
  )
})
afterAll(() => stage.close())

it("a report fills itself: orders, breaches, cause with its evidence, course, result, split, and what the customer was told", async () => {
  const { about, fields, code, why, progress } = await examine("1")
  expect([code, why, progress]).toEqual(["short", [], { done: 7, of: 8, open: ["prevention"] }])
  expect(fields).toMatchObject({
    cause: "stock_out",
    result: "shipped",
    told: "before_asking",
    whatHappened: "断货，备货没赶上 11月24日 10:00，11月24日 11:30 完成，迟 1 h 30",
  })
  expect(fields.causeEvidence).toEqual([
    { signal: "sellable_zero", agreed: true },
    { signal: "not_prepared_at_due", agreed: true },
  ])
  expect(about.course.map(({ sentence }) => sentence["zh-Hans"])).toEqual([
    "客户付款",
    "挂起：仓库",
    "备货超过公司时效，系统开单",
    "已告诉客户：今天 18:00 前发",
    "备货完成",
    "发货",
  ])
  expect(about.orders[0]).toMatchObject({
    product: "奶油风四件套 燕麦",
    receiver: "林** 139****6021 浙江宁波",
  })
  expect(about.split!.parts).toEqual([
    { stage: "goods", department: "purchasing", party: null, ms: 1.5 * 3_600_000 },
  ])
})

it("an incomplete report is refused with each gap named, and the draft keeps what was written", async () => {
  const { bucket, subject } = ofCase(await place("1"))
  await saveDraft(
    stage.db.pool,
    { bucket, subject },
    { form: "short", fields: { whatHappened: "晚了" }, by: "周楠" },
    stage.now,
  )
  await expect(submit("1")).rejects.toMatchObject({
    code: "report_incomplete",
    detail: expect.stringMatching(/^Too short: .* “Will it happen again” is still empty\.$/),
    errors: [
      {
        field: "whatHappened",
        message: "sentence_too_short",
        says: { "zh-Hans": "经过太短，写明卡在哪一步、怎么过去的。" },
      },
      {
        field: "repeat",
        message: "field_missing",
        says: { "zh-Hans": "「还会再发生吗」还没填。", "zh-Hant": "「還會再發生嗎」還沒填。" },
      },
    ],
  })
  expect((await examine("1")).fields.whatHappened).toBe("晚了")
})

it("only what was handed in is archived or returned; what was returned is handed in anew", async () => {
  await expect(archive("1")).rejects.toMatchObject({ code: "report_not_submitted" })
  expect(await submit("1", minute)).toEqual([])
  const subject = ofCase(await place("1"))
  await transaction(stage.db, (tx) =>
    returnReport(tx, subject, { gaps: ["course_gap"], note: "中午那段呢", by: "沈一诺" }, stage.now),
  )
  expect((await examine("1")).stored).toMatchObject({
    state: "returned",
    returned: { gaps: ["course_gap"], note: "中午那段呢" },
  })
  await submit("1", minute)
  const archived = await archive("1")
  expect(archived.number).toBe(1)
  expect(archived.document).toMatchObject({
    fields: { result: "shipped" },
    causeName: { "zh-Hans": "断货" },
    submittedBy: "周楠",
  })
  expect(JSON.stringify(archived.document)).not.toMatch(/13912346021|林小姐/)
})

it("a report that copies another is warned about, one that the product filled in is not", async () => {
  expect((await submit("2", minute)).map(({ code, severity }) => [code, severity])).toEqual([
    ["pasted_report", "warn"],
  ])
  await archive("2")
  const { whatHappened: _, ...filled } = minute
  expect(await submit("3", filled)).toEqual([])
  await archive("3")
})

it("the chain of archived reports holds, and a changed one breaks it where it was changed", async () => {
  expect(await verifyReports(stage.db.pool)).toEqual({ rows: 3, brokenAt: null })
  await stage.db.pool.query(
    "update report_archive set document = jsonb_set(document, '{fields,whatHappened}', '\"没事\"') where number = 2",
  )
  expect(await verifyReports(stage.db.pool)).toEqual({ rows: 1, brokenAt: 2 })
  await stage.db.pool.query(
    "update report_archive set document = jsonb_set(document, '{fields,whatHappened}', $1::jsonb) where number = 2",
    [JSON.stringify(minute.whatHappened)],
  )
  expect((await verifyReports(stage.db.pool)).brokenAt).toBeNull()
})

it("archived reports are found by the words of any language, order numbers and the case's number", async () => {
  const find = async (text: string) => {
    const filter = { words: wantedWords(text), cause: null, department: null, from: null, to: null }
    const found = await searchReports(stage.db.pool, filter, { before: null, limit: 10 })
    expect(await countReports(stage.db.pool, filter)).toBe(found.length)
    return found.map(({ number }) => number)
  }
  expect(await find("金华仓调来")).toEqual([2, 1])
  expect(await find("断货")).toEqual([3, 2, 1])
  expect(await find("快递没揽收")).toEqual([])
  for (const told of ["已告诉客户", "已告訴客戶", "customer was told"])
    expect(await find(told), told).toEqual([3, 2, 1])
  const { bucket, n } = await place("3")
  expect(await find(caseNumber(n, bucket))).toEqual([3])
  expect((await archivedOf(stage.db.pool, caseNumber(n, bucket)))?.number).toBe(3)
})

it("of a case whose order was late to be prepared and is prepared now can be handed in before it ships", async () => {
  await tellOrders(stage, [{ ...order("4"), events: [["paid", stage.now - 25 * hour]] }])
  await tickAll(stage)
  stage.now += hour
  await tellOrders(stage, [{ orderNo: "4", events: [["prepared", stage.now]] }])
  await tickAll(stage)
  const { bucket, n } = await place("4")
  await stage.db.pool.query(
    "update cases set cause = 'stock_out', department = 'purchasing' where bucket = $1 and n = $2",
    [bucket, n],
  )
  const { about, fields } = await examine("4")
  expect([about.openLines, fields.result, about.facts.shipped]).toEqual([1, "prepared", null])
  const gaps = await examineReport(stage.world, stage.db.pool, ofCase({ bucket, n }), stage.now, {
    fields: { ...minute, result: "prepared" },
  })
  expect(gaps.gaps.map(({ code }) => code)).not.toContain("open_lines")
  expect(gaps.gaps.map(({ code }) => code)).not.toContain("result_without_fact")
})

it("the course says which goods were shipped or refunded where an event does not speak of the whole order", async () => {
  const items = [
    { line: "1", sku: "QH-2041", name: "四件套" },
    { line: "2", sku: "QH-3007", name: "枕芯" },
    { line: "3", sku: "QH-9001", name: "洗衣袋", kind: "gift" },
  ]
  await tellOrders(stage, [
    {
      orderNo: "parts",
      order: { items },
      events: [
        ["paid", on("Mon 10:00")],
        ["prepared", on("Tue 10:30"), { lines: ["1", "2"] }],
        ["refunded", on("Tue 10:40"), { full: false }],
        ["shipped", on("Tue 10:50"), { lines: ["1"] }],
        ["refunded", on("Tue 11:00"), { lines: ["2"] }],
      ],
    },
  ])
  await tickAll(stage)
  const { about } = await examine("parts")
  const sentences = about.course.filter(({ what }) => what !== "paid" && what !== "opened")
  expect(sentences.map(({ sentence }) => [sentence["zh-Hans"], sentence.en])).toEqual([
    ["备货完成", "Prepared"],
    ["部分退款", "Refunded in part"],
    ["发货：四件套", "Shipped: 四件套"],
    ["已退款：枕芯", "Refunded: 枕芯"],
  ])
})

it("a report counts the goods that were neither shipped nor refunded, also those that are prepared", async () => {
  const items = ["1", "2", "3", "4"].map((line) => ({ line, sku: `S-${line}`, name: `货 ${line}` }))
  await tellOrders(stage, [
    {
      orderNo: "open",
      order: { items },
      events: [
        ["paid", stage.now - 25 * hour],
        ["prepared", stage.now, { lines: ["1", "2", "3"] }],
        ["shipped", stage.now, { lines: ["1"] }],
      ],
    },
  ])
  await tickAll(stage)
  expect((await examine("open")).about.openLines).toBe(3)
})

it("the course leaves out what was taken back and what is yet to come", async () => {
  await tellOrders(stage, [
    {
      ...order("5"),
      events: [
        ["paid", stage.now - 25 * hour],
        ["shipped", stage.now - 3 * hour],
        ["retracted", stage.now - 2 * hour, { of: { type: "shipped", at: isoOf(stage.now - 3 * hour) } }],
        ["prepared", stage.now + hour],
      ],
    },
  ])
  await tickAll(stage)
  const { about } = await examine("5")
  expect(about.course.map(({ what }) => what)).toEqual(["paid", "opened"])
})
const hour = 3_600_000
