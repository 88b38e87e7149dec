import { existsSync, statfsSync, statSync } from "node:fs"
import type { Command } from "commander"
import { engineView } from "../api/engine.ts"
import { missingYears } from "../core/calendarData.ts"
import { readConfig } from "../main.ts"
import { keyFile } from "../store/secrets.ts"
import { attached } from "./attached.ts"

/** `zhunshi doctor`: is everything as it should be; each finding says what to do. */
export default function doctorCommand(program: Command): void {
  program
    .command("doctor")
    .description("look for what is wrong, and say what to do")
    .action(async () => {
      const findings: [good: boolean, text: string][] = []
      const config = readConfig()
      const key = keyFile(config.data)
      if (existsSync(key)) {
        const open = (statSync(key).mode & 0o077) !== 0
        findings.push([
          !open,
          open
            ? `${key} can be read by others: chmod 600 ${key}`
            : "the master key can be read by its owner alone",
        ])
      }
      const { bavail, bsize } = statfsSync(existsSync(config.data) ? config.data : ".")
      const freeGb = (bavail * bsize) / 2 ** 30
      findings.push([
        freeGb > 5,
        `${freeGb.toFixed(1)} GB free where the data lies${freeGb > 5 ? "" : ": make room"}`,
      ])
      const missing = missingYears(Date.now(), Date.now() + 90 * 24 * 3_600_000)
      findings.push([
        missing.length === 0,
        missing.length === 0
          ? "the calendar of legal holidays is there"
          : `the legal holidays of ${missing.join(", ")} are missing: working calendars count Monday to Friday until they are announced and added`,
      ])
      await attached(async (world) => {
        const view = await engineView(world)
        const skew = Math.abs((await world.now()) - Date.now())
        findings.push([true, "the database answers"])
        findings.push([
          skew < 2_000,
          `the clocks of this machine and the database differ by ${skew} ms${skew < 2_000 ? "" : ": set the time"}`,
        ])
        findings.push([
          view.runs.unowned === 0,
          view.runs.unowned === 0 ? "an engine is alive" : "no engine is alive: start zhunshi serve",
        ])
        findings.push([view.dueUnfired === 0, `${view.dueUnfired} clocks are due and were not acted on`])
        findings.push([view.stuck === 0, `${view.stuck} orders cannot be judged`])
      })
      for (const [good, text] of findings) process.stdout.write(`${good ? "ok " : "!! "} ${text}\n`)
      if (findings.some(([good]) => !good)) process.exitCode = 1
    })
}
