import { csvTable, sampleBytes } from "./csv.ts"
import { readableKind, type Table, type TableRow, unreadable } from "./table.ts"
import { guardRows, workbookCells } from "./workbook.ts"

/** A table in a file that was dropped on a page. Nothing of it leaves the machine. */
export async function openBlob(
  file: File,
  progress?: (read: number, size: number) => void,
): Promise<Table & { changedAt: number }> {
  const sample = new Uint8Array(await file.slice(0, sampleBytes).arrayBuffer())
  const kind = readableKind(sample)
  if (kind === "xlsx")
    return { kind, encoding: null, delimiter: null, changedAt: file.lastModified, rows: workbookRows(file) }
  return { ...csvTable(sample, chunks(file, progress)), changedAt: file.lastModified }
}

async function* chunks(
  file: File,
  progress?: (read: number, size: number) => void,
): AsyncGenerator<Uint8Array> {
  const size = 1 << 19
  for (let from = 0; from < file.size; from += size) {
    const chunk = new Uint8Array(await file.slice(from, from + size).arrayBuffer())
    progress?.(Math.min(from + size, file.size), file.size)
    yield chunk
  }
}

async function* workbookRows(file: File): AsyncGenerator<TableRow> {
  const { default: exceljs } = await import("exceljs")
  const book = new exceljs.Workbook()
  try {
    await book.xlsx.load(await file.arrayBuffer())
  } catch (error) {
    const { message } = error as Error
    throw unreadable(/end of central directory/.test(message), message)
  }
  const sheet = book.worksheets[0]
  if (!sheet) throw unreadable(false, "it has no sheet")
  guardRows(sheet.rowCount)
  for (let line = 1; line <= sheet.rowCount; line++) {
    const { values } = sheet.getRow(line)
    yield { line, cells: workbookCells(values as Parameters<typeof workbookCells>[0]) }
  }
}
