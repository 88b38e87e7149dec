import { readFileSync } from "node:fs"
import type { Command } from "commander"
import { Check, type CheckedOrder, type CheckReport } from "../core/check.ts"
import { parseInstant } from "../core/instants.ts"
import { type Mapping, mappingSchema } from "../core/mapping.ts"
import { defaultPolicy, type Policy, policySchema } from "../core/policy.ts"
import { type Preset, presetNamed, presets } from "../core/presets.ts"
import { cellText } from "../core/rows.ts"
import { shopSettings } from "../core/settings.ts"
import { openPath } from "../files/node.ts"
import { openTable } from "../files/reading.ts"
import { Bar } from "./bar.ts"
import { printReport } from "./report.ts"
import { collector } from "./tidying.ts"

/** Options of `check` as they are typed. */
type Options = {
  format?: string
  policy?: string
  asOf?: string
  exportedAt?: string
  shop?: string
  json?: boolean
}

/** `zhunshi check FILE`: how many orders of an export kept each standard, without a database. Exit code 1 when some are late or overdue, 2 when it could not run. */
export default function checkCommand(program: Command): void {
  program
    .command("check <file>")
    .description("say how many orders of an export kept each standard; no database")
    .option(
      "--format <name>",
      `${presets.map((each) => each.mapping.name).join(", ")}, or a mapping file; recognised when it is left out`,
    )
    .option("--policy <file>", "a policy of your own instead of the regulation's")
    .option("--as-of <instant>", "judge at this instant instead of the file's")
    .option("--exported-at <instant>", "when the file was exported instead of when it was last changed")
    .option("--shop <name>", "the shop of the file")
    .option("--json", "print the report as JSON")
    .action(async (file: string, options: Options) => {
      const checked = await check(file, options)
      if (options.json) process.stdout.write(`${JSON.stringify(checked.report)}\n`)
      else printReport(checked.report, checked.urgent, process.stdout)
      const counts = Object.values(checked.report.clocks).filter((each) => each.observed)
      if (counts.some(({ late, overdue }) => late + overdue > 0)) process.exitCode = 1
    })
}

/** An instant as it was typed. */
export function typedInstant(text: string | undefined, option: string): number | null {
  if (text === undefined) return null
  const at = parseInstant(text)
  if (at === null)
    throw new Error(
      `${option} must be an instant with an offset, such as 2026-11-24T10:00:00+08:00, not ${text}`,
    )
  return at
}

/** The format as it was typed: a preset's name or a mapping file. */
export function typedFormat(text: string | undefined): { mapping?: Mapping; preset?: Preset } {
  if (text === undefined) return {}
  if (!text.toLowerCase().endsWith(".json")) {
    const preset = presetNamed(text)
    if (!preset)
      throw new Error(
        `there is no format ${text}; there are ${presets.map((each) => each.mapping.name).join(", ")}, or bring a mapping file (.json)`,
      )
    return { preset }
  }
  const read = mappingSchema.safeParse(readJson(text))
  if (!read.success)
    throw new Error(
      `${text} is no mapping: ${read.error.issues.map((each) => `${each.path.join(".")} ${each.message}`).join("; ")}`,
    )
  return { mapping: read.data }
}

function readJson(path: string): unknown {
  let text: string
  try {
    text = readFileSync(path, "utf8")
  } catch {
    throw new Error(`${path} cannot be read`)
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`${path} is no JSON: ${(error as Error).message}`)
  }
}

function typedPolicy(path: string | undefined): {
  name: string
  policies: Policy[]
  calendars: Record<string, never>
} {
  if (path === undefined)
    return { name: `regulation v${defaultPolicy.version}`, policies: [defaultPolicy], calendars: {} }
  const read = policySchema.safeParse(readJson(path))
  if (!read.success)
    throw new Error(
      `${path} is no policy: ${read.error.issues.map((each) => `${each.path.join(".")} ${each.message}`).join("; ")}`,
    )
  return { name: `${path} v${read.data.version}`, policies: [read.data], calendars: {} }
}

/** Reads and judges a file; `urgent` are the ten orders that are over longest, or due first. */
export async function check(
  file: string,
  options: Options,
): Promise<{ report: CheckReport; urgent: CheckedOrder[] }> {
  const now = Date.now()
  const asOf = typedInstant(options.asOf, "--as-of")
  const exported = typedInstant(options.exportedAt, "--exported-at")
  const policy = typedPolicy(options.policy)
  const format = typedFormat(options.format)
  const bar = new Bar(process.stderr)
  const table = await openPath(file, (read, size) => bar.show(read / size))
  const opened = await openTable(table, { ...format, shop: options.shop })
  const { mapping } = opened.format
  const checked = new Check({ now, subOrders: mapping.subOrders ?? false })
  const orderColumn = opened.reader.at.orderNo
  for await (const read of opened.rows()) {
    if ("row" in read) checked.add(read.row)
    else checked.refuse(read.refused, orderColumn === undefined ? null : cellText(read.cells[orderColumn]))
  }
  bar.end()
  const exportedAt = exported ?? checked.instantOf(Math.min(table.changedAt, now))
  const settings = {
    ...shopSettings({}, "", ""),
    mode: "batch" as const,
    facts: opened.facts,
    platformStop: mapping.platformStop ?? "shipped",
  }
  const urgent = new Urgent()
  const tidy = collector()
  const report = checked.finish(
    {
      asOf: asOf ?? exportedAt,
      exportedAt,
      source: `import:${mapping.name}`,
      policy,
      settings,
      unknownWords: opened.reader.unknownWords,
    },
    (order) => {
      urgent.see(order)
      tidy()
    },
  )
  return { report, urgent: urgent.ten() }
}

/** Keeps the ten orders to look at first. */
class Urgent {
  #kept: { due: number; order: CheckedOrder }[] = []

  see(order: CheckedOrder): void {
    const { clocks } = order.answer
    const dues = clocks
      .filter((each) => each.state !== "closed" && each.observed && each.dueAt !== null)
      .map((each) => each.dueAt!)
    if (dues.length === 0) return
    this.#kept.push({ due: Math.min(...dues), order })
    if (this.#kept.length >= 1_000) this.#trim()
  }
  #trim(): void {
    this.#kept = this.#kept.sort((one, other) => one.due - other.due).slice(0, 10)
  }
  ten(): CheckedOrder[] {
    this.#trim()
    return this.#kept.map(({ order }) => order)
  }
}
