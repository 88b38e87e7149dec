import { createInterface } from "node:readline"
import type { Command } from "commander"
import { play, type Scenario } from "../core/scenario.ts"

/** `zhunshi judge`: scenarios (CLOCKS §7) as JSON Lines in, an answer a line out; a malformed line answers an error and makes the exit code 2. */
export default function judgeCommand(program: Command): void {
  program
    .command("judge")
    .description("read scenarios as JSON Lines and print their answers")
    .action(async () => {
      let failed = false
      const out: string[] = []
      for await (const line of createInterface({
        input: process.stdin,
        crlfDelay: Number.POSITIVE_INFINITY,
      })) {
        if (line.trim() === "") continue
        try {
          out.push(JSON.stringify(play(JSON.parse(line) as Scenario)))
        } catch (error) {
          failed = true
          out.push(JSON.stringify({ error: (error as Error).message }))
        }
        if (out.length >= 500) await flush(out)
      }
      await flush(out)
      if (failed) process.exitCode = 2
    })
}

function flush(out: string[]): Promise<void> {
  if (out.length === 0) return Promise.resolve()
  const text = `${out.join("\n")}\n`
  out.length = 0
  return new Promise((resolve, reject) =>
    process.stdout.write(text, (error) => (error ? reject(error) : resolve())),
  )
}
