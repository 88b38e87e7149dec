import { parse } from "csv-parse"
import { NoTable, type Table, type TableRow } from "./table.ts"

/** How many bytes decide on encoding and delimiter. */
export const sampleBytes = 1 << 20

/** The encoding of a text by its first bytes: a byte order mark, else UTF-8 if it is valid, else GB18030. */
export function encodingOf(sample: Uint8Array): string {
  if (sample[0] === 0xff && sample[1] === 0xfe) return "utf-16le"
  if (sample[0] === 0xfe && sample[1] === 0xff) return "utf-16be"
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(sample, { stream: true })
    return "utf-8"
  } catch {
    return "gb18030"
  }
}

/** The delimiter that stands most often in the first lines, outside quotes. */
export function delimiterOf(text: string): string {
  const counts: Record<string, number> = { ",": 0, "\t": 0, ";": 0 }
  let quoted = false
  let lines = 0
  for (const each of text) {
    if (each === '"') quoted = !quoted
    else if (!quoted && each in counts) counts[each]! += 1
    else if (each === "\n" && ++lines >= 20) break
  }
  return Object.entries(counts).reduce((best, each) => (each[1] > best[1] ? each : best))[0]
}

/** The table of a text file, from its chunks; `sample` holds its first bytes. */
export function csvTable(sample: Uint8Array, chunks: AsyncIterable<Uint8Array>): Table {
  const encoding = encodingOf(sample)
  const delimiter = delimiterOf(new TextDecoder(encoding).decode(sample.subarray(0, 65_536)))
  return { kind: "csv", encoding, delimiter, rows: csvRows(chunks, encoding, delimiter) }
}

type Parsed = { record: string[]; info: { lines: number } }

async function* csvRows(
  chunks: AsyncIterable<Uint8Array>,
  encoding: string,
  delimiter: string,
): AsyncGenerator<TableRow> {
  const parser = parse({
    delimiter,
    relax_quotes: true,
    relax_column_count: true,
    info: true,
    skip_empty_lines: false,
    max_record_size: 1 << 20,
  })
  const decoder = new TextDecoder(encoding)
  let failed: Error | null = null
  parser.on("error", (error: Error) => {
    failed = error
  })
  let ended = 0
  // Records are taken out after each chunk rather than iterated: the parser's stream in a browser is no async iterable.
  function* taken(): Generator<TableRow> {
    for (let each = next(parser); each !== null; each = next(parser)) {
      yield { line: ended + 1, cells: each.record }
      ended = each.info.lines
    }
  }
  const guard = () => {
    if (failed)
      throw new NoTable(
        "file_broken",
        `this file is no table from line ${ended + 1} on (${failed.message}); export it again as CSV`,
      )
  }
  for await (const chunk of chunks) {
    const text = decoder.decode(chunk, { stream: true })
    if (text !== "") parser.write(text)
    yield* taken()
    guard()
  }
  await finished(parser, decoder.decode())
  yield* taken()
  guard()
}

const next = (parser: ReturnType<typeof parse>): Parsed | null => parser.read() as Parsed | null

/** Gives a parser the rest and waits until it is done, or has failed. */
function finished(parser: ReturnType<typeof parse>, rest: string): Promise<void> {
  return new Promise((resolve) => {
    if (parser.destroyed) return resolve()
    parser.once("finish", () => resolve())
    parser.once("error", () => resolve())
    if (rest !== "") parser.write(rest)
    parser.end()
  })
}
