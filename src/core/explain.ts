export { type Explained, explain, type Step } from "./arithmetic.ts"

import type { Step } from "./arithmetic.ts"
import type { Clock } from "./clocks.ts"
import type { Instant } from "./instants.ts"
import type { Json } from "./json.ts"

/** The languages in which a step is told. */
export type Language = "zh-Hans" | "zh-Hant" | "en"
type Words = Record<Language, string>

const facts: Record<string, Words> = {
  paid: { "zh-Hans": "付款", "zh-Hant": "付款", en: "Paid" },
  created: { "zh-Hans": "下单", "zh-Hant": "下單", en: "Ordered" },
  prepared: { "zh-Hans": "备货完成", "zh-Hant": "備貨完成", en: "Prepared" },
  shipped: { "zh-Hans": "发货", "zh-Hant": "出貨", en: "Shipped" },
  collected: { "zh-Hans": "揽收", "zh-Hant": "取件", en: "Collected" },
  delivered: { "zh-Hans": "签收", "zh-Hant": "簽收", en: "Delivered" },
  cancelled: { "zh-Hans": "取消", "zh-Hant": "取消", en: "Cancelled" },
  refunded: { "zh-Hans": "退款", "zh-Hant": "退款", en: "Refunded" },
  ended: { "zh-Hans": "订单结束", "zh-Hant": "訂單結束", en: "The end of the order" },
  date_agreed: {
    "zh-Hans": "客户接受新日期",
    "zh-Hant": "客戶接受新日期",
    en: "The customer accepted a date",
  },
}
const reasons: Record<string, Words> = {
  customer: { "zh-Hans": "客户", "zh-Hant": "客戶", en: "the customer" },
  refund: { "zh-Hans": "退款审核", "zh-Hant": "退款審核", en: "a refund request" },
  platform: { "zh-Hans": "平台", "zh-Hant": "平台", en: "the platform" },
  warehouse: { "zh-Hans": "仓库", "zh-Hant": "倉庫", en: "the warehouse" },
}
const deadlines: Record<string, Words> = {
  promisedShipAt: {
    "zh-Hans": "平台承诺发货时间",
    "zh-Hant": "平台承諾出貨時間",
    en: "the promised time of shipping",
  },
  presaleShipBy: {
    "zh-Hans": "预售发货期限",
    "zh-Hant": "預售出貨期限",
    en: "the presale's date of shipping",
  },
}
const fields: Record<string, Words> = {
  orderType: { "zh-Hans": "订单类型", "zh-Hant": "訂單類型", en: "order type" },
  type: { "zh-Hans": "订单类型", "zh-Hant": "訂單類型", en: "order type" },
  channel: { "zh-Hans": "渠道", "zh-Hant": "渠道", en: "channel" },
  shop: { "zh-Hans": "店铺", "zh-Hant": "店鋪", en: "shop" },
  warehouse: { "zh-Hans": "仓库", "zh-Hant": "倉庫", en: "warehouse" },
  fulfilment: { "zh-Hans": "履约方", "zh-Hant": "履約方", en: "fulfilment" },
  liveSession: { "zh-Hans": "直播场次", "zh-Hant": "直播場次", en: "live session" },
}
const word = (table: Record<string, Words>, key: Json | undefined, language: Language): string =>
  table[String(key)]?.[language] ?? String(key)

/** Hours and minutes as these staff write them: `48 h`, `3 h 35`. */
export function spanOf(ms: number): string {
  const minutes = Math.floor(Math.abs(ms) / 60_000)
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  if (hours === 0) return `${rest} min`
  return rest === 0 ? `${hours} h` : `${hours} h ${String(rest).padStart(2, "0")}`
}

/** Why a standard holds: what it asks of an order (R13, the most keys win). */
function whyOf(when: Json | undefined, language: Language): string {
  const asked = Object.entries((when ?? {}) as Record<string, Json>).map(([field, wanted]) => {
    const values = (Array.isArray(wanted) ? wanted : [wanted]).map((each) =>
      typeof each === "string" ? each : JSON.stringify(each),
    )
    return `${word(fields, field, language)} = ${values.join(" / ")}`
  })
  if (asked.length === 0)
    return {
      "zh-Hans": "没有更具体的标准，适用于所有订单",
      "zh-Hant": "沒有更具體的標準，適用於所有訂單",
      en: "no more specific one fits; it holds for all orders",
    }[language]
  const all = asked.join(language === "en" ? " and " : "，")
  return {
    "zh-Hans": `最具体的一条：${all}`,
    "zh-Hant": `最具體的一條：${all}`,
    en: `the most specific that fits: ${all}`,
  }[language]
}

const sentences: Record<
  Step["what"],
  (step: Step, clock: Clock, language: Language, date: (at: Instant) => string) => string
> = {
  start: ({ at, data }, _clock, language, date) => {
    const fact = word(facts, data.fact, language)
    return language === "en"
      ? `${fact} at ${date(at!)}`
      : language === "zh-Hans"
        ? `${fact}：${date(at!)}，从这时起算`
        : `${fact}：${date(at!)}，從這時起算`
  },
  rule: ({ ms, data }, _clock, language) => {
    const clause = data.clause
      ? language === "en"
        ? `, clause ${data.clause}`
        : `，第 ${data.clause} 条`
      : ""
    const much = ms !== null ? `+ ${spanOf(ms)}` : word(deadlines, data.until, language)
    const why = whyOf(data.when, language)
    if (language === "en")
      return `Standard "${data.standard}" of policy v${data.version}${clause}: ${much} (${why})`
    return language === "zh-Hans"
      ? `标准「${data.standard}」，制度 v${data.version}${clause}：${much}（${why}）`
      : `標準「${data.standard}」，制度 v${data.version}${clause.replace("条", "條")}：${much}（${why}）`
  },
  promise: (_step, _clock, language) =>
    ({
      "zh-Hans": "平台在订单里给了承诺发货时间，直接采用",
      "zh-Hant": "平台在訂單裡給了承諾出貨時間，直接採用",
      en: "The platform gave its promise with the order; it is taken as it is",
    })[language],
  agreed: ({ data }, _clock, language) =>
    ({
      "zh-Hans": `客户第 ${data.round} 次接受的发货日期`,
      "zh-Hant": `客戶第 ${data.round} 次接受的出貨日期`,
      en: `The date that the customer accepted, round ${data.round}`,
    })[language],
  calendar: ({ data }, _clock, language) =>
    ({
      "zh-Hans": `只计「${data.calendar}」日历内的时间`,
      "zh-Hant": `只計「${data.calendar}」日曆內的時間`,
      en: `Only time inside the calendar "${data.calendar}" counts`,
    })[language],
  window: ({ at, ms, data }, _clock, language, date) =>
    ({
      "zh-Hans": `计时 ${date(at!)} 至 ${date(data.to as number)}：${spanOf(ms!)}`,
      "zh-Hant": `計時 ${date(at!)} 至 ${date(data.to as number)}：${spanOf(ms!)}`,
      en: `Counts from ${date(at!)} to ${date(data.to as number)}: ${spanOf(ms!)}`,
    })[language],
  pause: ({ at, ms, data }, _clock, language, date) => {
    const why = (data.reasons as string[])
      .map((each) => word(reasons, each, language))
      .join(language === "en" ? ", " : "、")
    const much =
      ms === null
        ? { "zh-Hans": "还没有结束", "zh-Hant": "還沒有結束", en: "not over yet" }[language]
        : `+ ${spanOf(ms)}`
    return {
      "zh-Hans": `${why}挂起，从 ${date(at!)}：${much}`,
      "zh-Hant": `${why}掛起，從 ${date(at!)}：${much}`,
      en: `On hold for ${why} from ${date(at!)}: ${much}`,
    }[language]
  },
  due: ({ at }, _clock, language, date) =>
    ({ "zh-Hans": `到期 ${date(at!)}`, "zh-Hant": `到期 ${date(at!)}`, en: `Due ${date(at!)}` })[language],
  no_due: ({ data }, _clock, language) =>
    data.why === "no_windows"
      ? {
          "zh-Hans": "日历里没有足够的工作时间，算不出到期时间",
          "zh-Hant": "日曆裡沒有足夠的工作時間，算不出到期時間",
          en: "No due: the calendar has no time left that counts",
        }[language]
      : {
          "zh-Hans": "挂起没有结束，现在没有到期时间",
          "zh-Hant": "掛起沒有結束，現在沒有到期時間",
          en: "No due while the hold lasts",
        }[language],
  moved: ({ at, data }, _clock, language, date) =>
    ({
      "zh-Hans": `${date(data.told as number)} 改为 ${date(at!)}`,
      "zh-Hant": `${date(data.told as number)} 改為 ${date(at!)}`,
      en: `Moved to ${date(at!)}, told ${date(data.told as number)}`,
    })[language],
  not_moved: ({ at, data }, _clock, language, date) =>
    data.why === "after_due"
      ? {
          "zh-Hans": `${date(data.told as number)} 说改为 ${date(at!)}，期限已过，不再移动`,
          "zh-Hant": `${date(data.told as number)} 說改為 ${date(at!)}，期限已過，不再移動`,
          en: `${date(at!)} was told ${date(data.told as number)}, after the due: a deadline that has passed does not move`,
        }[language]
      : {
          "zh-Hans": `${date(data.told as number)} 说改为 ${date(at!)}，早于告知之时，不采用`,
          "zh-Hant": `${date(data.told as number)} 說改為 ${date(at!)}，早於告知之時，不採用`,
          en: `${date(at!)} lies before its telling at ${date(data.told as number)} and does not count`,
        }[language],
  warning: ({ at, data }, _clock, language, date) => {
    const when = at === null ? "–" : date(at)
    return {
      "zh-Hans": `预警（${data.level}）${when}`,
      "zh-Hant": `預警（${data.level}）${when}`,
      en: `Warning (${data.level}) ${when}`,
    }[language]
  },
  stop: ({ at, ms, data }, _clock, language, date) => {
    const by = word(facts, data.by ?? (data.how === "ended" ? "ended" : "date_agreed"), language)
    const early =
      ms === null
        ? ""
        : ms >= 0
          ? { "zh-Hans": `，早 ${spanOf(ms)}`, "zh-Hant": `，早 ${spanOf(ms)}`, en: `, ${spanOf(ms)} early` }[
              language
            ]
          : { "zh-Hans": `，迟 ${spanOf(ms)}`, "zh-Hant": `，遲 ${spanOf(ms)}`, en: `, ${spanOf(ms)} late` }[
              language
            ]
    return {
      "zh-Hans": `${by}停表 ${date(at!)}${early}`,
      "zh-Hant": `${by}停錶 ${date(at!)}${early}`,
      en: `${by} stopped it at ${date(at!)}${early}`,
    }[language]
  },
  unobserved: (_step, _clock, language) =>
    ({
      "zh-Hans": "这个渠道不提供停表的那一步，只显示，不预警、不开单",
      "zh-Hant": "這個渠道不提供停錶的那一步，只顯示，不預警、不開單",
      en: "This channel does not tell of the step that stops it: shown only, no warnings, no case",
    })[language],
}

/** A step as a sentence. `date` writes an instant for the reader. */
export const inWords = (
  each: Step,
  clock: Clock,
  language: Language,
  date: (at: Instant) => string,
): string => sentences[each.what](each, clock, language, date)
