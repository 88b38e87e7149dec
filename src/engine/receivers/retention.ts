import type { Instant } from "../../core/instants.ts"
import { defaultRetention, type Retention } from "../../core/retention.ts"
import { note } from "../../store/audit.ts"
import { transaction } from "../../store/database.ts"
import { eraseReceivers, listErasable, stillErasable } from "../../store/erasures.ts"
import { bucketCount, type Place } from "../../store/keys.ts"
import { lockOrders } from "../../store/orders.ts"
import { findSetting, saveSetting } from "../../store/settings.ts"
import type { Session } from "../../store/statement.ts"
import { queue } from "../jobs.ts"
import type { EngineWorld } from "../world.ts"

const setting = "retention"
const runSetting = "retention_run"
const dayMs = 24 * 60 * 60_000
const batchOrders = 200

/** For how long the company keeps receivers. */
export const findRetention = async (session: Session): Promise<Retention> => ({
  ...defaultRetention,
  ...(await findSetting<Retention>(session, setting)),
})

/** Settles for how long receivers are kept; what is past it goes at the next run of the day. */
export async function changeRetention(world: EngineWorld, retention: Retention, by: string): Promise<void> {
  await transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const before = await findRetention(tx)
    await saveSetting(tx, setting, retention, at)
    await note(tx, { who: by, what: "retention.change", subject: "company", before, after: retention }, at)
  })
}

/** A run: how many orders it has erased, and when it ended; null: it goes on, or broke off and is taken up again. */
export type RetentionRun = { orders: number; endedAt: Instant | null }
/** The last run; null before the first. */
export const findRetentionRun = (session: Session): Promise<RetentionRun | null> =>
  findSetting(session, runSetting)

/** The job that erases, once a day. */
export const retentionQueue = queue<Record<string, never>>("retention", { triesForSeconds: 60 * 60 })

/**
 * Erases the receivers of orders that are past the company's retention, and of those whose customer asked for it, as soon as
 * neither a case nor a clock of theirs is open: the sealed receivers with their blind indexes, and of the masked words in events and
 * details name, phone and address, with the buyer's number at the platform, since surname, seven digits of a phone and a city
 * together find a person. Province and city stay, which name nobody. What reports said masked stays in their archive, as evidence.
 * Events keep the keyed digest of their content, so that what is told again is still known as told before. Of imports nothing whole
 * is kept: their files go once they are read, after a day at the latest, and the cells of refused rows are masked.
 */
export async function eraseDue(world: EngineWorld, signal?: AbortSignal): Promise<number> {
  const { pool } = world.db
  const { days } = await findRetention(pool)
  const now = await world.instant(pool)
  const before = days === null ? null : now - days * dayMs
  for (let bucket = 0; bucket < bucketCount; bucket++)
    for (let more = true; more; ) {
      signal?.throwIfAborted()
      const due = await listErasable(pool, bucket, before, batchOrders)
      if (due.length > 0) await transaction(world.db, (tx) => eraseSome(world, tx, due, before))
      more = due.length === batchOrders
    }
  return transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const orders = (await underWay(tx)).orders
    await saveSetting(tx, runSetting, { orders, endedAt: at } satisfies RetentionRun, at)
    if (orders > 0)
      await note(
        tx,
        { who: "retention", what: "receiver.erase", subject: `${orders} orders`, after: { orders, days } },
        at,
      )
    return orders
  })
}

/** How far a run has come: counted with what it erases, so that one that broke off is told of whole. */
async function underWay(tx: Session): Promise<RetentionRun> {
  const run = await findRetentionRun(tx)
  return run === null || run.endedAt !== null ? { orders: 0, endedAt: null } : run
}

async function eraseSome(
  world: EngineWorld,
  tx: Session,
  due: readonly Place[],
  before: Instant | null,
): Promise<void> {
  const erased = await eraseHeld(world, tx, due, before)
  const { orders } = await underWay(tx)
  const at = await world.instant(tx)
  await saveSetting(tx, runSetting, { orders: orders + erased, endedAt: null } satisfies RetentionRun, at)
}

/** Erases those of some orders of which nothing is open once they are held, and answers how many they were. */
export async function eraseHeld(
  world: EngineWorld,
  tx: Session,
  due: readonly Place[],
  before: Instant | null,
): Promise<number> {
  // A case may have been opened, or an event told, while others held them.
  const held = await stillErasable(tx, await lockOrders(tx, due), before)
  await eraseReceivers(tx, held, await world.instant(tx))
  return held.length
}
