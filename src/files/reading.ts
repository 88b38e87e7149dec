import { type FileFact, factsBrought, type Mapping } from "../core/mapping.ts"
import { headerRow, headerRowsMax, type Preset, presets, recognise } from "../core/presets.ts"
import {
  type Cell,
  cellText,
  type RowFacts,
  type RowReader,
  type RowRefusal,
  rowReader,
} from "../core/rows.ts"
import { NoTable, type Table, type TableRow } from "./table.ts"

/** A file's format: a mapping, of a preset or of the company's own, and where the header stands. */
export type Format = { mapping: Mapping; preset: Preset | null }

/** A file whose header was found. */
export type Opened = {
  format: Format
  headers: string[]
  headerLine: number
  /** the types of events that the file brings */
  facts: FileFact[]
  reader: RowReader
  /** the rows below the header */
  rows(): AsyncGenerator<{ line: number; cells: Cell[] } & ({ row: RowFacts } | { refused: RowRefusal })>
}

/** The first rows of a table and an iterator that gives them again with the rest behind them. */
export async function peek(
  table: Table,
  count = headerRowsMax,
): Promise<{ first: TableRow[]; all: AsyncGenerator<TableRow> }> {
  const source = table.rows[Symbol.asyncIterator]()
  const first: TableRow[] = []
  while (first.length < count) {
    const next = await source.next()
    if (next.done) break
    first.push(next.value)
  }
  async function* all(): AsyncGenerator<TableRow> {
    yield* first
    for (;;) {
      const next = await source.next()
      if (next.done) return
      yield next.value
    }
  }
  return { first, all: all() }
}

/** Finds the header of a table: by the mapping given, else the platform is recognised. Throws a NoTable whose sentence says what to do. */
export async function openTable(
  table: Table,
  options: {
    mapping?: Mapping | undefined
    preset?: Preset | undefined
    withReceiver?: boolean
    channel?: string | undefined
    shop?: string | undefined
  },
): Promise<Opened> {
  const { first, all } = await peek(table)
  const texts = first.map(({ cells }) => cells.map(cellText))
  const found = formatOf(texts, options)
  const headers = texts[found.row]!
  const headerLine = first[found.row]!.line
  let reader: RowReader
  try {
    reader = rowReader(found.format.mapping, headers, {
      withReceiver: options.withReceiver ?? false,
      channel: options.channel,
      shop: options.shop,
    })
  } catch (error) {
    throw new NoTable("columns_missing", (error as Error).message)
  }
  const skip = found.format.mapping.skipRows ?? 0
  return {
    format: found.format,
    headers,
    headerLine,
    facts: factsBrought(found.format.mapping, reader.at),
    reader,
    async *rows() {
      let index = -1
      for await (const { line, cells } of all) {
        index += 1
        if (index <= found.row + skip) continue
        const read = reader.read(line, cells)
        if (read !== null) yield { line, cells, ...read }
      }
    },
  }
}

function formatOf(
  texts: string[][],
  options: { mapping?: Mapping | undefined; preset?: Preset | undefined },
): { format: Format; row: number } {
  if (texts.every((cells) => cells.filter(Boolean).length < 2))
    throw new NoTable(
      "not_a_table",
      "this file is no table: no row of its beginning has two cells; export the orders as CSV or XLSX",
    )
  if (options.mapping) {
    const row = headerRow(options.mapping, texts)
    if (row === null)
      throw new NoTable(
        "columns_missing",
        `the file has no column 「${[options.mapping.columns.orderNo].flat().join(" / ")}」; its columns are: ${texts[0]!.filter(Boolean).join(", ")}`,
      )
    return { format: { mapping: options.mapping, preset: null }, row }
  }
  if (options.preset) {
    const row = headerRow(options.preset.mapping, texts)
    if (row === null)
      throw new NoTable(
        "other_platform",
        `this is no ${options.preset.title} export: the column 「${[options.preset.mapping.columns.orderNo].flat().join(" / ")}」 is not there; choose another format or bring a mapping file`,
      )
    return { format: { mapping: options.preset.mapping, preset: options.preset }, row }
  }
  const found = recognise(texts)
  if (!found)
    throw new NoTable(
      "unknown_format",
      `the platform of this file was not recognised; name one of ${presets.map((each) => each.mapping.name).join(", ")}, or bring a mapping file`,
    )
  return { format: { mapping: found.preset.mapping, preset: found.preset }, row: found.row }
}
