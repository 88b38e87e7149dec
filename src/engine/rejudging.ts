import type { Instant } from "../core/instants.ts"
import { owed } from "../core/owed.ts"
import { Tally } from "../core/rollups.ts"
import type { ChannelSettings } from "../core/settings.ts"
import { note } from "../store/audit.ts"
import { breachesOf, type StoredClock, tellWhyWithdrawn } from "../store/clocks.ts"
import { transaction } from "../store/database.ts"
import {
  holdRejudging,
  isRipe,
  listUnjudged,
  type Rejudging,
  saveRejudging,
  startRejudging,
} from "../store/rejudgings.ts"
import { changeSettings, findSettings } from "../store/rules.ts"
import { hold } from "./hold.ts"
import { queue } from "./jobs.ts"
import { type Judged, judgeHeld } from "./judgement.ts"
import type { EngineWorld } from "./world.ts"
import { write } from "./write.ts"

const batchOrders = 500
const patienceMs = 10 * 60_000
const againMs = 2_000

/** Judges the orders of channels again whose settings have changed. */
export const rejudge = queue<{ number: number }>("rejudge", { triesForSeconds: 3600 })

/** Changes channel settings, which are numbered, and has the orders already there judged again by them. */
export async function changeChannels(
  world: EngineWorld,
  channels: Record<string, ChannelSettings | null>,
  by: { name: string },
): Promise<number> {
  return transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const number = await changeSettings(tx, channels, { who: by.name, at })
    const before = (await findSettings(tx, number - 1)).channels ?? {}
    await startRejudging(tx, number, Object.keys(channels), at)
    await note(
      tx,
      {
        who: by.name,
        what: "channels.change",
        subject: `channel_settings/${number}`,
        before: Object.fromEntries(Object.keys(channels).map((key) => [key, { ...before[key] }])),
        after: channels,
      },
      at,
    )
    await world.jobs.send(tx, rejudge, { number }, { key: String(number) })
    return number
  })
}

/** Does a rejudging to its end, a batch a transaction; a restart goes on where it stood. Answers how many orders it judged; null: not yet, it is queued again. */
export async function carryOutRejudging(world: EngineWorld, number: number): Promise<number | null> {
  // A writer that read the settings of before may still add an order to a bucket that was passed.
  const isTime = await transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    if (await isRipe(tx, number, at - patienceMs)) return true
    await world.jobs.send(tx, rejudge, { number }, { key: String(number), at: at + againMs })
    return false
  })
  if (!isTime) return null
  let judged = 0
  for (;;) {
    const orders = await rejudgeSome(world, number)
    if (orders === null) return judged
    judged += orders
  }
}

/** Judges one batch again; null when nothing is left. */
async function rejudgeSome(world: EngineWorld, number: number): Promise<number | null> {
  const changed: string[] = []
  const orders = await transaction(world.db, async (tx) => {
    changed.length = 0
    const stored = await holdRejudging(tx, number)
    if (!stored || stored.finishedAt !== null) return null
    const wanted = await listUnjudged(tx, stored, batchOrders)
    const { at, orders } = await hold(
      world,
      tx,
      wanted.map(({ bucket, id, channel, shop, orderNo }) => ({
        place: { bucket, id },
        key: { channel, shop, orderNo },
      })),
    )
    const book = await world.ruleBook(tx)
    // The newest settings hold, should they have changed once more.
    const { settings } = book
    const judged = orders.map((held) => judgeHeld(held, held.told, book, at, { settings }))
    await write(tx, {
      at,
      judged,
      told: { fresh: [], changed: [] },
      receivers: [],
      journal: [],
      tally: new Tally(),
    })
    await tellWhyWithdrawn(
      tx,
      judged.flatMap((each) => fallen(each, at)),
    )
    changed.push(...wanted.map(({ channel, shop, orderNo }) => `${channel}/${shop}/${orderNo}`))
    const last = wanted.at(-1)
    const next: Rejudging = last ? { ...stored, bucket: last.bucket, orderId: last.id } : stored
    const isEnd = wanted.length < batchOrders
    await saveRejudging(tx, next, { orders: wanted.length, finishedAt: isEnd ? at : null })
    return wanted.length
  })
  if (changed.length > 0) world.changed({ orders: changed, nextAt: 0, board: true })
  return orders
}

/** The breaches that the next tick will withdraw because of the settings, with the number of these as the reason. */
function fallen({ order, clocks, gone }: Judged, at: Instant): StoredClock[] {
  const rows = [...clocks, ...gone]
  const due = owed({ clocks, firings: [], breaches: breachesOf(rows), watched: order.watched }, at)
  return due.flatMap((each) => {
    if (each.what !== "withdrawal") return []
    const { kind, basis, round } = each.breach
    const row = rows.find((one) => one.kind === kind && one.basis === basis && one.round === round)!
    return [{ ...row, breachWhy: { reason: "settings", settings: order.settings } }]
  })
}
