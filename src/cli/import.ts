import { basename } from "node:path"
import { createInterface } from "node:readline/promises"
import type { Command } from "commander"
import { type ImportResult, runImport, startImport } from "../engine/importing.ts"
import { openPath } from "../files/node.ts"
import { openTable } from "../files/reading.ts"
import { listImports } from "../store/imports.ts"
import { attached } from "./attached.ts"
import { Bar } from "./bar.ts"
import { check, typedFormat, typedInstant } from "./check.ts"

type Options = {
  format?: string
  shop?: string
  exportedAt?: string
  casesFrom?: string
  withReceiver?: boolean
  json?: boolean
}

/** `zhunshi import FILE`: takes an export in, durably, also while the server runs. */
export default function importCommand(program: Command): void {
  program
    .command("import <file>")
    .description("take an export in; it can be undone")
    .option("--format <name>", "a platform, or a mapping file; recognised when it is left out")
    .option("--shop <name>", "the shop of the file; needed when the channel has several")
    .option("--exported-at <instant>", "when the file was exported instead of when it was last changed")
    .option(
      "--cases-from <instant>",
      "breaches due before open no case (default at a shop's first import: now); open: however old",
    )
    .option("--with-receiver", "keep whole receivers, encrypted, instead of masked ones")
    .option("--json", "print the result as JSON")
    .action((file: string, options: Options) =>
      attached(async (world) => {
        const bar = new Bar(process.stderr)
        const exportedAt = typedInstant(options.exportedAt, "--exported-at")
        const casesFrom = await casesFromOf(file, options, await listImports(world.db.pool))
        const format = typedFormat(options.format)
        const table = await openPath(file, (read, size) => bar.show(read / size))
        const opened = await openTable(table, {
          ...format,
          withReceiver: options.withReceiver ?? false,
          shop: options.shop,
        })
        const changedAt = Math.min(table.changedAt, await world.now())
        const order = {
          file: basename(file),
          opened,
          by: "command line",
          shop: options.shop ?? null,
          exportedAt,
          changedAt,
          casesFrom,
        } as const
        const done = await runImport(world, await startImport(world, order), order)
        bar.end()
        const result = done.result as unknown as ImportResult
        if (options.json) process.stdout.write(`${JSON.stringify({ number: done.number, ...result })}\n`)
        else {
          process.stdout.write(
            `import ${done.number}: ${result.rows} rows, ${result.orders} orders (${result.newOrders} new, ${result.changedOrders} changed, ${result.sameOrders} the same), ${result.rejectedCount} rows rejected\n`,
          )
          for (const { code, count, lines, message } of result.byCode)
            process.stdout.write(`  ${code}: ${count} (line ${lines.slice(0, 5).join(", ")}): ${message}\n`)
          if (result.overdueUnshipped > 0)
            process.stdout.write(`  ${result.overdueUnshipped} orders are overdue and not shipped\n`)
          if (result.missingOpenOrders > 0)
            process.stdout.write(
              `  ${result.missingOpenOrders} open orders of the shop are not in this file\n`,
            )
        }
      }),
    )
}

/** What was typed; where nothing was, a first import on a terminal asks whether what is overdue already is to open cases. */
async function casesFromOf(
  file: string,
  options: Options,
  before: readonly unknown[],
): Promise<"open" | number | null> {
  if (options.casesFrom === "open") return "open"
  if (options.casesFrom !== undefined || before.length > 0 || !process.stdin.isTTY || !process.stdout.isTTY)
    return typedInstant(options.casesFrom, "--cases-from")
  const { report } = await check(file, options)
  const overdue = report.clocks.ship?.observed ? report.clocks.ship.overdue : 0
  if (overdue === 0) return null
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await terminal.question(
    `${overdue} orders are overdue and not shipped. Open cases for them, however old? [y/N] `,
  )
  terminal.close()
  return /^y/i.test(answer.trim()) ? "open" : null
}
