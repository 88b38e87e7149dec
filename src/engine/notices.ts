import { causeOf } from "../core/causes.ts"
import type { Instant } from "../core/instants.ts"
import type { JsonObject } from "../core/json.ts"
import { type Rendered, renderNotice } from "../core/notices.ts"
import { Refusal } from "../core/refusals.ts"
import { sayDate } from "../core/saying.ts"
import type { Language, Words } from "../core/words.ts"
import { listClocks } from "../store/clocks.ts"
import { type CasePlace, casesBreached } from "../store/evidence.ts"
import { caseNumber, newId } from "../store/keys.ts"
import {
  draftNotices,
  noticesOf,
  type StoredNotice,
  supersedeNotices,
  tellNotices,
} from "../store/notices.ts"
import { findCompany } from "../store/people.ts"
import { type CaseReported, casesReported } from "../store/reports.ts"
import type { Session } from "../store/statement.ts"
import { queueNotices } from "./gateway/send.ts"
import { partOf } from "./parts.ts"
import type { EngineWorld } from "./world.ts"

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
export async function composeNotice(session: Session, place: CasePlace, telling: Telling): Promise<Composed> {
  const [made] = await composeNotices(session, [{ place, telling }])
  if (made === undefined) throw new Refusal("not_found", "There is no case of this number.")
  return made
}

type Composed = Rendered & { place: CasePlace; telling: Telling; language: Language; orderId: string }

/** Makes messages to the customers of many cases, each in their own language; what is no case is left out. */
async function composeNotices(
  session: Session,
  wanted: readonly { place: CasePlace; telling: Telling }[],
): Promise<Composed[]> {
  const { part: content } = await partOf(session, "notices")
  if (wanted.some(({ telling }) => !content.notices.some(({ code }) => code === telling.template)))
    throw new Refusal("not_found", "There is no such message.")
  const places = wanted.map(({ place }) => place)
  const cases = byNumber(await casesReported(session, places))
  const breaches = byNumber(await casesBreached(session, places))
  const clocks = await listClocks(
    session,
    [...cases.values()].map(({ bucket, orderId }) => ({ bucket, id: orderId })),
  )
  const company = await findCompany(session)
  const { part: taxonomy } = await partOf(session, "causes")
  return wanted.flatMap(({ place, telling }) => {
    const own = cases.get(caseNumber(place.n, place.bucket))
    const breached = breaches.get(caseNumber(place.n, place.bucket))
    if (!own || !breached) return []
    const language = telling.language ?? languageOf(own.details, own.channel, company?.language)
    // What was promised is that it ships, also where its preparing alone is late.
    const ship = clocks
      .get(own.orderId)
      ?.find(({ kind, basis, gone }) => kind === "ship" && basis === "company" && !gone)
    const values = valuesOf(own, ship?.dueAt ?? breached.dueAt, telling, {
      language,
      zone: company?.timezone ?? defaultZone,
      reason: causeOf(taxonomy, own.cause)?.customerReason ?? taxonomy.fallback.customerReason,
    })
    const made = renderNotice(content, telling.template, values, language)
    return [{ ...made, place, telling, language, orderId: own.orderId }]
  })
}

const byNumber = <Row extends CasePlace>(rows: readonly Row[]): Map<string, Row> =>
  new Map(rows.map((row) => [caseNumber(row.n, row.bucket), row]))

/** What the blanks of a message are filled with. */
function valuesOf(
  own: CaseReported,
  dueAt: Instant,
  telling: Telling,
  { language, zone, reason }: { language: Language; zone: string; reason: Words },
) {
  const items = Array.isArray(own.details.items) ? (own.details.items as JsonObject[]) : []
  const date = (at: Instant | null | undefined): string | null =>
    at == null ? null : sayDate(at, zone, language)
  const promised = typeof own.details.promisedShipAt === "number" ? own.details.promisedShipAt : dueAt
  return {
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
  world: EngineWorld,
  tx: Session,
  place: CasePlace,
  fact: string,
  telling: Telling,
  at: Instant,
): Promise<StoredNotice> {
  const [notice] = await draftAll(world, tx, [{ place, fact, telling }], at)
  if (notice === undefined) throw new Refusal("not_found", "There is no case of this number.")
  return (await noticesOf(tx, [place])).find((each) => each.fact === notice.fact) ?? notice
}

/** The same for many cases at once. What the policy says leaves by itself. */
async function draftAll(
  world: EngineWorld,
  tx: Session,
  wanted: readonly { place: CasePlace; fact: string; telling: Telling }[],
  at: Instant,
): Promise<StoredNotice[]> {
  if (wanted.length === 0) return []
  const { part: content } = await partOf(tx, "notices")
  const facts = new Map(wanted.map(({ place, fact }) => [place, fact]))
  const drafted = (await composeNotices(tx, wanted)).map(
    ({ place, telling, language, orderId, texts, caution }): StoredNotice => ({
      bucket: place.bucket,
      fact: `${caseNumber(place.n, place.bucket)}:${facts.get(place)!}`,
      id: newId(at),
      caseN: place.n,
      orderId,
      template: telling.template,
      language,
      texts: { ...texts, caution },
      state: "drafted",
      draftedAt: at,
      draftedBy: telling.agent ?? null,
      toldAt: null,
      toldBy: null,
      channel: null,
      text: null,
      error: null,
    }),
  )
  for (const template of new Set(drafted.map((each) => each.template))) {
    const others = content.notices.find(({ code }) => code === template)?.supersedes ?? []
    const own = drafted.filter((each) => each.template === template)
    await supersedeNotices(tx, own, [...others, template])
  }
  await draftNotices(tx, drafted)
  await queueNotices(world, tx, drafted, at)
  return drafted
}

/** An act of a case, as far as its customer hears of it; `own` is the case as it was before. */
export type Heard = {
  own: CasePlace & { state: string; etaAt: Instant | null }
  act: {
    act: string
    etaAt?: Instant | undefined
    solved?: boolean | undefined
    how?: string
    text?: string | undefined
  }
}

/** What acts of cases mean for what their customers are told: a date given drafts the message, or the one that says the last date was missed; words told mark the newest draft, where there is one. */
export async function tellByActs(
  world: EngineWorld,
  tx: Session,
  heard: readonly Heard[],
  by: string,
  at: Instant,
): Promise<void> {
  await draftAll(
    world,
    tx,
    heard.flatMap(({ own, act: { act, etaAt, solved } }) => {
      if (act !== "plan" || etaAt === undefined || solved) return []
      // The date of a case that was solved in between was kept, or is no longer what is spoken of.
      const missed = own.state === "planned" && own.etaAt !== null && own.etaAt < at
      const template = missed ? "date_missed_again" : "delay_new_date"
      const place = { bucket: own.bucket, n: own.n }
      return [{ place, fact: `eta:${etaAt}`, telling: { template, newDate: etaAt, agent: by } }]
    }),
    at,
  )
  const told = heard.filter(({ act }) => act.act === "told")
  if (told.length === 0) return
  const notices = await noticesOf(
    tx,
    told.map(({ own }) => own),
  )
  await tellNotices(
    tx,
    told.flatMap(({ own, act: { how = "chat", text: said = "" } }) => {
      const draft = notices.findLast(
        ({ bucket, caseN, state }) =>
          bucket === own.bucket && caseN === own.n && (state === "drafted" || state === "failed"),
      )
      return draft ? [{ bucket: draft.bucket, fact: draft.fact, channel: how, text: said }] : []
    }),
    by,
    at,
  )
}
