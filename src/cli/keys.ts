import { type Command, InvalidArgumentError, Option } from "commander"
import { isoOrNull } from "../core/instants.ts"
import { type Role, roles } from "../core/permissions.ts"
import { note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import { listKeys, makeKey, revokeApiKey } from "../store/people.ts"
import { attached } from "./attached.ts"

/** A name as the page takes it. */
function readName(text: string): string {
  const name = text.trim()
  if (name === "" || name.length > nameMax)
    throw new InvalidArgumentError(`a key has a name of 1 to ${nameMax} characters`)
  return name
}
const nameMax = 80

/** `zhunshi keys`: API keys; a key is shown once, when it is made. */
export default function keysCommand(program: Command): void {
  const keys = program.command("keys").description("API keys, sent as the header x-api-key")
  keys
    .command("create")
    .argument("<name>", "what it is called in lists and in the audit trail", readName)
    .description("make a key and print it; it is shown this once")
    .addOption(new Option("--role <role>", "what it may do").choices(roles).makeOptionMandatory())
    .option(
      "--source <source>",
      "the source of events told with it; it outlives the key's rotation (default: the name)",
    )
    .option("--json", 'print {"key": "…"}')
    .action((name: string, options: { role: Role; source?: string; json?: boolean }) =>
      attached(async (world) => {
        const at = await world.now()
        const source = options.source ?? name
        const key = await transaction(world.db, async (tx) => {
          await note(
            tx,
            { who: "command line", what: "key.create", subject: name, after: { role: options.role, source } },
            at,
          )
          return makeKey(tx, { name, role: options.role, source }, at)
        })
        process.stdout.write(`${options.json ? JSON.stringify({ key }) : key}\n`)
      }),
    )
  keys
    .command("list")
    .description("the keys, without their secrets")
    .action(() =>
      attached(async (world) => {
        for (const each of await listKeys(world.db.pool))
          process.stdout.write(
            `${each.name}\t${each.role}\tsource ${each.source}\t${each.revokedAt === null ? "valid" : `revoked ${isoOrNull(each.revokedAt)}`}\n`,
          )
      }),
    )
  keys
    .command("revoke <name>")
    .description("end a key; running servers refuse it within 30 seconds")
    .action((name: string) =>
      attached(async (world) => {
        const at = await world.now()
        await transaction(world.db, async (tx) => {
          if (!(await revokeApiKey(tx, name, at)))
            throw new Error(`there is no valid key named ${name}; zhunshi keys list shows them`)
          await note(tx, { who: "command line", what: "key.revoke", subject: name }, at)
        })
      }),
    )
}
