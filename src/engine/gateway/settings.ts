import type { Instant } from "../../core/instants.ts"
import { Refusal } from "../../core/refusals.ts"
import { note } from "../../store/audit.ts"
import { transaction } from "../../store/database.ts"
import { newId } from "../../store/keys.ts"
import { findSetting, saveSetting } from "../../store/settings.ts"
import type { Session } from "../../store/statement.ts"
import { mayReach } from "../alerts/post.ts"
import { readingOf } from "../alerts/settings.ts"
import type { EngineWorld } from "../world.ts"
import { type Answer, type OpenGateway, postMessage } from "./post.ts"

/** The company's gateway for messages to customers; address and secret are sealed. */
export type Gateway = { url: string; shown: string; secret: string; changedAt: Instant }
/** What somebody sets of it; what is left out stays as it is. */
export type GatewayWish = { url?: string | undefined; secret?: string | undefined }

/** The gateway, or null where none was named. */
export const findGateway = (session: Session): Promise<Gateway | null> => findSetting(session, "gateway")

/** The gateway, ready to send; null where none was named, or its host is no longer allowed. */
export async function openGateway(world: EngineWorld, session: Session): Promise<OpenGateway | null> {
  const gateway = await findGateway(session)
  if (gateway === null) return null
  const opened = (part: "url" | "secret") =>
    world.secrets.open(Buffer.from(gateway[part], "base64"), `gateway.${part}`).toString("utf8")
  const url = opened("url")
  return mayReach([], url, world.outside.alertHosts) ? { url, secret: opened("secret") } : null
}

/** Names the gateway, or none. Its host must be one that the environment allows. */
export function putGateway(world: EngineWorld, wish: GatewayWish | null, by: string): Promise<void> {
  return transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const before = await findGateway(tx)
    const gateway = wish && changed(world, before, wish, at)
    await saveSetting(tx, "gateway", gateway, at)
    await note(
      tx,
      {
        who: by,
        what: "gateway.settings",
        subject: "company",
        before: visible(before),
        after: gateway && { ...visible(gateway)!, newSecret: wish?.secret !== undefined },
      },
      at,
    )
  })
}

function changed(
  { secrets, outside }: EngineWorld,
  before: Gateway | null,
  { url, secret }: GatewayWish,
  at: Instant,
): Gateway {
  if (url === undefined ? before === null : !mayReach([], url, outside.alertHosts))
    throw new Refusal("gateway_address")
  if (secret === undefined && before === null) throw new Refusal("gateway_secret")
  const sealed = (part: string, value: string) => secrets.seal(value, `gateway.${part}`).toString("base64")
  return {
    url: url === undefined ? before!.url : sealed("url", url),
    shown: url === undefined ? before!.shown : new URL(url).host,
    secret: secret === undefined ? before!.secret : sealed("secret", secret),
    changedAt: at,
  }
}

/** What the audit trail may hold of it. */
const visible = (gateway: Gateway | null) => gateway && { shown: gateway.shown }

/** Posts a test to the gateway, of no customer, and answers how it went. */
export async function testGateway(world: EngineWorld, by: string): Promise<Answer> {
  const { pool } = world.db
  const gateway = await openGateway(world, pool)
  if (gateway === null) throw new Refusal("gateway_needed")
  const at = await world.instant(pool)
  const { language } = await readingOf(world, pool, at)
  const answer = await postMessage(
    gateway,
    {
      id: newId(at),
      test: true,
      template: "test",
      language,
      text: "准时 Zhunshi: test",
      channel: "",
      shop: "",
      orderNo: "",
      phone: null,
    },
    at,
  )
  const after = { sent: answer.sent, why: answer.sent ? null : answer.why }
  await note(pool, { who: by, what: "gateway.test", subject: "company", after }, at)
  return answer
}
