import { existsSync, readFileSync } from "node:fs"
import { networkInterfaces } from "node:os"
import { join, resolve } from "node:path"
import type { FastifyInstance } from "fastify"
import { type Logger, pino } from "pino"
import { Uploads } from "./api/imports/uploads.ts"
import { openLive } from "./api/live.ts"
import { listenOutside } from "./api/outside.ts"
import { isOpen } from "./api/reach.ts"
import { build } from "./api/server.ts"
import { openSignIn } from "./api/signIn.ts"
import type { Config, World } from "./api/world.ts"
import { startMessenger } from "./engine/alerts/messenger.ts"
import { applyRules, carryOutApplying } from "./engine/applyingRules.ts"
import { openShelf, type S3Place } from "./engine/attachments/shelf.ts"
import { nightly, nights } from "./engine/backup/nightly.ts"
import { recount, recounts } from "./engine/doctor/recount.ts"
import { noticeQueue, sendNotice } from "./engine/gateway/send.ts"
import { Hearing } from "./engine/hearing.ts"
import { openHints } from "./engine/hints.ts"
import { endDead } from "./engine/importing.ts"
import { carryOut, carryQueue } from "./engine/incidents/carry.ts"
import { gather, gatherQueue } from "./engine/incidents/gather.ts"
import { openJobs, queue } from "./engine/jobs.ts"
import { type Engine, startEngine } from "./engine/loop.ts"
import { startOffice } from "./engine/office.ts"
import { eraseDue, retentionQueue } from "./engine/receivers/retention.ts"
import { carryOutRejudging, rejudge } from "./engine/rejudging.ts"
import type { Change } from "./engine/world.ts"
import { type Database, openDatabase, transaction } from "./store/database.ts"
import { type KeyPlace, secretsOf } from "./store/masterKey.ts"
import { migrate } from "./store/migrate.ts"
import { instantNow } from "./store/orders.ts"
import { countPeople, findCompany, makeLink } from "./store/people.ts"
import { type Postgres, readConnection, startPostgres, urlOf } from "./store/postgres/server.ts"
import { RuleShelf, seedPolicy } from "./store/rules.ts"
import type { Secrets } from "./store/secrets.ts"

/** The root of the checkout or of the installed package. */
export const home = [join(import.meta.dirname, ".."), join(import.meta.dirname, "../..")].find((each) =>
  existsSync(join(each, "package.json")),
)!

/** This program's version. */
export const version = (JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as { version: string })
  .version

/** Reads the environment (DESIGN §9). */
export function readConfig(
  environment: NodeJS.ProcessEnv = process.env,
  roles: Config["roles"] = ["web", "engine", "jobs"],
): Config {
  const port = portOf("PORT", environment.PORT ?? "7300")
  const portal = environment.ZHUNSHI_PORTAL_PORT
  const timezone = environment.ZHUNSHI_TIMEZONE ?? "Asia/Shanghai"
  try {
    new Intl.DateTimeFormat("en", { timeZone: timezone })
  } catch {
    throw new Error(`ZHUNSHI_TIMEZONE must be a time zone such as Asia/Shanghai, not ${timezone}`)
  }
  return {
    data: resolve(environment.ZHUNSHI_DATA ?? "data"),
    host: environment.HOST ?? "127.0.0.1",
    port,
    alertHosts: (environment.ZHUNSHI_ALERT_HOSTS ?? "").split(/[\s,]+/).filter(Boolean),
    publicUrl: publicUrlOf(environment.ZHUNSHI_PUBLIC_URL),
    portalPort: portal ? portOf("ZHUNSHI_PORTAL_PORT", portal) : null,
    timezone,
    files: filesIn(environment),
    roles,
    web: join(home, "dist/web"),
    version,
  }
}

function portOf(name: string, text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`${name} must be a port number, not ${text}`)
  return port
}

/** The bucket in which files lie; null: in the data directory. */
function filesIn(environment: NodeJS.ProcessEnv): S3Place | null {
  const {
    ZHUNSHI_S3: url,
    ZHUNSHI_S3_KEY: keyId,
    ZHUNSHI_S3_SECRET: secret,
    ZHUNSHI_S3_REGION: region = "us-east-1",
  } = environment
  if (!url) return null
  if (!URL.canParse(url) || !keyId || !secret)
    throw new Error(
      "ZHUNSHI_S3 must be the address of a bucket such as https://s3.example.com/zhunshi, with ZHUNSHI_S3_KEY and ZHUNSHI_S3_SECRET",
    )
  return { url, keyId, secret, region }
}

/** The public address without its last slash; null: none was named. */
function publicUrlOf(text: string | undefined): string | null {
  if (!text) return null
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol) || url.search || url.hash)
    throw new Error(`ZHUNSHI_PUBLIC_URL must be an address such as https://zhunshi.example.com, not ${text}`)
  return text.replace(/\/$/, "")
}

/** The database that the environment names, or the embedded one: started here, or attached to when it runs already. */
export async function reachDatabase(
  config: Config,
  environment: NodeJS.ProcessEnv = process.env,
  attach = false,
  settings: readonly string[] = [],
): Promise<{ db: Database; postgres: Postgres | null }> {
  if (environment.DATABASE_URL) return { db: openDatabase(environment.DATABASE_URL), postgres: null }
  if (attach) {
    const connection = readConnection(config.data)
    if (!connection)
      throw new Error(`there is no database in ${config.data} yet; start zhunshi once, or set ZHUNSHI_DATA`)
    const db = openDatabase(urlOf(connection), { max: 4 })
    try {
      await db.pool.query("select 1")
      return { db, postgres: null }
    } catch {
      await db.close()
    }
  }
  const postgres = await startPostgres(config.data, { settings })
  return { db: openDatabase(urlOf(postgres.connection)), postgres }
}

/** Where the master key of a data directory comes from. */
export const keyPlaceOf = ({ data }: Pick<Config, "data">): KeyPlace => ({
  data,
  given: process.env.ZHUNSHI_KEY,
})

/** The world without its surfaces: database, secrets and rules. */
export async function openWorld(config: Config, db: Database, secrets: Secrets, serves = false) {
  const shelf = new RuleShelf()
  const live = openLive()
  let engine: Engine | null = null
  const hear = (change: Change) => {
    live.tell(change)
    engine?.wake(change.nextAt ?? null)
    if (change.engines) engine?.beat()
  }
  const hints = openHints(db, serves ? hear : null)
  const world: World = {
    db,
    secrets,
    config,
    live,
    hearing: new Hearing(),
    shelf: openShelf(config.data, config.files ?? null),
    jobs: openJobs(db),
    outside: {
      url: config.publicUrl ?? `http://localhost:${config.port}`,
      alertHosts: config.alertHosts,
      timezone: config.timezone,
    },
    instant: instantNow,
    now: () => instantNow(db.pool),
    ruleBook: (tx) => shelf.read(tx),
    changed(change) {
      hear(change)
      hints.tell(change)
    },
    hints,
    engine: () => engine,
    signIn: openSignIn(db.url, {
      secret: secrets.signIn,
      baseUrl: config.publicUrl ?? `http://localhost:${config.port}`,
      trusted: originsOf(config),
      // Cookies know no ports: the sample company beside the real one must not sign anybody out there.
      cookies: config.sample ? "zhunshi-sample" : "zhunshi",
    }),
  }
  const setEngine = (running: Engine | null) => {
    engine = running
  }
  return { world, setEngine }
}

/** Where pages may be opened from: the public URL, localhost, 127.0.0.1 and, where we listen further, the machine's own addresses. */
function originsOf({ publicUrl, port, host }: Config): string[] {
  const hosts = ["localhost", "127.0.0.1"]
  if (isOpen({ host }))
    for (const each of Object.values(networkInterfaces()).flat())
      if (each?.family === "IPv4") hosts.push(each.address)
  return [...hosts.map((each) => `http://${each}:${port}`), ...(publicUrl ? [publicUrl] : [])]
}

/** A running server. */
export type Running = {
  app: FastifyInstance | null
  world: World
  url: string
  ownerLink: string | null
  stop(): Promise<void>
}

/** What happens to the world of the sample company before it opens: which database it takes, and what fills it. */
export type Staging = {
  /** where the database is looked for instead of the process's environment */
  environment: NodeJS.ProcessEnv
  /** settings of an embedded database, which need not outlive a crash */
  settings: readonly string[]
  prepare(world: World): Promise<void>
}

/** Starts everything that the roles ask for. */
export async function serve(
  config: Config,
  log: Logger = pino({ level: process.env.LOG_LEVEL ?? "info" }),
  staging?: Staging,
): Promise<Running> {
  const { db, postgres } = await reachDatabase(config, staging?.environment, false, staging?.settings)
  if (postgres?.says) log.info(postgres.says)
  if (postgres?.how === "adopted")
    log.info(`a PostgreSQL that was left running (process ${postgres.pid}) goes on`)
  const stops: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const each of stops.reverse()) await each()
    await db.close()
    await postgres?.stop()
  }
  try {
    const started = await open(config, db, log, stops, staging)
    return { ...started, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Opens the world and its surfaces on a database; `stops` gathers how each is ended, the last first. */
async function open(
  config: Config,
  db: Database,
  log: Logger,
  stops: (() => Promise<unknown>)[],
  staging?: Staging,
): Promise<Omit<Running, "stop">> {
  const applied = await migrate(db)
  if (applied.length > 0) log.info({ applied }, "the database was brought up to date")
  const { world, setEngine } = await openWorld(config, db, await secretsOf(db, keyPlaceOf(config)), true)
  world.log = log
  stops.push(async () => {
    await world.hints.close()
    world.live.close()
    await world.signIn.close()
  })
  await transaction(db, async (tx) => seedPolicy(tx, await instantNow(tx)))
  await staging?.prepare(world)
  if (config.roles.includes("engine")) {
    const engine = startEngine(world, log)
    setEngine(engine)
    stops.push(engine.stop)
  }
  stops.push(world.jobs.stop)
  if (config.roles.includes("jobs")) {
    const messenger = startMessenger(world, log)
    stops.push(messenger.stop)
    takeOnJobs(world)
    await world.jobs.start(log, async () => (await findCompany(db.pool))?.timezone ?? config.timezone)
    stops.push(startOffice(world, log).stop)
  }
  const app = config.roles.includes("web") ? await build(world) : null
  if (app) {
    stops.push(() => app.close())
    await app.listen({ host: config.host, port: config.port })
    if (config.portalPort !== null) {
      const outside = await listenOutside(app, { host: config.host, port: config.portalPort })
      stops.push(async () => outside.close())
    }
  }
  const address = app?.server.address()
  const port = address && typeof address === "object" ? address.port : config.port
  const url =
    config.publicUrl ??
    `http://${config.host === "0.0.0.0" || config.host === "127.0.0.1" ? "localhost" : config.host}:${port}`
  return { app, world, url, ownerLink: app ? await ownerLink(db, url) : null }
}

/** Who does which jobs, and when by the clock; whoever adds a queue adds a line. */
function takeOnJobs(world: World): void {
  world.jobs.on(applyRules, ({ version }) => carryOutApplying(world, version))
  world.jobs.on(rejudge, ({ number }) => carryOutRejudging(world, number))
  world.jobs.on(nights, () => nightly(world, world.config, world.config.timezone))
  world.jobs.every("*/10 * * * *", nights, {})
  world.jobs.on(carryQueue, ({ incident }, { signal }) => carryOut(world, incident, signal))
  world.jobs.on(gatherQueue, () => gather(world))
  world.jobs.every("* * * * *", gatherQueue, {})
  world.jobs.on(noticeQueue, (way) => sendNotice(world, way), { atOnce: 4 })
  world.jobs.on(retentionQueue, (_, { signal }) => eraseDue(world, signal))
  // Before the night's backup, which then holds none of it.
  world.jobs.every("20 2 * * *", retentionQueue, {})
  world.jobs.on(recounts, () => recount(world))
  world.jobs.every("17 * * * *", recounts, {})
  world.jobs.on(deadImports, async () => {
    await endDead(world)
    await new Uploads(world.config.data).forgetOld()
  })
  world.jobs.every("* * * * *", deadImports, {})
}
const deadImports = queue<object>("imports.dead")

/** A one-time link for the first owner, valid for a day; null when there is somebody. */
async function ownerLink(db: Database, url: string): Promise<string | null> {
  if ((await countPeople(db.pool)) > 0) return null
  const token = await makeLink(db.pool, "owner", {}, await instantNow(db.pool), 24 * 60 * 60_000)
  return `${url}/welcome/${token}`
}
