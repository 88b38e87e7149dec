import type { Json } from "../core/json.ts"
import { Refusal } from "../core/refusals.ts"
import { note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import {
  holdDirectory,
  listPartners,
  listWarehouses,
  type Partner,
  savePartner,
  saveWarehouse,
  type Warehouse,
} from "../store/directory.ts"
import { newId } from "../store/keys.ts"
import type { EngineWorld } from "./world.ts"

type Wish<Entry extends { closedAt: unknown }> = Omit<Entry, "closedAt"> & { closed: boolean }

/** Adds a warehouse or changes it; a closed one stays for the orders that name it. */
export async function changeWarehouse(
  world: EngineWorld,
  { closed, ...wanted }: Wish<Warehouse>,
  by: { name: string },
): Promise<void> {
  await transaction(world.db, async (tx) => {
    await holdDirectory(tx)
    const at = await world.instant(tx)
    const all = await listWarehouses(tx)
    const before = all.find(({ id }) => id === wanted.id)
    if (!closed && all.some((each) => each.id !== wanted.id && each.name === wanted.name && !each.closedAt))
      throw new Refusal("name_taken")
    const after = { ...wanted, closedAt: closed ? (before?.closedAt ?? at) : null }
    await saveWarehouse(tx, after)
    await note(
      tx,
      {
        who: by.name,
        what: "warehouse.save",
        subject: `warehouse/${wanted.id}`,
        before: (before ?? null) as Json,
        after,
      },
      at,
    )
  })
}

/** Adds a partner (no id) or changes one; answers its id. */
export async function changePartner(
  world: EngineWorld,
  { closed, id, ...wanted }: Omit<Wish<Partner>, "id"> & { id: string | null },
  by: { name: string },
): Promise<string> {
  return transaction(world.db, async (tx) => {
    await holdDirectory(tx)
    const at = await world.instant(tx)
    const all = await listPartners(tx)
    const before = all.find((each) => each.id === id)
    if (id !== null && !before) throw new Refusal("not_found")
    const after = {
      ...wanted,
      id: id ?? newId(at),
      closedAt: closed ? (before?.closedAt ?? at) : null,
    }
    const isSame = (each: Partner) => each.kind === after.kind && each.name === after.name && !each.closedAt
    if (!closed && all.some((each) => each.id !== after.id && isSame(each))) throw new Refusal("name_taken")
    await savePartner(tx, after)
    await note(
      tx,
      {
        who: by.name,
        what: "partner.save",
        subject: `partner/${after.id}`,
        before: (before ?? null) as Json,
        after,
      },
      at,
    )
    return after.id
  })
}
