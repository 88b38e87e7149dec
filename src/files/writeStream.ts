import { PassThrough, type Readable } from "node:stream"
import exceljs from "exceljs"
import { harmless } from "./formula.ts"

/**
 * A workbook of one sheet as it is written; every cell is text. On a server only: there exceljs's other writer hands texts on in pieces
 * of 16,384 units and breaks emoji and rare characters at their borders.
 */
export function workbookStream(
  sheet: string,
  headers: readonly string[],
  rows: Iterable<readonly string[]>,
): Readable {
  const stream = new PassThrough()
  const write = async () => {
    const book = new exceljs.stream.xlsx.WorkbookWriter({ stream, useSharedStrings: true })
    const page = book.addWorksheet(sheet, { views: [{ state: "frozen", ySplit: 1 }] })
    page.columns = headers.map((header) => ({ header, width: 20 }))
    page.getRow(1).font = { bold: true }
    for (const row of rows) page.addRow(row.map(harmless)).commit()
    await book.commit()
  }
  // Whoever waits hears of a failure.
  write().catch((error) => stream.destroy(error))
  return stream
}
