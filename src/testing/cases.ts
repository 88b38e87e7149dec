import type { Instant } from "../core/instants.ts"
import { isoOf } from "../core/instants.ts"
import { type Incoming, record } from "../engine/record.ts"
import { tick } from "../engine/tick.ts"
import type { CasePlace } from "../store/evidence.ts"
import { everyRun, orderPlace } from "../store/keys.ts"
import type { Rehearsal } from "./rehearsal.ts"
import { told } from "./told.ts"

/** An order as tests tell of it: each step with its instant. */
export type TestOrder = {
  orderNo: string
  channel?: string
  shop?: string
  order?: object
  events: [type: string, at: Instant, more?: object][]
}

/** The events of an order as the door admits them; what is wrong with one is thrown. */
export function incomingOf({
  orderNo,
  channel = "douyin",
  shop = "s1",
  order = {},
  events,
}: TestOrder): Incoming[] {
  return events.map(([type, at, more], i) =>
    told(orderNo, type, at, {
      channel,
      shop,
      observedAt: isoOf(at),
      ...(i === 0 ? { order } : {}),
      ...more,
    }),
  )
}

/** Takes orders in and notes that their shops were heard of now. */
export async function tellOrders(stage: Rehearsal, orders: readonly TestOrder[]): Promise<void> {
  const all = orders.flatMap(incomingOf)
  for (let i = 0; i < all.length; i += 2000) await record(stage.world, all.slice(i, i + 2000))
  await stage.world.hearing.flush(stage.db)
}

/** Lets everything due happen. */
export async function tickAll(stage: Rehearsal): Promise<void> {
  while ((await tick(stage.world, everyRun)).claimed > 0);
}

/** The newest case of an order. */
export async function caseOf(
  stage: Rehearsal,
  orderNo: string,
  channel = "douyin",
  shop = "s1",
): Promise<CasePlace & { cause: string | null; state: string }> {
  const { bucket, id } = orderPlace({ channel, shop, orderNo })
  const { rows } = await stage.db.pool.query<CasePlace & { cause: string | null; state: string }>(
    "select bucket, n, cause, state from cases where bucket = $1 and order_id = $2 order by n desc limit 1",
    [bucket, id],
  )
  if (!rows[0]) throw new Error(`the order ${orderNo} has no case`)
  return rows[0]
}
