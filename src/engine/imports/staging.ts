import type { OrderKey } from "../../core/events.ts"
import { latestFact } from "../../core/imports.ts"
import type { Instant } from "../../core/instants.ts"
import { type RowFacts, shownCells } from "../../core/rows.ts"
import {
  addRejections,
  knowWaiting,
  nextWaiting,
  type Rejection,
  type WaitingRow,
  waitRows,
} from "../../store/imports.ts"
import type { EngineWorld } from "../world.ts"
import type { ImportOrder, ShopKey } from "./order.ts"

const batchRows = 2_000
const batchOrders = 1_000
const separator = "\u001f"

/** What is to be said of rows: a word, how many, and the first lines. */
export type Remark = { code: string; count: number; lines: number[]; message: string }

/** What a file came to when it was read into the staging table. */
export type Staged = {
  rows: number
  rejectedCount: number
  /** the latest fact in it that is not in the future */
  latest: Instant
  shops: ShopKey[]
  byCode: Remark[]
}

/** How far the reading has come, and what became of rows that cannot be read. */
type Heard = {
  rows(read: number): Promise<unknown>
  rejected?(rows: readonly Rejection[]): Promise<unknown>
}

/** Reads a file into the staging table under a number, so that the rows of an order can be read back together however they lie. */
export async function stage(
  world: EngineWorld,
  number: number,
  { opened, shop }: ImportOrder,
  ground: { now: Instant; shopOf(channel: string): string },
  heard: Heard,
): Promise<Staged> {
  const { pool } = world.db
  const staged = { rows: 0, rejectedCount: 0, latest: 0 }
  const shops = new Set<string>()
  const remarks = new Map<string, Remark>()
  const remark = (code: string, line: number, message: string) => {
    const found = remarks.get(code) ?? { code, count: 0, lines: [], message }
    found.count += 1
    if (found.lines.length < 20) found.lines.push(line)
    remarks.set(code, found)
  }
  let waiting: WaitingRow[] = []
  let rejected: Rejection[] = []
  const flush = async () => {
    await waitRows(pool, waiting)
    await heard.rejected?.(rejected)
    waiting = []
    rejected = []
    await heard.rows(staged.rows)
  }
  for await (const read of opened.rows()) {
    if ("refused" in read) {
      const { line, column, code, message } = read.refused
      staged.rejectedCount += 1
      remark(code, line, message)
      const cells = shownCells(read.cells, opened.reader.at, opened.headers)
      rejected.push({ import: number, line, col: column, code, message, cells })
    } else {
      staged.rows += 1
      const row: RowFacts = { ...read.row, shop: shop ?? read.row.shop ?? ground.shopOf(read.row.channel) }
      const { latest, inFuture } = latestFact(row, ground.now)
      if (latest !== null && latest > staged.latest) staged.latest = latest
      if (inFuture.length > 0)
        remark("in_future", read.line, "this instant lies ahead; it is kept and takes effect in time")
      if (row.status !== null)
        remark(
          "instant_missing",
          read.line,
          "the status says so without an instant; the file's instant is taken",
        )
      shops.add(`${row.channel}${separator}${row.shop}`)
      const orderKey = [row.channel, row.shop, row.orderNo].join(separator)
      waiting.push({ import: number, orderKey, line: read.line, row: sealed(world, row) })
    }
    if (waiting.length + rejected.length >= batchRows) await flush()
  }
  await flush()
  await knowWaiting(pool)
  return {
    ...staged,
    shops: [...shops].map((each) => {
      const [channel, shop] = each.split(separator) as [string, string]
      return { channel, shop }
    }),
    byCode: [...remarks.values()].sort((one, other) => other.count - one.count),
  }
}

/** Keeps rows that cannot be read, to download. */
export const keepRejected =
  (world: EngineWorld) =>
  (rows: readonly Rejection[]): Promise<unknown> =>
    addRejections(world.db.pool, rows)

/** An order with its rows as they stood in the file. */
export type StagedOrder = { key: OrderKey; rows: RowFacts[] }

/** The staged rows back by order, a thousand orders at a time. */
export async function* stagedOrders(world: EngineWorld, number: number): AsyncGenerator<StagedOrder[]> {
  for (let after = ""; ; ) {
    const waiting = await nextWaiting<Waiting>(world.db.pool, number, after, batchOrders)
    if (waiting.length === 0) return
    after = waiting.at(-1)!.orderKey
    yield waiting.map(({ orderKey, rows }) => {
      const [channel, shop, orderNo] = orderKey.split(separator) as [string, string, string]
      return { key: { channel, shop, orderNo }, rows: rows.map((row) => opened(world, row)) }
    })
  }
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
