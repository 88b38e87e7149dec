import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:net"
import type { SampleStart } from "../api/contract/sample.ts"
import type { Config, Sampler } from "../api/world.ts"

/** Starts the sample company in a process of its own on the next free port; it ends, and is removed, with this one. */
export function sampleBeside(config: Config): Sampler & { stop(): Promise<void> } {
  let child: ChildProcess | null = null
  let now: SampleStart = { state: "none", share: 0, port: null }

  const launch = async () => {
    const port = await freePort(config.host, config.port + 1)
    // The same program, started the same way; its own database whatever this one's is.
    child = fork(process.argv[1]!, ["serve", "--demo"], {
      env: { ...process.env, PORT: String(port), ZHUNSHI_DATA: config.data, DATABASE_URL: "" },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    })
    child.on("message", (told: { share?: number; ready?: boolean }) => {
      if (now.state === "filling") now = { ...now, share: told.share ?? now.share }
      if (told.ready) now = { state: "ready", share: 1, port }
    })
    child.on("exit", (code) => {
      now = { state: code === 0 ? "none" : "failed", share: 0, port: null }
      child = null
    })
  }

  return {
    state: () => now,
    start() {
      if (now.state === "filling" || now.state === "ready") return
      now = { state: "filling", share: 0, port: null }
      launch().catch(() => {
        now = { state: "failed", share: 0, port: null }
      })
    },
    async stop() {
      if (child === null) return
      const ended = once(child, "exit")
      child.kill("SIGTERM")
      await ended
    },
  }
}

/** The first port from `from` on that nobody listens on, a handful tried. */
async function freePort(host: string, from: number): Promise<number> {
  for (let port = from; port < from + 20; port++) {
    const probe = createServer()
    const free = await new Promise<boolean>((resolve) => {
      probe.once("error", () => resolve(false))
      probe.listen(port, host, () => resolve(true))
    })
    if (!free) continue
    await new Promise((resolve) => probe.close(resolve))
    return port
  }
  throw new Error("no port is free beside this one")
}
