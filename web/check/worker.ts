import { Check } from "../../src/core/check.ts"
import { type Mapping, mappingSchema } from "../../src/core/mapping.ts"
import { defaultPolicy, type Policy } from "../../src/core/policy.ts"
import { type Preset, presetNamed, presets } from "../../src/core/presets.ts"
import { cellText } from "../../src/core/rows.ts"
import { shopSettings } from "../../src/core/settings.ts"
import { openBlob } from "../../src/files/blob.ts"
import { openTable, peek } from "../../src/files/reading.ts"
import { NoTable, type Table } from "../../src/files/table.ts"
import type { Ask, Choice, FailureCode, HandMapping, Result, Standards, Tell } from "./protocol.ts"
import { sheetOf } from "./sheet.ts"
import { countUnobserved, Verdicts, verdictOf } from "./verdicts.ts"

declare const self: DedicatedWorkerGlobalScope

const tell = (message: Tell, transfer: Transferable[] = []): void => self.postMessage(message, transfer)
const progressRows = 20_000

/** A table that was read and holds no orders. */
class NoOrders extends Error {}

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
    tell({ tell: "failed", code: failureOf(error) })
  })
}

function failureOf(error: unknown): FailureCode {
  if (error instanceof NoTable) return error.code
  return error instanceof NoOrders ? "no_orders" : "file_broken"
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
  let rows = 0
  const opening = await openBlob(file, (done, size) => tell({ tell: "progress", read: done, size, rows }))
  const { table, texts } = await beginning(opening)
  const opened = await openTable(table, formatOf(choice)).catch((error: unknown) => {
    if (!(error instanceof NoTable && error.code === "unknown_format")) throw error
    askFormat(texts)
    return null
  })
  if (opened === null) return null
  const { mapping, preset } = opened.format
  const checked = new Check({ now: Date.now(), subOrders: mapping.subOrders ?? false })
  const place = opened.reader.at.orderNo
  for await (const each of opened.rows()) {
    rows += 1
    if ("row" in each) checked.add(each.row)
    else checked.refuse(each.refused, place === undefined ? null : cellText(each.cells[place]))
    if (rows % progressRows === 0) tell({ tell: "progress", read: 0, size: 0, rows })
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

function formatOf(choice: Choice): { mapping?: Mapping; preset?: Preset | undefined } {
  if (choice.how === "hand") return { mapping: handMapping(choice.mapping) }
  return choice.how === "preset" ? { preset: presetNamed(choice.name) } : {}
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
    presets: presets.map(({ mapping, channel }) => ({ name: mapping.name, channel })),
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
  if (report.orders === 0 && report.rejectedCount === 0) throw new NoOrders()
  verdicts = found
  const dots = found.dots()
  const result: Result = {
    file: file.name,
    bytes: file.size,
    channel: given.preset?.channel ?? null,
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
