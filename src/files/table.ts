import type { Cell } from "../core/rows.ts"

/** A row of a table: the line of the file on which it begins, from 1, and its cells. */
export type TableRow = { line: number; cells: Cell[] }

/** A table in a file, read once from top to bottom. */
export type Table = {
  kind: "csv" | "xlsx"
  encoding: string | null
  delimiter: string | null
  rows: AsyncIterable<TableRow>
}

/** Why a file is no table; a sentence that says what to do. */
export class NoTable extends Error {
  override readonly name = "NoTable"
}

/** The most rows of a workbook. */
export const workbookRowsMax = 200_000

/** What a file is by its first bytes: a workbook, an old workbook, a picture or the like, or text. */
export function kindOf(head: Uint8Array): "xlsx" | "xls" | "text" | "other" {
  const starts = (...bytes: number[]) => bytes.every((byte, i) => head[i] === byte)
  if (starts(0x50, 0x4b, 0x03, 0x04)) return "xlsx"
  if (starts(0xd0, 0xcf, 0x11, 0xe0)) return "xls"
  if (starts(0xff, 0xfe) || starts(0xfe, 0xff)) return "text"
  return head.includes(0) || starts(0x25, 0x50, 0x44, 0x46) ? "other" : "text"
}

/** The sentence for a file that is no table. */
export function noTable(kind: "xls" | "other"): NoTable {
  return new NoTable(
    kind === "xls"
      ? "this is an old Excel file (.xls); open it in Excel or WPS and save it as .xlsx or CSV"
      : "this file is no table; export the orders as CSV or XLSX",
  )
}
