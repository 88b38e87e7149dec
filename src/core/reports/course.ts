import type { Instant } from "../instants.ts"
import { isSet, type JsonObject } from "../json.ts"
import { fillWords, saySpan, type Values } from "../saying.ts"
import type { Words } from "../words.ts"
import type { CourseEntry, ReportAbout } from "./about.ts"

/** Something that was told or done, as it is stored. */
export type Happening = { at: Instant; what: string; who: string | null; data: Record<string, unknown> }

const said = (hans: string, hant: string, en: string): Words => ({ "zh-Hans": hans, "zh-Hant": hant, en })

/** What each kind of happening is called in the course of a report. Kinds that are not named here are left out. */
const sentences: Record<string, Words> = {
  paid: said("客户付款", "客戶付款", "The customer paid"),
  prepared: said("备货完成", "備貨完成", "Prepared"),
  shipped: said("发货", "出貨", "Shipped"),
  collected: said("快递揽收", "快遞取件", "Collected by the carrier"),
  delivered: said("签收", "簽收", "Delivered"),
  cancelled: said("订单取消", "訂單取消", "Cancelled"),
  refunded: said("已退款", "已退款", "Refunded"),
  refunded_partly: said("部分退款", "部分退款", "Refunded in part"),
  held: said("挂起：{detail}", "掛起：{detail}", "Put on hold: {detail}"),
  released: said("恢复", "恢復", "Released"),
  refund_requested: said("客户申请退款", "客戶申請退款", "The customer asked for a refund"),
  refund_rejected: said("退款申请被拒", "退款申請被拒", "The refund was rejected"),
  refund_withdrawn: said("客户撤回退款申请", "客戶撤回退款申請", "The refund request was withdrawn"),
  promise_changed: said("平台期限改为 {to}", "平台期限改為 {to}", "The platform's deadline moved to {to}"),
  presale_changed: said("预售发货日改为 {to}", "預售出貨日改為 {to}", "The presale date moved to {to}"),
  date_agreed: said("客户同意改到 {to}", "客戶同意改到 {to}", "The customer accepted {to}"),
  address_corrected: said("收货地址已改", "收件地址已改", "The address was corrected"),
  warned: said("预警：{clock}，{dueAt} 到期", "預警：{clock}，{dueAt} 到期", "Warned: {clock} due {dueAt}"),
  opened: said(
    "{clock}超过{basis}时效，系统开单",
    "{clock}超過{basis}時效，系統開單",
    "{clock} passed the {basis} deadline; the case was opened",
  ),
  breach_joined: said(
    "{clock}也超过{basis}时效",
    "{clock}也超過{basis}時效",
    "{clock} passed the {basis} deadline too",
  ),
  breach_withdrawn: said("撤回一条超时", "撤回一條逾時", "A breach was withdrawn"),
  reopened: said("重开", "重開", "Reopened"),
  reopen: said("重开：{detail}", "重開：{detail}", "Reopened: {detail}"),
  reworked: said("回到处理", "回到處理", "Back to work"),
  archive: said("归档", "歸檔", "Archived"),
  assign: said("指派{detail}", "指派{detail}", "Assigned to {detail}"),
  take: said("{who}接手", "{who}接手", "{who} took it over"),
  hand_on: said("移交{detail}", "移交{detail}", "Handed on to {detail}"),
  hand_over: said("{who}接班", "{who}接班", "Handed over to {who}"),
  cause: said("原因定为「{detail}」", "原因定為「{detail}」", "The cause is “{detail}”"),
  analyse: said("交分析：{detail}", "交分析：{detail}", "Analysed: {detail}"),
  plan: said("方案：{detail}", "方案：{detail}", "Plan: {detail}"),
  plan_eta: said("预计 {to} 解决：{detail}", "預計 {to} 解決：{detail}", "Expected by {to}: {detail}"),
  plan_solved: said("方案：当场解决", "方案：當場解決", "Plan: solved at once"),
  eta_missed: said("说好的时间没有做到", "說好的時間沒有做到", "The date given was missed"),
  told: said("已告诉客户：{detail}", "已告訴客戶：{detail}", "The customer was told: {detail}"),
  resolve: said("解决：{detail}", "解決：{detail}", "Resolved: {detail}"),
  report: said("交报告", "交報告", "The report was handed in"),
  return: said("报告退回", "報告退回", "The report was returned"),
  request: said("请 {detail}", "請 {detail}", "Asked {detail}"),
  request_answered: said("对方答复：{detail}", "對方答覆：{detail}", "Answered: {detail}"),
}
const clocks: Record<string, Words> = {
  prepare: said("备货", "備貨", "Preparing"),
  ship: said("发货", "出貨", "Shipping"),
  collect: said("揽收", "取件", "Collection"),
  deliver: said("签收", "簽收", "Delivery"),
}
const bases: Record<string, Words> = {
  company: said("公司", "公司", "company's"),
  platform: said("平台", "平台", "platform's"),
  agreed: said("协商", "協商", "agreed"),
}
const holds: Record<string, Words> = {
  customer: said("客户原因", "客戶原因", "for the customer"),
  refund: said("退款处理中", "退款處理中", "for a refund"),
  platform: said("平台审核", "平台審核", "by the platform"),
  warehouse: said("仓库", "倉庫", "by the warehouse"),
}
const facts: Record<string, Words> = {
  prepared: said("已备货", "已備貨", "prepared"),
  shipped: said("已发货", "已出貨", "shipped"),
  collected: said("已揽收", "已取件", "collected"),
  delivered: said("已签收", "已簽收", "delivered"),
  refunded: said("已退款", "已退款", "refunded"),
  cancelled: said("已取消", "已取消", "cancelled"),
  date_agreed: said("客户接受新日期", "客戶接受新日期", "the customer accepted a date"),
}
/** Happenings that every course shows, however short. */
const keys = new Set([
  "paid",
  "shipped",
  "refunded",
  "cancelled",
  "opened",
  "assign",
  "analyse",
  "plan",
  "told",
  "resolve",
])

const text = (value: unknown): string => (typeof value === "string" ? value : "")
const cut = (value: string, most: number): string =>
  [...value].length > most ? `${[...value].slice(0, most - 1).join("")}…` : value

/** Names of things by their code, in every language: departments, causes. */
export type Names = (kind: "department" | "cause" | "person", code: string) => Words | string

/** The course of a case: what was told of the order and done with the case, oldest first, each as a sentence. */
export function courseOf(happenings: readonly Happening[], names: Names, timezone: string): CourseEntry[] {
  const entries: CourseEntry[] = []
  for (const each of [...happenings].sort((one, other) => one.at - other.at)) {
    const whole = sentences[kindOf(each)]
    if (!whole) continue
    const sentence = Array.isArray(each.data.goods) ? ofGoods(whole) : whole
    entries.push({
      at: each.at,
      what: each.what,
      who: each.who,
      sentence: fillWords(sentence, valuesOf(each, names), timezone),
      key: keys.has(each.what),
    })
  }
  return entries
}

const ofGoods = (whole: Words): Words =>
  said(`${whole["zh-Hans"]}：{goods}`, `${whole["zh-Hant"]}：{goods}`, `${whole.en}: {goods}`)

/** The goods of the lines that an event names, for its happening's `goods`; null where it speaks of every line that counts (CLOCKS R8). */
export function goodsNamed(lines: unknown, items: unknown): string[] | null {
  if (!Array.isArray(lines) || !Array.isArray(items)) return null
  const idOf = ({ line, sku }: JsonObject) => (isSet(line) ? line : sku)
  const counting = (items as JsonObject[]).filter(
    ({ kind }) => kind !== "gift" && kind !== "resend" && kind !== "exchange",
  )
  if (counting.every((item) => lines.includes(idOf(item)))) return null
  const named = (items as JsonObject[]).filter((item) => lines.includes(idOf(item)))
  return named.length === 0 ? null : named.map(({ name, sku, line }) => String(name ?? sku ?? line))
}

/** The sentence of a happening that has more than one. */
function kindOf({ what, data }: Happening): string {
  if (what === "refunded" && data.full === false) return "refunded_partly"
  if (what === "plan" && typeof data.etaAt === "number") return "plan_eta"
  if (what === "plan" && data.solved === true && !text(data.text)) return "plan_solved"
  if (what === "overdue" && data.clock === "eta") return "eta_missed"
  if (what === "promise_changed" && typeof data.promisedShipAt !== "number") return "presale_changed"
  return what
}

function valuesOf({ what, who, data }: Happening, names: Names): Values {
  const values: Values = { detail: detailOf(what, data, names) }
  if (who !== null) values.who = who
  // Whoever goes on with it, also where somebody else arranged that.
  if (what === "hand_over")
    values.who = typeof data.person === "string" ? named(names("person", data.person)) : "–"
  if (typeof data.clock === "string")
    values.clock = clocks[data.clock] ? { words: clocks[data.clock]! } : data.clock
  if (typeof data.basis === "string")
    values.basis = bases[data.basis] ? { words: bases[data.basis]! } : data.basis
  if (typeof data.dueAt === "number") values.dueAt = { at: data.dueAt }
  if (Array.isArray(data.goods)) {
    const [chinese, english] = [data.goods.join("、"), data.goods.join(", ")].map((each) => cut(each, 80))
    values.goods = { words: said(chinese!, chinese!, english!) }
  }
  const { presaleShipBy } = (data.order ?? {}) as { presaleShipBy?: unknown }
  const to = [data.etaAt, data.date, data.promisedShipAt, presaleShipBy, data.to].find(
    (each) => typeof each === "number",
  )
  values.to = typeof to === "number" ? { at: to } : "–"
  values.clock ??= "–"
  values.basis ??= "–"
  return values
}

const named = (value: Words | string): Values[string] =>
  typeof value === "string" ? value : { words: value }

function detailOf(what: string, data: Record<string, unknown>, names: Names): Values[string] {
  if (what === "held")
    return holds[text(data.reason)]
      ? { words: holds[text(data.reason)]! }
      : text(data.reason) || text(data.hold)
  if (what === "resolve") return facts[text(data.fact)] ? { words: facts[text(data.fact)]! } : text(data.fact)
  if (what === "cause" && typeof data.cause === "string") return named(names("cause", data.cause))
  if ((what === "assign" || what === "hand_on") && typeof data.department === "string") {
    const department = names("department", data.department)
    const person = typeof data.person === "string" ? names("person", data.person) : ""
    return typeof department === "string"
      ? [department, person].filter(Boolean).join(" ")
      : {
          words: {
            "zh-Hans": `${department["zh-Hans"]} ${person}`.trim(),
            "zh-Hant": `${department["zh-Hant"]} ${person}`.trim(),
            en: `${department.en} ${person}`.trim(),
          },
        }
  }
  return cut(text(data.text) || text(data.detail) || text(data.reason) || "–", 80)
}

/** Spans of a case's handling, from its opening to its fact, longer than `maxMs` in which nothing was told or done. */
export function gapsIn(
  course: readonly CourseEntry[],
  maxMs: number,
  ends: ReportAbout["facts"],
): { from: Instant; to: Instant }[] {
  const opened = course.find(({ what }) => what === "opened")?.at
  if (opened === undefined) return []
  const end = Math.min(...Object.values(ends).flatMap((at) => (at === null || at < opened ? [] : [at])))
  // That a date passed is nothing that somebody did.
  const done = course.filter(({ what }) => what !== "overdue")
  const instants = done.map(({ at }) => at).filter((at) => at >= opened && at <= end)
  if (Number.isFinite(end)) instants.push(end)
  return instants.flatMap((to, i) => {
    const from = instants[i - 1]
    return from !== undefined && to - from > maxMs ? [{ from, to }] : []
  })
}

/** The one sentence of what happened, made of the course: when, at which step it stuck, how it went on. */
export function inASentence(about: ReportAbout, causeName: Words | null, timezone: string): Words | null {
  const [breach] = about.breaches
  if (!breach) return null
  const done = breach.closedAt
  return fillWords(
    causeName === null
      ? said(
          "{clock}应在 {due} 前完成，{end}",
          "{clock}應在 {due} 前完成，{end}",
          "{clock} was due {due}; {end}",
        )
      : said(
          "{cause}，{clock}没赶上 {due}，{end}",
          "{cause}，{clock}沒趕上 {due}，{end}",
          "{cause}: {clock} missed {due}; {end}",
        ),
    {
      ...(causeName ? { cause: { words: causeName } } : {}),
      clock: { words: clocks[breach.clock] ?? said(breach.clock, breach.clock, breach.clock) },
      due: { at: breach.dueAt },
      end:
        done === null
          ? { words: said("还没完成", "還沒完成", "it is still open") }
          : {
              words: fillWords(
                said("{at} 完成，迟 {late}", "{at} 完成，遲 {late}", "done {at}, {late} late"),
                { at: { at: done }, late: saySpan(done - breach.dueAt) },
                timezone,
              ),
            },
    },
    timezone,
  )
}
