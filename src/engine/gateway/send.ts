import { quietUntil } from "../../core/alerts/quiet.ts"
import { policyFor } from "../../core/compiledPolicy.ts"
import type { Instant } from "../../core/instants.ts"
import { wholePhone } from "../../core/masking.ts"
import { hasBlanks } from "../../core/notices.ts"
import { transaction } from "../../store/database.ts"
import { latestReceiver } from "../../store/events.ts"
import { caseNumber, orderPlace } from "../../store/keys.ts"
import {
  failNotice,
  findNotice,
  holdNotice,
  noticesOf,
  type StoredNotice,
  tellNotices,
} from "../../store/notices.ts"
import { findOrder } from "../../store/orders.ts"
import type { Session } from "../../store/statement.ts"
import { isTrialRun } from "../../store/trialRun.ts"
import { readingOf } from "../alerts/settings.ts"
import { type CaseDesk, workOn } from "../cases/desk.ts"
import { type CaseFile, remark } from "../cases/file.ts"
import { queue } from "../jobs.ts"
import { partOf } from "../parts.ts"
import { openReceiver } from "../telling.ts"
import type { EngineWorld } from "../world.ts"
import { type Message, postMessage } from "./post.ts"
import { findGateway, openGateway } from "./settings.ts"

/** A message on its way to a customer; the job carries where it lies, never what it says or to whom. */
type Way = { bucket: number; id: string }
/** Messages that leave by themselves: seven tries over about a quarter of an hour. */
export const noticeQueue = queue<Way>("notices.send", { retries: 6, retryAfterSeconds: 15 })

/** How long a draft can be taken back before it leaves. */
const graceMs = 60_000
/** Customers are not woken, in the company's time. */
const night = { from: "21:00", to: "08:00" }

/** Queues those of some drafts that the policy in force lets leave by themselves. */
export async function queueNotices(
  world: EngineWorld,
  tx: Session,
  drafts: readonly StoredNotice[],
  at: Instant,
): Promise<void> {
  // In a trial run no customer hears of what is only tried.
  if (drafts.length === 0 || (await findGateway(tx)) === null || (await isTrialRun(tx))) return
  const book = await world.ruleBook(tx)
  const auto = policyFor(book.rules(book.settings).policies, at, null)?.autoNotices ?? []
  const wanted = drafts.filter(({ template }) => auto.includes(template))
  if (wanted.length === 0) return
  const facts = new Set(wanted.map(({ fact }) => fact))
  const places = wanted.map(({ bucket, caseN }) => ({ bucket, n: caseN! }))
  // Read again: a draft that was there before keeps its id.
  for (const { bucket, id, fact, state } of await noticesOf(tx, places))
    if (facts.has(fact) && state === "drafted")
      await world.jobs.send(tx, noticeQueue, { bucket, id }, { key: id, at: at + graceMs })
}

/**
 * Sends a message by itself and notes that the customer was told, which stops the clock. One that was told, superseded or taken
 * back meanwhile, or whose customer has no phone, is left as it is. Throws where the gateway did not take it, to be tried again.
 */
export async function sendNotice(world: EngineWorld, way: Way): Promise<void> {
  const { pool } = world.db
  const notice = await findNotice(pool, way.bucket, way.id)
  if (notice === null || notice.caseN === null) return
  const number = caseNumber(notice.caseN, way.bucket)
  const gateway = await openGateway(world, pool)
  if (gateway === null) return
  const message = await atCase(world, number, way, (tx, desk) => compose(world, tx, desk, number, way))
  if (message === null) return
  const answer = await postMessage(gateway, message, await world.instant(pool))
  if (answer.sent) {
    const { messageId } = answer
    await atCase(world, number, way, (tx, desk) => settle(tx, desk, number, message, { way, messageId }))
    return
  }
  await transaction(world.db, (tx) => failNotice(tx, way, answer.why))
  world.changed({ cases: [number] })
  throw new Error(`the gateway did not take the message: ${answer.why}`)
}

/** Works on a case under its lock, as the engine. */
const atCase = <Result>(
  world: EngineWorld,
  number: string,
  { id }: Way,
  act: (tx: Session, desk: CaseDesk) => Promise<Result>,
): Promise<Result> =>
  workOn(world, [{ number }], act, {
    who: "engine",
    what: "case.told",
    after: { how: "notice", notice: id },
    batch: () => id,
  })

/** What leaves now; null: nothing, or not yet. */
async function compose(
  world: EngineWorld,
  tx: Session,
  { at, find }: CaseDesk,
  number: string,
  way: Way,
): Promise<Message | null> {
  const file = find(number)
  const notice = await holdNotice(tx, way)
  if (file === undefined || notice === null || !stands(notice, file)) return null
  const place = { bucket: way.bucket, id: notice.orderId }
  const text = notice.texts.sms
  const order = await findOrder(tx, place)
  const sealed = await latestReceiver(tx, place)
  if (order === undefined || sealed === null || hasBlanks(text)) return null
  const phone = wholePhone(openReceiver(world.secrets, orderPlace(order), sealed).phone)
  if (phone === null) return null
  const until = await nightUntil(world, tx, notice, file, at)
  if (until !== null) {
    await world.jobs.send(tx, noticeQueue, way, { key: way.id, at: until })
    return null
  }
  const { template, language } = notice
  const { channel, shop, orderNo } = order
  return { id: way.id, template, language, text, channel, shop, orderNo, phone }
}

/** Whether a message still has to be told: nobody told it, and the date in it is the one that holds. */
function stands({ state, fact }: StoredNotice, { own }: CaseFile): boolean {
  if (state !== "drafted" && state !== "failed") return false
  const eta = etaOf(fact)
  return eta === null ? own.state !== "archived" : own.state === "planned" && own.etaAt === eta
}

/** The date that a message is about. */
const etaOf = (fact: string): Instant | null => {
  const [, eta] = /:eta:(\d+)$/.exec(fact) ?? []
  return eta === undefined ? null : Number(eta)
}

/** Until when a message waits for the morning: not where its clock would be missed by that, nor where its content says that it does not wait. */
async function nightUntil(
  world: EngineWorld,
  tx: Session,
  { template }: StoredNotice,
  { rows }: CaseFile,
  at: Instant,
): Promise<Instant | null> {
  const { part } = await partOf(tx, "notices")
  if (!part.notices.find(({ code }) => code === template)?.respectsQuietHours) return null
  const until = quietUntil(night, at, (await readingOf(world, tx, at)).zone)
  const wouldMiss = ({ kind, state, dueAt }: CaseFile["rows"][number]) =>
    kind === "tell" && state !== "closed" && dueAt !== null && at <= dueAt && dueAt <= until!
  return until === null || rows.some(wouldMiss) ? null : until
}

/** Notes that the customer was told; a repetition of what was noted changes nothing. */
async function settle(
  tx: Session,
  desk: CaseDesk,
  number: string,
  { text }: Message,
  { way, messageId }: { way: Way; messageId: string | null },
): Promise<void> {
  const notice = await holdNotice(tx, way)
  if (notice === null || (notice.state === "told" && notice.toldBy === null)) return
  await tellNotices(tx, [{ bucket: way.bucket, fact: notice.fact, channel: "notice", text }], null, desk.at)
  const data = { how: "notice", text, etaAt: etaOf(notice.fact), auto: true, notice: way.id, messageId }
  remark(desk.file(number), [{ what: "told", who: null, data: { ...data, by: null } }], desk.at)
}
