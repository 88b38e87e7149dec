import type { Command } from "commander"
import { note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import { listPeople, makeLink } from "../store/people.ts"
import { attached } from "./attached.ts"

/** `zhunshi users`: who signs in, and a way back in without a mail server. */
export default function usersCommand(program: Command): void {
  const users = program.command("users").description("people who sign in")
  users
    .command("list")
    .description("everybody with their roles")
    .action(() =>
      attached(async (world) => {
        for (const { name, email, roles, active } of await listPeople(world.db.pool))
          process.stdout.write(
            `${name}\t${email}\t${roles.map(({ role }) => role).join(", ")}\t${active ? "active" : "left"}\n`,
          )
      }),
    )
  users
    .command("reset <email>")
    .description("print a one-time link that sets a new password")
    .action((email: string) =>
      attached(async (world) => {
        const user = await world.signIn.findByEmail(email)
        if (!user) throw new Error(`nobody signs in as ${email}; zhunshi users list shows who does`)
        const at = await world.now()
        const token = await transaction(world.db, async (tx) => {
          await note(
            tx,
            { who: "command line", what: "people.reset_link", subject: email, after: { forHours: 24 } },
            at,
          )
          return makeLink(tx, "reset", { userId: user.id, email }, at, 24 * 60 * 60_000)
        })
        process.stdout.write(
          `${world.config.publicUrl ?? `http://localhost:${world.config.port}`}/reset/${token}\n`,
        )
      }),
    )
}
