import { dateReaders } from "./dateFormats.ts"
import { idOf } from "./door.ts"
import type { Instant } from "./instants.ts"
import { type ColumnKey, type FileFact, factColumns, type Mapping, placeColumns } from "./mapping.ts"
import { maskName, maskPhone } from "./masking.ts"
import { WallClock } from "./wallTime.ts"

/** A cell: text, or a wall time as milliseconds as if it were UTC (an Excel date). */
export type Cell = string | { wall: number }

/** Why a row cannot be read. */
export type RowRefusal = { line: number; column: string; code: string; message: string }

/** What one row says of one line of an order. */
export type RowFacts = {
  channel: string
  shop: string | null
  orderNo: string
  line: string | null
  sku: string | null
  name: string | null
  quantity: number | null
  itemAmount: number | null
  kind: string | null
  facts: Partial<Record<FileFact, Instant>>
  /** what the row's status says without an instant */
  status: FileFact | null
  promisedShipAt: Instant | null
  presaleShipBy: Instant | null
  /** what belongs to the order: parentNo, type, warehouse, … */
  details: Record<string, string | number>
  /** masked unless the whole receiver was asked for */
  receiver: Record<string, string> | null
  /** a hash of every cell, also of those that no key names: rows equal in every cell are one */
  cells: number
}

/** Reads the rows below a header, one at a time. */
export type RowReader = {
  at: ReturnType<typeof placeColumns>["at"]
  read(line: number, cells: readonly Cell[]): { row: RowFacts } | { refused: RowRefusal } | null
  /** status words that mean nothing to the mapping, with their counts */
  unknownWords: Map<string, number>
}

/** A cell's text: padding, ="…", a leading apostrophe and `-` for empty are the platforms' habits. */
export function cellText(cell: Cell | undefined): string {
  if (cell === undefined) return ""
  if (typeof cell !== "string") return new Date(cell.wall).toISOString().slice(0, 19).replace("T", " ")
  let text = cell.trim()
  if (text.startsWith('="') && text.endsWith('"')) text = text.slice(2, -1).trim()
  if (text.startsWith("'")) text = text.slice(1).trim()
  return text === "-" || text === "--" ? "" : text
}

const personal = ["receiverName", "receiverPhone", "address"] as const

const personalHeader = /收[件货]人|收[件货]地址|详细地址|姓名|手机|电话|身份证|recipient|phone|address/i

/** The cells of a row as they may be kept and shown: receivers masked, also in columns that no key names, and what looks like a phone or an identity number wherever it stands. */
export function shownCells(
  cells: readonly Cell[],
  at: RowReader["at"],
  headers: readonly string[],
): string[] {
  const hidden = new Set<number | undefined>(personal.map((key) => at[key]))
  for (const [i, header] of headers.entries()) if (personalHeader.test(header)) hidden.add(i)
  const numbers = new Set<number | undefined>([at.orderNo, at.line, at.trackingNo])
  return cells.map((cell, i) => {
    const text = cellText(cell)
    if (hidden.has(i)) return text === "" ? "" : "***"
    // Many an order's number has the digits of an identity number.
    if (numbers.has(i)) return text
    return text
      .replace(/(?<!\d)1[3-9]\d{9}(?!\d)/g, maskPhone)
      .replace(/(?<!\d)\d{6}(19|20)\d{9}[\dXx](?!\d)/g, "******")
  })
}

/** An amount in minor units from major ones as people write them: ￥1,234.50; null when it is none. */
export function minorUnits(text: string): number | null {
  const plain = text.replace(/[￥¥$元,，\s]/g, "")
  if (!/^-?\d+(\.\d+)?$/.test(plain)) return null
  const minor = Math.round(Number(plain) * 100)
  return Number.isSafeInteger(minor) ? minor : null
}

/** A reader of rows under a header. Throws a sentence when the mapping names columns that are not there. */
export function rowReader(
  mapping: Mapping,
  headers: readonly string[],
  options: { withReceiver: boolean; channel?: string | undefined; shop?: string | undefined },
): RowReader {
  const { at, missing } = placeColumns(mapping, headers)
  if (missing.length > 0)
    throw new Error(
      `the file has no column ${missing.map((each) => `「${each}」`).join(", ")}; its columns are: ${headers.filter(Boolean).join(", ")}`,
    )
  if (at.orderNo === undefined && mapping.constants.orderNo === undefined)
    throw new Error("the mapping brings no orderNo; name the column of the order number")
  const clock = new WallClock(mapping.timezone)
  const readDate = dateReaders(mapping.datetime)
  const unknownWords = new Map<string, number>()
  const text = (
    key: ColumnKey | "status" | "typeWord" | "completedAt" | "presaleMark",
    cells: readonly Cell[],
  ): string => {
    const place = at[key]
    return place === undefined ? (mapping.constants[key as ColumnKey] ?? "") : cellText(cells[place])
  }

  class Unreadable {
    readonly refused: RowRefusal
    constructor(line: number, key: string, place: number | undefined, code: string, message: string) {
      this.refused = { line, column: place === undefined ? key : headers[place]!, code, message }
    }
  }
  const instant = (line: number, key: ColumnKey | "completedAt", cells: readonly Cell[]): Instant | null => {
    const place = at[key]
    const cell = place === undefined ? mapping.constants[key as ColumnKey] : cells[place]
    if (cell !== undefined && typeof cell !== "string") return clock.instantOf(cell.wall)
    const written = cellText(cell)
    if (written === "") return null
    const found = readDate(written, clock)
    if (found === null)
      throw new Unreadable(
        line,
        key,
        place,
        "bad_datetime",
        `「${written}」 is no time; expected ${mapping.datetime.join(" or ")}`,
      )
    return found
  }

  const amount = (line: number, key: "amount" | "itemAmount", cells: readonly Cell[]): number | null => {
    const written = text(key, cells)
    if (written === "") return null
    const minor = minorUnits(written)
    if (minor === null)
      throw new Unreadable(
        line,
        key,
        at[key],
        "bad_amount",
        `「${written}」 is no amount; expected a number such as 329.00`,
      )
    return minor
  }

  const quantity = (line: number, cells: readonly Cell[]): number | null => {
    const written = text("quantity", cells).replaceAll(",", "")
    if (written === "") return null
    const number = Number(written)
    if (!Number.isFinite(number))
      throw new Unreadable(line, "quantity", at.quantity, "bad_number", `「${written}」 is no number`)
    return number
  }

  const read = (line: number, cells: readonly Cell[]): RowFacts => {
    const orderNo = idOf(text("orderNo", cells))
    if (orderNo === null)
      throw new Unreadable(
        line,
        "orderNo",
        at.orderNo,
        "no_order_no",
        "the order number is empty or too long",
      )
    const row: RowFacts = {
      channel: options.channel ?? (text("channel", cells) || mapping.name),
      shop: options.shop ?? (text("shop", cells) || null),
      orderNo,
      line: text("line", cells) || null,
      sku: text("sku", cells) || null,
      name: text("name", cells) || null,
      quantity: quantity(line, cells),
      itemAmount: amount(line, "itemAmount", cells),
      kind: text("kind", cells) || null,
      facts: {},
      status: null,
      promisedShipAt: instant(line, "promisedShipAt", cells),
      presaleShipBy: instant(line, "presaleShipBy", cells),
      details: {},
      receiver: receiverOf((key) => text(key, cells), options.withReceiver),
      cells: hash(cells),
    }
    for (const key in factColumns) {
      const found = instant(line, key as keyof typeof factColumns, cells)
      if (found !== null) row.facts[factColumns[key as keyof typeof factColumns]] = found
    }
    readStatus(line, row, cells)
    readDetails(line, row, cells)
    return row
  }

  const readStatus = (line: number, row: RowFacts, cells: readonly Cell[]): void => {
    const word = at.status === undefined ? "" : text("status", cells)
    if (word === "") return
    const means = mapping.status!.values[word]
    if (means === undefined) unknownWords.set(word, (unknownWords.get(word) ?? 0) + 1)
    if (!means) return
    const completed = at.completedAt === undefined ? null : instant(line, "completedAt", cells)
    if (completed !== null && (means === "delivered" || means === "cancelled")) row.facts[means] ??= completed
    if (row.facts[means] === undefined) row.status = means
  }

  const readDetails = (line: number, row: RowFacts, cells: readonly Cell[]): void => {
    for (const key of [
      "parentNo",
      "warehouse",
      "fulfilment",
      "liveSession",
      "host",
      "carrier",
      "trackingNo",
      "currency",
    ] as const) {
      const value = text(key, cells)
      if (value !== "") row.details[key] = value
    }
    const money = amount(line, "amount", cells)
    if (money !== null) row.details.amount = money
    const buyer = text("buyerId", cells)
    if (buyer !== "") row.details.buyerId = buyer
    const word = at.typeWord === undefined ? "" : text("typeWord", cells)
    const type = mapping.types?.values[word] ?? text("type", cells)
    if (type !== "") row.details.type = type
    if (at.presaleMark !== undefined && text("presaleMark", cells) !== "") {
      row.details.type = "presale"
      row.presaleShipBy ??= row.promisedShipAt
    }
  }

  return {
    at,
    unknownWords,
    read(line, cells) {
      if (cells.every((cell) => cellText(cell) === "")) return null
      try {
        return { row: read(line, cells) }
      } catch (error) {
        if (error instanceof Unreadable) return { refused: error.refused }
        throw error
      }
    },
  }
}

/** What is kept of a receiver: masked phone, province and city; the whole only when it was asked for. */
function receiverOf(text: (key: ColumnKey) => string, whole: boolean): Record<string, string> | null {
  const receiver: Record<string, string> = {}
  const put = (field: string, value: string) => {
    if (value !== "") receiver[field] = value
  }
  const [name, phone] = [text("receiverName"), text("receiverPhone")]
  put("name", whole ? name : maskName(name))
  if (phone !== "") put("phone", whole ? phone : maskPhone(phone))
  put("province", text("province"))
  put("city", text("city"))
  if (whole) put("address", text("address"))
  return Object.keys(receiver).length > 0 ? receiver : null
}

/** FNV-1a over the UTF-16 code units of all cells, 32 bits. */
function hash(cells: readonly Cell[]): number {
  let value = 0x811c9dc5
  for (const cell of cells) {
    const text = cellText(cell)
    for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
    value = Math.imul(value ^ 0x1f, 0x01000193)
  }
  return value >>> 0
}
