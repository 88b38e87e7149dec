import type { Instant } from "../core/instants.ts"
import { type Column, parameters, unnested } from "./bulk.ts"
import type { Place } from "./keys.ts"
import { run, type Session, statement } from "./statement.ts"

/** What may be the plain shipment of an order (core/plainShipment.ts). */
export type MaybeShipped = Place & {
  /** the place of its order in what a call tells */
  i: number
  at: Instant
  toldAt: Instant
  /** as `shipsTold` names it; null: it has no id */
  toldAs: string | null
  /** the facts that it adds and what it states, as JSON */
  facts: string
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

// The update is the lock: a row for which it waits is looked at again as it is then. Rows are taken in the order given; where the
// database chooses another and two acts wait for each other, one of them is done again and judges.
const ship = statement(
  "shipments.ship",
  `with shipped as (
     update agenda t set stage = 'shipped', facts = k.facts || t.facts, shipment = k.states, told_at = k.told_at,
       version = t.version + 1, judged_at = act.at, next_at = null, next_due_at = null,
       breaks_kind = null, breaks_basis = null, breaks_round = null, breaks_as = null, breaks_at = null, then_at = null, ships_as = null
     from ${unnested(columns)}, (select to_timestamp($9::float8 / 1000) as at) act
     where t.bucket = k.bucket and t.id = k.id and t.judged_at <= act.at
       and k.at > t.ships_after and k.at <= t.ships_by and k.at <= act.at and starts_with(t.ships_as, $10)
       and (k.told_as is null or strpos(t.ships_told, k.told_as) = 0)
     returning k.i, old.ships_as)
   select ships_as as "shipsAs", array_agg(i)::text as places from shipped group by ships_as`,
)

/** Orders shipped now that count alike. */
export type Shipped = { shipsAs: string; places: number[] }

/** Makes those orders shipped whose plain shipment is told, if it was foreseen by rules that begin like `heldFor` and nobody judged them after `now`. */
export async function shipOrders(
  tx: Session,
  told: readonly MaybeShipped[],
  heldFor: string,
  now: Instant,
): Promise<Shipped[]> {
  if (told.length === 0) return []
  const groups = await run<{ shipsAs: string; places: string }>(tx, ship, [
    ...parameters(columns, told),
    now,
    heldFor,
  ])
  return groups.map(({ shipsAs, places }) => ({
    shipsAs,
    places: places.slice(1, -1).split(",").map(Number),
  }))
}
