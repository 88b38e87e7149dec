import type { OrderKey } from "../core/events.ts"
import { Refusal } from "../core/refusals.ts"
import { Tally } from "../core/rollups.ts"
import { note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import { orderPlace } from "../store/keys.ts"
import { hold } from "./hold.ts"
import { judgeHeld } from "./judgement.ts"
import type { EngineWorld } from "./world.ts"
import { write } from "./write.ts"

/**
 * Takes an order out of the watch ("do not watch"), or back into it, with a reason that stands in the audit trail; twice is once.
 * Refuses with `not_found`, and with `already_unwatched` where somebody did so with another reason.
 */
export async function setWatched(
  world: EngineWorld,
  key: OrderKey,
  act: { watched: boolean; reason: string; by: string },
): Promise<void> {
  const nextAt = await transaction(world.db, async (tx) => {
    const { at, orders } = await hold(world, tx, [{ place: orderPlace(key), key }])
    const held = orders[0]!
    if (held.order === null) throw new Refusal("not_found")
    const { unwatched: before } = held.order
    if ((before === null) === act.watched) {
      // Nothing to do; so is an act whose answer got lost and that is done again.
      if (act.watched || (before!.by === act.by && before!.reason === act.reason)) return undefined
      throw new Refusal("already_unwatched")
    }
    const unwatched = act.watched ? null : { by: act.by, at, reason: act.reason }
    const judged = judgeHeld(held, held.told, await world.ruleBook(tx), at, { unwatched })
    await write(tx, {
      at,
      judged: [judged],
      told: { fresh: [], changed: [] },
      receivers: [],
      journal: [],
      tally: new Tally(),
    })
    await note(
      tx,
      {
        who: act.by,
        what: act.watched ? "order.watch" : "order.unwatch",
        subject: `${key.channel}/${key.shop}/${key.orderNo}`,
        before,
        after: unwatched ?? { reason: act.reason },
      },
      at,
    )
    return judged.order.nextAt
  })
  if (nextAt === undefined) return
  world.changed({ orders: [`${key.channel}/${key.shop}/${key.orderNo}`], nextAt, board: true })
}
