import type { Command } from "commander"
import { verifyAudit } from "../store/audit.ts"
import { verifyReports } from "../store/reports.ts"
import { attached } from "./attached.ts"

/** `zhunshi audit verify`: walks the chains of the audit trail and of the archived reports. */
export default function auditCommand(program: Command): void {
  program
    .command("audit")
    .description("the audit trail")
    .command("verify")
    .description("prove that nothing in it was changed or taken out")
    .action(() =>
      attached(async (world) => {
        const { rows, brokenAt } = await verifyAudit(world.db.pool)
        if (brokenAt !== null)
          throw new Error(`the audit trail is broken at number ${brokenAt}; ${rows} rows before it hold`)
        const reports = await verifyReports(world.db.pool)
        if (reports.brokenAt !== null)
          throw new Error(
            `the archive is broken at report ${reports.brokenAt}; ${reports.rows} reports before it hold`,
          )
        process.stdout.write(`${rows} rows hold\n${reports.rows} archived reports hold\n`)
      }),
    )
}
