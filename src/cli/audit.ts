import type { Command } from "commander"
import { verifyAudit } from "../store/audit.ts"
import { attached } from "./attached.ts"

/** `zhunshi audit verify`: walks the chain of the audit trail. */
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
        process.stdout.write(`${rows} rows hold\n`)
      }),
    )
}
