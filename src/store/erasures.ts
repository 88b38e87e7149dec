import type { Instant } from "../core/instants.ts"
import type { Place } from "./keys.ts"
import { arraysOf, places } from "./orders.ts"
import { run, type Session, statement } from "./statement.ts"

// Where nobody tells of what a clock waits for it never closes, and nobody acts on it; so it is with orders that are not watched.
const isOpen = `exists (select from cases c where c.bucket = o.bucket and c.order_id = o.id and c.archived_at is null)
  or o.watched and exists (select from clocks c where c.bucket = o.bucket and c.subject_kind = 'order' and c.subject_id = o.id
    and c.closed_at is null and c.observed and not c.gone)`
const finishedAt = `coalesce(o.end_at,
  (select to_timestamp(max(f.value::text::float8) / 1000) from jsonb_each(a.facts) f), o.received_at)`
const isDue = (before: number) =>
  `(${finishedAt} < to_timestamp($${before}::float8 / 1000) or e.asked_at is not null) and not (${isOpen})`
const beside = `join agenda a on a.bucket = o.bucket and a.id = o.id
   left join erasures e on e.bucket = o.bucket and e.order_id = o.id`

const listDue = statement(
  "erasures.due",
  `select o.bucket, o.id from (select distinct bucket, order_id from receivers where bucket = $1) r
   join orders o on o.bucket = r.bucket and o.id = r.order_id ${beside}
   where ${isDue(2)} limit $3`,
)
const stillDue = statement(
  "erasures.still_due",
  `select o.bucket, o.id from orders o join ${places} on o.bucket = k.bucket and o.id = k.id ${beside} where ${isDue(3)}`,
)
/** Some orders of a bucket whose receivers are to be erased: finished before an instant (null: none), or asked for; nothing of them is open. */
export const listErasable = (
  session: Session,
  bucket: number,
  before: Instant | null,
  limit: number,
): Promise<Place[]> => run(session, listDue, [bucket, before, limit])
/** Those of some orders, now held, of which that is still so. */
export const stillErasable = (
  tx: Session,
  held: readonly Place[],
  before: Instant | null,
): Promise<Place[]> => run(tx, stillDue, [...arraysOf(held), before])

const dropReceivers = statement(
  "erasures.receivers",
  `delete from receivers r using ${places} where r.bucket = k.bucket and r.order_id = k.id`,
)
const without = (order: string) =>
  `${order} #- '{receiver,name}' #- '{receiver,phone}' #- '{receiver,address}' #- '{buyer,id}'`
const maskEvents = statement(
  "erasures.events",
  `update events e set receiver = null, body = jsonb_set(e.body, '{order}', ${without("(e.body -> 'order')")})
   from ${places} where e.bucket = k.bucket and e.order_id = k.id and (e.body #> '{order,receiver}' is not null or e.body #> '{order,buyer}' is not null)`,
)
const maskOrders = statement(
  "erasures.orders",
  `update orders o set details = ${without("o.details")} from ${places} where o.bucket = k.bucket and o.id = k.id`,
)
const done = statement(
  "erasures.done",
  `insert into erasures (bucket, order_id, erased_at) select k.bucket, k.id, to_timestamp($3::float8 / 1000) from ${places}
   on conflict (bucket, order_id) do update set erased_at = excluded.erased_at`,
)
/** Erases whatever names the receiver of held orders; the order, its instants, its province and city stay. */
export async function eraseReceivers(tx: Session, held: readonly Place[], at: Instant): Promise<void> {
  if (held.length === 0) return
  await run(tx, dropReceivers, arraysOf(held))
  await run(tx, maskEvents, arraysOf(held))
  await run(tx, maskOrders, arraysOf(held))
  await run(tx, done, [...arraysOf(held), at])
}

const find = statement(
  "erasures.find",
  `select e.erased_at as "erasedAt" from erasures e where e.bucket = $1 and e.order_id = $2
   and not exists (select from receivers r where r.bucket = e.bucket and r.order_id = e.order_id)`,
)
/** When the receiver of an order was erased; null: it was not, or one was told since. */
export const findErasedAt = async (session: Session, { bucket, id }: Place): Promise<Instant | null> =>
  (await run<{ erasedAt: Instant | null }>(session, find, [bucket, id]))[0]?.erasedAt ?? null

const ask = statement(
  "erasures.ask",
  `insert into erasures (bucket, order_id, asked_at) select k.bucket, k.id, to_timestamp($3::float8 / 1000) from ${places}
   on conflict (bucket, order_id) do update set asked_at = coalesce(erasures.asked_at, excluded.asked_at)`,
)
/** Notes that the receivers of orders are to go as soon as nothing of them is open. */
export const askErasure = (tx: Session, orders: readonly Place[], at: Instant): Promise<unknown[]> =>
  run(tx, ask, [...arraysOf(orders), at])

const ofPhone = statement(
  "erasures.of_phone",
  `select distinct r.bucket, r.order_id as id from receivers r where r.tail_index = $1 and r.phone_index = $2
   and ($3::int2 is null or (r.bucket, r.order_id) > ($3, $4::uuid)) order by r.bucket, r.order_id limit $5`,
)
/** Orders sent to a whole phone number, by its blind indexes, those after a place. */
export const listOfPhone = (
  session: Session,
  { tail, index }: { tail: Buffer; index: Buffer },
  after: Place | null,
  limit: number,
): Promise<Place[]> => run(session, ofPhone, [tail, index, after?.bucket ?? null, after?.id ?? null, limit])
