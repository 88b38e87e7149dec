import { spawnSync } from "node:child_process"
import { existsSync, readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { type Command, InvalidArgumentError } from "commander"
import { type Logger, pino } from "pino"
import qrcode from "qrcode"
import { isOpen, lanUrls } from "../api/reach.ts"
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
    .option("--demo", "fill a sample company and let a stream run; stopping removes it")
    .action(async (options: { roles: Config["roles"]; build?: boolean; demo?: boolean }) => {
      if (options.build) buildWeb()
      const config = readConfig(process.env, options.roles)
      const log = pino({ level: process.env.LOG_LEVEL ?? "info" })
      const asked = untilAskedToStop()
      if (!options.demo || (await sampleLeft(config, log, asked))) await serveCompany(config, log, asked)
      // Everything is closed: a timer that a library left behind must not keep a stopped server alive.
      process.exit()
    })
}

/** Serves the company until somebody asks it to stop. */
async function serveCompany(config: Config, log: Logger, asked: Promise<void>): Promise<void> {
  const { removeSample } = await import("../demo/serve.ts")
  const { sampleBeside } = await import("../demo/beside.ts")
  if (removeSample(config.data)) log.info("the sample company that was left here is removed")
  const running = await serve(config, log)
  const sampler = sampleBeside(config)
  if (config.publicUrl === null) running.world.sampler = sampler
  process.stdout.write(`\n  准时 Zhunshi  ${running.url}\n`)
  process.stdout.write(`  Check an export without signing in: ${running.url}/check\n`)
  await tellLan(config)
  if (running.ownerLink) {
    process.stdout.write(`  First owner (one time, 24 h): ${running.ownerLink}\n`)
    process.stdout.write("  A sample company to look at first: npm start -- --demo\n\n")
  }
  await asked
  process.stdout.write("stopping …\n")
  await sampler.stop()
  await running.stop()
}

/** Prints the machine's address in its network with a code for the warehouse's phones, where others are served too. */
async function tellLan(config: Config): Promise<void> {
  const [first, ...more] = lanUrls(config)
  if (first === undefined) {
    if (isOpen(config)) process.stdout.write("  This machine has no address in a network.\n")
    return
  }
  process.stdout.write(`  In this network: ${[first, ...more].join("  ")}\n`)
  process.stdout.write(`${await qrcode.toString(first, { type: "terminal", small: true })}\n`)
}

/** Serves the sample company until it is left or stopped, and removes it; answers whether its owner left it on the page. */
async function sampleLeft(config: Config, log: Logger, asked: Promise<void>): Promise<boolean> {
  const { serveSample } = await import("../demo/serve.ts")
  process.stdout.write("filling the sample company, a month of orders …\n")
  const parent = process.send?.bind(process)
  const started = performance.now()
  let stopped = false
  void asked.then(() => {
    stopped = true
  })
  const progress = (share: number) => {
    if (stopped) throw new Error("stopped before the sample company was filled; nothing of it is left")
    parent?.({ share })
  }
  const running = await serveSample(config, log, { progress })
  parent?.({ ready: true })
  const seconds = Math.round((performance.now() - started) / 1000)
  const { people, password } = running.world.sample!
  process.stdout.write(`\n  准时 Zhunshi, sample company  ${running.url}   (filled in ${seconds} s)\n`)
  process.stdout.write(`  Sign in with one click on the page, or with the password ${password} as\n`)
  for (const { name, email, roles } of people)
    process.stdout.write(`    ${email}  ${name}  ${roles.join(", ")}\n`)
  process.stdout.write("  A stream is running. Stopping removes the sample company without a trace.\n\n")
  const left = await Promise.race([running.left.then(() => true), asked.then(() => false)])
  process.stdout.write("removing the sample company …\n")
  await running.stop()
  return left
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
