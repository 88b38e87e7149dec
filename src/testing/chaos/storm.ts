import { setTimeout as pause } from "node:timers/promises"
import { type Policy, policySchema } from "../../core/policy.ts"
import { type Database, openDatabase } from "../../store/database.ts"
import { migrate } from "../../store/migrate.ts"
import { instantNow } from "../../store/orders.ts"
import { makeKey } from "../../store/people.ts"
import { type Postgres, startPostgres, urlOf } from "../../store/postgres/server.ts"
import { Chance } from "../simulator/chance.ts"
import { Fleet, type Member } from "./fleet.ts"
import { Load } from "./load.ts"
import { isCalm, judgeStorm, keepSayings } from "./verdict.ts"

/** What happened in a storm, and what was wrong after it. */
export type Storm = { did: Record<string, number>; orders: number; breaches: number; wrong: string[] }

/** Standards of seconds, so that everything falls due while things are killed. */
const policies: Policy[] = [
  policySchema.parse({
    version: 1,
    effectiveAt: "2020-01-01T00:00:00Z",
    standards: [
      { id: "prepare", clock: "prepare", within: "PT3S", warn: ["50%"], stop: ["prepared"] },
      { id: "ship", clock: "ship", within: "PT5S", warn: ["50%", "PT1S"], stop: ["shipped"] },
    ],
  }),
]

/**
 * Runs a company of several processes on one PostgreSQL for some seconds while engines, servers and PostgreSQL itself are killed
 * and frozen by chance, then waits for calm and answers everything that is not as it ought to be.
 */
export async function storm(given: {
  data: string
  seconds: number
  seed: number
  say?(text: string): void
}): Promise<Storm> {
  const chance = new Chance(given.seed)
  const say = given.say ?? (() => {})
  const server = new Server(given.data)
  await server.start()
  const db = openDatabase(server.url, { max: 4 })
  const fleet = new Fleet(server.url, given.data)
  const did: Record<string, number> = {}
  try {
    const key = await prepare(db)
    for (const role of ["web", "web", "engine", "engine", "engine", "jobs"] as const) fleet.start(role)
    await until(() => fleet.members.every(({ url }) => url !== null), 60_000, "the fleet did not come up")
    const load = new Load(fleet, key, chance)
    const sending = [load.run(), load.run()]
    const end = Date.now() + given.seconds * 1_000
    while (Date.now() < end) {
      await pause(chance.int(300, 2_000))
      const what = await harm(chance, fleet, server, end - Date.now())
      did[what] = (did[what] ?? 0) + 1
      say(what)
    }
    for (const each of fleet.members) if (each.isFrozen) each.thaw()
    load.end()
    say("the storm is over")
    await Promise.all(sending)
    await until(() => isCalm(db), 40_000, "it did not become calm")
    const wrong = await judgeStorm(db, load, policies)
    await until(
      () => fleet.members.every(({ url }) => url !== null),
      60_000,
      "a process did not come up again",
    )
    await fleet.end()
    for (const each of fleet.members)
      if (each.exitCode !== 0) wrong.push(`a ${each.role} asked to stop ended with ${each.exitCode}`)
    const { rows } = await db.pool.query<{ orders: number; breaches: number }>(
      "select (select count(*)::int from orders) as orders, (select count(*)::int from breaches) as breaches",
    )
    Object.assign(did, {
      calls: load.calls,
      failures: load.failures,
      starts: fleet.members.reduce((n, each) => n + each.starts, 0),
    })
    return { did, ...rows[0]!, wrong }
  } finally {
    await fleet.end("SIGKILL")
    await db.close()
    await server.stop()
  }
}

async function prepare(db: Database): Promise<string> {
  await migrate(db)
  await db.pool.query(keepSayings)
  await db.pool.query(
    "insert into policies (version, document, published_at) values (1, $1, clock_timestamp())",
    [policies[0]],
  )
  return makeKey(db.pool, { name: "erp", role: "integration", source: "erp" }, await instantNow(db.pool))
}

/** Does one harm by chance. A frozen process is thawed after some seconds, a killed one is started again by its supervisor. */
async function harm(chance: Chance, fleet: Fleet, server: Server, leftMs: number): Promise<string> {
  const one = (role: "web" | "engine" | "jobs"): Member => chance.one(fleet.of(role))
  const freeze = (member: Member, ms: number) => {
    member.freeze()
    setTimeout(() => member.thaw(), Math.max(100, Math.min(ms, leftMs)))
  }
  const harms: readonly (readonly [number, string, () => unknown])[] = [
    [6, "engine killed", () => one("engine").kill()],
    [5, "engine frozen", () => freeze(one("engine"), chance.int(500, 9_000))],
    [1, "web killed", () => one("web").kill()],
    [1, "web frozen", () => freeze(one("web"), chance.int(500, 6_000))],
    [1, "jobs killed", () => one("jobs").kill()],
    [1, "jobs frozen", () => freeze(one("jobs"), chance.int(500, 9_000))],
    [1, "postgres killed", () => server.kill()],
    [1, "postgres frozen", () => server.freeze(chance.int(300, 2_000))],
    [1, "session killed", () => server.killSession(chance)],
  ]
  const [, what, act] = chance.weighted(harms.map((each) => [each[0], each] as const))
  await act()
  return what
}

/** A PostgreSQL of its own that can be killed, and comes up again. */
class Server {
  readonly #data: string
  #postgres: Postgres | null = null

  constructor(data: string) {
    this.#data = data
  }

  get url(): string {
    return urlOf(this.#postgres!.connection)
  }

  async start(): Promise<void> {
    this.#postgres = await startPostgres(this.#data, { settings: ["fsync=off", "full_page_writes=off"] })
  }

  /** Kills the postmaster; its sessions end with it, and it recovers when it is started again. */
  async kill(): Promise<void> {
    process.kill(this.#postgres!.pid, "SIGKILL")
    await this.#postgres!.stop()
    await this.#again()
  }

  async #again(): Promise<void> {
    for (let tries = 0; ; tries++)
      try {
        return await this.start()
      } catch (error) {
        // The dying sessions may hold its shared memory for a moment longer.
        if (tries > 20) throw error
        await pause(200)
      }
  }

  async freeze(ms: number): Promise<void> {
    process.kill(this.#postgres!.pid, "SIGSTOP")
    await pause(ms)
    process.kill(this.#postgres!.pid, "SIGCONT")
  }

  /** Kills one session's process: PostgreSQL ends all sessions then and recovers by itself. */
  async killSession(chance: Chance): Promise<void> {
    const db = openDatabase(this.url, { max: 1 })
    try {
      const { rows } = await db.pool.query<{ pid: number }>(
        "select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
      )
      if (rows.length > 0) process.kill(chance.one(rows).pid, "SIGKILL")
    } catch {
      // It is down already.
    } finally {
      await db.close()
    }
  }

  stop(): Promise<void> {
    return this.#postgres?.stop() ?? Promise.resolve()
  }
}

async function until(
  isSo: () => boolean | Promise<boolean>,
  withinMs: number,
  otherwise: string,
): Promise<void> {
  for (let waited = 0; ; waited += 100) {
    try {
      if (await isSo()) return
    } catch {
      // The database may be down at this moment.
    }
    if (waited > withinMs) throw new Error(otherwise)
    await pause(100)
  }
}
