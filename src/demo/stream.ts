import type { SampleStream } from "../api/contract/sample.ts"
import type { World } from "../api/world.ts"
import type { Instant } from "../core/instants.ts"
import type { EngineLog } from "../engine/loop.ts"
import { record } from "../engine/record.ts"
import { hour, minute } from "./calendar.ts"
import { Chance } from "./chance.ts"
import { shops } from "./company.ts"
import { drawOrder, type Planned, tellingsOf } from "./order.ts"
import type { Plan, Telling } from "./plan.ts"
import { tonight } from "./sessions.ts"

/** How many orders a minute the stream can bring. */
export const paces = [60, 240, 600]
/** A stream ends by itself after this many orders, so that a forgotten one does not fill the disk. */
const ordersMax = 20_000
const everyMs = 1_000

/** The sample company as it lives on by the clock on the wall. */
export type Living = {
  stream(): SampleStream
  steer(wish: { running?: boolean; perMinute?: number }): void
  stop(): Promise<void>
}

/** Goes on with a plan second by second from where it was `told`, and lets a stream run: its orders come, are packed and shipped, some within minutes, some not in time. */
export function goOn(world: World, plan: Plan, log: EngineLog, told: Instant): Living {
  const shop = shops.find(({ channel }) => channel === tonight.channel)!
  const chance = new Chance(`stream ${plan.now}`)
  let toldUntil = told
  let next = plan.tellings.findIndex(({ at }) => at > told)
  if (next < 0) next = plan.tellings.length
  let waiting: Telling[] = []
  let running = true
  let perMinute = paces[1]!
  let sold = 0
  let packed = 0

  const sell = (from: Instant, to: Instant): Telling[] => {
    if (!running) return []
    const n = Math.min(chance.count((perMinute * (to - from)) / minute), ordersMax - sold)
    sold += n
    if (sold >= ordersMax) running = false
    return Array.from({ length: n }, () => {
      const order = drawOrder(chance, Math.round(chance.between(from, to)), shop, tonight, plan.troubles)
      hasten(chance, order)
      return tellingsOf(order, plan.troubles)
    }).flat()
  }

  const round = async () => {
    const now = await world.now()
    // After the machine slept, what was missed is told at once, but the stream does not catch up.
    waiting.push(...sell(Math.max(toldUntil, now - 5_000), now))
    toldUntil = now
    const due: Telling[] = []
    for (; next < plan.tellings.length && plan.tellings[next]!.at <= now; next++)
      due.push(plan.tellings[next]!)
    due.push(...waiting.filter(({ at }) => at <= now))
    waiting = waiting.filter(({ at }) => at > now)
    due.sort((one, other) => one.at - other.at)
    packed += due.filter(({ event }) => event.type === "prepared").length
    for (let i = 0; i < due.length; i += 2_000) await record(world, due.slice(i, i + 2_000))
  }

  let last: Promise<void> = Promise.resolve()
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    last = round()
      .catch((error) => log.error({ error }, "a round of the sample company failed; it goes on"))
      .finally(() => {
        busy = false
      })
  }, everyMs)

  return {
    stream: () => ({ title: tonight.title, running, perMinute, paces, sold, packed }),
    steer(wish) {
      if (wish.perMinute !== undefined) perMinute = wish.perMinute
      if (wish.running === true && sold >= ordersMax) sold = 0
      if (wish.running !== undefined) running = wish.running
    },
    async stop() {
      clearInterval(timer)
      await last
    },
  }
}

/** Six of ten orders of the running stream are packed within minutes; the others wait, and some wait too long. */
function hasten(chance: Chance, order: Planned): void {
  const quick = !order.presale && order.holds.length === 0 && chance.happens(0.6)
  const wait = quick ? 0.6 * minute + chance.wait(4) * minute : chance.between(3, 27) * hour
  order.preparedAt = Math.round(order.paidAt + wait)
  order.shippedAt = Math.round(order.preparedAt + 0.5 * minute + chance.wait(quick ? 3 : 60) * minute)
}
