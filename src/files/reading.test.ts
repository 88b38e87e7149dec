import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { buffer } from "node:stream/consumers"
import exceljs from "exceljs"
import { afterAll, describe, expect, it } from "vitest"
import { eventsOf } from "../core/imports.ts"
import { mappingSchema } from "../core/mapping.ts"
import { presetNamed } from "../core/presets.ts"
import { cellText, type RowFacts, type RowRefusal } from "../core/rows.ts"
import { csvTable } from "./csv.ts"
import { harmless } from "./formula.ts"
import { openPath } from "./node.ts"
import { openTable } from "./reading.ts"
import { workbookStream } from "./writeStream.ts"

const folder = mkdtempSync(join(tmpdir(), "zs-files-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (text: string) => Date.parse(`${text.replace(" ", "T")}+08:00`)

async function read(name: string, bytes: string | Buffer, options: Parameters<typeof openTable>[1] = {}) {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  const table = await openPath(path)
  const opened = await openTable(table, options)
  const rows: RowFacts[] = []
  const refused: RowRefusal[] = []
  for await (const each of opened.rows()) "row" in each ? rows.push(each.row) : refused.push(each.refused)
  return { table, opened, rows, refused }
}

const douyinHead =
  "主订单编号,子订单编号,选购商品,商家编码,商品数量,订单应付金额,订单提交时间,支付完成时间,订单状态,承诺发货时间,发货时间,订单完成时间"
const row = (no: string, more: Partial<Record<string, string>> = {}) => {
  const cells = {
    main: "\t6953489890610190000",
    no: `\t${no}`,
    name: "被",
    sku: "NY-1",
    n: "1",
    amount: "329.00",
    created: "2026-11-20 10:00:00",
    paid: "2026-11-20 10:01:00",
    status: "待发货",
    promise: "2026-11-22 10:01:00",
    shipped: "-",
    done: "-",
    ...more,
  }
  return Object.values(cells).join(",")
}

describe("a platform's export", () => {
  it("of 抖店: TAB-padded 19-digit ids stay text, `-` is empty, the byte order mark is none", async () => {
    const { opened, rows, table } = await read(
      "a.csv",
      `\ufeff${douyinHead}\r\n${row("6953489890610190242")}\r\n`,
    )
    expect(opened.format.preset?.channel).toBe("douyin")
    expect([table.encoding, table.delimiter]).toEqual(["utf-8", ","])
    expect(rows[0]).toMatchObject({
      orderNo: "6953489890610190242",
      channel: "douyin",
      sku: "NY-1",
      promisedShipAt: at("2026-11-22 10:01:00"),
      details: { parentNo: "6953489890610190000", amount: 32_900 },
    })
    expect(rows[0]!.facts).toEqual({ created: at("2026-11-20 10:00:00"), paid: at("2026-11-20 10:01:00") })
  })

  it("its finished and closed orders take the instant of their status", async () => {
    const { rows } = await read(
      "b.csv",
      [
        douyinHead,
        row("1", { status: "已完成", done: "2026-11-23 09:00:00", shipped: "2026-11-21 09:00:00" }),
        row("2", { status: "已关闭", done: "2026-11-20 12:00:00" }),
        row("3", { status: "已关闭" }),
        row("4", { status: "新状态" }),
      ].join("\n"),
    )
    expect(rows.map(({ facts, status }) => [facts.delivered ?? facts.cancelled ?? null, status])).toEqual([
      [at("2026-11-23 09:00:00"), null],
      [at("2026-11-20 12:00:00"), null],
      [null, "cancelled"],
      [null, null],
    ])
  })

  it("of 淘宝: GB18030, ids as formulas and apostrophes; tabs are found out too", async () => {
    // 订单编号 买家会员名 宝贝标题 in GB18030, as the platform writes them.
    const gb = Buffer.from(
      "b6a9b5a5b1e0bac509c2f2bcd2bbe1d4b1c3fb09b1a6b1b4b1eacce209b6a9b5a5b8b6bfeecab1bce40a",
      "hex",
    )
    const body = Buffer.from('="260607400000294410900"\tx\ty\t2026-06-07 13:41:00\n')
    const { opened, rows, table } = await read("c.csv", Buffer.concat([gb, body]))
    expect([table.encoding, table.delimiter, opened.format.preset?.mapping.name]).toEqual([
      "gb18030",
      "\t",
      "taobao_legacy",
    ])
    expect(rows[0]).toMatchObject({
      orderNo: "260607400000294410900",
      facts: { paid: at("2026-06-07 13:41:00") },
    })
  })

  it("of 快手: an XLSX whose header stands in row 3, with dates, thousands commas and a presale", async () => {
    const book = new exceljs.Workbook()
    const sheet = book.addWorksheet("订单")
    sheet.addRow(["快手订单导出"])
    sheet.addRow([])
    sheet.addRow([
      "订单号",
      "订单支付时间",
      "预售/承诺发货时间",
      "发货时间",
      "订单状态",
      "实付款",
      "成交数量",
      "SKU编码",
      "预售定金支付时间",
    ])
    sheet.addRow([
      "2607034418829016123",
      new Date(Date.UTC(2026, 10, 20, 10, 1, 0)),
      "2026/11/22 10:01:00",
      "",
      "待发货",
      "￥1,234.50",
      1,
      "S1",
      "",
    ])
    sheet.addRow([
      "2607034418829016124",
      "2026/11/20 10:01:00",
      "2026/12/22 10:01:00",
      "",
      "待发货",
      "￥12.00",
      1,
      "S2",
      "2026/11/01 10:00:00",
    ])
    const { opened, rows } = await read("d.xlsx", Buffer.from(await book.xlsx.writeBuffer()))
    expect([opened.format.preset?.channel, opened.headerLine]).toEqual(["kuaishou", 3])
    expect(rows[0]).toMatchObject({
      orderNo: "2607034418829016123",
      facts: { paid: at("2026-11-20 10:01:00") },
      details: { amount: 123_450 },
      presaleShipBy: null,
    })
    expect(rows[1]).toMatchObject({ details: { type: "presale" }, presaleShipBy: at("2026-12-22 10:01:00") })
  })

  it("of 小红书: an order with a last day of its presale is a presale until then", async () => {
    const { rows } = await read(
      "red.csv",
      "订单号,规格ID,支付时间,承诺发货时间,预售订单截止发货时间\nP1,1,2026-11-20 10:00:00,2026-11-22 10:00:00,-\nP2,1,2026-11-20 10:00:00,2026-12-21 10:00:00,2026-12-20 10:00:00\n",
    )
    expect(rows.map(({ details, presaleShipBy }) => [details.type, presaleShipBy])).toEqual([
      [undefined, null],
      ["presale", at("2026-12-20 10:00:00")],
    ])
  })

  it("of TikTok Shop: an order that was cancelled has ended, and has no status that would say so", async () => {
    const { rows } = await read(
      "cancelled.csv",
      "Order ID,Order Status,RTS Time,Seller SKU,Created Time,Paid Time,Cancelled Time\nPlatform unique order ID.,,,,,,\n577,Đã hủy,,A-1,20/11/2026 09:59:00,20/11/2026 10:00:00,20/11/2026 11:00:00\n",
    )
    expect(rows[0]!.facts.cancelled).toBe(at("2026-11-20 11:00:00"))
  })

  it("of TikTok Shop: the row that describes the columns is none", async () => {
    const { rows } = await read(
      "e.csv",
      "Order ID,RTS Time,Seller SKU,Paid Time\nPlatform unique order ID.,Ready,Seller,Time\n576460752303423488,,A,20/11/2026 10:01:00\n",
    )
    expect(rows.map(({ orderNo, facts }) => [orderNo, facts.paid])).toEqual([
      ["576460752303423488", at("2026-11-20 10:01:00")],
    ])
  })
})

describe("what cannot be read", () => {
  it("is refused with its line, its column and what was expected; the rest goes on", async () => {
    const { rows, refused } = await read(
      "f.csv",
      [
        douyinHead,
        row("1", { paid: "2026-02-30 10:00:00" }),
        `"a\nb",${row("2").slice(21)}`,
        row("3", { amount: "abc" }),
        row("4"),
      ].join("\n"),
    )
    expect(refused.map(({ line, column, code }) => [line, column, code])).toEqual([
      [2, "支付完成时间", "bad_datetime"],
      [5, "订单应付金额", "bad_amount"],
    ])
    expect(rows.map(({ orderNo }) => orderNo)).toEqual(["2", "4"])
  })

  it.each([
    ["nothing.csv", "", /empty/],
    ["picture.png", Buffer.from("89504e470d0a1a0a0000000d", "hex"), /no table/],
    ["old.xls", Buffer.from("d0cf11e0a1b11ae1", "hex"), /save it as \.xlsx/],
    ["words.csv", "just some words\nand more\n", /no table/],
    ["strange.csv", "a,b\n1,2\n", /not recognised/],
  ])("a file %s is refused with one sentence that says what to do", async (name, bytes, sentence) => {
    await expect(read(name, bytes)).rejects.toThrow(sentence)
  })

  it("a mapping that names columns which are not there says which", async () => {
    const mapping = mappingSchema.parse({ name: "x", columns: { orderNo: "a", paidAt: "付款" } })
    await expect(read("g.csv", "a,b\n1,2\n", { mapping })).rejects.toThrow(/「付款」.*a, b/)
  })
})

describe("rows of one order", () => {
  const mapping = mappingSchema.parse({
    name: "erp",
    columns: { orderNo: "no", paidAt: "paid", shippedAt: "shipped", sku: "sku", promisedShipAt: "promise" },
    status: { column: "status", values: { 关闭: "cancelled", 已发: "shipped" } },
  })
  const told = async (...lines: string[]) =>
    eventsOf(
      (await read("h.csv", ["no,paid,shipped,sku,promise,status", ...lines].join("\n"), { mapping })).rows,
      { source: "import:erp", exportedAt: 1_800_000_000_000 },
    )

  it("are its lines: paid once at the earliest, a step a line, the deadline by an event of its own", async () => {
    const events = await told(
      "1,2026-11-20 10:05:00,2026-11-21 10:00:00,b,2026-11-22 10:00:00,",
      "1,2026-11-20 10:00:00,,a,2026-11-22 09:00:00,",
      "1,2026-11-20 10:00:00,2026-11-21 12:00:00,a,,",
    )
    expect(events.map(({ type, eventId, at: instant, lines }) => [type, eventId, instant, lines])).toEqual([
      ["paid", "paid", at("2026-11-20 10:00:00"), undefined],
      ["shipped", "shipped:b#1", at("2026-11-21 10:00:00"), ["b#1"]],
      ["shipped", "shipped:a#1", at("2026-11-21 12:00:00"), ["a#1"]],
      ["promise_changed", "promisedShipAt:2027-01-15T08:00:00.000Z", 1_800_000_000_000, undefined],
    ])
    expect(events[0]!.order).toMatchObject({ items: [{ line: "b#1" }, { line: "a#2" }, { line: "a#1" }] })
    expect(events[3]!.promisedShipAt).toBe(at("2026-11-22 09:00:00"))
    expect(events[0]!.observedAt).toBe(1_800_000_000_000)
  })

  it("without sku make one line: shipped when all that are not closed are, cancelled when all are closed", async () => {
    expect(
      (
        await told(
          "1,2026-11-20 10:00:00,2026-11-21 10:00:00,,,",
          "1,2026-11-20 10:00:00,2026-11-21 12:00:00,,,",
          "1,2026-11-20 10:00:00,,,,关闭",
        )
      ).map(({ type, at: instant }) => [type, instant]),
    ).toEqual([
      ["paid", at("2026-11-20 10:00:00")],
      ["shipped", at("2026-11-21 12:00:00")],
    ])
    const closed = await told("1,2026-11-20 10:00:00,,,,关闭", "1,2026-11-20 10:00:00,,,,关闭")
    expect(closed.map(({ type, eventId, observedAt }) => [type, eventId, observedAt])).toEqual([
      ["paid", "paid", 1_800_000_000_000],
      ["cancelled", "cancelled:status", undefined],
    ])
  })
})

it("no cell of a written file runs when it is opened", () => {
  expect(["=1+1", "+x", "-x", "@x", "\tx"].map(harmless)).toEqual(["'=1+1", "'+x", "'-x", "'@x", "'\tx"])
  expect([harmless("-12.5"), harmless("6953489890610190242")]).toEqual(["-12.5", "6953489890610190242"])
})

it("every preset of a platform is found by its name", () => {
  for (const name of [
    "douyin",
    "kuaishou",
    "pinduoduo",
    "taobao_tmall",
    "tiktok_shop",
    "wechat_shop",
    "xiaohongshu",
  ])
    expect(presetNamed(name), name).toBeDefined()
})

/** A workbook of 60 orders, as its bytes. */
async function workbookOf60(): Promise<Buffer> {
  const book = new exceljs.Workbook()
  const sheet = book.addWorksheet("订单")
  sheet.addRow(["订单号", "订单支付时间", "预售/承诺发货时间", "发货时间", "订单状态"])
  for (let i = 0; i < 60; i++)
    sheet.addRow([`26070344188290${10_000 + i}`, "2026/11/20 10:01:00", "2026/11/22 10:01:00", "", "待发货"])
  return Buffer.from(await book.xlsx.writeBuffer())
}

it("a workbook whose end is missing is refused with what to do, wherever it was cut off", async () => {
  const whole = await workbookOf60()
  expect((await read("whole.xlsx", whole)).rows).toHaveLength(60)
  const cuts = [whole.length - 1]
  for (let i = whole.indexOf("PK", 2); i >= 0; i = whole.indexOf("PK", i + 2)) cuts.push(i)
  expect(cuts.length).toBeGreaterThan(10)
  for (const cut of cuts)
    await expect(read("cut.xlsx", whole.subarray(0, cut)), `after ${cut} bytes`).rejects.toThrow(
      /end of this workbook is missing/,
    )
})

it("a workbook of many rows keeps every character, also where the archive is unpacked in pieces", async () => {
  const book = new exceljs.Workbook()
  const sheet = book.addWorksheet("订单")
  sheet.addRow(["订单号", "订单支付时间", "预售/承诺发货时间", "发货时间", "订单状态", "商品名称"])
  const name = (i: number) => `奶油风四件套加厚双人绒毯${i}号`
  for (let i = 0; i < 3_000; i++)
    sheet.addRow([
      `2607034418${1e6 + i}`,
      "2026/11/20 10:01:00",
      "2026/11/22 10:01:00",
      "",
      "待发货",
      name(i),
    ])
  const path = join(folder, "many.xlsx")
  writeFileSync(path, Buffer.from(await book.xlsx.writeBuffer()))
  const names: string[] = []
  for await (const { cells } of (await openPath(path)).rows) names.push(cellText(cells[5]))
  expect(names.slice(1)).toEqual(Array.from({ length: 3_000 }, (_, i) => name(i)))
})

it("of a workbook the first sheet is read, wherever it lies in the archive, and nothing of it is left elsewhere", async () => {
  const book = new exceljs.Workbook()
  for (const [name, orderNo] of [
    ["说明", "0"],
    ["订单", "1"],
  ] as const)
    book.addWorksheet(name).addRow([orderNo, "x"])
  // As a person puts sheets in another order.
  const [one, two] = book.worksheets as (exceljs.Worksheet & { orderNo: number })[]
  ;[one!.orderNo, two!.orderNo] = [two!.orderNo, one!.orderNo]
  const path = join(folder, "sheets.xlsx")
  writeFileSync(path, Buffer.from(await book.xlsx.writeBuffer()))
  for await (const { cells } of (await openPath(path)).rows) {
    expect(cells).toEqual(["1", "x"])
    break
  }
  const left = readdirSync(tmpdir()).filter((name) => name.startsWith(`tmp-${process.pid}-`))
  expect(left, "the reader keeps what it cannot explain yet under such names").toEqual([])
})

/** Emoji and a character beyond the first plane, no two texts alike; each is shifted against the borders of whatever pieces there are. */
const rare = Array.from({ length: 3_000 }, (_, i) => `${i}${"·".repeat(i % 3)}${"🐼𠮷".repeat(20)}`)

it("a workbook that the server writes keeps emoji and rare characters, and so does its reader", async () => {
  const path = join(folder, "rare.xlsx")
  const rows = rare.map((text, i) => [String(i), text])
  writeFileSync(path, await buffer(workbookStream("x", ["no", "name"], rows)))
  const names: string[] = []
  for await (const { cells } of (await openPath(path)).rows) names.push(cellText(cells[1]))
  expect(names).toEqual(["name", ...rare])
})

it.each(["utf-8", "utf-8 with its mark", "utf-16le", "utf-16be", "gb18030"])(
  "a text in %s is read alike wherever it is cut, also within a character",
  async (encoding) => {
    const text = "订单,备注\n1,好😀𠮷了\n2,末😀\n"
    const bytes = encoded(text, encoding)
    const read = async (...chunks: Uint8Array[]) => {
      const source = (async function* () {
        yield* chunks
      })()
      const rows: unknown[] = []
      for await (const { cells } of csvTable(bytes, source).rows) rows.push(cells)
      return rows
    }
    const whole = [
      ["订单", "备注"],
      ["1", "好😀𠮷了"],
      ["2", "末😀"],
    ]
    for (let cut = 0; cut <= bytes.length; cut++)
      expect(await read(bytes.subarray(0, cut), bytes.subarray(cut)), `cut at ${cut}`).toEqual(whole)
    expect(await read(...[...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(whole)
  },
)

/** A text's bytes; GB18030 as another program wrote them. */
function encoded(text: string, encoding: string): Buffer {
  if (encoding === "utf-8") return Buffer.from(text)
  if (encoding === "utf-8 with its mark") return Buffer.from(`\ufeff${text}`)
  if (encoding === "utf-16le") return Buffer.from(`\ufeff${text}`, "utf16le")
  if (encoding === "utf-16be") return Buffer.from(`\ufeff${text}`, "utf16le").swap16()
  const gb = "b6a9b5a52cb1b8d7a20a312cbac3HHHHRRRRc1cb0a322cc4a9HHHH0a"
  return Buffer.from(gb.replaceAll("HHHH", "9439fc36").replaceAll("RRRR", "9534b235"), "hex")
}
