import type { Instant } from "../../core/instants.ts"
import { type Receiver, wholePhone } from "../../core/masking.ts"
import { Refusal } from "../../core/refusals.ts"
import { type Act, note } from "../../store/audit.ts"
import { transaction } from "../../store/database.ts"
import { askErasure, listOfPhone, stillErasable } from "../../store/erasures.ts"
import { listEvents, listReceivers, type StoredEvent } from "../../store/events.ts"
import { orderPlace, type Place } from "../../store/keys.ts"
import { listTold, type ToldNotice } from "../../store/notices.ts"
import { findOrders, type StoredOrder } from "../../store/orders.ts"
import type { Session } from "../../store/statement.ts"
import { openReceiver } from "../telling.ts"
import type { EngineWorld } from "../world.ts"
import { eraseHeld } from "./retention.ts"

const pageOrders = 200

/** Somebody who asks for their data, by their whole phone number: the only thing about people that can be looked for. */
type Customer = { phone: string; tail: Buffer; index: Buffer; subject: string }

function customerOf({ secrets }: EngineWorld, text: string): Customer {
  const phone = wholePhone(text)
  if (phone === null) throw new Refusal("phone_not_whole")
  const index = secrets.blindIndex(phone)
  // The audit trail tells one customer from another without saying who they are.
  const subject = `customer/${index.toString("hex").slice(0, 8)}`
  return { phone, tail: secrets.tailIndex(phone.slice(-4)), index, subject }
}

/** The places of a customer's orders, some at a time. */
async function* pagesOf(session: Session, { tail, index }: Customer): AsyncGenerator<Place[]> {
  for (let after: Place | null = null; ; ) {
    const page: Place[] = await listOfPhone(session, { tail, index }, after, pageOrders)
    if (page.length > 0) yield page
    if (page.length < pageOrders) return
    after = page.at(-1)!
  }
}

/** How many orders were sent to a phone number, and of how many the receiver cannot be erased yet, since something of them is open. */
export async function findCustomer(
  world: EngineWorld,
  phone: string,
  by: string,
): Promise<{ orders: number; open: number }> {
  const customer = customerOf(world, phone)
  return transaction(world.db, async (tx) => {
    const found = { orders: 0, open: 0 }
    for await (const page of pagesOf(tx, customer)) {
      found.orders += page.length
      found.open += page.length - (await stillErasable(tx, page, Number.POSITIVE_INFINITY)).length
    }
    const act: Act = { who: by, what: "customer.find", subject: customer.subject, after: found }
    await note(tx, act, await world.instant(tx))
    return found
  })
}

/**
 * Erases a customer's receivers at once, as the retention does. An order of which something is open is sent to them still: it goes
 * in the night after that is done, whatever the retention says; and so does what is told of an order later.
 */
export async function eraseCustomer(
  world: EngineWorld,
  phone: string,
  by: string,
  reason: string,
): Promise<{ erased: number; waiting: number }> {
  const customer = customerOf(world, phone)
  const all = { erased: 0, waiting: 0 }
  for await (const page of pagesOf(world.db.pool, customer)) {
    const erased = await transaction(world.db, async (tx) => {
      const at = await world.instant(tx)
      await askErasure(tx, page, at)
      const erased = await eraseHeld(world, tx, page, null)
      const after = { reason, erased, waiting: page.length - erased }
      await note(tx, { who: by, what: "customer.erase", subject: customer.subject, after }, at)
      return erased
    })
    all.erased += erased
    all.waiting += page.length - erased
  }
  return all
}

/** Everything told of one order, for whom it was sent to: `receiverOf` opens the receiver that an event stated, where it is theirs. */
export type Exported = {
  order: StoredOrder
  receivers: Receiver[]
  events: StoredEvent[]
  receiverOf(event: StoredEvent): Receiver | null
  messages: ToldNotice[]
}

/** Everything told of a customer's orders, theirs whole; another receiver of the same order stays masked. */
export async function exportCustomer(
  world: EngineWorld,
  phone: string,
  by: string,
  reason: string,
): Promise<{ at: Instant; orders: Exported[] }> {
  const customer = customerOf(world, phone)
  return transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const orders: Exported[] = []
    for await (const page of pagesOf(tx, customer))
      orders.push(...(await exportPage(world, tx, page, customer)))
    const after = { reason, orders: orders.length }
    await note(tx, { who: by, what: "customer.export", subject: customer.subject, after }, at)
    return { at, orders }
  })
}

async function exportPage(
  { secrets }: EngineWorld,
  tx: Session,
  page: readonly Place[],
  { phone }: Customer,
): Promise<Exported[]> {
  const orders = await findOrders(tx, page)
  const events = await listEvents(tx, page)
  const sealed = await listReceivers(tx, page)
  const messages = await listTold(tx, page)
  return [...orders.values()].map((order) => {
    const own = (sealed.get(order.id) ?? [])
      .map(({ hmac, ...stored }) => ({
        hmac,
        receiver: openReceiver(secrets, orderPlace(order), { hmac, ...stored }),
      }))
      .filter(({ receiver }) => wholePhone(receiver.phone) === phone)
    return {
      order,
      receivers: own.map(({ receiver }) => receiver),
      events: events.get(order.id) ?? [],
      receiverOf: ({ receiver: told }) =>
        (told && own.find(({ hmac }) => hmac.equals(told))?.receiver) ?? null,
      messages: messages.filter(({ orderId }) => orderId === order.id),
    }
  })
}
