import { spawnSync } from "node:child_process"
import { existsSync, readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { type Command, InvalidArgumentError } from "commander"
import type { Config } from "../api/world.ts"
import { home, readConfig, serve } from "../main.ts"

const known = ["web", "engine", "jobs"] as const

function readRoles(text: string): Config["roles"] {
  const roles = text.split(",").map((each) => each.trim())
  for (const each of roles)
    if (!known.includes(each as "web"))
      throw new InvalidArgumentError(`a role is one of ${known.join(", ")}, not ${each}`)
  return roles as Config["roles"]
}

/** `zhunshi serve`: the server, with the embedded database unless DATABASE_URL names another. */
export default function serveCommand(program: Command): void {
  program
    .command("serve")
    .description("run the server")
    .option("--roles <list>", "what this process does: web,engine,jobs", readRoles, known)
    .option("--build", "build the web app first when it is older than its sources")
    .option("--demo", "fill a sample company")
    .action(async (options: { roles: Config["roles"]; build?: boolean; demo?: boolean }) => {
      if (options.demo)
        throw new Error(
          "the sample company is not there yet; start without --demo and drop an export on /check",
        )
      if (options.build) buildWeb()
      const running = await serve(readConfig(process.env, options.roles))
      process.stdout.write(`\n  准时 Zhunshi  ${running.url}\n`)
      process.stdout.write(`  Check an export without signing in: ${running.url}/check\n`)
      if (running.ownerLink) process.stdout.write(`  First owner (one time, 24 h): ${running.ownerLink}\n\n`)
      await untilAskedToStop()
      process.stdout.write("stopping …\n")
      await running.stop()
    })
}

/** Builds the web app where it is missing or older than its sources. */
function buildWeb(): void {
  const built = join(home, "dist/web/index.html")
  if (!existsSync(join(home, "web"))) return
  if (
    existsSync(built) &&
    statSync(built).mtimeMs >
      Math.max(newest(join(home, "web")), newest(join(home, "src/core")), newest(join(home, "src/files")))
  )
    return
  process.stdout.write("building the web app …\n")
  const done = spawnSync(
    process.execPath,
    [join(home, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"],
    { cwd: home, stdio: "inherit" },
  )
  if (done.status !== 0) throw new Error("the web app could not be built; the lines above say why")
}

function newest(folder: string): number {
  let at = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    at = Math.max(at, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs)
  }
  return at
}

function untilAskedToStop(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGTERM", () => resolve())
    process.once("SIGINT", () => resolve())
  })
}
