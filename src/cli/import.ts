import { basename } from "node:path"
import type { Command } from "commander"
import { type ImportResult, runImport, startImport } from "../engine/importing.ts"
import { openPath } from "../files/node.ts"
import { openTable } from "../files/reading.ts"
import { attached } from "./attached.ts"
import { Bar } from "./bar.ts"
import { typedFormat, typedInstant } from "./check.ts"

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
        const casesFrom =
          options.casesFrom === "open" ? "open" : typedInstant(options.casesFrom, "--cases-from")
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
