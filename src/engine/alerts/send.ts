import { type Card, makeCard } from "../../core/alerts/card.ts"
import { quietUntil } from "../../core/alerts/quiet.ts"
import {
  backOffMs,
  isRush,
  nextPostAt,
  postsLeft,
  stillCounted,
  triesMax,
  type Verdict,
} from "../../core/alerts/robots.ts"
import type { Reading } from "../../core/alerts/values.ts"
import type { Instant } from "../../core/instants.ts"
import { type Alert, findAlert } from "../../store/alerts.ts"
import { transaction } from "../../store/database.ts"
import {
  addDelivery,
  beginSending,
  type Delivery,
  failedLately,
  listDue,
  noteSentInstead,
  putAside,
  settleSending,
} from "../../store/deliveries.ts"
import { claimRobot, notePosts, type Robot, restRobot, robotsFor } from "../../store/robots.ts"
import { listHolders } from "../../store/staffNames.ts"
import type { Session } from "../../store/statement.ts"
import { openMailServer } from "../mail.ts"
import type { EngineWorld } from "../world.ts"
import { tellStaff } from "./bell.ts"
import { compose } from "./compose.ts"
import { templates } from "./content.ts"
import { postMail, postToRobot } from "./post.ts"
import { readingOf } from "./settings.ts"

/** A sending that has not ended after this counts as lost with its process, and is sent again. */
const lostAfterMs = 60_000

/** A robot that fails rings once in this span, not at every message. */
const failingAgainMs = 60 * 60_000

/** One message on its way: which sendings it stands for, what it says, how often it was tried before. */
type Message = {
  robot: Robot
  ids: string[]
  says: { id: string; alert: string; said: string }[]
  card: Card
  tries: number
}

/**
 * Sends what is due, a message a robot at a time, until nothing more may leave now; answers how many messages left. The limit of a
 * robot is kept in its row, so any number of processes share it. A message that is killed between its post and its note is sent
 * again: at least once, with the same key.
 */
export async function sendDue(world: EngineWorld): Promise<number> {
  const aside: string[] = []
  let sent = 0
  for (;;) {
    const next = await transaction(world.db, (tx) => pick(world, tx, aside))
    if (next === null) return sent
    if (next === "later") continue
    const begunAt = await world.instant(world.db.pool)
    await settle(world, next, await carry(world, next, begunAt), begunAt)
    sent += 1
    world.changed({ alerts: true })
  }
}

/** Chooses the next message and marks it as under way; null: there is nothing to send, "later": this one may not now. */
async function pick(world: EngineWorld, tx: Session, aside: string[]): Promise<Message | "later" | null> {
  const at = await world.instant(tx)
  const robot = await claimRobot(tx, at, aside)
  if (!robot) return null
  aside.push(robot.id)
  const reading = await readingOf(world, tx, at)
  const due = await listDue(tx, robot.id, at)
  const waiting = await rousable(tx, robot, due, reading)
  if (waiting.length === 0) return "later"
  const posted = stillCounted(robot.kind, robot.posted, at)
  const until = nextPostAt(robot.kind, posted, at)
  if (until > at) {
    await putAside(
      tx,
      waiting.map(({ id }) => id),
      "waiting",
      until,
    )
    return "later"
  }
  const message = await gather(world, tx, robot, waiting, postsLeft(robot.kind, posted, at), reading)
  if (message === null) {
    aside.pop()
    return "later"
  }
  await beginSending(tx, message.says, at, at + lostAfterMs)
  await notePosts(tx, robot.id, [...posted, at])
  // A robot with more to say comes again in this round.
  aside.pop()
  return message
}

/** What of the due may be said now: in quiet hours and at full hours only what is urgent, the rest waits. */
async function rousable(
  tx: Session,
  robot: Robot,
  due: readonly Delivery[],
  { at, zone }: Reading,
): Promise<Delivery[]> {
  const quiet = robot.quietFrom && robot.quietTo ? { from: robot.quietFrom, to: robot.quietTo } : null
  const until =
    quietUntil(quiet, at, zone) ?? (isRush(robot.kind, at) ? (Math.floor(at / 60_000) + 1) * 60_000 : null)
  if (until === null) return [...due]
  const calm = due.filter(({ urgent }) => !urgent)
  if (calm.length > 0)
    await putAside(
      tx,
      calm.map(({ id }) => id),
      "waiting",
      until,
    )
  return due.filter(({ urgent }) => urgent)
}

/** The first of the waiting as a message; where more wait than may leave, all of them as one card. What has nothing left to say is dropped. */
async function gather(
  world: EngineWorld,
  tx: Session,
  robot: Robot,
  waiting: readonly Delivery[],
  left: number,
  reading: Reading,
): Promise<Message | null> {
  const wanted = waiting.length > left ? waiting : waiting.slice(0, 1)
  const told: { delivery: Delivery; card: Card }[] = []
  for (const delivery of wanted) {
    const alert = await findAlert(tx, delivery.alert)
    const composed = alert ? await compose(world, tx, alert, robot.warehouses, reading) : null
    if (composed === null) await putAside(tx, [delivery.id], "dropped", null)
    else told.push({ delivery, card: composed.say(reading.language) })
  }
  const [first] = told
  if (!first) return null
  return {
    robot,
    ids: told.map(({ delivery }) => delivery.id),
    says: told.map(({ delivery, card }) => ({ id: delivery.id, alert: delivery.alert, said: card.phone })),
    card:
      told.length === 1
        ? first.card
        : gathered(
            world,
            told.map(({ card }) => card),
            reading,
          ),
    tries: first.delivery.tries,
  }
}

/** Several cards as one, a line each. */
function gathered(world: EngineWorld, cards: readonly Card[], { language }: Reading): Card {
  return makeCard(
    templates.get("gathered")!,
    {
      count: String(cards.length),
      lines: cards
        .slice(0, 10)
        .map(({ phone }) => phone)
        .join("\n"),
    },
    { open: `${world.outside.url}/warnings` },
    language,
  )
}

async function carry(world: EngineWorld, message: Message, at: Instant): Promise<Verdict> {
  const { robot, card, ids } = message
  const key = ids[0]!
  const address = world.secrets.open(robot.address, `robots.address ${robot.id}`).toString("utf8")
  if (robot.kind === "mail") {
    const server = await openMailServer(world, world.db.pool)
    if (server === null)
      return { how: "refused", why: "form", code: "mail", message: "no mail server is named" }
    return postMail(server, address, card, key)
  }
  const secret =
    robot.secret === null
      ? null
      : world.secrets.open(robot.secret, `robots.secret ${robot.id}`).toString("utf8")
  const { kind, keyword } = robot
  return postToRobot({ kind, address, secret, keyword }, card, key, at, world.outside.alertHosts)
}

/** Writes how a message ended. One that is given up goes to operations instead, and rings their bell. */
async function settle(
  world: EngineWorld,
  message: Message,
  verdict: Verdict,
  begunAt: Instant,
): Promise<void> {
  const { robot, ids, tries } = message
  const first = ids[0]!
  const told = await transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const tookMs = at - begunAt
    if (verdict.how === "sent") {
      await settleSending(tx, first, { state: "sent", sentAt: at, tookMs })
      return []
    }
    const { code, message: says } = verdict
    if (verdict.how === "busy") {
      const dueAt = at + verdict.restMs
      await restRobot(tx, robot.id, dueAt)
      await settleSending(tx, first, { state: "waiting", dueAt, tookMs, why: "busy", code, message: says })
      return []
    }
    if (verdict.how === "again" && tries + 1 < triesMax) {
      const dueAt = at + backOffMs(tries + 1)
      await settleSending(tx, first, {
        state: "waiting",
        dueAt,
        tookMs,
        why: verdict.why,
        code,
        message: says,
      })
      return []
    }
    await settleSending(tx, first, { state: "dead", tookMs, why: verdict.why, code, message: says })
    return bury(tx, message, verdict, at)
  })
  if (told.length > 0) world.changed({ staff: told })
}

/** Each alert of a dead message is said by operations' robots instead where there are others, and operations hears that a robot fails. */
async function bury(
  tx: Session,
  { robot, ids, says }: Message,
  verdict: Exclude<Verdict, { how: "sent" | "busy" }>,
  at: Instant,
): Promise<string[]> {
  const [other] = (await robotsFor(tx, ["operations"], "over")).filter(({ id }) => id !== robot.id)
  if (other)
    for (const { alert, said } of says) {
      if (!(await isWorthRepeating(tx, alert))) continue
      await addDelivery(tx, { alert, robot: other.id, said, urgent: true, dueAt: at }, at)
      await noteSentInstead(tx, ids[0]!, other.id)
    }
  if (await failedLately(tx, robot.id, ids[0]!, at - failingAgainMs)) return []
  const people = await listHolders(tx, ["operations", "owner"], at)
  await tellStaff(
    tx,
    people,
    {
      kind: "robot_failing",
      data: { robot: robot.name, why: verdict.why, code: verdict.code },
      link: "/settings/alerts?show=dead",
    },
    at,
  )
  return people
}

const isWorthRepeating = async (tx: Session, id: string): Promise<boolean> => {
  const alert: Alert | undefined = await findAlert(tx, id)
  return alert !== undefined && alert.code !== "test" && alert.code !== "morning_digest"
}
