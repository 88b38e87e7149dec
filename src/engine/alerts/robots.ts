import { maskAddress, type RobotKind } from "../../core/alerts/robots.ts"
import type { Instant } from "../../core/instants.ts"
import { canonical } from "../../core/json.ts"
import { Refusal } from "../../core/refusals.ts"
import { inEvery } from "../../core/words.ts"
import { addAlert, listUnheard, noteSpoken } from "../../store/alerts.ts"
import { note } from "../../store/audit.ts"
import { transaction } from "../../store/database.ts"
import { addDelivery, type Delivery, findDelivery, reviveDelivery } from "../../store/deliveries.ts"
import { newId } from "../../store/keys.ts"
import { dropRobot, findRobot, holdRobots, listRobots, type Robot, saveRobot } from "../../store/robots.ts"
import { saveSetting } from "../../store/settings.ts"
import type { Session } from "../../store/statement.ts"
import { isTrialRun } from "../../store/trialRun.ts"
import type { EngineWorld } from "../world.ts"
import { mayPost } from "./post.ts"
import { sendDue } from "./send.ts"
import { type AlertSettings, alertSettings, type MailServer, mailServer } from "./settings.ts"

type NewRobot = Omit<Robot, "posted" | "blockedUntil">

/** What somebody sets of a robot; an address or secret left out stays as it is, a secret of null goes. */
export type RobotWish = {
  kind: RobotKind
  name: string
  department: string
  codes: string[]
  warehouses: string[]
  address?: string | undefined
  secret?: string | null | undefined
  keyword: string | null
  quiet: { from: string; to: string } | null
  active: boolean
}

/** Adds a robot (`id` null) or changes one; address and secret are sealed and never leave again. The same added again, also at once, is one robot. Answers its id. */
export function putRobot(
  world: EngineWorld,
  id: string | null,
  wish: RobotWish,
  by: string,
): Promise<string> {
  return transaction(world.db, async (tx) => {
    if (id === null) await holdRobots(tx)
    const at = await world.instant(tx)
    const before = id === null ? null : await findRobot(tx, id)
    if (before === undefined) throw new Refusal("not_found")
    const { kind, address, secret } = wish
    if (before ? before.kind !== kind : address === undefined) throw new Refusal("robot_address")
    if (kind === "mail" && (await mailServer(tx)) === null) throw new Refusal("mail_needs_server")
    if (address !== undefined) checkAddress(kind, address, world.outside.alertHosts)
    if (secret && (kind === "wecom" || kind === "mail")) throw new Refusal("robot_has_no_secret")
    const own = before?.id ?? newId(at)
    const robot: NewRobot = {
      id: own,
      kind,
      name: wish.name,
      department: wish.department,
      codes: wish.codes,
      warehouses: wish.warehouses,
      address: address === undefined ? before!.address : world.secrets.seal(address, `robots.address ${own}`),
      shown: address === undefined ? before!.shown : maskAddress(kind, address),
      secret:
        secret === undefined
          ? (before?.secret ?? null)
          : secret === null || secret === ""
            ? null
            : world.secrets.seal(secret, `robots.secret ${own}`),
      secretAt: secret === undefined ? (before?.secretAt ?? null) : secret ? at : null,
      keyword: wish.keyword,
      quietFrom: wish.quiet?.from ?? null,
      quietTo: wish.quiet?.to ?? null,
      active: wish.active,
    }
    const same = before === null ? (await listRobots(tx)).find(isSame(world.secrets, robot)) : undefined
    if (same) return same.id
    await saveRobot(tx, robot, at)
    if (before === null && robot.active) await bringWhatStands(tx, robot, at)
    await note(
      tx,
      {
        who: by,
        what: before ? "robot.change" : "robot.add",
        subject: `robot/${own}`,
        ...(before ? { before: visible(before) } : {}),
        after: visible(robot),
      },
      at,
    )
    return own
  })
}

/** Whether a robot is one that is about to be added: sealed, the same address looks another each time. */
function isSame(secrets: EngineWorld["secrets"], added: NewRobot): (each: Robot) => boolean {
  const plain = (robot: NewRobot) =>
    canonical({
      ...visible(robot),
      secretAt: null,
      address: secrets.open(robot.address, `robots.address ${robot.id}`).toString("utf8"),
      secret: robot.secret && secrets.open(robot.secret, `robots.secret ${robot.id}`).toString("utf8"),
    })
  const wanted = plain(added)
  return (each) => {
    if (each.shown !== added.shown) return false
    try {
      return plain(each) === wanted
    } catch {
      // It is sealed with a key that was lost.
      return false
    }
  }
}

const dayMs = 24 * 60 * 60_000
/** What stands of the last day and had no robot to hear it is said by the new one, so that a company is warned from its first robot on. */
async function bringWhatStands(tx: Session, { id, department, codes }: NewRobot, at: Instant): Promise<void> {
  const isTrial = await isTrialRun(tx)
  if (isTrial && department !== "operations") return
  for (const alert of await listUnheard(tx, isTrial ? null : department, at - dayMs))
    if (codes.length === 0 || codes.includes(alert.code))
      await addDelivery(tx, { alert: alert.id, robot: id, said: "", urgent: false, dueAt: at }, at)
}

const mailAddresses = /^[^\s@,;]+@[^\s@,;]+(\s*[,;]\s*[^\s@,;]+@[^\s@,;]+)*$/

function checkAddress(kind: RobotKind, address: string, allowed: readonly string[]): void {
  if (kind === "mail" ? !mailAddresses.test(address) : !mayPost(kind, address, allowed))
    throw new Refusal("robot_address")
}

/** What the audit trail may hold of a robot. */
const visible = ({
  kind,
  name,
  department,
  codes,
  warehouses,
  shown,
  secretAt,
  keyword,
  quietFrom,
  quietTo,
  active,
}: NewRobot) => ({
  kind,
  name,
  department,
  codes,
  warehouses,
  shown,
  secretAt,
  keyword,
  quietFrom,
  quietTo,
  active,
})

/** Takes a robot away, with what it sent. */
export function removeRobot(world: EngineWorld, id: string, by: string): Promise<void> {
  return transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const before = await findRobot(tx, id)
    if (!before) throw new Refusal("not_found")
    await dropRobot(tx, id)
    await note(tx, { who: by, what: "robot.remove", subject: `robot/${id}`, before: visible(before) }, at)
  })
}

/** Sends a test card through a robot and answers how it went. */
export async function testRobot(
  world: EngineWorld,
  id: string,
  by: { id: string | null; name: string },
): Promise<Delivery> {
  const sending = await transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const robot = await findRobot(tx, id)
    if (!robot) throw new Refusal("not_found")
    const said = { robot: robot.name, sender: by.name }
    const path = "/settings/alerts"
    const key = `test ${newId(at)}`
    const alert = (await addAlert(tx, { key, code: "test", department: robot.department, path, said }, at))!
    await noteSpoken(tx, alert, at, { title: inEvery(() => robot.name), owner: null, escalatesAt: null })
    return (await addDelivery(tx, { alert, robot: id, said: robot.name, urgent: true, dueAt: at }, at))!
  })
  await sendDue(world)
  return (await findDelivery(world.db.pool, sending))!
}

/** Gives a dead message its tries again, at once. */
export async function retryDelivery(world: EngineWorld, id: string, by: string): Promise<Delivery> {
  await transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    if (!(await reviveDelivery(tx, id, at))) throw new Refusal("not_dead")
    await note(tx, { who: by, what: "delivery.retry", subject: `delivery/${id}` }, at)
  })
  await sendDue(world)
  return (await findDelivery(world.db.pool, id))!
}

/** Writes how the company wants to be alerted. */
export function putAlertSettings(world: EngineWorld, wish: AlertSettings, by: string): Promise<void> {
  return transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const before = await alertSettings(tx)
    await saveSetting(tx, "alerts", wish, at)
    await note(tx, { who: by, what: "alerts.settings", subject: "company", before, after: wish }, at)
  })
}

/** Names the mail server, or none; a password left out stays as it is. */
export function putMailServer(
  world: EngineWorld,
  wish: (Omit<MailServer, "password"> & { password?: string | undefined }) | null,
  by: string,
): Promise<void> {
  return transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const before = await mailServer(tx)
    const sealed = (password: string) => world.secrets.seal(password, "mail.password").toString("base64")
    const server: MailServer | null = wish && {
      ...wish,
      password:
        wish.password === undefined || wish.password === ""
          ? (before?.password ?? null)
          : sealed(wish.password),
    }
    await saveSetting(tx, "mail", server, at)
    const visible = (each: MailServer | null) => each && { ...each, password: each.password !== null }
    await note(
      tx,
      { who: by, what: "mail.settings", subject: "company", before: visible(before), after: visible(server) },
      at,
    )
  })
}
