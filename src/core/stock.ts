import type { InboundFacts } from "./causes.ts"
import { dateReaders } from "./dateFormats.ts"
import type { Instant } from "./instants.ts"
import { type Cell, cellText } from "./rows.ts"
import type { WallClock } from "./wallTime.ts"

/** A row of a stock file as it was read. */
export type StockRow = {
  sku: string
  warehouse: string
  at: Instant | null
  onHand: number | null
  locked: number | null
  blocked: number | null
  counted: number | null
  inbound: InboundFacts[] | null
}

/** What a column may be called in the exports of warehouse systems and in our own template. */
const aliases = {
  sku: ["sku", "商家编码", "货号", "商品编码", "规格编码", "SKU编码", "商品编号"],
  warehouse: ["warehouse", "仓库", "仓库名称"],
  at: ["at", "时间", "截止时间", "盘点时间", "更新时间"],
  onHand: ["on_hand", "库存", "实际库存", "在库", "库存数量", "账面库存", "数量"],
  locked: ["locked", "锁定", "锁定库存", "占用", "占用库存", "锁库"],
  blocked: ["blocked", "冻结", "冻结库存", "质检冻结", "不可用"],
  counted: ["counted", "盘点", "盘点数量", "实盘", "实到"],
  inboundRef: ["inbound", "采购单", "在途单号", "采购单号"],
  inboundAt: ["inbound_at", "预计到货", "到货日期", "预计到货时间"],
  inboundQuantity: ["inbound_quantity", "在途", "在途数量", "在途库存"],
  supplier: ["supplier", "供应商"],
} as const
export type StockColumn = keyof typeof aliases

/** Finds the columns of a stock file in its header; null where it has neither a SKU nor a quantity. */
export function stockColumns(header: readonly string[]): Map<StockColumn, number> | null {
  const found = new Map<StockColumn, number>()
  const bare = (text: string) =>
    text
      .trim()
      .toLowerCase()
      .replace(/[\s*（）()]/g, "")
  for (const [column, names] of Object.entries(aliases) as [StockColumn, readonly string[]][]) {
    const index = header.findIndex((each) => names.some((name) => bare(name) === bare(each)))
    if (index >= 0) found.set(column, index)
  }
  const hasQuantity = (["onHand", "counted", "blocked"] as const).some((column) => found.has(column))
  return found.has("sku") && hasQuantity ? found : null
}

const readDate = dateReaders([
  "iso",
  "yyyy-MM-dd HH:mm:ss",
  "yyyy/M/d H:mm:ss",
  "yyyy-MM-dd HH:mm",
  "yyyy/M/d H:mm",
  "yyyy-MM-dd",
  "yyyy/M/d",
  "yyyy.M.d",
])

/** Reads a row of a stock file; a text says which cell cannot be read. Empty rows are null. */
export function readStockRow(
  cells: readonly Cell[],
  columns: ReadonlyMap<StockColumn, number>,
  clock: WallClock,
): StockRow | { column: StockColumn; message: string } | null {
  const text = (column: StockColumn): string => {
    const index = columns.get(column)
    return index === undefined ? "" : cellText(cells[index]).trim()
  }
  if (cells.every((cell) => cellText(cell).trim() === "")) return null
  if (text("sku") === "") return { column: "sku", message: "has no SKU" }
  const numbers: Partial<Record<StockColumn, number | null>> = {}
  for (const column of ["onHand", "locked", "blocked", "counted", "inboundQuantity"] as const) {
    const written = text(column).replaceAll(",", "")
    const number = written === "" ? null : Number(written)
    if (number !== null && !Number.isFinite(number)) return { column, message: `is no number: ${written}` }
    numbers[column] = number
  }
  const instants: Partial<Record<StockColumn, Instant | null>> = {}
  for (const column of ["at", "inboundAt"] as const) {
    const written = text(column)
    const at = written === "" ? null : readDate(written, clock)
    if (written !== "" && at === null) return { column, message: `is no date: ${written}` }
    instants[column] = at
  }
  const saysInbound = columns.has("inboundAt") || columns.has("inboundQuantity") || columns.has("inboundRef")
  const hasInbound =
    instants.inboundAt != null || (numbers.inboundQuantity ?? 0) > 0 || text("inboundRef") !== ""
  return {
    sku: text("sku"),
    warehouse: text("warehouse"),
    at: instants.at ?? null,
    onHand: numbers.onHand ?? null,
    locked: numbers.locked ?? null,
    blocked: numbers.blocked ?? null,
    counted: numbers.counted ?? null,
    inbound: !saysInbound
      ? null
      : hasInbound
        ? [
            {
              kind: "purchase",
              ref: text("inboundRef") || "–",
              expectedAt: instants.inboundAt ?? null,
              receivedAt: null,
              quantity: numbers.inboundQuantity ?? null,
              supplier: text("supplier") || null,
              answeredAt: null,
            },
          ]
        : [],
  }
}
