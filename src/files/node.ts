import { createReadStream } from "node:fs"
import { open, stat } from "node:fs/promises"
import exceljs from "exceljs"
import { csvTable, sampleBytes } from "./csv.ts"
import { kindOf, NoTable, noTable, type Table, type TableRow } from "./table.ts"
import "./unzipping.ts"
import { guardRows, workbookCells } from "./workbook.ts"

/** A table in a file on this machine, with the instant of its last change. `progress` hears how many bytes have been read. */
export async function openPath(
  path: string,
  progress?: (read: number, size: number) => void,
): Promise<Table & { changedAt: number }> {
  const { size, mtimeMs } = await stat(path).catch(() => {
    throw new NoTable(`there is no file ${path}`)
  })
  const handle = await open(path)
  const sample = Buffer.alloc(Math.min(sampleBytes, size))
  await handle.read(sample, 0, sample.length, 0)
  await handle.close()
  if (size === 0) throw new NoTable("the file is empty; export it again")
  const kind = kindOf(sample)
  if (kind === "xls" || kind === "other") throw noTable(kind)
  const changedAt = Math.floor(mtimeMs)
  if (kind === "xlsx") return { kind, encoding: null, delimiter: null, changedAt, rows: workbookRows(path) }
  return { ...csvTable(sample, counted(path, size, progress)), changedAt }
}

async function* counted(
  path: string,
  size: number,
  progress?: (read: number, size: number) => void,
): AsyncGenerator<Uint8Array> {
  let read = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) {
    read += (chunk as Buffer).length
    progress?.(read, size)
    yield chunk as Buffer
  }
}

async function* workbookRows(path: string): AsyncGenerator<TableRow> {
  const reader = new exceljs.stream.xlsx.WorkbookReader(path, {
    sharedStrings: "cache",
    styles: "cache",
    worksheets: "emit",
    hyperlinks: "ignore",
  })
  try {
    for await (const sheet of reader) {
      for await (const row of sheet) {
        guardRows(row.number)
        yield { line: row.number, cells: workbookCells(row.values as exceljs.CellValue[]) }
      }
      return
    }
  } catch (error) {
    if (error instanceof NoTable) throw error
    throw new NoTable(
      `this workbook cannot be read (${(error as Error).message}); save it again as .xlsx or CSV`,
    )
  }
}
