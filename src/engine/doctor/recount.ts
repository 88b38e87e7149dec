import type { Instant } from "../../core/instants.ts"
import type { Topic } from "../../core/rollups.ts"
import { transaction } from "../../store/database.ts"
import { type Cell, countCells } from "../../store/recount.ts"
import { readTallies } from "../../store/rollups.ts"
import { findSetting, saveSetting } from "../../store/settings.ts"
import type { Session } from "../../store/statement.ts"
import { queue } from "../jobs.ts"
import type { EngineWorld } from "../world.ts"

/** How many counts were counted again from rows, and those that differ. */
export type Recount = { at: Instant; cells: number; miscounted: string[] }

const setting = "recount"
/** What the last recount found; null before the first. */
export const findRecount = (session: Session): Promise<Recount | null> => findSetting(session, setting)

const shownMost = 20

/** The job that counts again, once an hour: it reads every order. */
export const recounts = queue<Record<string, never>>("recount", { retries: 1, triesForSeconds: 600 })

/** Counts orders, their open clocks and cases one by one, and holds against that the roll-ups by which lists and board go. */
export async function recount(world: EngineWorld): Promise<Recount> {
  const found = await transaction(world.db, async (tx) => {
    await tx.query("set transaction isolation level repeatable read, read only")
    return { at: await world.instant(tx), ...(await compare(tx)) }
  })
  await saveSetting(world.db.pool, setting, found, found.at)
  return found
}

const recounted: readonly Topic[] = ["stage", "session", "warehouse", "open", "case"]

async function compare(tx: Session): Promise<Omit<Recount, "at">> {
  const told = new Map<string, number>()
  for (const { topic, parts, n } of await readTallies(tx, recounted)) {
    // The states of open clocks stand among a stage's parts, and are left out here.
    const [first, , ...rest] = parts
    const name = [topic, ...(topic === "stage" ? [first, ...rest] : parts)].join(" ")
    told.set(name, (told.get(name) ?? 0) + n)
  }
  const counted: Cell[] = await countCells(tx)
  const miscounted = counted.filter(({ name, n }) => told.get(name) !== n).map(({ name }) => name)
  for (const [name, n] of told)
    if (n !== 0 && !counted.some((each) => each.name === name)) miscounted.push(name)
  return { cells: counted.length, miscounted: miscounted.sort().slice(0, shownMost) }
}
