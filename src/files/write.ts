import exceljs from "exceljs"
import { harmless } from "./formula.ts"

/** A workbook of one sheet, in a browser; every cell is text, so that order numbers stay whole. */
export async function workbookOf(
  sheet: string,
  headers: readonly string[],
  rows: readonly (readonly string[])[],
): Promise<Uint8Array<ArrayBuffer>> {
  const book = new exceljs.Workbook()
  const page = book.addWorksheet(sheet, { views: [{ state: "frozen", ySplit: 1 }] })
  page.addRow([...headers]).font = { bold: true }
  for (const row of rows) page.addRow(row.map(harmless))
  page.columns.forEach((column, i) => {
    column.width = Math.min(
      48,
      Math.max(
        10,
        ...[headers[i] ?? "", ...rows.slice(0, 200).map((row) => row[i] ?? "")].map(
          (text) => text.length * 1.4,
        ),
      ),
    )
  })
  // The browser writes workbooks too, and has no Buffer.
  return new Uint8Array(await book.xlsx.writeBuffer())
}
