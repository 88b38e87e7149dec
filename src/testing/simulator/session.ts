import pg from "pg"

export const sessionLost = () =>
  Object.assign(new Error("Connection terminated unexpectedly"), { code: "ECONNRESET" })

/** What the database's own clocks would end: the director ends waits instead, as the seed says. */
const withoutClocks =
  "set local lock_timeout = 0; set local deadlock_timeout = '1d'; set local idle_in_transaction_session_timeout = 0"

/** A statement that hears of its end by itself, not by a promise. */
export type Copying = pg.Query & { callback(error: Error | null, result?: unknown): void }

/** A session of an act, with the process at the database that serves it. */
export class OwnSession {
  isLost = false
  /** in a transaction, where a wait for a lock may take too long */
  isInTransaction = false
  readonly pid: number
  readonly #client: pg.PoolClient
  readonly #quiet = () => {}

  constructor(client: pg.PoolClient) {
    this.#client = client
    this.pid = (client as unknown as { processID: number }).processID
    // A session that is ended from outside says so; nobody else may be listening.
    client.on("error", this.#quiet)
  }

  /** Sends a statement; resolves once the database is done with it, after a failure too. */
  async query(args: unknown[]): Promise<unknown> {
    const [first, ...rest] = args
    const begins = typeof first === "string" && first.startsWith("begin")
    if (begins) this.isInTransaction = true
    if (first === "commit" || first === "rollback") this.isInTransaction = false
    try {
      if (first instanceof pg.Query) return await this.#copy(first as Copying)
      return await this.#send(begins ? `${first}; ${withoutClocks}` : first, ...rest)
    } catch (error) {
      // The database says that a statement failed before it lets go of its locks; what is sent after it is answered after that.
      await this.#send(";").catch(() => {})
      throw error
    }
  }

  #send(...args: unknown[]): Promise<unknown> {
    return (this.#client.query as unknown as (...args: unknown[]) => Promise<unknown>).apply(
      this.#client,
      args,
    )
  }

  /** Lets a COPY go on; it is told of its end by whoever asked for this. */
  #copy(copy: Copying): Promise<unknown> {
    return new Promise((resolve, reject) => {
      copy.callback = (error, result) => (error ? reject(error) : resolve(result))
      this.#client.query(copy)
    })
  }

  release(error?: Error): void {
    this.#client.release(error ?? (this.isLost ? sessionLost() : undefined))
    this.#client.off("error", this.#quiet)
  }
}

/** The name of a statement, or the beginning of its text; what a process numbers as it first comes is left out. */
export function nameOf([first]: readonly unknown[]): string {
  const { name, text } = (typeof first === "string" ? { text: first } : first) as {
    name?: string
    text: string
  }
  return name?.replace(/\.\d+$/, "") ?? text.split(/[(;]/)[0]!.slice(0, 60)
}
