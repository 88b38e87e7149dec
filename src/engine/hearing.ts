import type { Instant } from "../core/instants.ts"
import type { Database } from "../store/database.ts"
import { hearShops } from "../store/rules.ts"

/** When shops were last heard of, gathered beside the acts: a row a shop in each transaction would make all its events queue. */
export class Hearing {
  readonly #heard = new Map<string, { channel: string; shop: string; toldAt: Instant }>()
  #at: Instant = 0

  /** Notes that a shop was heard of at an instant, with the instant of what was told. */
  note(channel: string, shop: string, toldAt: Instant, at: Instant): void {
    const key = `${channel}\u001f${shop}`
    const before = this.#heard.get(key)
    if (!before || before.toldAt < toldAt) this.#heard.set(key, { channel, shop, toldAt })
    if (at > this.#at) this.#at = at
  }

  /** Writes what was gathered. */
  async flush(db: Database): Promise<void> {
    if (this.#heard.size === 0) return
    const heard = [...this.#heard.values()]
    this.#heard.clear()
    await hearShops(db.pool, heard, this.#at)
  }
}
