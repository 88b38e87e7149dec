import { createHash } from "node:crypto"
import type { Instant } from "../core/instants.ts"
import type { Incoming } from "../engine/record.ts"
import { day, hour, hourOf, minute, nextHour } from "./calendar.ts"
import { Chance } from "./chance.ts"
import { shops } from "./company.ts"
import { drawOrder, type Planned, tellingsOf } from "./order.ts"
import { packAll } from "./packing.ts"
import { dailyShape, type Session, sessionsOf, streamShape } from "./sessions.ts"
import { type Troubles, troublesOf } from "./troubles.ts"

/** One thing that is told of an order, and when. */
export type Telling = { at: Instant } & Incoming

/** Everything that happens in the sample company, the stream before your eyes excepted. */
export type Plan = {
  from: Instant
  now: Instant
  troubles: Troubles
  sessions: Session[]
  orders: Planned[]
  /** in the order in which it is told, some of it after `now` */
  tellings: Telling[]
}

/** How much is planned. */
export type PlanOptions = {
  seed: string
  /** the instant at which history ends and the clock on the wall takes over */
  now: Instant
  days?: number
  /** 1: some 260 orders on a plain day */
  size?: number
}

const everyday = 260
/** How far the plan reaches beyond now, so that the company goes on living. */
const aheadMs = 30 * hour

/** Plans the company's month. A pure function: the same seed and instant give the same orders, to the digit. */
export function planOf({ seed, now, days = 30, size = 1 }: PlanOptions): Plan {
  const chance = new Chance(`${seed} ${now}`)
  const from = now - days * day
  const troubles = troublesOf(now)
  const sessions = sessionsOf(now, days, size)
  const orders = [
    ...arrivals(chance, from, now + aheadMs, size).map(({ at, shop }) =>
      drawOrder(chance, at, shop, null, troubles),
    ),
    ...sessions.flatMap((session) => ordersOf(chance, session, troubles)),
  ].sort((one, other) => one.paidAt - other.paidAt)
  packAll(chance, orders, troubles, now + aheadMs, size)
  const tellings = orders
    .flatMap((order) => tellingsOf(order, troubles))
    .map((telling) => ({ ...telling, at: told(telling) }))
    .sort((one, other) => one.at - other.at)
  return { from, now, troubles, sessions, orders, tellings }
}

/** A plan's digest: equal for equal plans. */
export const digestOf = ({ tellings }: Plan): string =>
  createHash("sha256").update(JSON.stringify(tellings)).digest("hex")

/** Everyday orders: Poisson arrivals by the hour, more on some days than on others. */
function arrivals(chance: Chance, from: Instant, to: Instant, size: number) {
  const found: { at: Instant; shop: (typeof shops)[number] }[] = []
  for (let slot = Math.floor(from / hour) * hour; slot < to; slot += hour) {
    const busy = 1 + 0.12 * Math.sin(slot / day)
    const n = chance.count((everyday / 24) * dailyShape[Math.floor(hourOf(slot))]! * busy * size)
    for (let i = 0; i < n; i++) {
      const at = slot + chance.whole(0, hour)
      found.push({ at, shop: chance.weighed(shops.map((each) => [each, each.share] as const)) })
    }
  }
  return found
}

function ordersOf(chance: Chance, session: Session, troubles: Troubles): Planned[] {
  const shop = shops.find((each) => each.channel === session.channel)!
  const found: Planned[] = []
  while (found.length < session.orders) {
    const share = chance.next()
    if (chance.next() * 2.4 > streamShape(share)) continue
    const at = Math.round(session.from + share * session.minutes * minute)
    found.push(drawOrder(chance, at, shop, session, troubles))
  }
  return found
}

/** When something is told: at once where the platform pushes, at the next export where it does not. */
function told({ at, key, event }: Telling): Instant {
  const hours = shops.find(({ channel }) => channel === key.channel)?.exportsAt
  if (!hours || event.source === "staff") return at
  const exportedAt = nextHour(at, hours)
  event.observedAt = exportedAt
  return exportedAt
}
