import { Check } from "../../src/core/check.ts"
import { type Mapping, mappingSchema } from "../../src/core/mapping.ts"
import { defaultPolicy, type Policy } from "../../src/core/policy.ts"
import { headerRow, type Preset, presetNamed, presets, recognise } from "../../src/core/presets.ts"
import { cellText } from "../../src/core/rows.ts"
import { shopSettings } from "../../src/core/settings.ts"
import { openBlob } from "../../src/files/blob.ts"
import { openTable, peek } from "../../src/files/reading.ts"
import { kindOf, NoTable, type Table, workbookRowsMax } from "../../src/files/table.ts"
import type { Ask, Choice, FailureCode, HandMapping, Result, Standards, Tell } from "./protocol.ts"
import { sheetOf } from "./sheet.ts"
import { countUnobserved, Verdicts, verdictOf } from "./verdicts.ts"

declare const self: DedicatedWorkerGlobalScope

const tell = (message: Tell, transfer: Transferable[] = []): void => self.postMessage(message, transfer)
const progressRows = 20_000

/** An error that the page has words for. */
class Failure extends Error {
  readonly code: FailureCode
  constructor(code: FailureCode, detail = "") {
    super(detail)
    this.code = code
  }
}

type Read = {
  checked: Check
  file: File
  mapping: Mapping
  preset: Preset | null
  encoding: string | null
  facts: string[]
  unknownWords: ReadonlyMap<string, number>
  startedAt: number
}
let read: Read | null = null
let verdicts = new Verdicts()

self.onmessage = ({ data }: MessageEvent<Ask>) => {
  void answer(data).catch((error: unknown) => {
    if (error instanceof Failure) return tell({ tell: "failed", code: error.code, detail: error.message })
    tell({ tell: "failed", code: "broken", detail: error instanceof Error ? error.message : String(error) })
  })
}

async function answer(asked: Ask): Promise<void> {
  if (asked.ask === "read") {
    read = await readFile(asked.file, asked.choice)
    if (read) judgeAll(read, asked.standards)
  } else if (asked.ask === "judge") {
    if (read) judgeAll({ ...read, startedAt: performance.now() }, asked.standards)
  } else if (asked.ask === "rows") {
    const list = verdicts.list(asked.filter)
    tell({
      tell: "rows",
      id: asked.id,
      from: asked.from,
      total: list.length,
      rows: list.slice(asked.from, asked.from + asked.count),
    })
  } else {
    const { file, extension } = await sheetOf(verdicts.list(asked.filter), asked.words, asked.zone)
    tell({
      tell: "file",
      id: asked.id,
      file,
      name: `${read?.file.name.replace(/\.\w+$/, "") ?? "zhunshi"}-${asked.words.sheet}.${extension}`,
    })
  }
}

/** Reads a file into memory; null when its format has to be asked for first. */
async function readFile(file: File, choice: Choice): Promise<Read | null> {
  const startedAt = performance.now()
  const head = new Uint8Array(await file.slice(0, 4096).arrayBuffer())
  if (file.size === 0) throw new Failure("empty_file")
  const kind = kindOf(head)
  if (kind === "xls") throw new Failure("old_excel")
  if (kind === "other") throw new Failure("not_a_table")
  let rows = 0
  const opening = await openBlob(file, (done, size) => tell({ tell: "progress", read: done, size, rows }))
  const { table, texts } = await beginning(opening)
  if (texts.every((cells) => cells.filter((cell) => cell !== "").length < 2)) throw new Failure("not_a_table")
  const format = formatOf(choice, texts)
  if (format === null) {
    askFormat(texts)
    return null
  }
  const opened = await openTable(table, format).catch((error: unknown) => {
    throw new Failure("columns_missing", (error as Error).message)
  })
  const { mapping, preset } = opened.format
  const checked = new Check({ now: Date.now(), subOrders: mapping.subOrders ?? false })
  const place = opened.reader.at.orderNo
  try {
    for await (const each of opened.rows()) {
      rows += 1
      if ("row" in each) checked.add(each.row)
      else checked.refuse(each.refused, place === undefined ? null : cellText(each.cells[place]))
      if (rows % progressRows === 0) tell({ tell: "progress", read: 0, size: 0, rows })
    }
  } catch (error) {
    if (error instanceof NoTable && error.message.includes(workbookRowsMax.toLocaleString("en")))
      throw new Failure("too_many_rows")
    throw error
  }
  return {
    checked,
    file,
    mapping,
    preset,
    encoding: opening.encoding,
    facts: opened.facts,
    unknownWords: opened.reader.unknownWords,
    startedAt,
  }
}

/** The first rows of a table as text, and the table with them put back. */
async function beginning(opening: Table): Promise<{ table: Table; texts: string[][] }> {
  const { first, all } = await peek(opening)
  return { table: { ...opening, rows: all }, texts: first.map(({ cells }) => cells.map(cellText)) }
}

function formatOf(choice: Choice, texts: string[][]): { mapping: Mapping } | { preset: Preset } | null {
  if (choice.how === "hand") return { mapping: handMapping(choice.mapping) }
  if (choice.how === "recognise") {
    const found = recognise(texts)
    return found && { preset: found.preset }
  }
  const preset = presetNamed(choice.name)
  if (!preset || headerRow(preset.mapping, texts) === null)
    throw new Failure("other_platform", preset?.title ?? choice.name)
  return { preset }
}

/** A mapping of the columns that a person chose; a shipping instant is all that most standards need. */
function handMapping({ timezone, ...columns }: HandMapping): Mapping {
  return mappingSchema.parse({ name: "own", timezone, constants: { channel: "own" }, columns })
}

/** Asks for the columns: the fullest of the first rows is taken for the header. */
function askFormat(texts: string[][]): void {
  const filled = (cells: string[] | undefined) => cells?.filter((cell) => cell !== "").length ?? 0
  const header = texts.reduce((best, cells, i) => (filled(cells) > filled(texts[best]) ? i : best), 0)
  tell({
    tell: "unknown",
    headers: texts[header]!,
    samples: texts.slice(header + 1, header + 4),
    presets: presets.map(({ mapping, title }) => ({ name: mapping.name, title })),
  })
}

function policyWith({ prepareHours, shipHours }: Standards): Policy {
  const hours: Record<string, number> = { prepare: prepareHours, ship: shipHours }
  const standards = defaultPolicy.standards.map((each) => {
    const own = hours[each.id]
    return own === undefined ? each : { ...each, within: `PT${Math.round(own * 60)}M` }
  })
  return { ...defaultPolicy, standards }
}

function judgeAll(given: Read, standards: Standards): void {
  tell({ tell: "judging" })
  const { checked, mapping, file } = given
  const exportedAt = checked.instantOf(Math.min(file.lastModified, Date.now()))
  const asOf = standards.asOf ?? exportedAt
  const policy = policyWith(standards)
  const found = new Verdicts()
  const unobserved: Result["unobserved"] = {}
  const report = checked.finish(
    {
      asOf,
      exportedAt,
      source: `import:${mapping.name}`,
      policy: { name: `v${policy.version}`, policies: [policy], calendars: {} },
      settings: {
        ...shopSettings({}, "", ""),
        mode: "batch",
        facts: given.facts,
        platformStop: mapping.platformStop ?? "shipped",
      },
      unknownWords: given.unknownWords,
    },
    (order) => {
      found.add(verdictOf(order, asOf))
      countUnobserved(order.answer.clocks, unobserved)
    },
  )
  if (report.orders === 0 && report.rejectedCount === 0) throw new Failure("no_orders")
  verdicts = found
  const dots = found.dots()
  const result: Result = {
    file: file.name,
    bytes: file.size,
    title: given.preset?.title ?? null,
    encoding: given.encoding,
    zone: mapping.timezone,
    rows: report.rows + report.rejectedCount,
    orders: report.orders,
    tookMs: performance.now() - given.startedAt,
    exportedAt,
    asOf,
    facts: given.facts,
    counts: found.counts,
    unobserved,
    rejectedCount: report.rejectedCount,
    rejected: report.rejected,
    incomplete: report.incomplete.length,
    inFuture: report.notes.find(({ code }) => code === "in_future")?.count ?? 0,
    unknownStatuses: report.unknownStatuses,
    dots: dots.groups,
    paidAt: dots.paidAt,
  }
  tell({ tell: "done", result }, [dots.groups.buffer, dots.paidAt.buffer])
}
