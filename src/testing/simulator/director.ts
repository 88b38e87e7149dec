import { setImmediate as breath, setTimeout as pause } from "node:timers/promises"
import pg from "pg"
import type { Database } from "../../store/database.ts"
import type { Chance } from "./chance.ts"

/** Where a session breaks: at its nth statement, before the database has it or after it was carried out. */
export type Fault = {
  at: number
  when: "before" | "after"
  /** `killed`: the process is gone with it and nothing is tried again; `lost`: only the session is, and the act is tried again */
  how: "killed" | "lost"
}

/** An act that takes part in a scene: it is given a database of its own and may break. */
export type Part<Result> = { act(db: Database): Promise<Result>; fault: Fault | null }

/** How an act of a scene ended. */
export type Ending<Result> =
  | { done: Result; statements: number }
  | { failed: Error; killed: boolean; statements: number }

type Statement = { carryOut(): Promise<unknown>; resolve(value: unknown): void; reject(error: Error): void }

/** Thrown where a process ends: no hiccup, so nobody tries again. */
class Killed extends Error {
  override readonly name = "Killed"
}
const sessionLost = () =>
  Object.assign(new Error("Connection terminated unexpectedly"), { code: "ECONNRESET" })

/** Milliseconds after which a statement is asked about: whether it waits for a lock. */
const suspectAfterMs = 15

/**
 * Lets several acts go on one database, a statement at a time: which of them goes next is chance, so a seed repeats the
 * interleaving exactly. A statement that waits for a lock stands aside until the lock is given.
 */
export async function direct<Result>(
  db: Database,
  chance: Chance,
  parts: readonly Part<Result>[],
): Promise<Ending<Result>[]> {
  const actors = parts.map(({ act, fault }) => new Actor(db, act, fault))
  for (;;) {
    await standing(actors)
    const ready = actors.filter((actor) => actor.isReady)
    if (ready.length === 0) {
      if (actors.every((actor) => actor.ending !== null)) return actors.map((actor) => actor.ending!)
      // All that is left waits for locks: the database ends that, by a deadlock found or a time that is over.
      await Promise.race(actors.map((actor) => actor.underWay ?? new Promise<void>(() => {})))
      continue
    }
    const next = chance.one(ready)
    next.go()
    for (const actor of [next, ...actors]) await actor.settled()
  }
}

/** Waits until no act is thinking: each waits for its turn or for a lock, or has ended. */
async function standing(actors: readonly Actor<unknown>[]): Promise<void> {
  for (;;) {
    await breath()
    const thinking = actors.filter((actor) => actor.isThinking)
    if (thinking.length === 0) return
    await Promise.race(thinking.map((actor) => actor.stirred()))
  }
}

class Actor<Result> {
  ending: Ending<Result> | null = null
  /** the statement that the database has now */
  underWay: Promise<void> | null = null
  readonly #db: Database
  readonly #fault: Fault | null
  readonly #queue: Statement[] = []
  #said = 0
  #isDead = false
  #pid = 0
  #stir: () => void = () => {}

  constructor(db: Database, act: (db: Database) => Promise<Result>, fault: Fault | null) {
    this.#db = db
    this.#fault = fault
    act(this.#ownDatabase())
      .then(
        (done) => {
          this.ending = { done, statements: this.#said }
        },
        (failed: Error) => {
          this.ending = { failed, killed: failed instanceof Killed || this.#isDead, statements: this.#said }
        },
      )
      .finally(() => this.#stir())
  }

  get isReady(): boolean {
    return this.underWay === null && this.#queue.length > 0
  }

  get isThinking(): boolean {
    return this.ending === null && this.underWay === null && this.#queue.length === 0
  }

  /** Resolves when a thinking act says something or ends. */
  stirred(): Promise<void> {
    return new Promise((resolve) => {
      this.#stir = resolve
    })
  }

  /** Gives the database the next statement. */
  go(): void {
    const { carryOut, resolve, reject } = this.#queue.shift()!
    this.underWay = carryOut()
      .then(resolve, reject)
      .finally(() => {
        this.underWay = null
      })
  }

  /** Resolves when the statement under way was carried out or waits for a lock. */
  async settled(): Promise<void> {
    while (this.underWay !== null) {
      const left = await Promise.race([this.underWay.then(() => false), pause(suspectAfterMs, true)])
      if (!left || this.underWay === null) return
      const { rows } = await this.#db.beats.query<{ waits: boolean }>(
        "select cardinality(pg_blocking_pids($1)) > 0 as waits",
        [this.#pid],
      )
      if (rows[0]!.waits) return
    }
  }

  #say(carryOut: () => Promise<unknown>): Promise<unknown> {
    if (this.#isDead) return Promise.reject(new Killed("this process was killed"))
    return new Promise((resolve, reject) => {
      this.#queue.push({ carryOut, resolve, reject })
      this.#stir()
    })
  }

  /** Carries a statement out on a session, unless this is where that breaks. */
  async #carryOut(session: OwnSession, args: unknown[]): Promise<unknown> {
    if (this.#isDead) throw new Killed("this process was killed")
    if (session.isLost) throw sessionLost()
    this.#said += 1
    this.#pid = session.pid
    const breaks = this.#fault !== null && this.#fault.at === this.#said
    if (breaks && this.#fault!.when === "before") return this.#break(session)
    const result = await session.query(args)
    return breaks ? this.#break(session) : result
  }

  /** Really ends the session at the database, waits until that has let go of everything, and says so. */
  async #break(session: OwnSession): Promise<never> {
    session.isLost = true
    await this.#db.beats.query("select pg_terminate_backend($1, 5000)", [session.pid])
    if (this.#fault!.how === "lost") throw sessionLost()
    this.#isDead = true
    throw new Killed("this process was killed")
  }

  #ownDatabase(): Database {
    const connect = async () => {
      if (this.#isDead) throw new Killed("this process was killed")
      const client = await this.#db.pool.connect()
      const session = new OwnSession(client)
      return {
        query: (...args: unknown[]) => {
          const said = this.#say(() => this.#carryOut(session, args))
          // A COPY hears of its end by itself, not by a promise.
          if (args[0] instanceof pg.Query)
            said.catch((args[0] as unknown as Copying).handleError.bind(args[0]))
          return said
        },
        on: (name: "error", listener: (error: Error) => void) => client.on(name, listener),
        off: (name: "error", listener: (error: Error) => void) => client.off(name, listener),
        release: (error?: Error) => session.release(error),
      }
    }
    const query = async (...args: unknown[]) => {
      const client = await connect()
      try {
        return await client.query(...args)
      } finally {
        client.release()
      }
    }
    const pool = { connect, query } as unknown as pg.Pool
    return { ...this.#db, pool }
  }
}

type Copying = { handleError(error: Error): void }

/** A session of an act, with the process at the database that serves it. */
class OwnSession {
  isLost = false
  readonly pid: number
  readonly #client: pg.PoolClient
  readonly #quiet = () => {}

  constructor(client: pg.PoolClient) {
    this.#client = client
    this.pid = (client as unknown as { processID: number }).processID
    // A session that is ended from outside says so; nobody else may be listening.
    client.on("error", this.#quiet)
  }

  query(args: unknown[]): Promise<unknown> {
    return (this.#client.query as unknown as (...args: unknown[]) => Promise<unknown>).apply(
      this.#client,
      args,
    )
  }

  release(error?: Error): void {
    this.#client.release(error ?? (this.isLost ? sessionLost() : undefined))
    this.#client.off("error", this.#quiet)
  }
}
