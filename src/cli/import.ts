import { basename } from "node:path"
import { createInterface } from "node:readline/promises"
import { type Command, InvalidArgumentError } from "commander"
import type { World } from "../api/world.ts"
import { type ImportResult, runImport, startImport } from "../engine/importing.ts"
import { type Foreseen, foreseeImport } from "../engine/imports/foreseeing.ts"
import type { ImportOrder } from "../engine/imports/order.ts"
import type { Remark } from "../engine/imports/staging.ts"
import { foreseeUndo } from "../engine/imports/undoForecast.ts"
import { undoImport } from "../engine/undoing.ts"
import { openPath } from "../files/node.ts"
import { openTable } from "../files/reading.ts"
import { numberMax } from "../store/keys.ts"
import { attached } from "./attached.ts"
import { Bar } from "./bar.ts"
import { typedFormat, typedInstant } from "./check.ts"

type Options = {
  format?: string
  shop?: string
  exportedAt?: string
  casesFrom?: string
  withReceiver?: boolean
  dryRun?: boolean
  json?: boolean
}

/** `zhunshi import FILE`: takes an export in, durably, also while the server runs; `import undo N` takes one back. */
export default function importCommand(program: Command): void {
  const command = program
    .command("import")
    .argument("<file>")
    .description("take an export in; it can be undone")
    .option("--format <name>", "a platform, or a mapping file; recognised when it is left out")
    .option("--shop <name>", "the shop of the file; needed when the channel has several")
    .option("--exported-at <instant>", "when the file was exported instead of when it was last changed")
    .option(
      "--cases-from <instant>",
      "breaches due before open no case (default at a shop's first import: now); open: however old",
    )
    .option("--with-receiver", "keep whole receivers, encrypted, instead of masked ones")
    .option("--dry-run", "say what it would come to, and change nothing")
    .option("--json", "print the result as JSON")
    .action((file: string, options: Options) => attached((world) => take(world, file, options)))
  command
    .command("undo")
    .argument("<number>", "the import's number", readNumber)
    .description("take an import back as if it had never been; says first what will change")
    .option("--dry-run", "say what would change, and change nothing")
    .option("--yes", "do not ask")
    .action((number: number, options: { dryRun?: boolean; yes?: boolean }) =>
      attached((world) => undo(world, number, options)),
    )
}

function readNumber(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1 || number > numberMax)
    throw new InvalidArgumentError("an import's number is a whole one, as the page of imports shows it")
  return number
}

const say = (text: string) => process.stdout.write(`${text}\n`)
const isTerminal = () => process.stdin.isTTY && process.stdout.isTTY

async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await terminal.question(`${question} [y/N] `)
  terminal.close()
  return /^y/i.test(answer.trim())
}

/** The file as an import; it is opened afresh, since a look ahead reads it to its end. */
async function orderOf(world: World, file: string, options: Options, bar?: Bar): Promise<ImportOrder> {
  const table = await openPath(file, bar && ((read, size) => bar.show(read / size)))
  return {
    file: basename(file),
    opened: await openTable(table, {
      ...typedFormat(options.format),
      withReceiver: options.withReceiver ?? false,
      shop: options.shop,
    }),
    by: "command line",
    shop: options.shop ?? null,
    exportedAt: typedInstant(options.exportedAt, "--exported-at"),
    changedAt: Math.min(table.changedAt, await world.now()),
    casesFrom: options.casesFrom === "open" ? "open" : typedInstant(options.casesFrom, "--cases-from"),
  }
}

async function take(world: World, file: string, options: Options): Promise<void> {
  // Without a terminal nothing is asked, so that nothing waits for an answer that never comes.
  const asks = !options.json && options.casesFrom === undefined && isTerminal()
  if (options.dryRun || asks) {
    const seen = await foreseeImport(world, await orderOf(world, file, options))
    if (options.dryRun) return options.json ? void say(JSON.stringify(seen)) : tellSeen(seen)
    if (seen.isFirst && seen.overdueUnshipped > 0) {
      tellSeen(seen)
      const cases = seen.following.howeverOld.cases
      if (
        await ask(
          `Open cases for what is overdue, however old (${cases} instead of ${seen.following.asAsked.cases})?`,
        )
      )
        options.casesFrom = "open"
    }
  }
  const bar = new Bar(process.stderr)
  const order = await orderOf(world, file, options, bar)
  const done = await runImport(world, await startImport(world, order), order)
  bar.end()
  const result = done.result as unknown as ImportResult
  if (options.json) return void say(JSON.stringify({ number: done.number, ...result }))
  say(`import ${done.number}: ${countsOf(result)}`)
  tellRemarks(result.byCode)
  tellOpen(result)
}

const countsOf = (each: Omit<ImportResult, "accepted" | "duplicates" | "corrected"> | Foreseen): string =>
  `${each.rows} rows, ${each.orders} orders (${each.newOrders} new, ${each.changedOrders} changed, ${each.sameOrders} the same), ${each.rejectedCount} rows rejected`

function tellRemarks(byCode: readonly Remark[]): void {
  for (const { code, count, lines, message } of byCode)
    say(`  ${code}: ${count} (line ${lines.slice(0, 5).join(", ")}): ${message}`)
}

function tellOpen(each: Pick<ImportResult, "overdueUnshipped" | "missingOpenOrders">): void {
  if (each.overdueUnshipped > 0) say(`  ${each.overdueUnshipped} orders are overdue and not shipped`)
  if (each.missingOpenOrders > 0)
    say(`  ${each.missingOpenOrders} open orders of the shop are not in this file`)
}

function tellSeen(seen: Foreseen): void {
  const { asAsked, howeverOld } = seen.following
  say(`nothing was written yet: ${countsOf(seen)}`)
  tellRemarks(seen.byCode)
  tellOpen(seen)
  say(
    `  ${seen.near} near, ${seen.overdue} overdue; ${asAsked.cases} cases would open, ${asAsked.alerts} alerts be sent`,
  )
  if (howeverOld.cases !== asAsked.cases)
    say(`  with --cases-from open: ${howeverOld.cases} cases, ${howeverOld.alerts} alerts`)
}

async function undo(
  world: World,
  number: number,
  options: { dryRun?: boolean; yes?: boolean },
): Promise<void> {
  const seen = await foreseeUndo(world, number)
  say(
    `import ${number}: ${seen.orders} orders go back to what was known before, ${seen.vanishing} of them disappear; ${seen.events} events go, ${seen.restored} are again what they were`,
  )
  say(
    `  ${seen.withdrawn} breaches are withdrawn, ${seen.casesWithdrawn} cases archived as withdrawn, ${seen.breaches} breaches stand again`,
  )
  if (options.dryRun) return
  if (!options.yes && isTerminal() && !(await ask("Take it back?"))) return
  await undoImport(world, number, "command line")
  say(`import ${number} was taken back`)
}
