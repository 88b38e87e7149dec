import { setTimeout as pause } from "node:timers/promises"
import type { Chance } from "../simulator/chance.ts"
import type { Fleet } from "./fleet.ts"

/** An event as it is sent to the door. */
export type Sent = {
  channel: string
  shop: string
  orderNo: string
  type: string
  at: string
  eventId: string
  observedAt?: string
}

const second = 1_000

/** Orders that are paid now and due within seconds: some are prepared and shipped in time, some late, some never; some of it is told late, and again. */
export class Load {
  /** what was answered with 200 */
  readonly acknowledged: Sent[] = []
  /** everything that was ever sent */
  readonly sent = new Map<string, Sent>()
  calls = 0
  failures = 0
  readonly #fleet: Fleet
  readonly #key: string
  readonly #chance: Chance
  readonly #ahead: { when: number; event: Sent }[] = []
  #orders = 0
  #isOver = false

  constructor(fleet: Fleet, key: string, chance: Chance) {
    this.#fleet = fleet
    this.#key = key
    this.#chance = chance
  }

  /** Sends until it is told to end; everything sent is then sent again until it is acknowledged. */
  async run(): Promise<void> {
    while (!this.#isOver) {
      await this.#send(this.#batch())
      await pause(this.#chance.int(20, 150))
    }
    // What lies ahead is told to the end, so that the lives of all orders are whole.
    while (this.#ahead.length > 0) await this.#send(this.#ahead.splice(0, 200).map(({ event }) => event))
  }

  /** No new orders from now on. */
  end(): void {
    this.#isOver = true
  }

  #batch(): Sent[] {
    const now = Date.now()
    for (let n = this.#chance.int(1, 12); n > 0; n--) this.#order(now)
    const due = this.#ahead.filter(({ when }) => when <= now)
    for (const each of due) this.#ahead.splice(this.#ahead.indexOf(each), 1)
    const again =
      this.acknowledged.length > 0 && this.#chance.happens(0.2) ? [this.#chance.one(this.acknowledged)] : []
    return [...this.#chance.shuffled(due.map(({ event }) => event)), ...again]
  }

  #order(now: number): void {
    const chance = this.#chance
    const orderNo = `K${++this.#orders}`
    const paidAt = now - chance.int(0, 2 * second)
    const tell = (type: string, at: number, when: number) => {
      const event: Sent = {
        channel: "douyin",
        shop: "s1",
        orderNo,
        type,
        at: new Date(at).toISOString(),
        eventId: type,
      }
      if (chance.happens(0.5)) event.observedAt = new Date(Math.max(at, when)).toISOString()
      this.#ahead.push({ when, event })
    }
    tell("paid", paidAt, now)
    for (const [step, withinMs] of [
      ["prepared", 3 * second],
      ["shipped", 5 * second],
    ] as const) {
      const at =
        paidAt +
        chance.weighted([
          [5, chance.int(100, withinMs - 200)],
          [3, withinMs + chance.int(1, 4 * second)],
          [1, withinMs],
        ])
      // Told when it happens, or so late that a breach has to be taken back, or ahead, or never.
      const when = chance.weighted([
        [6, at],
        [2, at + chance.int(second, 8 * second)],
        [1, now],
        [2, null],
      ])
      if (when !== null) tell(step, at, when)
    }
  }

  async #send(batch: readonly Sent[]): Promise<void> {
    if (batch.length === 0) return
    for (const each of batch) this.sent.set(`${each.orderNo} ${each.eventId}`, each)
    for (;;) {
      const url = this.#chance.one(this.#fleet.of("web")).url
      this.calls += 1
      if (url !== null && (await this.#post(url, batch))) {
        this.acknowledged.push(...batch)
        return
      }
      this.failures += 1
      // Some senders give up; whether it was taken in nobody knows then.
      if (!this.#isOver && this.#chance.happens(0.05)) return
      await pause(150)
    }
  }

  async #post(url: string, batch: readonly Sent[]): Promise<boolean> {
    try {
      const answer = await fetch(`${url}/api/v1/order-events`, {
        method: "POST",
        headers: { "x-api-key": this.#key, "content-type": "application/json" },
        body: JSON.stringify(batch),
        signal: AbortSignal.timeout(4_000),
      })
      const body = (await answer.json()) as { rejected?: unknown[] }
      if (answer.status === 200 && body.rejected!.length > 0)
        throw new Refused(`an event was refused: ${JSON.stringify(body.rejected![0])}`)
      if (answer.status >= 400 && answer.status < 500)
        throw new Refused(`${answer.status} ${JSON.stringify(body)}`)
      return answer.status === 200
    } catch (error) {
      if (error instanceof Refused) throw error
      return false
    }
  }
}

class Refused extends Error {}
