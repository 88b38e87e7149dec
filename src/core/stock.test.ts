import { expect, it } from "vitest"
import { readStockRow, stockColumns } from "./stock.ts"
import { WallClock } from "./wallTime.ts"

const clock = new WallClock("Asia/Shanghai")
const read = (header: string[], cells: string[]) => readStockRow(cells, stockColumns(header)!, clock)

it("a warehouse system's export is read by the names of its columns", () => {
  expect(
    read(
      ["商家编码", "仓库", "实际库存", "占用库存", "质检冻结", "更新时间"],
      ["QH-2041", "一仓", "1,200", "600", "", "2026-11-23 21:03:00"],
    ),
  ).toEqual({
    sku: "QH-2041",
    warehouse: "一仓",
    at: Date.UTC(2026, 10, 23, 13, 3),
    onHand: 1200,
    locked: 600,
    blocked: null,
    counted: null,
    inbound: null,
  })
})

it("where a file speaks of goods on their way, an empty cell says that there are none", () => {
  const header = ["SKU", "库存", "采购单号", "预计到货", "供应商"]
  expect(read(header, ["A", "0", "", "", ""])).toMatchObject({ inbound: [] })
  expect(read(header, ["A", "0", "PO-88", "2026/11/26", "南通厂"])).toMatchObject({
    inbound: [{ ref: "PO-88", expectedAt: Date.UTC(2026, 10, 25, 16), supplier: "南通厂" }],
  })
})

it("what cannot be read is told with its column, and a table without SKU or quantity is none", () => {
  expect(read(["sku", "库存"], ["A", "很多"])).toEqual({ column: "onHand", message: "is no number: 很多" })
  expect(read(["sku", "库存", "时间"], ["A", "1", "昨天"])).toEqual({
    column: "at",
    message: "is no date: 昨天",
  })
  expect(read(["sku", "库存"], ["", "1"])).toMatchObject({ column: "sku" })
  expect(read(["sku", "库存"], ["", " "])).toBeNull()
  expect([stockColumns(["订单编号", "库存"]), stockColumns(["sku", "仓库"])]).toEqual([null, null])
})
