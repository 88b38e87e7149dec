import type { Instant } from "../core/instants.ts"
import type { Place } from "./keys.ts"
import { run, type Session, statement } from "./statement.ts"

const lock = statement("reveals.lock", "select from staff where id = $1 for update")
const forget = statement(
  "reveals.forget",
  "delete from reveals where staff = $1 and at <= to_timestamp($2::float8 / 1000)",
)
const count = statement(
  "reveals.count",
  "select count(*)::int as n from reveals where staff = $1 and not (bucket = $2 and order_id = $3)",
)
const keep = statement(
  "reveals.keep",
  `insert into reveals (staff, bucket, order_id, at) values ($1, $2, $3, to_timestamp($4::float8 / 1000))
   on conflict (staff, bucket, order_id) do update set at = excluded.at`,
)

/** Makes whoever reveals wait for their own reveals under way, so that no two are counted as one. */
export const lockRevealing = (tx: Session, staff: string): Promise<unknown[]> => run(tx, lock, [staff])

/** Of how many other orders somebody opened the receiver after an instant; what is older is forgotten. */
export async function countReveals(
  tx: Session,
  staff: string,
  { bucket, id }: Place,
  after: Instant,
): Promise<number> {
  await run(tx, forget, [staff, after])
  return (await run<{ n: number }>(tx, count, [staff, bucket, id]))[0]!.n
}

/** Counts an order whose receiver somebody opens; opening it again within the hour is the same. */
export const keepReveal = (
  tx: Session,
  staff: string,
  { bucket, id }: Place,
  at: Instant,
): Promise<unknown[]> => run(tx, keep, [staff, bucket, id, at])
