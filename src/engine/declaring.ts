import type { Instant } from "../core/instants.ts"
import type { Json } from "../core/json.ts"
import { Refusal } from "../core/refusals.ts"
import { note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import {
  addWindow,
  type DeclaredWindow,
  endWindow,
  findSameWindow,
  holdWindows,
  type StockLevel,
  saveStock,
  withdrawWindow,
} from "../store/declared.ts"
import { newId } from "../store/keys.ts"
import type { EngineWorld } from "./world.ts"

/** What somebody declares: an outage, a force majeure of regions and dates, a carrier's limits, with its proof. */
export type Declaration = Pick<
  DeclaredWindow,
  "kind" | "name" | "about" | "regions" | "fromAt" | "toAt" | "proof"
>

/** Declares a window; what is declared speaks for causes at the next look. The same declared again, also at once, is one. */
export async function declareWindow(
  world: EngineWorld,
  declaration: Declaration,
  by: string,
): Promise<DeclaredWindow> {
  if (declaration.toAt !== null && declaration.toAt <= declaration.fromAt)
    throw new Refusal("bad_request", "It ends before it begins.")
  return transaction(world.db, async (tx) => {
    await holdWindows(tx)
    const before = await findSameWindow(tx, declaration)
    if (before) return before
    const at = await world.instant(tx)
    const window = {
      ...declaration,
      id: newId(at),
      declaredAt: at,
      declaredBy: by,
      endedBy: null,
      withdrawnAt: null,
      withdrawnBy: null,
    }
    await addWindow(tx, window)
    await note(
      tx,
      { who: by, what: "window.declare", subject: window.id, after: { ...declaration } as unknown as Json },
      at,
    )
    return window
  })
}

/** Says that a window is over, now or at an instant. */
export const closeWindow = (
  world: EngineWorld,
  id: string,
  endAt: Instant | null,
  by: string,
): Promise<void> =>
  transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    if (!(await endWindow(tx, id, endAt ?? at, by))) throw new Refusal("not_found")
    await note(tx, { who: by, what: "window.end", subject: id, after: { endAt: endAt ?? at } }, at)
  })

/** Takes a declaration back; it stays visible and speaks for nothing. */
export const takeWindowBack = (world: EngineWorld, id: string, by: string): Promise<void> =>
  transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    if (!(await withdrawWindow(tx, id, at, by))) throw new Refusal("not_found")
    await note(tx, { who: by, what: "window.withdraw", subject: id }, at)
  })

/** What is known of a SKU's stock; without an instant it is known now. */
export type TellStock = Omit<StockLevel, "at" | "recordedAt" | "recordedBy"> & { at: Instant | null }

/** Keeps levels of stock; of one SKU, warehouse and instant the last told holds. */
export const tellStock = (world: EngineWorld, levels: readonly TellStock[], by: string): Promise<number> =>
  transaction(world.db, async (tx) => {
    const now = await world.instant(tx)
    const byKey = new Map<string, StockLevel>()
    for (const level of levels) {
      const at = level.at ?? now
      byKey.set(`${level.sku}\u001f${level.warehouse}\u001f${at}`, {
        ...level,
        at,
        recordedAt: now,
        recordedBy: by,
      })
    }
    const all = [...byKey.values()]
    for (let i = 0; i < all.length; i += 2000) await saveStock(tx, all.slice(i, i + 2000))
    await note(
      tx,
      {
        who: by,
        what: "stock.tell",
        subject: `${all.length} levels`,
        after: { skus: [...new Set(all.map(({ sku }) => sku))].slice(0, 50) },
      },
      now,
    )
    return all.length
  })
