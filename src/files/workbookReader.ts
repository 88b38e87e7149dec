import { createRequire } from "node:module"
import type { Duplex } from "node:stream"
import exceljs from "exceljs"

// The unzipper of the workbook reader says that an archive has ended as soon as it is written whole, though its last parts may
// still wait to be read: under load one in twenty workbooks lost its texts, or could not be read at all, and one that was cut
// off ended in the middle without a word. It says so now once they were read.
const fromReader = createRequire(createRequire(import.meta.url).resolve("exceljs"))
type Parser = { (options: { forceStream: boolean }): Duplex; prototype: Duplex }
/** The parser of archives that the workbook reader uses. */
export const { Parse } = fromReader("unzipper") as { Parse: Parser }
const { emit } = Parse.prototype
Parse.prototype.emit = function (this: Duplex, name: string | symbol, ...more: unknown[]): boolean {
  return name === "end" && !this.readableEnded ? false : emit.call(this, name, ...more)
}

/** A reader of the sheets of a workbook at a path, one after the other and row by row. */
export const openWorkbook = (path: string): exceljs.stream.xlsx.WorkbookReader =>
  new exceljs.stream.xlsx.WorkbookReader(path, {
    sharedStrings: "cache",
    styles: "cache",
    worksheets: "emit",
    hyperlinks: "ignore",
  })
