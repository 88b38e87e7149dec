import type pg from "pg"
import { Refusal } from "../core/refusals.ts"
import { note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import {
  attendImport,
  beginImport,
  clearWaiting,
  countOpenOrders,
  endDeadImports,
  findImport,
  listOverdueUnshipped,
  type StoredImport,
  saveImport,
} from "../store/imports.ts"
import { changeSettings, hearShops, listNamedShops, listShops } from "../store/rules.ts"
import { casesFromOf, type ImportOrder, onlyShop, settingsOf, unknownShops } from "./imports/order.ts"
import { keepRejected, type Remark, stage, stagedOrders } from "./imports/staging.ts"
import { type Told, tellOrders } from "./imports/telling.ts"
import { record } from "./record.ts"
import type { EngineWorld } from "./world.ts"

export type { ImportOrder } from "./imports/order.ts"

/** Counts of what an import took and what it did not. */
export type ImportResult = {
  rows: number
  orders: number
  newOrders: number
  changedOrders: number
  sameOrders: number
  accepted: number
  duplicates: number
  corrected: number
  rejectedCount: number
  missingOpenOrders: number
  overdueUnshipped: number
  byCode: Remark[]
  statuses: { word: string; count: number }[]
}

/** An import that somebody carries out: `attending` is the session that shows it. */
export type Attended = StoredImport & { attending: pg.Client }

/** Numbers an import and notes who brought it; refused while another one of its shops is under way. */
export async function startImport(world: EngineWorld, order: ImportOrder): Promise<Attended> {
  await endDead(world)
  const { mapping } = order.opened.format
  const channel =
    mapping.constants.channel ?? (order.opened.reader.at.channel === undefined ? mapping.name : null)
  let attending: pg.Client | undefined
  const number = await transaction(world.db, async (tx) => {
    await attending?.end()
    const at = await world.instant(tx)
    const about = {
      file: order.file,
      format: mapping.name,
      mapping,
      channel,
      shop: order.shop,
      by: order.by,
      exportedAt: order.exportedAt ?? order.changedAt,
      at,
    }
    const number = await beginImport(tx, about)
    if (number === null) throw new Refusal("import_busy")
    attending = await attendImport(world.db, number)
    await note(
      tx,
      {
        who: order.by,
        what: "import",
        subject: `import/${number}`,
        after: { file: order.file, format: mapping.name },
      },
      at,
    )
    return number
  })
  return { ...(await findImport(world.db.pool, number))!, attending: attending! }
}

/** Ends imports whose process died as failed, so that they can be taken back or brought again. */
export async function endDead(world: EngineWorld): Promise<void> {
  const ended = await transaction(world.db, async (tx) => endDeadImports(tx, await world.instant(tx)))
  for (const number of ended) await clearWaiting(world.db.pool, number)
}

/** Carries an import out: rows to the staging table, back by order, events to the orders. Always ends as done or failed. */
export async function runImport(
  world: EngineWorld,
  stored: Attended,
  order: ImportOrder,
): Promise<StoredImport> {
  try {
    return await carryOut(world, stored, order)
  } catch (error) {
    const finishedAt = await world.instant(world.db.pool)
    await saveImport(world.db.pool, {
      ...stored,
      state: "failed",
      error: (error as Error).message,
      finishedAt,
    })
    throw error
  } finally {
    await clearWaiting(world.db.pool, stored.number)
    await stored.attending.end()
  }
}

async function carryOut(world: EngineWorld, stored: StoredImport, order: ImportOrder): Promise<StoredImport> {
  const { pool } = world.db
  const now = await world.instant(pool)
  const named = await listNamedShops(pool)
  const staged = await stage(
    world,
    stored.number,
    order,
    { now, shopOf: onlyShop(named) },
    {
      rows: (rows) => saveImport(pool, { ...stored, rows }),
      rejected: keepRejected(world),
    },
  )
  const exportedAt = order.exportedAt ?? Math.max(order.changedAt, staged.latest)
  const heard = staged.shops
  const isFirst = unknownShops(heard, await listShops(pool)).length > 0
  const unnamed = unknownShops(heard, named)
  if (unnamed.length > 0)
    await transaction(world.db, (tx) =>
      changeSettings(tx, settingsOf(unnamed, order), { who: order.by, at: now }),
    )
  let openBefore = 0
  for (const { channel, shop } of heard) openBefore += await countOpenOrders(pool, channel, shop)
  const progress: StoredImport = {
    ...stored,
    exportedAt,
    channel: heard[0]?.channel ?? stored.channel,
    shop: heard.length === 1 ? heard[0]!.shop : stored.shop,
    ofRows: staged.rows,
    rows: 0,
  }
  const { openTouched, ...taken } = await takeAll(world, progress, {
    source: `import:${stored.format}`,
    exportedAt,
    casesFrom: casesFromOf(order, isFirst, now),
    subOrders: order.opened.format.mapping.subOrders ?? false,
  })
  await hearShops(
    pool,
    heard.map((each) => ({ ...each, toldAt: exportedAt })),
    now,
  )
  let overdueUnshipped = 0
  for (const { channel, shop } of heard)
    overdueUnshipped += (await listOverdueUnshipped(pool, channel, shop, now)).length
  const result: ImportResult = {
    ...taken,
    rows: staged.rows,
    rejectedCount: staged.rejectedCount,
    missingOpenOrders: Math.max(0, openBefore - openTouched),
    overdueUnshipped,
    byCode: staged.byCode,
    statuses: [...order.opened.reader.unknownWords].map(([word, count]) => ({ word, count })),
  }
  const done: StoredImport = {
    ...progress,
    state: "done",
    rows: staged.rows,
    orders: result.orders,
    result,
    finishedAt: await world.instant(pool),
  }
  await saveImport(pool, done)
  return done
}

/** Reads the staging table back by order and takes its events in. */
async function takeAll(world: EngineWorld, progress: StoredImport, told: Told) {
  const taken = {
    orders: 0,
    newOrders: 0,
    changedOrders: 0,
    sameOrders: 0,
    accepted: 0,
    duplicates: 0,
    corrected: 0,
    openTouched: 0,
  }
  let rows = 0
  for await (const staged of stagedOrders(world, progress.number)) {
    const orders = await tellOrders(world, staged, told)
    const incoming = orders.flatMap(({ key, events }) => events.map((event) => ({ key, event })))
    const recorded = await record(world, incoming, { import: progress.number, casesFrom: told.casesFrom })
    for (const answer of recorded.answers) {
      if (answer === "duplicate") taken.duplicates += 1
      else if (answer === "corrected") taken.corrected += 1
      else if (answer !== "conflict") taken.accepted += 1
    }
    for (const { isNew, changed } of recorded.orders) {
      if (isNew) taken.newOrders += 1
      else if (changed) taken.changedOrders += 1
      else taken.sameOrders += 1
    }
    // An order of which the file tells nothing that happened is read, and stays unknown.
    taken.orders += orders.length
    taken.openTouched += orders.filter(({ known }) => known?.nextDueAt != null).length
    rows += staged.reduce((n, each) => n + each.rows.length, 0)
    await saveImport(world.db.pool, { ...progress, rows, orders: taken.orders })
  }
  return taken
}
