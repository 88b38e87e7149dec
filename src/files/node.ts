import { createReadStream } from "node:fs"
import { open, stat } from "node:fs/promises"
import type exceljs from "exceljs"
import { csvTable, sampleBytes } from "./csv.ts"
import { NoTable, readableKind, type Table, type TableRow, unreadable } from "./table.ts"
import { guardRows, workbookCells } from "./workbook.ts"
import { rowsOfWorkbook } from "./workbookReader.ts"

/** A table in a file on this machine, with the instant of its last change. `progress` hears how many bytes have been read. */
export async function openPath(
  path: string,
  progress?: (read: number, size: number) => void,
): Promise<Table & { changedAt: number }> {
  const { size, mtimeMs } = await stat(path).catch(() => {
    throw new Error(`there is no file ${path}`)
  })
  const handle = await open(path)
  const sample = Buffer.alloc(Math.min(sampleBytes, size))
  await handle.read(sample, 0, sample.length, 0)
  await handle.close()
  const kind = readableKind(sample)
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
  try {
    for await (const row of rowsOfWorkbook(path)) {
      guardRows(row.number)
      yield { line: row.number, cells: workbookCells(row.values as exceljs.CellValue[]) }
    }
  } catch (error) {
    if (error instanceof NoTable) throw error
    const { message } = error as Error
    throw unreadable(/end of central directory/i.test(message), message)
  }
}
