import { createRequire } from "node:module"
import type { Duplex } from "node:stream"

// The unzipper of the workbook reader says that an archive has ended as soon as it is written whole, though its last parts may
// still wait to be read: under load one in twenty workbooks lost its texts, or could not be read at all. It says so now once they
// were read.
const fromReader = createRequire(createRequire(import.meta.url).resolve("exceljs"))
type Parser = { (options: { forceStream: boolean }): Duplex; prototype: Duplex }
/** The parser of archives that the workbook reader uses. */
export const { Parse } = fromReader("unzipper") as { Parse: Parser }
const { emit } = Parse.prototype
Parse.prototype.emit = function (this: Duplex, name: string | symbol, ...more: unknown[]): boolean {
  return name === "end" && !this.readableEnded ? false : emit.call(this, name, ...more)
}
