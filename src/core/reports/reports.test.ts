import { readFileSync } from "node:fs"
import { expect, it } from "vitest"
import { bareCase, mondayTen } from "../../testing/caseFacts.ts"
import { propose, taxonomySchema } from "../causes.ts"
import { splitLateness } from "../lateness.ts"
import {
  alikeness,
  courseOf,
  fieldsSchema,
  gapsOf,
  localDay,
  personalIn,
  prefill,
  progressOf,
  type ReportAbout,
  type ReportFields,
  reportFormSchema,
  wantedWords,
  whyLong,
  withWritten,
  wordsOf,
} from "../reports.ts"
import { checks } from "./completeness.ts"

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../content/${name}.json`, import.meta.url), "utf8"))
const form = reportFormSchema.parse(read("report-form"))
const taxonomy = taxonomySchema.parse(read("causes"))
const timezone = "Asia/Shanghai"
const hour = 3_600_000
const at = (hours: number) => mondayTen + hours * hour

const stock = {
  sku: "QH-2041",
  warehouse: "一仓",
  at: at(11),
  onHand: 0,
  sellable: 0,
  locked: null,
  counted: null,
  blocked: null,
  inbound: [],
}
const facts = { ...bareCase, now: at(50), stock: [stock], clock: { ...bareCase.clock, closedAt: at(26) } }
const course = courseOf(
  [
    { at: at(0), what: "paid", who: null, data: {} },
    { at: at(24), what: "opened", who: null, data: { clock: "prepare", basis: "company", dueAt: at(24) } },
    { at: at(24), what: "assign", who: null, data: { department: "purchasing", person: "何舟" } },
    { at: at(24.5), what: "analyse", who: "何舟", data: { text: "燕麦色已空" } },
    { at: at(25), what: "plan", who: "何舟", data: { etaAt: at(26), text: "从金华仓调" } },
    { at: at(26), what: "prepared", who: null, data: {} },
    { at: at(26), what: "shipped", who: null, data: {} },
  ],
  (_kind, code) => (code === "purchasing" ? taxonomy.classes[0]!.name : code),
  timezone,
)
const about: ReportAbout = {
  at: at(50),
  subject: "C-7K2F",
  incident: null,
  orders: [
    {
      channel: "douyin",
      shop: "青禾里",
      orderNo: "743125",
      product: "四件套",
      quantity: 1,
      amount: 32900,
      currency: "CNY",
      receiver: null,
    },
  ],
  department: "purchasing",
  handOns: 0,
  reopened: 0,
  breaches: [
    { clock: "prepare", basis: "company", round: 0, dueAt: at(24), closedAt: at(26), stoppedBy: "prepared" },
  ],
  cause: {
    code: "stock_out",
    class: "internal",
    classAtOpening: "internal",
    changeReason: null,
    agreed: true,
  },
  proposed: propose(taxonomy, facts),
  split: splitLateness(facts),
  course,
  warnings: { fired: true, taken: false, inTime: true },
  facts: { shipped: at(26), refunded: null, cancelled: null, date_accepted: null, prepared: null },
  openLines: 0,
  tellings: [{ at: at(25), text: "改到今天发" }],
  complaints: { upheld: 0 },
  platformDeduction: null,
  companyCompensation: null,
  differing: [],
  staff: ["周楠", "何舟"],
  alike: null,
}
const action = {
  what: "锁库以实到为准，不以采购单为准",
  owner: "何舟",
  by: "2026-12-01",
  measure: "下一场超卖为零",
}
/** A long report that lacks nothing. */
const whole: ReportFields = {
  ...prefill(about, taxonomy, "zh-Hans", timezone),
  customerEffect: "晚一天寄出，客户没有来问，没有取消",
  rootCause: "锁库数量取自采购单，没有等仓库点完实到再放量，开播前没人核对",
  leftOver: "无",
  repeat: "possible",
  prevention: [action],
}
const gaps = (
  fields: Partial<ReportFields> = {},
  more: Partial<ReportAbout> = {},
  code: "short" | "long" = "long",
) => gapsOf({ form, taxonomy, timezone, fields: { ...whole, ...fields }, about: { ...about, ...more } }, code)

it("a report that the product filled in as far as it could, and a person finished, lacks nothing", () => {
  expect(gaps()).toEqual([])
  expect(whole).toMatchObject({
    cause: "stock_out",
    result: "shipped",
    told: "before_asking",
    warned: "not_taken",
  })
  expect(whole.whatHappened).toBe("断货，备货没赶上 11月24日 10:00，11月24日 12:00 完成，迟 2 h")
})

it("the one-minute form asks for the cause, a sentence and whether it may recur", () => {
  const minute: ReportFields = { ...prefill(about, taxonomy, "zh-Hans", timezone), repeat: "single" }
  expect(gapsOf({ form, taxonomy, timezone, about, fields: minute }, "short")).toEqual([])
  expect(
    gapsOf({ form, taxonomy, timezone, about, fields: { ...minute, repeat: null } }, "short").map(
      ({ code, field }) => [code, field],
    ),
  ).toEqual([["field_missing", "repeat"]])
})

const strongAgainst = { ...facts, steps: { ...facts.steps, preparedAt: at(20) } }
const phone = "客户电话 13905746021，让她等一下"
/** What is wrong → the rule that says so, and its sentence. */
const table: [rule: string, fields: Partial<ReportFields>, about: Partial<ReportAbout>, sentence: string][] =
  [
    ["cause_undetermined", { cause: "undetermined" }, {}, "原因还是「待查」，选一个具体的。"],
    [
      "no_evidence",
      { causeEvidence: [{ signal: "sellable_zero", agreed: false }] },
      {},
      "原因没有证据，勾一条或补一条。",
    ],
    [
      "strong_against",
      {},
      { proposed: propose(taxonomy, strongAgainst) },
      "有一条强证据不支持这个原因：11月24日 06:00 已备好，早于期限。说明一下，或换原因。",
    ],
    [
      "cause_changed_class",
      {},
      { cause: { ...about.cause, classAtOpening: "external" } },
      "原因从外部改成内部，没有写理由。",
    ],
    ["result_without_fact", { result: "refunded" }, {}, "写了「已退款」，订单里没有对应的事实。"],
    ["open_lines", {}, { openLines: 2 }, "还有 2 件商品没发也没退。"],
    ["not_told", { told: "not_told" }, {}, "没告诉客户，写一下为什么。"],
    ["told_without_record", {}, { tellings: [] }, "写了已告诉客户，但没有通知记录，也没有标记已告知。"],
    ["sentence_too_short", { whatHappened: "晚了" }, {}, "经过太短，写明卡在哪一步、怎么过去的。"],
    [
      "repeat_without_prevention",
      { prevention: [], preventionNone: "这款已经下架，不会再卖，不用再改流程" },
      {},
      "可能再发生，还没写防范措施。",
    ],
    ["action_incomplete", { prevention: [action, { ...action, by: null }] }, {}, "第 2 条措施缺日期。"],
    ["action_past", { prevention: [{ ...action, by: "2026-11-20" }] }, {}, "第 1 条措施的日期已经过了。"],
    ["root_cause_missing", { rootCause: "" }, {}, "没写根本原因。"],
    [
      "root_repeats_cause",
      { rootCause: whole.whatHappened! },
      {},
      "根本原因和上面写的一样，再往下问一层为什么。",
    ],
    ["effect_missing", { customerEffect: " " }, {}, "没写对客户的影响。"],
    ["complaint_unmentioned", {}, { complaints: { upheld: 2 } }, "有 2 条成立的投诉，影响里没有提。"],
    [
      "gap_unexplained",
      {},
      {
        course: course.filter(({ what }) => ["paid", "opened"].includes(what)),
        facts: { ...about.facts, shipped: at(27) },
      },
      "11月24日 10:00 到 11月24日 13:00 没有动作，说明在等什么。",
    ],
    ["left_over_missing", { leftOver: null }, {}, "还没完的事没写；没有就写「无」。"],
    ["no_action_no_reason", { repeat: "single", prevention: [] }, {}, "没有防范措施，也没写不用的理由。"],
    [
      "appeal_undecided",
      {},
      { platformDeduction: { minor: 2000, currency: "CNY", appealUntil: at(170) } },
      "平台扣了 ¥20.00，没写要不要申诉，11月30日 12:00 前有效。",
    ],
    [
      "incident_exceptions",
      { result: "mixed" },
      { incident: "I-84", differing: ["C-1", "C-2", "C-3"] },
      "有 3 单结果不同，列为例外或单独结。",
    ],
    ["personal_data", { customerEffect: phone }, {}, "文字里有客户的手机号，删掉或打码。"],
    [
      "pasted_report",
      {},
      { alike: { subject: "C-3126", percent: 94 } },
      "和 C-3126 的报告几乎一样，写这一单自己的情况，或并入群体事件。",
    ],
    [
      "names_blamed",
      { rootCause: "周楠没有核对实到数量就按采购单锁了库，开播前也没有人复核" },
      {},
      "报告写事不写人，把「周楠」换成岗位或环节。",
    ],
  ]

it.each(table)("%s: exactly this gap is named, in a sentence", (rule, fields, more, sentence) => {
  expect(gaps(fields, more).map(({ code, sentence: words }) => [code, words["zh-Hans"]])).toEqual([
    [rule, sentence],
  ])
})

it("every rule of the form is checked and has a row, and none besides", () => {
  const codes = form.completeness.map(({ code }) => code).sort()
  expect(Object.keys(checks).sort()).toEqual(codes)
  expect(table.map(([rule]) => rule).sort()).toEqual(codes)
  expect(codes).toHaveLength(24)
})

it("an incident, a long delay, a complaint or a doubtful cause asks for the full report", () => {
  const why = (more: Partial<ReportAbout>) =>
    whyLong({ form, taxonomy, timezone, fields: whole, about: { ...about, ...more } }).map(
      (words) => words["zh-Hans"],
    )
  expect(why({})).toEqual([])
  expect(why({ incident: "I-84", handOns: 2 })).toEqual(["属于群体事件", "移交过两次"])
  expect(why({ breaches: [{ ...about.breaches[0]!, closedAt: at(40) }] })).toEqual(["迟到太久"])
  expect(why({ cause: { ...about.cause, agreed: false } })).toEqual(["原因还没认可，或有强证据不支持"])
})

it("progress counts the sections that lack nothing", () => {
  expect(progressOf(form, "long", gaps())).toEqual({ done: 8, of: 8, open: [] })
  expect(progressOf(form, "long", gaps({ rootCause: "", prevention: [] }))).toEqual({
    done: 6,
    of: 8,
    open: ["cause", "prevention"],
  })
})

it("the course tells what was told and done, in sentences", () => {
  expect(course.map(({ sentence }) => sentence["zh-Hans"])).toEqual([
    "客户付款",
    "备货超过公司时效，系统开单",
    "指派内部 何舟",
    "交分析：燕麦色已空",
    "预计 11月24日 12:00 解决：从金华仓调",
    "备货完成",
    "发货",
  ])
})

const said = (...happenings: [what: string, who: string | null, data: object][]) =>
  courseOf(
    happenings.map(([what, who, data]) => ({ at: at(24), what, who, data: data as Record<string, unknown> })),
    (_kind, code) => code,
    timezone,
  ).map(({ sentence }) => sentence["zh-Hans"])

it("the course names whom a case was given to, also where somebody else arranged that", () => {
  expect(
    said(
      ["assign", "沈一诺", { department: "采购", person: "何舟" }],
      ["hand_on", "何舟", { department: "采购", person: "唐敏" }],
      ["hand_over", "沈一诺", { fromPerson: "唐敏", person: "何舟", why: "leaver" }],
      ["hand_over", "沈一诺", { fromPerson: "何舟", person: null, why: "leaver" }],
    ),
  ).toEqual(["指派采购 何舟", "移交采购 唐敏", "何舟接班", "–接班"])
})

it("the course says that a plan was to solve it at once, in the words given where there are any", () => {
  expect(
    said(
      ["plan", "何舟", { solved: true, etaAt: null, reason: null, text: "" }],
      ["plan", "何舟", { solved: true, etaAt: null, reason: null, text: "从金华仓调" }],
    ),
  ).toEqual(["方案：当场解决", "方案：从金华仓调"])
})

it("the course of a case that came back tells that it did, and why it was opened again", () => {
  expect(
    said(
      ["archive", "沈一诺", {}],
      ["reopen", "沈一诺", { reason: "客户说没收到", department: "warehouse" }],
      ["reworked", null, { why: "fact_fell", department: "warehouse" }],
    ),
  ).toEqual(["归档", "重开：客户说没收到", "回到处理"])
})

it("the course says which deadline moved, and to when", () => {
  expect(
    said(
      ["promise_changed", null, { promisedShipAt: at(48), cause: "disaster" }],
      ["promise_changed", null, { order: { presaleShipBy: at(72) }, cause: "negotiated" }],
    ),
  ).toEqual(["平台期限改为 11月25日 10:00", "预售发货日改为 11月26日 10:00"])
})

it("the course tells that a date given was missed, and the hours until then stay unexplained", () => {
  const missed = (what: string, hours: number, data = {}) => ({ at: at(hours), what, who: null, data })
  const entries = courseOf(
    [
      missed("opened", 24, { clock: "ship", basis: "company" }),
      missed("overdue", 25.5, { clock: "eta", dueAt: at(25.5) }),
      missed("overdue", 25.7, { clock: "tell", dueAt: at(25.7) }),
      missed("resolve", 27, { fact: "shipped" }),
    ],
    (_kind, code) => code,
    timezone,
  )
  expect(entries.map(({ sentence }) => sentence["zh-Hans"])).toEqual([
    "发货超过公司时效，系统开单",
    "说好的时间没有做到",
    "解决：已发货",
  ])
  expect(
    gaps({ gaps: "" }, { course: entries, facts: { ...about.facts, shipped: at(27) } }).map(
      ({ code }) => code,
    ),
  ).toEqual(["gap_unexplained"])
})

it("what a person emptied stays empty", () => {
  expect(withWritten({ told: "before_asking", repeat: "single" }, { told: null })).toEqual({
    told: null,
    repeat: "single",
  })
})

it("personal data are seen in a text, ordinary numbers are not", () => {
  expect(
    [phone, "身份证 330203199001011234", "寄到鄞州区中山东路 12 号", "+86 139 0574 6021"].map(
      (text) => personalIn(text)?.en ?? null,
    ),
  ).toEqual(["phone number", "ID number", "full address", "phone number"])
  expect(personalIn("寄到中山东路12号")?.en).toBe("full address")
  expect(["订单 6931048820157743125 晚了 2 小时", "QH-2041 可售 0", "139****6021"].map(personalIn)).toEqual([
    null,
    null,
    null,
  ])
})

it("Chinese is found by its pairs of characters, numbers by their tail", () => {
  expect(wordsOf("锁库 QH-2041 订单6931048820157743125")).toEqual(
    expect.arrayContaining(["锁库", "锁", "qh", "2041", "6931048820157743125", "743125"]),
  )
  expect(wantedWords("锁库以实到")).toEqual(["锁库", "库以", "以实", "实到"])
  expect(wantedWords("锁")).toEqual(["锁"])
  expect(alikeness("锁库以实到为准，不以采购单为准", "锁库以实到为准，不以采购单为准。")).toBe(100)
  expect(alikeness("锁库以实到为准", "快递没有来揽收")).toBeLessThan(10)
})

it("a gap names a field that the form has, so that it can be filled", () => {
  const editable = form.fields.filter(({ code }) => code in fieldsSchema.shape).map(({ code }) => code)
  const named = form.completeness.filter(({ severity }) => severity === "block").map(({ field }) => field)
  expect(named.filter((code) => !editable.includes(code))).toEqual([])
  expect(form.completeness.find(({ code }) => code === "cause_changed_class")!.field).toBe("causeReason")
})

it.each([
  ["2026-11-24T15:59:59Z", "Asia/Shanghai", "2026-11-24"],
  ["2026-11-24T16:00:00Z", "Asia/Shanghai", "2026-11-25"],
  ["2026-11-24T23:30:00Z", "Pacific/Auckland", "2026-11-25"],
  ["2026-12-31T10:00:00Z", "Pacific/Kiritimati", "2027-01-01"],
  ["2026-11-24T13:00:00Z", "Etc/GMT+12", "2026-11-24"],
])("the local day of %s in %s is %s", (instant, zone, day) => {
  expect(localDay(Date.parse(instant), zone)).toBe(day)
})
