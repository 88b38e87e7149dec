import { randomUUID } from "node:crypto"
import { type Job as BossJob, PgBoss } from "pg-boss"
import type { Instant } from "../core/instants.ts"
import type { Database } from "../store/database.ts"
import type { Session } from "../store/statement.ts"
import type { EngineLog } from "./loop.ts"

/** A kind of job: its name and how it is tried again. Declared once, beside its handler. */
export type Queue<Data extends object> = {
  readonly name: string
  /** how often it is tried again after it failed, with doubling waits; then it lies among the dead */
  readonly retries: number
  /** the wait before the first retry, seconds */
  readonly retryAfterSeconds: number
  /** how long one try may take, seconds; after that, or when its process died, it is tried again */
  readonly triesForSeconds: number
  /** only a type: what a job of this queue carries */
  readonly carries?: Data
}

/** Declares a queue: five tries over about five minutes unless told otherwise. */
export const queue = <Data extends object>(
  name: string,
  options: Partial<Omit<Queue<Data>, "name" | "carries">> = {},
): Queue<Data> => ({ name, retries: 5, retryAfterSeconds: 10, triesForSeconds: 300, ...options })

/** What a handler knows of the try at hand. */
export type Try = {
  id: string
  /** how often it failed before */
  failed: number
  /** raised when the try took too long or the process stops */
  signal: AbortSignal
}

/** A job that failed at every try. */
export type DeadJob = {
  id: string
  queue: string
  data: object
  error: string
  diedAt: Instant
}

/** Everything queued that is no deadline (DESIGN §2). A job happens at least once, so a handler does nothing twice. */
export type Jobs = {
  /** puts a job in the queue in the transaction of its cause; with a `key` only one waits at a time, and null says that one did. An `id` (a UUID) is never queued twice */
  send<Data extends object>(
    tx: Session,
    to: Queue<Data>,
    data: Data,
    options?: { at?: Instant; key?: string; id?: string },
  ): Promise<string | null>
  /** says who does the jobs of a queue, `atOnce` side by side in this process; nothing is done before `start` */
  on<Data extends object>(
    from: Queue<Data>,
    handler: (data: Data, each: Try) => Promise<unknown>,
    options?: { atOnce?: number },
  ): void
  /** sends a job by the wall clock (cron) of the zone that `start` is given, once however many processes there are; what was slept through is done once */
  every<Data extends object>(cron: string, to: Queue<Data>, data: Data): void
  /** begins to do jobs; `zone` answers the company's time zone and is asked again each minute */
  start(log: EngineLog, zone: () => Promise<string>): Promise<void>
  /** how many jobs wait and how many are being done, by queue, as of the last ten seconds */
  queued(): Promise<{ queue: string; waiting: number; active: number }[]>
  /** the jobs that failed for good, the latest first */
  dead(limit?: number): Promise<DeadJob[]>
  /** gives a dead job its tries again; answers whether there was one */
  revive(id: string): Promise<boolean>
  /** waits for the jobs at hand and ends */
  stop(): Promise<void>
}

/** Where jobs lie that failed at every try. */
const graveyard = "dead"
const keptSeconds = 14 * 24 * 60 * 60
const zoneEveryMs = 60_000

type Handled = {
  from: Queue<object>
  handler: (data: object, each: Try) => Promise<unknown>
  atOnce: number
}

/** The jobs of a database. A process that only sends opens its session at the first job; one that does them calls `start`. */
export function openJobs(db: Database): Jobs {
  const handled: Handled[] = []
  const clockwork: { cron: string; to: Queue<object>; data: object }[] = []
  let opening: Promise<PgBoss> | null = null
  let timer: NodeJS.Timeout | null = null
  let log: EngineLog | null = null

  const open = (works: boolean): Promise<PgBoss> => {
    opening ??= begin(works)
    return opening
  }
  const begin = async (works: boolean): Promise<PgBoss> => {
    const boss = new PgBoss({
      connectionString: db.url,
      max: works ? 4 : 2,
      supervise: works,
      schedule: works,
      useListenNotify: works,
      // A job whose process was killed misses its heartbeat, and is tried again within half a minute.
      superviseIntervalSeconds: 10,
      monitorIntervalSeconds: 10,
      registerInstance: false,
      warningQueueSize: 100_000,
    })
    boss.on("error", (error) => log?.error({ error }, "the job queue had an error and goes on"))
    await boss.start()
    await boss.createQueue(graveyard, { deleteAfterSeconds: keptSeconds, retentionSeconds: keptSeconds })
    return boss
  }

  const known = new Map<string, Promise<void>>()
  /** Makes a queue as it is declared, once a process. */
  const ensure = (boss: PgBoss, wanted: Queue<object>): Promise<void> => {
    let made = known.get(wanted.name)
    if (!made) {
      const policy = {
        retryLimit: wanted.retries,
        retryDelay: wanted.retryAfterSeconds,
        retryBackoff: true,
        retryDelayMax: 60 * 60,
        expireInSeconds: wanted.triesForSeconds,
        heartbeatSeconds: 20,
        deleteAfterSeconds: keptSeconds,
        retentionSeconds: keptSeconds,
        deadLetter: graveyard,
        notify: true,
      }
      made = boss
        .createQueue(wanted.name, { ...policy, policy: "short" })
        .then(() => boss.updateQueue(wanted.name, policy))
      made.catch(() => known.delete(wanted.name))
      known.set(wanted.name, made)
    }
    return made
  }

  const work = async (boss: PgBoss, { from, handler, atOnce }: Handled): Promise<void> => {
    await ensure(boss, from)
    const handle = async (jobs: BossJob<object>[]) => {
      const job = jobs[0]!
      try {
        await handler(job.data, { id: job.id, failed: job.retryCount, signal: job.signal })
      } catch (error) {
        log?.error({ error, queue: from.name, job: job.id, failed: job.retryCount }, "a job failed")
        throw error
      }
    }
    await boss.work(
      from.name,
      { localConcurrency: atOnce, pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 2 },
      handle,
    )
  }

  let zoneNow: string | null = null
  /** Sets the schedules by the company's zone, again when the company moved. */
  const wind = async (boss: PgBoss, zone: string): Promise<void> => {
    if (zone === zoneNow) return
    for (const { cron, to, data } of clockwork) {
      await ensure(boss, to)
      await boss.schedule(to.name, cron, data, { tz: zone, missed: "once" })
    }
    zoneNow = zone
  }

  return {
    async send(tx, to, data, { at, key, id } = {}) {
      const boss = await open(false)
      await ensure(boss, to)
      return boss.send(to.name, data, {
        db: {
          executeSql: async (text, values) => ({
            rows: (await tx.query(text, values as unknown[])).rows,
          }),
        },
        // A queue lets one job a key wait; jobs without a key of their own must not wait for each other.
        singletonKey: key ?? randomUUID(),
        ...(at === undefined ? {} : { startAfter: new Date(at) }),
        ...(id === undefined ? {} : { id }),
      })
    },
    on: (from, handler, { atOnce = 1 } = {}) =>
      void handled.push({
        from: from as Queue<object>,
        handler: handler as Handled["handler"],
        atOnce,
      }),
    every: (cron, to, data) => void clockwork.push({ cron, to, data }),
    async start(logging, zone) {
      log = logging
      const boss = await open(true)
      for (const each of handled) await work(boss, each)
      await wind(boss, await zone())
      timer = setInterval(
        () =>
          void zone()
            .then((now) => wind(boss, now))
            .catch((error) => logging.error({ error }, "the time zone of the schedules could not be read")),
        zoneEveryMs,
      )
    },
    async queued() {
      const boss = await open(false)
      const queues = await boss.getQueues()
      return queues
        .filter(({ name }) => name !== graveyard && !name.startsWith("__"))
        .map(({ name, queuedCount, activeCount }) => ({
          queue: name,
          waiting: queuedCount,
          active: activeCount,
        }))
    },
    async dead(limit = 100) {
      const boss = await open(false)
      const jobs = await boss.findJobs<object>(graveyard, { limit })
      return jobs.map((job) => ({
        id: job.id,
        queue: job.sourceName ?? "",
        data: job.data,
        error: messageOf(job.sourceOutput),
        diedAt: job.createdOn.getTime(),
      }))
    },
    async revive(id) {
      const boss = await open(false)
      return (await boss.redrive(graveyard, { ids: [id] })) > 0
    },
    async stop() {
      if (timer) clearInterval(timer)
      const boss = await opening?.catch(() => null)
      await boss?.stop({ graceful: true, timeout: 10_000, close: true })
    },
  }
}

const messageOf = (output: object | null): string =>
  String((output as { message?: string } | null)?.message ?? JSON.stringify(output))
