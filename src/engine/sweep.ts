import type { Instant } from "../core/instants.ts"
import { listAppointments } from "../store/agenda.ts"
import { transaction } from "../store/database.ts"
import type { Place } from "../store/keys.ts"
import { readOrders } from "../store/orders.ts"
import { findSetting, saveSetting } from "../store/settings.ts"
import type { Session } from "../store/statement.ts"
import { heldOf, load } from "./hold.ts"
import { clockChanges, type Judged, judgeHeld } from "./judgement.ts"
import type { EngineWorld } from "./world.ts"

/** How far the proof has come that what is stored equals what the judge says (ENGINE §1.3). */
export type Sweep = {
  at: Instant
  /** the last order looked at; after the last of all it begins anew */
  after: Place
  /** whole rounds through all orders, and orders compared since the first */
  rounds: number
  compared: number
  /** orders found to differ, and the last ten of them */
  differing: number
  found: { order: string; at: Instant }[]
}

/** How far the proof has come; null before it began. */
export const findSweep = (session: Session): Promise<Sweep | null> => findSetting(session, "sweep")

const start: Place = { bucket: -1, id: "00000000-0000-0000-0000-000000000000" }
const foundMax = 10

/** Judges the next orders afresh in one snapshot and compares what is stored of them, skipping what is due; remembers where it stands. */
export async function sweep(world: EngineWorld, limit = 100): Promise<Sweep> {
  const { at, places, differing } = await transaction(world.db, async (tx) => {
    await tx.query("set transaction isolation level repeatable read, read only")
    const before = await findSetting<Sweep>(tx, "sweep")
    const at = await world.instant(tx)
    const book = await world.ruleBook(tx)
    const places = await listAppointments(tx, before?.after ?? start, limit)
    const quiet = places.filter(
      ({ judgedAt, nextAt, stuck }) => stuck === null && judgedAt <= at && (nextAt === null || nextAt > at),
    )
    const orders = await readOrders(tx, quiet)
    const loaded = await load(world, tx, orders)
    const judged = orders.map((order) => {
      const held = heldOf(order, order, order, loaded)
      return judgeHeld(held, held.told, book, at)
    })
    return { at, places, differing: judged.filter(differs).map(({ order }) => order) }
  })
  return transaction(world.db, async (tx) => {
    const before = await findSetting<Sweep>(tx, "sweep")
    const isLast = places.length < limit
    const found = differing.map(({ channel, shop, orderNo }) => ({
      order: `${channel}/${shop}/${orderNo}`,
      at,
    }))
    const now: Sweep = {
      at,
      after: isLast ? start : { bucket: places.at(-1)!.bucket, id: places.at(-1)!.id },
      rounds: (before?.rounds ?? 0) + (isLast ? 1 : 0),
      compared: (before?.compared ?? 0) + places.length,
      differing: (before?.differing ?? 0) + found.length,
      found: [...(before?.found ?? []), ...found].slice(-foundMax),
    }
    await saveSetting(tx, "sweep", now, at)
    return now
  })
}

/** Whether an order judged afresh is not as it is stored. */
function differs(judged: Judged): boolean {
  const { added, altered, deleted } = clockChanges(judged)
  if (added.length + altered.length + deleted.length > 0) return true
  const was = judged.held.order!
  const is = judged.order
  return (
    was.stage !== is.stage ||
    was.endAt !== is.endAt ||
    was.nextDueAt !== is.nextDueAt ||
    was.policy !== is.policy
  )
}
