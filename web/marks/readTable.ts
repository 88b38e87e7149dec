import { cellText } from "../../src/core/rows.ts"

const rowsMax = 2_000

/** The cells of a small table in a file (XLSX or CSV) as text; the reader is fetched when it is first needed. */
export async function readTable(file: File): Promise<string[][]> {
  const { openBlob } = await import("../../src/files/blob.ts")
  const rows: string[][] = []
  for await (const { cells } of (await openBlob(file)).rows) {
    rows.push(cells.slice(0, 40).map((cell) => cellText(cell).slice(0, 200)))
    if (rows.length === rowsMax) break
  }
  return rows
}
