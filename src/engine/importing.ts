import type { OrderKey } from "../core/events.ts"
import { eventsOf, latestFact } from "../core/imports.ts"
import type { Instant } from "../core/instants.ts"
import { Refusal } from "../core/refusals.ts"
import { type RowFacts, shownCells } from "../core/rows.ts"
import type { Opened } from "../files/reading.ts"
import { note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import {
  addRejections,
  beginImport,
  clearWaiting,
  countOpenOrders,
  findImport,
  knowWaiting,
  listOverdueUnshipped,
  listStatusIds,
  nextWaiting,
  type Rejection,
  type StoredImport,
  saveImport,
  type WaitingRow,
  waitRows,
} from "../store/imports.ts"
import { orderPlace } from "../store/keys.ts"
import { findOrders } from "../store/orders.ts"
import { changeSettings, hearShops, listShops } from "../store/rules.ts"
import { howeverOld } from "./casework.ts"
import { type Incoming, record } from "./record.ts"
import type { EngineWorld } from "./world.ts"

/** What is asked of an import. */
export type ImportOrder = {
  file: string
  opened: Opened
  by: string
  shop: string | null
  /** the file's instant; null: when it was last changed, never before its latest fact */
  exportedAt: Instant | null
  changedAt: Instant
  /** breaches due before open no case, for orders first heard of; null: that of a first import; `open`: however old */
  casesFrom: Instant | "open" | null
}

const batchRows = 2_000
const batchOrders = 1_000

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
  byCode: { code: string; count: number; lines: number[]; message: string }[]
  statuses: { word: string; count: number }[]
}

/** Numbers an import and notes who brought it. */
export async function startImport(world: EngineWorld, order: ImportOrder): Promise<StoredImport> {
  const { mapping } = order.opened.format
  const channel =
    mapping.constants.channel ?? (order.opened.reader.at.channel === undefined ? mapping.name : null)
  const number = await transaction(world.db, async (tx) => {
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
  return (await findImport(world.db.pool, number))!
}

/** Carries an import out: rows to the staging table, back by order, events to the orders. Always ends as done or failed. */
export async function runImport(
  world: EngineWorld,
  stored: StoredImport,
  order: ImportOrder,
): Promise<StoredImport> {
  try {
    return await carryOut(world, stored, order)
  } catch (error) {
    const failed: StoredImport = {
      ...stored,
      state: "failed",
      error: (error as Error).message,
      finishedAt: await world.instant(world.db.pool),
    }
    await saveImport(world.db.pool, failed)
    if (error instanceof Refusal) throw error
    throw error
  } finally {
    await clearWaiting(world.db.pool, stored.number)
  }
}

async function carryOut(world: EngineWorld, stored: StoredImport, order: ImportOrder): Promise<StoredImport> {
  const { pool } = world.db
  const now = await world.instant(pool)
  const shops = await listShops(pool)
  const only = (channel: string): string => {
    const own = shops.filter((each) => each.channel === channel)
    if (own.length > 1)
      throw new Refusal("shop_needed", `Shops of ${channel}: ${own.map((each) => each.shop).join(", ")}.`)
    return own[0]?.shop ?? "main"
  }
  const staged = await stage(world, stored, order, { now, only })
  await knowWaiting(pool)
  const exportedAt = order.exportedAt ?? Math.max(order.changedAt, staged.latest)
  const heard = [...staged.shops].map((each) => ({
    channel: each.split("\u001f")[0]!,
    shop: each.split("\u001f")[1]!,
  }))
  const unknown = heard.filter(
    ({ channel, shop }) => !shops.some((each) => each.channel === channel && each.shop === shop),
  )
  await settle(world, unknown, order, now)
  const casesFrom =
    order.casesFrom === "open" ? howeverOld : (order.casesFrom ?? (unknown.length > 0 ? now : null))
  const open = new Map<string, number>()
  for (const { channel, shop } of heard)
    open.set(`${channel}/${shop}`, await countOpenOrders(pool, channel, shop))
  const progress: StoredImport = {
    ...stored,
    exportedAt,
    channel: heard[0]?.channel ?? stored.channel,
    shop: heard.length === 1 ? heard[0]!.shop : stored.shop,
    ofRows: staged.rows,
    rows: 0,
  }
  const result = await tellAll(world, progress, {
    source: `import:${stored.format}`,
    exportedAt,
    casesFrom,
    subOrders: order.opened.format.mapping.subOrders ?? false,
  })
  await hearShops(
    pool,
    heard.map((each) => ({ ...each, toldAt: exportedAt })),
    now,
  )
  for (const { channel, shop } of heard)
    result.overdueUnshipped += (await listOverdueUnshipped(pool, channel, shop, now)).length
  const openBefore = [...open.values()].reduce((n, each) => n + each, 0)
  result.missingOpenOrders = Math.max(0, openBefore - result.openTouched)
  const { openTouched: _, ...shown } = result
  const done: StoredImport = {
    ...progress,
    state: "done",
    rows: staged.rows,
    orders: shown.orders,
    result: {
      ...shown,
      rows: staged.rows,
      rejectedCount: staged.rejectedCount,
      byCode: staged.byCode,
      statuses: [...order.opened.reader.unknownWords].map(([word, count]) => ({ word, count })),
    },
    finishedAt: await world.instant(pool),
  }
  await saveImport(pool, done)
  return done
}

/** Reads the file into the staging table; rows that cannot be read are kept to download. */
async function stage(
  world: EngineWorld,
  stored: StoredImport,
  { opened, shop }: ImportOrder,
  { now, only }: { now: Instant; only(channel: string): string },
) {
  const { pool } = world.db
  const staged = {
    rows: 0,
    rejectedCount: 0,
    latest: 0,
    shops: new Set<string>(),
    byCode: [] as ImportResult["byCode"],
  }
  const codes = new Map<string, ImportResult["byCode"][number]>()
  const count = (code: string, line: number, message: string) => {
    const found = codes.get(code) ?? { code, count: 0, lines: [], message }
    found.count += 1
    if (found.lines.length < 20) found.lines.push(line)
    codes.set(code, found)
  }
  let waiting: WaitingRow[] = []
  let rejected: Rejection[] = []
  const flush = async () => {
    await waitRows(pool, waiting)
    await addRejections(pool, rejected)
    waiting = []
    rejected = []
    await saveImport(pool, { ...stored, rows: staged.rows })
  }
  for await (const read of opened.rows()) {
    if ("refused" in read) {
      const { line, column, code, message } = read.refused
      staged.rejectedCount += 1
      count(code, line, message)
      rejected.push({
        import: stored.number,
        line,
        col: column,
        code,
        message,
        cells: shownCells(read.cells, opened.reader.at, opened.headers),
      })
    } else {
      staged.rows += 1
      const row: RowFacts = { ...read.row, shop: shop ?? read.row.shop ?? only(read.row.channel) }
      const { latest, inFuture } = latestFact(row, now)
      if (latest !== null && latest > staged.latest) staged.latest = latest
      if (inFuture.length > 0)
        count("in_future", read.line, "this instant lies ahead; it is kept and takes effect in time")
      if (row.status !== null)
        count(
          "instant_missing",
          read.line,
          "the status says so without an instant; the file's instant is taken",
        )
      staged.shops.add(`${row.channel}\u001f${row.shop}`)
      waiting.push({
        import: stored.number,
        orderKey: `${row.channel}\u001f${row.shop}\u001f${row.orderNo}`,
        line: read.line,
        row: sealed(world, row),
      })
    }
    if (waiting.length + rejected.length >= batchRows) await flush()
  }
  await flush()
  staged.byCode = [...codes.values()].sort((one, other) => other.count - one.count)
  return staged
}

/** An unknown shop is settled by the file: batch, with the steps that are mapped. */
async function settle(
  world: EngineWorld,
  unknown: readonly { channel: string; shop: string }[],
  { opened, by }: ImportOrder,
  at: Instant,
): Promise<void> {
  if (unknown.length === 0) return
  const settings = {
    mode: "batch" as const,
    facts: opened.facts as string[],
    platformStop: opened.format.mapping.platformStop ?? ("shipped" as const),
  }
  await transaction(world.db, (tx) =>
    changeSettings(
      tx,
      Object.fromEntries(unknown.map(({ channel, shop }) => [`${channel}/${shop}`, settings])),
      { who: by, at },
    ),
  )
}

/** A row in the staging table: its receiver is encrypted there too. */
type Waiting = Omit<RowFacts, "receiver"> & { sealed: string | null }

function sealed(world: EngineWorld, { receiver, ...row }: RowFacts): Waiting {
  const text =
    receiver === null ? null : world.secrets.seal(JSON.stringify(receiver), "import_rows").toString("base64")
  return { ...row, sealed: text }
}

function opened(world: EngineWorld, { sealed: text, ...row }: Waiting): RowFacts {
  const receiver =
    text === null ? null : world.secrets.open(Buffer.from(text, "base64"), "import_rows").toString("utf8")
  return { ...row, receiver: receiver === null ? null : (JSON.parse(receiver) as RowFacts["receiver"]) }
}

/** How a file is told: `subOrders`, the same number twice is one row, the last. */
type Telling = { source: string; exportedAt: Instant; casesFrom: Instant | null; subOrders: boolean }

/** Reads the staging table back by order and tells its events. */
async function tellAll(world: EngineWorld, progress: StoredImport, told: Telling) {
  const result: ImportResult & { openTouched: number } = {
    rows: 0,
    orders: 0,
    newOrders: 0,
    changedOrders: 0,
    sameOrders: 0,
    accepted: 0,
    duplicates: 0,
    corrected: 0,
    rejectedCount: 0,
    missingOpenOrders: 0,
    overdueUnshipped: 0,
    byCode: [],
    statuses: [],
    openTouched: 0,
  }
  for (let after = ""; ; ) {
    const waiting = await nextWaiting<Waiting>(world.db.pool, progress.number, after, batchOrders)
    if (waiting.length === 0) return result
    const orders = waiting.map(({ orderKey, rows }) => ({
      orderKey,
      rows: rows.map((row) => opened(world, row)),
    }))
    after = orders.at(-1)!.orderKey
    await tellSome(world, progress.number, orders, told, result)
    result.rows += orders.reduce((n, { rows }) => n + rows.length, 0)
    await saveImport(world.db.pool, { ...progress, rows: result.rows, orders: result.orders })
  }
}

async function tellSome(
  world: EngineWorld,
  number: number,
  orders: readonly { orderKey: string; rows: RowFacts[] }[],
  told: Telling,
  result: ImportResult & { openTouched: number },
): Promise<void> {
  const keyed = orders.map(({ orderKey, rows }) => {
    const [channel, shop, orderNo] = orderKey.split("\u001f") as [string, string, string]
    const key: OrderKey = { channel, shop, orderNo }
    return { key, place: orderPlace(key), rows: told.subOrders ? rows.slice(-1) : distinct(rows) }
  })
  const known = await findOrders(
    world.db.pool,
    keyed.map(({ place }) => place),
  )
  const statuses = await listStatusIds(
    world.db.pool,
    keyed.map(({ place }) => place),
    told.source,
  )
  const incoming: Incoming[] = []
  for (const { key, place, rows } of keyed) {
    const order = known.get(place.id)
    if (order?.nextDueAt != null) result.openTouched += 1
    const instant = (value: unknown) => (typeof value === "number" ? value : null)
    const before = {
      promisedShipAt: instant(order?.details.promisedShipAt),
      presaleShipBy: instant(order?.details.presaleShipBy),
      eventIds: statuses.get(place.id) ?? new Set<string>(),
    }
    const events = eventsOf(rows, told, before)
    // An order of which the file tells nothing that happened is read, and stays unknown.
    if (events.length === 0) result.orders += 1
    for (const event of events) incoming.push({ key, event })
  }
  const recorded = await record(world, incoming, { import: number, casesFrom: told.casesFrom })
  for (const answer of recorded.answers) {
    if (answer === "duplicate") result.duplicates += 1
    else if (answer === "corrected") result.corrected += 1
    else if (answer !== "conflict") result.accepted += 1
  }
  for (const { isNew, changed } of recorded.orders) {
    result.orders += 1
    if (isNew) result.newOrders += 1
    else if (changed) result.changedOrders += 1
    else result.sameOrders += 1
  }
}

/** Rows equal in every cell are one. */
function distinct(rows: readonly RowFacts[]): RowFacts[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()]
}
