import { Tally } from "../../core/rollups.ts"
import { listCasesOf } from "../../store/cases.ts"
import { listJournalAfter } from "../../store/imports.ts"
import type { Place } from "../../store/keys.ts"
import { findOrders } from "../../store/orders.ts"
import { debtsOf, effectsOf } from "../effects.ts"
import { heldOf, load } from "../hold.ts"
import { type Judged, judgeHeld } from "../judgement.ts"
import { ordersOf, undoable, untell } from "../undoing.ts"
import type { EngineWorld } from "../world.ts"

/** What taking an import back would change. Nothing has changed yet. */
export type UndoForecast = {
  /** orders of which it told something */
  orders: number
  /** of these: nobody else spoke of them, so they disappear from every list */
  vanishing: number
  /** events that go, and events that are again what they were before */
  events: number
  restored: number
  /** breaches that are withdrawn, with the import as their reason */
  withdrawn: number
  /** cases all of whose breaches go: they are archived as withdrawn */
  casesWithdrawn: number
  /** breaches that stand again, or anew */
  breaches: number
}

const batchOrders = 500

/** Looks ahead at an undo: takes the import back in memory, judges, and counts what the next tick would do. */
export async function foreseeUndo(world: EngineWorld, number: number): Promise<UndoForecast> {
  await undoable(world, number)
  const { pool } = world.db
  const now = await world.instant(pool)
  const book = await world.ruleBook(pool)
  const forecast: UndoForecast = {
    orders: 0,
    vanishing: 0,
    events: 0,
    restored: 0,
    withdrawn: 0,
    casesWithdrawn: 0,
    breaches: 0,
  }
  for (let after: Place | null = null; ; ) {
    const { byOrder, wanted } = ordersOf(await listJournalAfter(pool, number, after, batchOrders))
    if (wanted.length === 0) return forecast
    after = wanted.at(-1)!.place
    const stored = await findOrders(
      pool,
      wanted.map(({ place }) => place),
    )
    const loaded = await load(world, pool, [...stored.values()])
    const cases = await listCasesOf(pool, [...stored.values()])
    for (const { place, key } of wanted) {
      const own = heldOf(place, key, stored.get(place.id) ?? null, loaded)
      const { gone, restored } = untell(own, byOrder.get(place.id)!)
      const judged = judgeHeld(own, own.told, book, now)
      forecast.orders += 1
      forecast.events += gone.length
      forecast.restored += restored.length
      if (own.told.length === 0) forecast.vanishing += 1
      const effects = effectsOf(debtsOf([judged], now), now, new Tally())
      forecast.withdrawn += effects.withdrawn.length
      forecast.breaches += effects.breaches.length
      const open = cases.get(place.id)?.find(({ archivedAt }) => archivedAt === null)
      if (open && effects.withdrawn.some(({ caseN }) => caseN === open.n) && !stands(judged, open.n))
        forecast.casesWithdrawn += 1
    }
  }
}

const stands = ({ clocks, gone }: Judged, caseN: number): boolean =>
  [...clocks, ...gone].some((each) => each.caseN === caseN && each.breachStanding)
