import type { CellValue } from "exceljs"
import type { Cell } from "../core/rows.ts"
import { NoTable, workbookRowsMax } from "./table.ts"

/** A workbook's cell as ours: dates are wall time, ids that were kept as numbers become text. */
export function workbookCell(value: CellValue | undefined): Cell {
  if (value === null || value === undefined) return ""
  if (value instanceof Date) return { wall: value.getTime() }
  if (typeof value !== "object") return String(value)
  if ("richText" in value) return value.richText.map(({ text }) => text).join("")
  if ("result" in value || "formula" in value || "sharedFormula" in value)
    return workbookCell((value as { result?: CellValue }).result)
  if ("text" in value) return String(value.text)
  return ""
}

/** The cells of a row, whose values exceljs counts from 1. */
export const workbookCells = (values: readonly (CellValue | undefined)[]): Cell[] =>
  Array.from(values.slice(1), workbookCell)

/** Refuses a workbook that is too long. */
export function guardRows(line: number): void {
  if (line > workbookRowsMax + 1)
    throw new NoTable(
      "too_many_rows",
      "this workbook has more than 200,000 rows; save it as CSV, which may be of any length",
    )
}
