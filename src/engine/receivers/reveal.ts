import { byTelling } from "../../core/details.ts"
import type { OrderKey } from "../../core/events.ts"
import type { Instant } from "../../core/instants.ts"
import { validAt } from "../../core/ledger.ts"
import { type Receiver, revealsAnHour } from "../../core/masking.ts"
import { Refusal } from "../../core/refusals.ts"
import { note } from "../../store/audit.ts"
import { transaction } from "../../store/database.ts"
import { findErasedAt } from "../../store/erasures.ts"
import { listEvents, listReceivers } from "../../store/events.ts"
import { orderPlace } from "../../store/keys.ts"
import { findOrder, type StoredOrder } from "../../store/orders.ts"
import { countReveals, keepReveal, lockRevealing } from "../../store/reveals.ts"
import type { Session } from "../../store/statement.ts"
import { openReceiver, tellingOf } from "../telling.ts"
import type { EngineWorld } from "../world.ts"

const hourMs = 60 * 60_000

/**
 * Opens the receiver of one order for somebody who said why. That they did stands in the audit trail before they see anything: who,
 * when, which order and why, never whom it is sent to. Counted are different orders within an hour: whoever opens one again, since
 * it is hidden after a minute, gathers nothing. Refuses with `not_found`, `no_receiver`, `receiver_erased` and `too_many_reveals`.
 */
export async function revealReceiver(
  world: EngineWorld,
  key: OrderKey,
  by: { id: string; name: string },
  reason: string,
): Promise<Receiver> {
  return transaction(world.db, async (tx) => {
    await lockRevealing(tx, by.id)
    const at = await world.instant(tx)
    const order = await findOrder(tx, orderPlace(key))
    if (!order) throw new Refusal("not_found", "No order of this shop has this number.")
    const receiver = await lastReceiver(world, tx, order, at)
    if (receiver === null)
      throw new Refusal((await findErasedAt(tx, order)) === null ? "no_receiver" : "receiver_erased")
    if ((await countReveals(tx, by.id, order, at - hourMs)) >= revealsAnHour)
      throw new Refusal("too_many_reveals")
    await keepReveal(tx, by.id, order, at)
    const subject = `${key.channel}/${key.shop}/${key.orderNo}`
    await note(tx, { who: by.name, what: "receiver.reveal", subject, after: { reason } }, at)
    return receiver
  })
}

/** The receiver of an order that holds at an instant, chosen among those told as all its details are (R11); null: none is kept. */
async function lastReceiver(
  world: EngineWorld,
  tx: Session,
  order: StoredOrder,
  at: Instant,
): Promise<Receiver | null> {
  const sealed = (await listReceivers(tx, [order])).get(order.id) ?? []
  const open = (hmac: Buffer | null): Receiver | null => {
    const stored = hmac && sealed.find((each) => each.hmac.equals(hmac))
    return stored ? openReceiver(world.secrets, orderPlace(order), stored) : null
  }
  const events = (await listEvents(tx, [order])).get(order.id) ?? []
  const told = events.map((row) => tellingOf(row, () => open(row.receiver)))
  const last = validAt(told, at)
    .filter(({ row }) => row.receiver !== null)
    .sort(byTelling)
    .at(-1)
  return open(last?.row.receiver ?? null)
}
