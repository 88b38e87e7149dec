import { countdown } from "../countdown.ts"
import { say } from "../dates.ts"
import type { Instant } from "../instants.ts"
import type { Language, Words } from "../words.ts"
import type { CardValues } from "./card.ts"

/** Where and when a card is read. */
export type Reading = { at: Instant; zone: string; language: Language }

/** A value as it is kept with an alert: an instant, a span, a number, a text, or words in every language. */
export type SaidValue = string | number | null | { at: Instant } | { ms: number } | { words: Words }

/** A kept value as a card says it; an empty text for none. */
export function sayValue(value: SaidValue | undefined, { at, zone, language }: Reading): string {
  if (value === null || value === undefined) return ""
  if (typeof value === "string") return value
  if (typeof value === "number") return value.toLocaleString("en")
  if ("at" in value) return say(value.at, at, { language, zone })
  if ("ms" in value) return countdown(Math.abs(value.ms))
  return value.words[language]
}

const clockWords: Partial<Record<string, Words>> = {
  prepare: { "zh-Hans": "备货", "zh-Hant": "備貨", en: "prepare" },
  ship: { "zh-Hans": "发货", "zh-Hant": "出貨", en: "ship" },
  collect: { "zh-Hans": "揽收", "zh-Hant": "取件", en: "collect" },
  deliver: { "zh-Hans": "签收", "zh-Hant": "簽收", en: "deliver" },
  analyse: { "zh-Hans": "分析和方案", "zh-Hant": "分析和方案", en: "analysis and plan" },
  tell: { "zh-Hans": "告诉客户", "zh-Hant": "告訴客戶", en: "telling the customer" },
  assign: { "zh-Hans": "分派", "zh-Hant": "分派", en: "assignment" },
  whole: { "zh-Hans": "整单", "zh-Hant": "整單", en: "the whole case" },
  eta: { "zh-Hans": "约好的新时间", "zh-Hant": "約好的新時間", en: "the new date" },
  report: { "zh-Hans": "报告", "zh-Hant": "報告", en: "report" },
  archive: { "zh-Hans": "归档", "zh-Hant": "歸檔", en: "archiving" },
  reply: { "zh-Hans": "回复客户", "zh-Hant": "回覆客戶", en: "reply" },
  answer: { "zh-Hans": "答复求助", "zh-Hant": "答覆求助", en: "answer" },
  review: { "zh-Hans": "抽查", "zh-Hant": "抽查", en: "review" },
}
const basisWords: Partial<Record<string, Words>> = {
  company: { "zh-Hans": "公司", "zh-Hant": "公司", en: "company" },
  platform: { "zh-Hans": "平台", "zh-Hant": "平台", en: "platform" },
  agreed: { "zh-Hans": "协商", "zh-Hant": "協商", en: "agreed" },
}
/** What a clock's step is called. */
export const sayClock = (clock: string, language: Language): string => clockWords[clock]?.[language] ?? clock
/** A standard as people name it: 发货，平台. */
export const sayStandard = (clock: string, basis: string, language: Language): string =>
  `${sayClock(clock, language)}${language === "en" ? ", " : "，"}${basisWords[basis]?.[language] ?? basis}`

const channelWords: Partial<Record<string, Words>> = {
  douyin: { "zh-Hans": "抖音", "zh-Hant": "抖音", en: "Douyin" },
  kuaishou: { "zh-Hans": "快手", "zh-Hant": "快手", en: "Kuaishou" },
  pinduoduo: { "zh-Hans": "拼多多", "zh-Hant": "拼多多", en: "Pinduoduo" },
  tmall: { "zh-Hans": "天猫", "zh-Hant": "天貓", en: "Tmall" },
  taobao: { "zh-Hans": "淘宝", "zh-Hant": "淘寶", en: "Taobao" },
  wechat_shop: { "zh-Hans": "微信小店", "zh-Hant": "微信小店", en: "WeChat shop" },
  xiaohongshu: { "zh-Hans": "小红书", "zh-Hant": "小紅書", en: "Xiaohongshu" },
  tiktok_shop: { "zh-Hans": "TikTok", "zh-Hant": "TikTok", en: "TikTok" },
  shopify: { "zh-Hans": "Shopify", "zh-Hant": "Shopify", en: "Shopify" },
  own: { "zh-Hans": "自营", "zh-Hant": "自營", en: "Own shop" },
}
/** What a channel is called. */
export const sayChannel = (channel: string, language: Language): string =>
  channelWords[channel]?.[language] ?? channel
/** A channel and shop, given as `channel/shop`. */
export function sayShop(key: string, language: Language): string {
  const [channel = "", ...shop] = key.split("/")
  return `${sayChannel(channel, language)} ${shop.join("/")}`
}

const moreWords: Record<Language, (n: number) => string> = {
  "zh-Hans": (n) => `等 ${n} 个`,
  "zh-Hant": (n) => `等 ${n} 個`,
  en: (n) => ` and ${n} in all`,
}
/** The first of many, and how many there are where not all are named. */
export const sayFirst = (first: readonly string[], of: number, language: Language): string =>
  first.length === 0
    ? ""
    : first.join(language === "en" ? ", " : "、") + (of > first.length ? moreWords[language](of) : "")

const signs: Partial<Record<string, string>> = {
  CNY: "¥",
  USD: "$",
  EUR: "€",
  GBP: "£",
  HKD: "HK$",
  TWD: "NT$",
}
/** Money in minor units: ¥1,240. */
export function sayMoney(minor: number | null, currency: string | null): string {
  if (minor === null || minor === 0 || currency === null) return ""
  return `${signs[currency] ?? `${currency} `}${Math.round(minor / 100).toLocaleString("en")}`
}

const spanWords: Record<Language, readonly [string, string, string]> = {
  "zh-Hans": ["10 分钟内", "30 分钟内", "1 小时内"],
  "zh-Hant": ["10 分鐘內", "30 分鐘內", "1 小時內"],
  en: ["within 10 min", "30 min", "1 h"],
}
/** Orders by the time that is left: 10 分钟内 6，30 分钟内 15; those of nothing are left out. */
export const saySpread = (within: readonly number[], language: Language): string =>
  within
    .flatMap((n, i) => (n > 0 ? [`${spanWords[language][i]} ${n}`] : []))
    .join(language === "en" ? ", " : "，")

const leftWords: Record<Language, [left: (text: string) => string, over: (text: string) => string]> = {
  "zh-Hans": [(text) => ` 还剩 ${text}`, (text) => ` 超 ${text}`],
  "zh-Hant": [(text) => ` 還剩 ${text}`, (text) => ` 超 ${text}`],
  en: [(text) => `, ${text} left`, (text) => `, ${text} over`],
}
/** An order by its last digits and its time: …743125 还剩 43:12, …835064 超 2 h 05. */
export function sayOrder(orderNo: string, dueAt: Instant, { at, language }: Reading): string {
  const [left, over] = leftWords[language]
  const span = countdown(Math.abs(dueAt - at))
  return `…${orderNo.slice(-6)}${dueAt >= at ? left(span) : over(span)}`
}

/** What the database answers of the orders of an alert. */
export type OrdersSummary = {
  count: number
  firstDueAt: Instant | null
  worstNo: string | null
  warehouses: string[]
  warehouseCount: number
  shops: string[]
  shopCount: number
  amount: number | null
  currency: string | null
  opened: number
  cause: string | null
  within: number[]
  channel: string | null
  dataAt: Instant | null
  carrier: string | null
}

/** The values of a card about orders. */
export function orderValues(
  summary: OrdersSummary,
  clock: { kind: string; basis: string },
  graceMs: number,
  reading: Reading,
): CardValues {
  const { language } = reading
  const { firstDueAt: due, worstNo } = summary
  const worst = due !== null && worstNo !== null ? sayOrder(worstNo, due, reading) : ""
  return {
    standard: sayStandard(clock.kind, clock.basis, language),
    count: summary.count.toLocaleString("en"),
    parcels: summary.count.toLocaleString("en"),
    warehouse: sayFirst(summary.warehouses, summary.warehouseCount, language),
    shop: sayFirst(
      summary.shops.map((each) => sayShop(each, language)),
      summary.shopCount,
      language,
    ),
    firstDue: sayValue(due === null ? null : { at: due }, reading),
    worst,
    worstOver: worst,
    spread: saySpread(summary.within, language),
    atRisk: sayMoney(summary.amount, summary.currency),
    opened: summary.opened > 0 ? summary.opened.toLocaleString("en") : "",
    channel: summary.channel === null ? "" : sayChannel(summary.channel, language),
    dataAt: sayValue(summary.dataAt === null ? null : { at: summary.dataAt }, reading),
    graceUntil: sayValue(due === null ? null : { at: due + graceMs }, reading),
    carrier: summary.carrier ?? "",
  }
}

/** The values of a card about a step of a case, or of several: the one that is due first, and how many there are. */
export function stepValues(
  steps: { count: number; firstDueAt: Instant | null; number: string; cause: string; owner: string },
  clock: string,
  reading: Reading,
): CardValues {
  const { at, language } = reading
  const due = steps.firstDueAt ?? at
  return {
    count: steps.count.toLocaleString("en"),
    caseNo: sayFirst([steps.number], steps.count, language),
    owed: sayClock(clock, language),
    owner: steps.owner,
    due: sayValue({ at: due }, reading),
    left: due > at ? countdown(due - at) : "",
    overBy: due < at ? countdown(at - due) : "",
    cause: steps.cause,
  }
}

const nobodyWords: Words = { "zh-Hans": "没人接", "zh-Hant": "沒人接", en: "nobody yet" }
/** Who took something, or that nobody did. */
export const sayTaker = (name: string | null, language: Language): string => name ?? nobodyWords[language]
