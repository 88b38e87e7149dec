/**
 * Answers that many ask for at the same time: one is worked out at a time, and who asks while it is gets the next one, which
 * all who wait share. So nobody gets what was read before they asked, and a thousand open pages cost as much as two.
 */
export class Flights<Answer> {
  readonly #running = new Map<string, Promise<Answer>>()
  readonly #waiting = new Map<string, Promise<Answer>>()

  take(key: string, work: () => Promise<Answer>): Promise<Answer> {
    const running = this.#running.get(key)
    if (running === undefined) return this.#start(key, work)
    const waiting = this.#waiting.get(key)
    if (waiting !== undefined) return waiting
    const next = running
      .catch(() => {})
      .then(() => {
        this.#waiting.delete(key)
        return this.#start(key, work)
      })
    this.#waiting.set(key, next)
    return next
  }

  #start(key: string, work: () => Promise<Answer>): Promise<Answer> {
    const own = work().finally(() => {
      if (this.#running.get(key) === own) this.#running.delete(key)
    })
    this.#running.set(key, own)
    return own
  }
}
