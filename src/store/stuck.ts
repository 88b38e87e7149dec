import type { Instant } from "../core/instants.ts"
import { run, type Session, statement, touch } from "./statement.ts"

/** An order that cannot be judged. */
export type StuckRow = {
  channel: string
  shop: string
  orderNo: string
  stuck: { error: string; since: Instant; tries: number }
  nextAt: Instant | null
}
const list = statement(
  "stuck.list",
  `select o.channel, o.shop, o.order_no as "orderNo", a.stuck, a.next_at as "nextAt"
   from agenda a join orders o on o.bucket = a.bucket and o.id = a.id where a.stuck is not null order by a.bucket, a.id limit 100`,
)
const hurry = statement(
  "stuck.hurry",
  `with duty as (update duties set next_at = to_timestamp($1::float8 / 1000) where stuck is not null returning 1)
   update agenda set next_at = greatest(judged_at, to_timestamp($1::float8 / 1000)) where stuck is not null`,
)
const outbox = statement("outbox.depth", "select count(*)::int as n from outbox")

/** Orders that cannot be judged, at most a hundred. */
export const listStuck = (session: Session): Promise<StuckRow[]> => run(session, list)
/** Lets every stuck order be looked at now; answers how many there are. */
export const hurryStuck = (tx: Session, at: Instant): Promise<number> => touch(tx, hurry, [at])
/** How many rows wait to leave the process. */
export const countOutbox = async (session: Session): Promise<number> =>
  (await run<{ n: number }>(session, outbox))[0]!.n
