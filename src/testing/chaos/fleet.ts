import { type ChildProcess, spawn } from "node:child_process"
import { openSync } from "node:fs"
import { join, resolve } from "node:path"

const cli = resolve(import.meta.dirname, "../../cli/main.ts")
const restartAfterMs = 200

/** What a process of the fleet does. */
export type Role = "web" | "engine" | "jobs" | "web,engine,jobs"

/** One `zhunshi serve` as a process of its own, started again whenever it ends, as a supervisor would. */
export class Member {
  readonly role: Role
  readonly #name: string
  readonly #fleet: Pick<Fleet, "databaseUrl" | "data">
  #child: ChildProcess | null = null
  #isWanted = true
  #exited: Promise<void> = Promise.resolve()
  /** where it listens; null while it is not up */
  url: string | null = null
  isFrozen = false
  starts = 0
  /** how it ended when it was asked to */
  exitCode: number | null = null

  constructor(fleet: Pick<Fleet, "databaseUrl" | "data">, role: Role, name: string) {
    this.role = role
    this.#name = name
    this.#fleet = fleet
    this.#launch()
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  #launch(): void {
    const { databaseUrl, data } = this.#fleet
    const log = openSync(join(data, `${this.#name}.log`), "a")
    const child = spawn(process.execPath, [cli, "serve", "--roles", this.role], {
      env: {
        ...process.env,
        DATABASE_URL: databaseUrl,
        ZHUNSHI_DATA: data,
        PORT: "0",
        HOST: "127.0.0.1",
        LOG_LEVEL: "error",
      },
      stdio: ["ignore", "pipe", log],
    })
    this.#child = child
    this.starts += 1
    child.stdout!.on("data", (text: Buffer) => {
      const found = /Zhunshi {2}(http:\S+)/.exec(String(text))
      if (found) this.url = found[1]!.replace("localhost", "127.0.0.1")
    })
    this.#exited = new Promise((done) => {
      child.once("exit", (code) => {
        this.url = null
        this.isFrozen = false
        this.exitCode = code
        this.#child = null
        if (this.#isWanted) setTimeout(() => this.#isWanted && this.#launch(), restartAfterMs)
        done()
      })
    })
  }

  /** Ends it as a crash would; it comes up again. */
  kill(): void {
    this.#child?.kill("SIGKILL")
  }

  /** Stops it in the middle of whatever it does. */
  freeze(): void {
    this.isFrozen = this.#child?.kill("SIGSTOP") ?? false
  }

  /** Lets it go on. */
  thaw(): void {
    this.#child?.kill("SIGCONT")
    this.isFrozen = false
  }

  /** Asks it to end in order, or ends it by force, for good. */
  async end(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    this.#isWanted = false
    if (this.isFrozen) this.thaw()
    this.#child?.kill(signal)
    await this.#exited
  }
}

/** Several `zhunshi serve` on one database, split by roles. */
export class Fleet {
  readonly databaseUrl: string
  readonly data: string
  readonly members: Member[] = []

  constructor(databaseUrl: string, data: string) {
    this.databaseUrl = databaseUrl
    this.data = data
  }

  /** Starts one more process. */
  start(role: Role): Member {
    const member = new Member(this, role, `${role}-${this.members.length}`)
    this.members.push(member)
    return member
  }

  of(role: Role): Member[] {
    return this.members.filter((each) => each.role === role)
  }

  /** Ends all of them. */
  async end(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    await Promise.all(this.members.map((each) => each.end(signal)))
  }
}
