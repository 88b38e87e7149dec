import { causeOf } from "../core/causes.ts"
import type { Instant } from "../core/instants.ts"
import type { JsonObject } from "../core/json.ts"
import { type Rendered, renderNotice } from "../core/notices.ts"
import { Refusal } from "../core/refusals.ts"
import { sayDate } from "../core/saying.ts"
import type { Language } from "../core/words.ts"
import { type CasePlace, casesBreached } from "../store/evidence.ts"
import { caseNumber, newId } from "../store/keys.ts"
import { draftNotices, noticesOf, type StoredNotice, supersedeNotices, tellNotice } from "../store/notices.ts"
import { findCompany } from "../store/people.ts"
import { casesReported } from "../store/reports.ts"
import type { Session } from "../store/statement.ts"
import { partOf } from "./parts.ts"

/** What is told about a case: which message, with what only the moment knows. */
export type Telling = {
  template: string
  newDate?: Instant | null
  replyBy?: Instant | null
  agent?: string | null
  language?: Language | undefined
  more?: Record<string, string>
}

const defaultZone = "Asia/Shanghai"
/** Channels whose customers read English. */
const english = new Set(["tiktok_shop", "shopify"])
const text = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null)

/** Makes a message to the customer of a case, in the customer's language, without keeping it. */
export async function composeNotice(
  session: Session,
  place: CasePlace,
  telling: Telling,
): Promise<Rendered & { language: Language; orderId: string }> {
  const { part: content } = await partOf(session, "notices")
  if (!content.notices.some(({ code }) => code === telling.template))
    throw new Refusal("not_found", "There is no such message.")
  const [own] = await casesReported(session, [place])
  const [breached] = await casesBreached(session, [place])
  if (!own || !breached) throw new Refusal("not_found", "There is no case of this number.")
  const company = await findCompany(session)
  const zone = company?.timezone ?? defaultZone
  const language = telling.language ?? languageOf(own.details, own.channel, company?.language)
  const { part: taxonomy } = await partOf(session, "causes")
  const reason = causeOf(taxonomy, own.cause)?.customerReason ?? taxonomy.fallback.customerReason
  const items = Array.isArray(own.details.items) ? (own.details.items as JsonObject[]) : []
  const date = (at: Instant | null | undefined): string | null =>
    at == null ? null : sayDate(at, zone, language)
  const promised =
    typeof own.details.promisedShipAt === "number" ? own.details.promisedShipAt : breached.dueAt
  const values = {
    shop: own.shop,
    goods: goodsOf(items, language),
    orderTail: own.orderNo.slice(-6),
    promiseDate: date(promised),
    newDate: date(telling.newDate),
    replyBy: date(telling.replyBy),
    reason: reason[language],
    carrier: text(own.details.carrier),
    trackingNo: text(own.details.trackingNo),
    agent: telling.agent ?? own.shop,
    ...telling.more,
  }
  return { ...renderNotice(content, telling.template, values, language), language, orderId: own.orderId }
}

/** The language in which a customer is addressed: their own where it was told, that of the channel's readers, the company's. */
function languageOf(details: JsonObject, channel: string, company: string | undefined): Language {
  const told = text((details.buyer as JsonObject | undefined)?.language)
  if (told?.startsWith("en")) return "en"
  if (told && /hant|tw|hk/i.test(told)) return "zh-Hant"
  if (told?.startsWith("zh")) return "zh-Hans"
  if (english.has(channel)) return "en"
  return company === "en" || company === "zh-Hant" ? company : "zh-Hans"
}

function goodsOf(items: readonly JsonObject[], language: Language): string {
  const name = text(items[0]?.name) ?? { "zh-Hans": "商品", "zh-Hant": "商品", en: "goods" }[language]
  if (items.length < 2) return name
  return language === "en" ? `${name} and ${items.length - 1} more` : `${name}等 ${items.length} 件`
}

/** Drafts what a customer has to be told of a fact; the same fact again changes the draft, never what was told. Drafts that it takes the place of are set aside. */
export async function draftNotice(
  tx: Session,
  place: CasePlace,
  fact: string,
  telling: Telling,
  at: Instant,
): Promise<StoredNotice> {
  const { part: content } = await partOf(tx, "notices")
  const made = await composeNotice(tx, place, telling)
  const notice: StoredNotice = {
    bucket: place.bucket,
    fact: `${caseNumber(place.n, place.bucket)}:${fact}`,
    id: newId(at),
    caseN: place.n,
    orderId: made.orderId,
    template: telling.template,
    language: made.language,
    texts: { ...made.texts, caution: made.caution },
    state: "drafted",
    draftedAt: at,
    draftedBy: telling.agent ?? null,
    toldAt: null,
    toldBy: null,
    channel: null,
    text: null,
    error: null,
  }
  const supersedes = content.notices.find(({ code }) => code === telling.template)?.supersedes ?? []
  await supersedeNotices(tx, place, [...supersedes, telling.template], notice.fact)
  await draftNotices(tx, [notice])
  return (await noticesOf(tx, [place])).find((each) => each.fact === notice.fact) ?? notice
}

/** The message that a date given asks for: a first one, or one that says the last was missed. */
export const draftForDate = (
  tx: Session,
  place: CasePlace,
  { etaAt, missed, by }: { etaAt: Instant; missed: boolean; by: string | null },
  at: Instant,
): Promise<StoredNotice> =>
  draftNotice(
    tx,
    place,
    `eta:${etaAt}`,
    { template: missed ? "date_missed_again" : "delay_new_date", newDate: etaAt, agent: by },
    at,
  )

/** Writes down that the customer of a case was told, with the words; the newest draft is what was told, where there is one. */
export async function markTold(
  tx: Session,
  place: CasePlace,
  { how, text: said, by }: { how: string; text: string; by: string | null },
  at: Instant,
): Promise<void> {
  const draft = (await noticesOf(tx, [place])).findLast(
    ({ state }) => state === "drafted" || state === "failed",
  )
  if (draft) await tellNotice(tx, draft, { at, by, channel: how, text: said })
}

/** What an act of a case means for what its customer is told: a date given drafts the message, words told mark it. */
export async function tellByAct(
  tx: Session,
  own: CasePlace & { etaAt: Instant | null },
  act: {
    act: string
    etaAt?: Instant | undefined
    solved?: boolean | undefined
    how?: string
    text?: string | undefined
  },
  by: string,
  at: Instant,
): Promise<void> {
  const place = { bucket: own.bucket, n: own.n }
  if (act.act === "plan" && act.etaAt !== undefined && !act.solved)
    await draftForDate(tx, place, { etaAt: act.etaAt, missed: own.etaAt !== null && own.etaAt <= at, by }, at)
  if (act.act === "told") await markTold(tx, place, { how: act.how ?? "chat", text: act.text ?? "", by }, at)
}
