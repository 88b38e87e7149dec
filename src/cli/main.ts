#!/usr/bin/env node
import { Command, CommanderError } from "commander"
import { complaint } from "./complaint.ts"

const environment = `
Environment:
  ZHUNSHI_DATA        data directory (./data)
  PORT, HOST          where the server listens (7300, 127.0.0.1)
  DATABASE_URL        a PostgreSQL of 15 or newer; without it an embedded one runs
  ZHUNSHI_KEY         master key, 32 bytes in base64; without it a 0600 file in the data directory
  ZHUNSHI_TIMEZONE    time zone of a new company (Asia/Shanghai)
  ZHUNSHI_PUBLIC_URL  what links point to, behind a proxy that brings HTTPS
  LOG_LEVEL           info`

const program = new Command("zhunshi")
  .description("Keeps the shipping promises of a live-commerce company.")
  .addHelpText("after", environment)
  .exitOverride()

/** Each command lives in a file of its own, loaded when it is asked for. */
const commands: Record<string, () => Promise<(program: Command) => void>> = {
  serve: async () => (await import("./serve.ts")).default,
  check: async () => (await import("./check.ts")).default,
  import: async () => (await import("./import.ts")).default,
  judge: async () => (await import("./judge.ts")).default,
  db: async () => (await import("./db.ts")).default,
  users: async () => (await import("./users.ts")).default,
  keys: async () => (await import("./keys.ts")).default,
  audit: async () => (await import("./audit.ts")).default,
  backup: async () => (await import("./backup.ts")).default,
  restore: async () => (await import("./restore.ts")).default,
  doctor: async () => (await import("./doctor.ts")).default,
}

async function main(): Promise<number> {
  const [wanted] = process.argv.slice(2)
  const chosen = wanted !== undefined && wanted in commands ? [commands[wanted]!] : Object.values(commands)
  for (const load of chosen) (await load())(program)
  try {
    await program.parseAsync()
    return process.exitCode === undefined ? 0 : Number(process.exitCode)
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    process.stderr.write(`zhunshi: ${complaint(error as Error)}\n`)
    if (process.env.DEBUG) console.error(error)
    return 2
  }
}

process.exitCode = await main()
