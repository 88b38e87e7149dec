import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Command } from "commander"
import { storm } from "./chaos/storm.ts"

// `npm run chaos -- --seconds 60 --seed N`: real processes under load that are killed and frozen, PostgreSQL among them.

const program = new Command()
  .name("chaos")
  .option("--seconds <n>", "how long", Number, 60)
  .option("--seed <n>", "which harms, in which order; drawn by chance unless given", Number)
  .parse()
const options = program.opts<{ seconds: number; seed?: number }>()
const seed = options.seed ?? Math.floor(Math.random() * 2 ** 31)
const data = mkdtempSync(join(tmpdir(), "zs-chaos-"))
process.stdout.write(`chaos of ${options.seconds} s, seed ${seed}, in ${data}\n`)
const began = Date.now()
const say = (text: string) =>
  process.stdout.write(`${((Date.now() - began) / 1_000).toFixed(1).padStart(6)}  ${text}\n`)
const { wrong, ...done } = await storm({ data, seconds: options.seconds, seed, say })
process.stdout.write(
  `${JSON.stringify(done)}\n${wrong.length === 0 ? "everything acknowledged is there, everything due fired once\n" : `${wrong.slice(0, 40).join("\n")}\n${wrong.length} things are wrong; the logs are in ${data}\n`}`,
)
if (wrong.length === 0) rmSync(data, { recursive: true, force: true })
process.exitCode = wrong.length === 0 ? 0 : 1
