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

/** What is wrong with a file that is no table of orders. */
export type TableFault =
  | "empty_file"
  | "old_excel"
  | "not_a_table"
  | "too_many_rows"
  | "file_cut_off"
  | "file_broken"
  | "unknown_format"
  | "other_platform"
  | "columns_missing"

/** Why a file is no table: a code, and a sentence that says what to do. */
export class NoTable extends Error {
  override readonly name = "NoTable"
  readonly code: TableFault

  constructor(code: TableFault, message: string) {
    super(message)
    this.code = code
  }
}

/** The most rows of a workbook. */
export const workbookRowsMax = 200_000

/** What a file is by its first bytes: a workbook, an old workbook, a picture or the like, or text. */
function kindOf(head: Uint8Array): "xlsx" | "xls" | "text" | "other" {
  const starts = (...bytes: number[]) => bytes.every((byte, i) => head[i] === byte)
  if (starts(0x50, 0x4b, 0x03, 0x04)) return "xlsx"
  if (starts(0xd0, 0xcf, 0x11, 0xe0)) return "xls"
  if (starts(0xff, 0xfe) || starts(0xfe, 0xff)) return "text"
  return head.includes(0) || starts(0x25, 0x50, 0x44, 0x46) ? "other" : "text"
}

/** Whether a file of some bytes is a workbook or text, by its beginning. Throws a NoTable where it is neither. */
export function readableKind(head: Uint8Array): "xlsx" | "text" {
  if (head.length === 0) throw new NoTable("empty_file", "the file is empty; export it again")
  const kind = kindOf(head)
  if (kind === "xls")
    throw new NoTable(
      "old_excel",
      "this is an old Excel file (.xls); open it in Excel or WPS and save it as .xlsx or CSV",
    )
  if (kind === "other")
    throw new NoTable("not_a_table", "this file is no table; export the orders as CSV or XLSX")
  return kind
}

/** A workbook that its reader could not read; `cutOff`: its end is missing. */
export const unreadable = (cutOff: boolean, message: string): NoTable =>
  cutOff
    ? new NoTable(
        "file_cut_off",
        "the end of this workbook is missing; export it again, or load it down again whole",
      )
    : new NoTable("file_broken", `this workbook cannot be read (${message}); save it again as .xlsx or CSV`)
