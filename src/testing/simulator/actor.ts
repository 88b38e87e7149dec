import { setImmediate as breath } from "node:timers/promises"
import pg from "pg"
import type { Database } from "../../store/database.ts"
import { type Copying, nameOf, OwnSession, sessionLost } from "./session.ts"

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

type Statement = {
  name: string
  session: OwnSession
  carryOut(): Promise<unknown>
  resolve(value: unknown): void
  reject(error: Error): void
}

/** Thrown where a process ends: no hiccup, so nobody tries again. */
class Killed extends Error {
  override readonly name = "Killed"
}

/** Ways in which the database ends a wait for a lock. */
export const givenUp = {
  deadlock: { code: "40P01", message: "deadlock detected" },
  tooLong: { code: "55P03", message: "canceling statement due to lock timeout" },
}
const cancelled = "57014"

/** An act on its way. Each of its statements waits until it is told to go, and what that was answered until it is told to hear. */
export class Actor<Result> {
  ending: Ending<Result> | null = null
  /** the statement that the database has now */
  underWay: Promise<void> | null = null
  readonly #db: Database
  readonly #fault: Fault | null
  readonly #queue: Statement[] = []
  #session: OwnSession | null = null
  #answer: { tell(): void; outcome: string } | null = null
  #why: (typeof givenUp)[keyof typeof givenUp] | null = null
  #said = 0
  #isDead = false
  #stir: () => void = () => {}

  constructor(db: Database, { act, fault }: Part<Result>) {
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

  /** Whether it has something to send. */
  get isReady(): boolean {
    return this.underWay === null && this.#answer === null && this.#queue.length > 0
  }

  /** The process at the database that has its statement. */
  get pid(): number {
    return this.#session!.pid
  }

  /** Whether its wait for a lock may be ended as one that took too long. */
  get isInTransaction(): boolean {
    return this.#session!.isInTransaction
  }

  /** Resolves when it waits for its turn or for the database, or has ended. */
  async quiet(): Promise<void> {
    for (;;) {
      await breath()
      const isThinking =
        this.ending === null && this.underWay === null && this.#answer === null && this.#queue.length === 0
      if (!isThinking) return
      await new Promise<void>((resolve) => {
        this.#stir = resolve
      })
    }
  }

  /** Gives the database its next statement; answers what that is called. */
  go(): string {
    const { name, session, carryOut, resolve, reject } = this.#queue.shift()!
    this.#session = session
    this.underWay = carryOut()
      .then(
        (result) => {
          const rows = (result as { rowCount?: number | null } | undefined)?.rowCount
          this.#answer = { tell: () => resolve(result), outcome: `${rows ?? "done"}` }
        },
        (error: Error & { code?: string }) => {
          const failed = this.#why && error.code === cancelled ? Object.assign(error, this.#why) : error
          this.#answer = { tell: () => reject(failed), outcome: failed.code ?? failed.name }
        },
      )
      .finally(() => {
        this.underWay = null
        this.#why = null
      })
    return name
  }

  /** Hears what its statement was answered, if it was, and thinks until it is quiet; answers how that ended, in a word. */
  async hear(): Promise<string | null> {
    const answer = this.#answer
    if (answer === null) return null
    this.#answer = null
    answer.tell()
    await this.quiet()
    return answer.outcome
  }

  /** Ends its wait for a lock as the database does. */
  async giveUp(why: (typeof givenUp)[keyof typeof givenUp]): Promise<void> {
    this.#why = why
    await this.#db.beats.query("select pg_cancel_backend($1)", [this.pid])
    await this.underWay
  }

  #say(args: unknown[], session: OwnSession): Promise<unknown> {
    if (this.#isDead) return Promise.reject(new Killed("this process was killed"))
    return new Promise((resolve, reject) => {
      const carryOut = () => this.#carryOut(session, args)
      this.#queue.push({ name: nameOf(args), session, carryOut, resolve, reject })
      this.#stir()
    })
  }

  /** Carries a statement out on a session, unless this is where that breaks. */
  async #carryOut(session: OwnSession, args: unknown[]): Promise<unknown> {
    if (this.#isDead) throw new Killed("this process was killed")
    if (session.isLost) throw sessionLost()
    this.#said += 1
    const breaks = this.#fault !== null && this.#fault.at === this.#said
    if (breaks && this.#fault!.when === "before") return this.#break(session)
    const result = await session.query(args)
    return breaks ? this.#break(session) : result
  }

  /** Really ends the session at the database, waits until that has let go of everything, and says so. */
  async #break(session: OwnSession): Promise<never> {
    session.isLost = true
    for (let isGone = false; !isGone; ) {
      const { rows } = await this.#db.beats.query(
        "select pg_terminate_backend($1, 5000) or not exists (select from pg_stat_activity where pid = $1) as gone",
        [session.pid],
      )
      isGone = rows[0]!.gone
    }
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
          const said = this.#say(args, session)
          const copy = args[0]
          if (!(copy instanceof pg.Query)) return said
          // A COPY hears of its end by itself, not by a promise.
          const { callback } = copy as Copying
          said.then(
            (result) => callback.call(copy, null, result),
            (error: Error) => callback.call(copy, error),
          )
          return copy
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
