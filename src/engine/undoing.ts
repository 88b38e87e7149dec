import { Refusal } from "../core/refusals.ts"
import { Tally } from "../core/rollups.ts"
import { note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import { deleteEvents, updateEvents } from "../store/events.ts"
import {
  findImport,
  forgetJournal,
  hasNewer,
  holdImport,
  listJournal,
  type StoredImport,
  turnImport,
  type Undone,
} from "../store/imports.ts"
import type { Session } from "../store/statement.ts"
import { type HeldOrder, hold } from "./hold.ts"
import { endDead } from "./importing.ts"
import { judgeSafely } from "./record.ts"
import type { Telling } from "./telling.ts"
import type { EngineWorld } from "./world.ts"
import { write } from "./write.ts"

const batchOrders = 500

/** Takes an import back as if it had never been accepted, the newest of its shop first (ENGINE §8). Goes on where a crash left it. */
export async function undoImport(world: EngineWorld, number: number, by: string): Promise<StoredImport> {
  const stored = await undoable(world, number)
  if (!(await turnImport(world.db.pool, number, "undoing", null))) throw new Refusal("import_undone")
  while (await undoSome(world, stored));
  return transaction(world.db, async (tx): Promise<StoredImport> => {
    const at = await world.instant(tx)
    // Of several who take it back the first who is done has done it for all.
    if (!(await turnImport(tx, number, "undone", at))) throw new Refusal("import_undone")
    await note(tx, { who: by, what: "import.undo", subject: `import/${number}` }, at)
    return { ...stored, state: "undone", finishedAt: at }
  })
}

/** An import that can be taken back; otherwise a refusal. */
export async function undoable(world: EngineWorld, number: number): Promise<StoredImport> {
  await endDead(world)
  const stored = await findImport(world.db.pool, number)
  if (!stored)
    throw new Refusal("not_found", `There is no import ${number}; the page of imports shows which there are.`)
  if (stored.state === "undone") throw new Refusal("import_undone")
  if (stored.state === "running") throw new Refusal("import_running")
  if (await hasNewer(world.db.pool, stored)) throw new Refusal("import_not_newest")
  return stored
}

async function undoSome(world: EngineWorld, stored: StoredImport): Promise<boolean> {
  const changed: string[] = []
  const more = await transaction(world.db, async (tx) => {
    // What another who takes it back did meanwhile is no longer in its journal then.
    if (!(await holdImport(tx, stored.number))) return false
    const journal = await listJournal(tx, stored.number, batchOrders)
    if (journal.length === 0) return false
    await takeBack(world, tx, stored, journal, changed)
    return true
  })
  world.changed({ orders: changed, board: true, nextAt: 0 })
  return more
}

async function takeBack(
  world: EngineWorld,
  tx: Session,
  stored: StoredImport,
  journal: readonly Undone[],
  changed: string[],
): Promise<void> {
  const { byOrder, wanted } = ordersOf(journal)
  const { at, orders } = await hold(world, tx, wanted)
  const book = await world.ruleBook(tx)
  // One that began meanwhile may have told of these orders what goes now: asked once nobody else can.
  if (await hasNewer(tx, stored)) throw new Refusal("import_not_newest")
  const judged = []
  for (const own of orders) {
    const { gone, restored } = untell(own, byOrder.get(own.place.id)!)
    await deleteEvents(
      tx,
      gone.map(({ row }) => row),
    )
    await updateEvents(
      tx,
      restored.map(({ row, holds, observedAt }) => ({ ...row, holds, observedAt })),
    )
    const now = judgeSafely(own, book, at)
    // Its parcels may all have been the import's.
    judged.push({ ...now, parcels: now.parcels ?? [] })
    changed.push(`${own.key.channel}/${own.key.shop}/${own.key.orderNo}`)
  }
  await write(tx, {
    at,
    judged,
    told: { fresh: [], changed: [] },
    receivers: [],
    journal: [],
    tally: new Tally(),
  })
  await forgetJournal(
    tx,
    stored.number,
    wanted.map(({ place }) => place),
  )
}

/** A journal by order, and its orders to hold. */
export function ordersOf(journal: readonly Undone[]) {
  const byOrder = new Map<string, Undone[]>()
  for (const each of journal) byOrder.set(each.orderId, [...(byOrder.get(each.orderId) ?? []), each])
  const wanted = [...byOrder.values()].map(([first]) => ({
    place: { bucket: first!.bucket, id: first!.orderId },
    key: { channel: first!.channel, shop: first!.shop, orderNo: first!.orderNo },
  }))
  return { byOrder, wanted }
}

/** Takes back what an import told of an order, in memory; answers the tellings that go and those that are again as they were. */
export function untell(own: HeldOrder, entries: readonly Undone[]): { gone: Telling[]; restored: Telling[] } {
  const entryOf = (row: { identity: string; content: Buffer }) =>
    entries.find((each) => each.identity === row.identity && each.content.equals(row.content))
  const gone = own.told.filter(({ row }) => entryOf(row)?.change === "added")
  const restored = own.told.filter(({ row }) => entryOf(row)?.change === "altered")
  for (const telling of restored) {
    const { was } = entryOf(telling.row)!
    telling.holds = was!.holds
    telling.observedAt = was!.observedAt
  }
  own.told = own.told.filter((each) => !gone.includes(each))
  return { gone, restored }
}
