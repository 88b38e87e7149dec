import type { Instant } from "../core/instants.ts"
import { type Column, parameters, unnested } from "./bulk.ts"
import type { Place } from "./keys.ts"
import { run, type Session, statement } from "./statement.ts"

/** An order to lock with the event that may be its plain shipment (core/plainShipment.ts): `at` is null where none is. */
export type MaybeShipped = Place & {
  /** its place in the list */
  i: number
  at: Instant | null
  toldAt: Instant | null
  /** as `shipsTold` names it; null: it has no id */
  toldAs: string | null
  /** the facts that it adds and what it states, as JSON */
  facts: string | null
  states: string | null
}
const columns: readonly Column<MaybeShipped>[] = [
  ["i", "i", "int4"],
  ["bucket", "bucket", "int2"],
  ["id", "id", "uuid"],
  ["at", "at", "instant"],
  ["told_at", "toldAt", "instant"],
  ["told_as", "toldAs", "text"],
  ["facts", "facts", "jsonText"],
  ["states", "states", "jsonText"],
]

// One statement, since to look an order up twice and to hear what is foreseen of each costs a third of a shipment. A row that was
// written while the lock was waited for is not where the statement sees it, and is left to be judged. Locks in the order of
// (bucket, id), as `orders.lock` does.
const ship = statement(
  "shipments.ship",
  `with held as materialized (
     select a.ctid as place, a.judged_at, a.ships_after, a.ships_by, a.ships_told, a.ships_as,
       k.i, k.at, k.told_at, k.told_as, k.facts, k.states
     from agenda a join ${unnested(columns)} on a.bucket = k.bucket and a.id = k.id order by a.bucket, a.id for update of a),
   act as materialized (select greatest(max(judged_at), to_timestamp($9::float8 / 1000)) as at from held),
   shipped as (
     update agenda t set stage = 'shipped', facts = h.facts || t.facts, shipment = h.states, told_at = h.told_at,
       version = t.version + 1, judged_at = act.at, next_at = null, next_due_at = null,
       breaks_kind = null, breaks_basis = null, breaks_round = null, breaks_as = null, breaks_at = null, then_at = null, ships_as = null
     from held h, act
     where t.ctid = h.place and h.at > h.ships_after and h.at <= h.ships_by and h.at <= act.at and starts_with(h.ships_as, $10)
       and (h.told_as is null or strpos(h.ships_told, h.told_as) = 0)
     returning h.i, h.ships_as)
   select round(date_part('epoch', act.at) * 1000) as at, null as "shipsAs", array_agg(h.i)::text as places from act, held h group by act.at
   union all select null, s.ships_as, array_agg(s.i)::text from shipped s group by s.ships_as`,
)

/** What became of orders that were to be locked, named by their places in the list. */
export type Shipped = {
  /** the instant of the act: `now`, or when one of them was judged, if that is later */
  at: Instant
  /** shipped now, by what they count as */
  groups: { shipsAs: string; places: number[] }[]
  /** all that are orders, those shipped among them */
  locked: number[]
}

/** Locks those of the places that are orders already, and makes those shipped whose plain shipment is told, if it was foreseen by rules that begin like `heldFor`. */
export async function shipOrders(
  tx: Session,
  told: readonly MaybeShipped[],
  heldFor: string,
  now: Instant,
): Promise<Shipped> {
  const rows = await run<{ at: Instant; shipsAs: string | null; places: string }>(tx, ship, [
    ...parameters(columns, told),
    now,
    heldFor,
  ])
  const shipped: Shipped = { at: now, groups: [], locked: [] }
  for (const { at, shipsAs, places } of rows) {
    const own = places.slice(1, -1).split(",").map(Number)
    if (shipsAs !== null) shipped.groups.push({ shipsAs, places: own })
    else Object.assign(shipped, { at, locked: own })
  }
  return shipped
}
