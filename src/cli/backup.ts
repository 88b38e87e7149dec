import { resolve } from "node:path"
import type { Command } from "commander"
import { makeBackup } from "../engine/backup/making.ts"
import { findBackupSettings, placeOf } from "../engine/backup/nightly.ts"
import { tryBackup } from "../engine/backup/reading.ts"
import { attached } from "./attached.ts"

/** `zhunshi backup`: one file with the whole company, read back whole; also while the server runs. */
export default function backupCommand(program: Command): void {
  program
    .command("backup")
    .description("make a backup and read it back; the master key is not in it")
    .option("--to <dir>", "the folder to put it in instead of the one that is settled")
    .option("--json", "print the result as JSON")
    .action((options: { to?: string; json?: boolean }) =>
      attached(async (world) => {
        const place = placeOf(await findBackupSettings(world.db.pool), world.config)
        const folder = options.to ? resolve(options.to) : place.folder
        const made = await tryBackup(world, await makeBackup(world, { ...place, folder }, "command line"))
        if (made.error !== null) throw new Error(made.error)
        const { file, bytes, rows, tables } = made
        if (options.json) process.stdout.write(`${JSON.stringify({ file, bytes, rows, tables })}\n`)
        else
          process.stdout.write(
            `${file}\n${(bytes / 2 ** 20).toFixed(1)} MB, ${rows} rows of ${tables} tables, read back: every checksum holds\nKeep the master key ${world.secrets.keyId} (ZHUNSHI_KEY or master.key) elsewhere: without it names, phones and addresses stay sealed.\n`,
          )
      }),
    )
}
