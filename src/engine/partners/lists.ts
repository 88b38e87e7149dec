import { exact, sayDate, wallOf } from "../../core/dates.ts"
import type { Instant } from "../../core/instants.ts"
import { localDay } from "../../core/reports.ts"
import { transaction } from "../../store/database.ts"
import { listPartners, type Partner } from "../../store/directory.ts"
import { addPartnerList, listsOfDay, noteMailed, queuePartnerList } from "../../store/partnerLists.ts"
import { makePartnerLink, ordersToShip, type PartnerOrder, partnersOf } from "../../store/partners.ts"
import { findCompany } from "../../store/people.ts"
import type { Session } from "../../store/statement.ts"
import { readingOf } from "../alerts/settings.ts"
import { queue } from "../jobs.ts"
import { openMailServer, sendMail } from "../mail.ts"
import type { EngineWorld } from "../world.ts"
import { letterWords } from "./words.ts"

const dayMs = 24 * 60 * 60_000
/** Orders paid longer ago than this are no partner's work any more. */
const backDays = 60
const ordersMax = 2000
/** The hour of the company's day from which lists go out. */
const fromHour = 7
/** A link in a mail opens this long, days: the next list brings another one. */
const mailedLinkDays = 3
/** The most orders that a mail lists by name; the page has all. */
const listedMax = 100

/** A list on its way to a partner. */
export const listQueue = queue<{ partner: string; day: string }>("partners.list", {
  retries: 6,
  retryAfterSeconds: 60,
})

/** The company's zone. */
export const zoneOf = async (session: Session): Promise<string> =>
  (await findCompany(session))?.timezone ?? "Asia/Shanghai"

/** Notes that a partner's list of the day was made. */
export async function keepList(
  tx: Session,
  partner: Pick<Partner, "id">,
  orders: number,
  at: Instant,
): Promise<void> {
  await addPartnerList(tx, { partner: partner.id, day: localDay(at, await zoneOf(tx)), orders, madeAt: at })
}

/** Where a partner's mail goes: the first contact that has an address. */
export const mailOf = ({ contacts }: Pick<Partner, "contacts">): string | null =>
  contacts.find(({ email }) => email !== "")?.email ?? null

/** Makes the list of the day of every partner that has orders, and from the morning on sends it where there is a mail server and an address; called again and again. */
export const makeLists = (world: EngineWorld): Promise<number> =>
  transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const zone = await zoneOf(tx)
    const day = localDay(at, zone)
    const goesOut = wallOf(at, zone).hour >= fromHour && (await openMailServer(world, tx)) !== null
    let made = 0
    for (const partner of await partnersOf(tx)) {
      if (partner.closedAt !== null) continue
      const orders = await ordersToShip(tx, [partner.id, partner.name], at - backDays * dayMs, ordersMax)
      if (orders.length === 0) continue
      await keepList(tx, partner, orders.length, at)
      made += 1
      if (!goesOut || mailOf(partner) === null) continue
      if (await queuePartnerList(tx, partner.id, day, at))
        await world.jobs.send(tx, listQueue, { partner: partner.id, day }, { key: `${partner.id} ${day}` })
    }
    return made
  })

/** Sends a partner its list of a day with a link that opens for some days; what was sent is not sent again. A mail server that stumbles is asked again. */
export async function sendList(
  world: EngineWorld,
  { partner: id, day }: { partner: string; day: string },
): Promise<void> {
  const { pool } = world.db
  const list = (await listsOfDay(pool, day)).find(({ partner }) => partner === id)
  const partner = (await listPartners(pool)).find((each) => each.id === id)
  const server = await openMailServer(world, pool)
  const to = partner ? mailOf(partner) : null
  if (!list || list.mailedAt !== null || !partner || partner.closedAt !== null || !server || to === null)
    return
  const at = await world.instant(pool)
  const orders = await ordersToShip(pool, [partner.id, partner.name], at - backDays * dayMs, ordersMax)
  if (orders.length === 0) return
  const by = { who: "daily list", at, expiresAt: at + mailedLinkDays * dayMs, daily: true }
  const { token } = await transaction(world.db, (tx) => makePartnerLink(tx, partner.id, by))
  const { zone, language } = await readingOf(world, pool, at)
  const words = letterWords[language]
  const company = (await findCompany(pool))?.name ?? ""
  const verdict = await sendMail(server, {
    to,
    subject: words.listSubject(company, sayDate(at, at, { language, zone }), orders.length),
    text: [
      words.listOpens(orders.length),
      `${world.outside.url}/partner/${token}`,
      "",
      ...orders.slice(0, listedMax).map((order) => lineOf(order, zone)),
      ...(orders.length > listedMax ? ["…"] : []),
      "",
      words.once,
    ].join("\n"),
    key: `list-${id}-${day}`,
  })
  const sent = verdict.how === "sent"
  await noteMailed(pool, {
    partner: id,
    day,
    mailedTo: to,
    mailedAt: sent ? at : null,
    error: sent ? null : verdict.message,
  })
  if (verdict.how === "again") throw new Error(`the list could not be sent yet: ${verdict.message}`)
}

/** An order as a line of a mail: until when, what, how many, where to (the region alone). */
function lineOf({ orderNo, dueAt, items, province, city }: PartnerOrder, zone: string): string {
  const goods = (items ?? []).map(({ name, sku, quantity }) => `${name ?? sku ?? "–"} ×${quantity ?? 1}`)
  const due = dueAt === null ? "–" : exact(dueAt, zone)
  return [due, orderNo, goods.join("、"), [province, city].filter(Boolean).join(" ")].join("  ")
}
