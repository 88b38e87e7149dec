import type { Readable } from "node:stream"
import exceljs from "exceljs"
import { openPromise as openArchive } from "yauzl"

/** What the streaming reader of workbooks does with each part of the archive. */
type PartReader = {
  workbookRels?: { Id: string; Target: string }[]
  model?: { sheets?: { rId: string }[] }
  _parseRels(part: Readable): Promise<void>
  _parseWorkbook(part: Readable): Promise<void>
  _parseStyles(part: Readable): Promise<void>
  _parseSharedStrings(part: Readable): AsyncIterable<unknown>
  _parseWorksheet(part: Readable, number: string): Iterable<{ value: AsyncIterable<exceljs.Row> }>
}

/**
 * The rows of the first sheet of a workbook, one by one. The reader is given the parts in the order in which they explain each
 * other, found by the archive's directory: by itself it takes them as they lie, keeps whole sheets in the system's folder until
 * then, and decodes each chunk alone, so that a character across two of them breaks.
 */
export async function* rowsOfWorkbook(path: string): AsyncGenerator<exceljs.Row> {
  const archive = await openArchive(path, { lazyEntries: true, autoClose: false })
  try {
    const parts = new Map<string, () => Promise<Readable>>()
    for await (const entry of archive.eachEntry())
      parts.set(entry.fileName, async () => (await archive.openReadStreamPromise(entry)).setEncoding("utf8"))
    const reader = new exceljs.stream.xlsx.WorkbookReader(path, {
      sharedStrings: "cache",
      styles: "cache",
      worksheets: "emit",
      hyperlinks: "ignore",
    }) as unknown as PartReader
    const part = (name: string) => parts.get(name)?.()
    const [rels, workbook] = [await part("xl/_rels/workbook.xml.rels"), await part("xl/workbook.xml")]
    if (!rels || !workbook) throw new Error("it is an archive of something else")
    await reader._parseRels(rels)
    await reader._parseWorkbook(workbook)
    const styles = await part("xl/styles.xml")
    if (styles) await reader._parseStyles(styles)
    const texts = await part("xl/sharedStrings.xml")
    if (texts) for await (const _ of reader._parseSharedStrings(texts));
    const first = reader.model?.sheets?.[0]?.rId
    const target = reader.workbookRels?.find(({ Id }) => Id === first)?.Target ?? ""
    const sheet = await part(target.startsWith("/") ? target.slice(1) : `xl/${target}`)
    if (!sheet) throw new Error("it has no sheet")
    for (const { value } of reader._parseWorksheet(sheet, "1")) yield* value
  } finally {
    archive.close()
  }
}
