import type { EventType, OrderEvent, OrderKey } from "../../core/events.ts"
import type { Instant } from "../../core/instants.ts"
import type { JsonObject } from "../../core/json.ts"
import { defaultPolicy, type Policy, policySchema } from "../../core/policy.ts"
import type { ChannelSettings } from "../../core/settings.ts"
import { shifts } from "../lives.ts"
import type { Chance } from "./chance.ts"

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Something that will be told of an order, and when; `isExact`: the clock stops there. */
export type Telling = { at: Instant; key: OrderKey; event: OrderEvent; isExact?: true }

/** Channels as they are at first: one that tells at once, one by files, and one by files that tells only some steps. */
export const channels: Record<string, ChannelSettings> = {
  kuaishou: { mode: "batch", graceMs: 6 * hour },
  own: { mode: "batch", facts: ["paid", "shipped", "collected"], platformStop: "collected" },
  "own/s2": { mode: "live" },
}
const shops: readonly [channel: string, shop: string][] = [
  ["douyin", "s1"],
  ["douyin", "s2"],
  ["kuaishou", "s1"],
  ["own", "s1"],
  ["own", "s2"],
]

/** Calendars of the policies. */
export const calendars = { shifts }

/** Other settings that a channel may come to have. */
export const otherSettings = (chance: Chance): Record<string, ChannelSettings> => ({
  [chance.one(["douyin", "kuaishou", "own", "own/s1"])]: {
    ...(chance.happens(0.5) ? { mode: chance.one(["live", "batch"] as const) } : {}),
    ...(chance.happens(0.5) ? { graceMs: chance.one([0, hour, 12 * hour, 30 * hour]) } : {}),
    ...(chance.happens(0.3)
      ? {
          facts: chance.one([
            ["paid", "shipped"],
            ["paid", "prepared", "shipped", "collected", "delivered"],
          ]),
        }
      : {}),
    ...(chance.happens(0.3) ? { platformStop: chance.one(["shipped", "collected"] as const) } : {}),
  },
})

/** A policy of the company: the first is for good, later ones differ and some are taken back. */
export function policy(chance: Chance, version: number, effectiveAt: Instant): Policy {
  const pausing = { pauseOn: ["customer", "platform", "refund"] }
  const iso = (at: Instant) => new Date(at).toISOString()
  const first = version === 1
  // Where no clock goes on after the shipment, one told in time is foreseen (core/plainShipment.ts).
  const goesOn = chance.happens(0.4)
  return policySchema.parse({
    version,
    effectiveAt: iso(effectiveAt),
    ...(!first && chance.happens(0.4) ? { revertsAt: iso(effectiveAt + chance.int(1, 72) * hour) } : {}),
    standards: [
      {
        id: "prepare",
        clock: "prepare",
        within: first ? "PT24H" : `PT${chance.int(4, 30)}H`,
        warn: ["50%", "PT2H"],
        ...pausing,
        stop: ["prepared"],
      },
      {
        id: "ship",
        clock: "ship",
        within: first ? "PT48H" : `PT${chance.int(6, 60)}H`,
        warn: ["50%", "PT4H", "P2D"],
        ...pausing,
        pauseMax: first ? "P1D" : "PT6H",
        stop: ["shipped"],
      },
      {
        id: "presale",
        clock: "ship",
        when: { orderType: "presale" },
        until: "presaleShipBy",
        warn: ["P1D", "80%"],
        stop: ["shipped"],
      },
      { id: "presale-prepare", clock: "prepare", when: { orderType: "presale" }, exempt: true },
      ...(goesOn
        ? [
            {
              id: "collect",
              clock: "collect",
              start: "shipped",
              within: "PT10H",
              calendar: "shifts",
              warn: ["20%"],
              ...pausing,
              stop: ["collected"],
            },
          ]
        : []),
      ...(goesOn && chance.happens(0.6)
        ? [{ id: "deliver", clock: "deliver", within: "P3D", warn: ["PT12H"], stop: ["delivered"] }]
        : []),
    ],
    platform: { warn: ["PT4H"] },
    agreed: { warn: ["50%"] },
    agreedReplaces: chance.happens(0.4),
    inner: innerStandards(chance),
    ...(chance.happens(0.3) ? { hours: { warehouse: daytime, operations: daytime } } : {}),
    typeRules: [{ type: "virtual", when: { titleContains: ["补差价"] } }],
  })
}

const daytime = {
  timezone: "Asia/Shanghai",
  days: ["mon", "tue", "wed", "thu", "fri", "sat"],
  windows: ["09:00-12:00", "13:00-21:00"],
  holidays: true,
}

/** What the company asks of whoever has a case: the clocks that every company begins with, each with a time and hours of its own. */
const innerStandards = (chance: Chance) =>
  defaultPolicy.inner.map((each) => ({
    ...each,
    ...(each.within === undefined ? {} : { within: `PT${chance.int(10, 30 * 60)}M` }),
    ...(chance.happens(0.2) ? { calendar: "shifts" } : {}),
  }))

/** An order that is heard of just as long after it was due as makes history of its breach, to the millisecond. */
function atTheEdge(chance: Chance, key: OrderKey, paidAt: Instant): Telling[] {
  const at = paidAt + chance.one([24, 48]) * hour + 7 * day + chance.int(0, 1)
  return [{ at, key, event: { type: "paid", at: paidAt, source: "erp" }, isExact: true }]
}

/** An order of which nothing out of the ordinary is told, and that at once: what is foreseen of it (core/plainBreach.ts, core/plainShipment.ts) comes true. */
function usual(chance: Chance, orderNo: string, paidAt: Instant): Telling[] {
  const key = { channel: "douyin", shop: chance.one(["s1", "s2"]), orderNo }
  const tell = (type: EventType, at: Instant): Telling => ({
    at,
    key,
    event: { type, at, source: "erp", eventId: type } as OrderEvent,
  })
  const prepared = paidAt + chance.int(8, 36) * hour
  const shipped = paidAt + chance.int(20, 72) * hour
  return [
    tell("paid", paidAt),
    ...(chance.happens(0.5) && prepared < shipped ? [tell("prepared", prepared)] : []),
    tell("shipped", shipped),
  ]
}

/** The life of one order as its tellers will tell it: what happens, when each hears of it, and what they get wrong. */
export function story(chance: Chance, orderNo: string, from: Instant, versions: () => number): Telling[] {
  const [channel, shop] = chance.one(shops)
  const key = { channel, shop, orderNo }
  const tellings: Telling[] = []
  // Half of all instants lie on a grid, so that many things happen at one instant.
  const grid = (at: Instant) => (chance.happens(0.5) ? Math.round(at / (30 * minute)) * 30 * minute : at)
  const within = (most: number) => chance.int(0, most)
  // Some tell at once, some late, some ahead.
  const lag = () =>
    chance.weighted([
      [50, within(5 * minute)],
      [15, within(6 * hour)],
      [16, within(4 * day)],
      [2, 9 * day + within(day)],
      [10, -within(2 * day)],
    ])
  const say = (
    type: EventType,
    at: Instant,
    more: Partial<OrderEvent> = {},
    told = at + lag(),
  ): OrderEvent => {
    // Orders are due so many hours after payment: its instant stays, that deadlines meet.
    const event = { type, at: type === "paid" ? at : grid(at), source: "erp", ...more } as OrderEvent
    if (chance.happens(0.7)) event.eventId = `${type}${chance.happens(0.7) ? chance.int(1, 2) : ""}`
    if (chance.happens(0.6)) event.observedAt = Math.max(0, grid(at + chance.int(-hour, 6 * hour)))
    tellings.push({ at: told, key, event })
    return event
  }

  // Some are heard of only when all of it is history.
  const paidAt = grid(from + within(day) - (chance.happens(0.08) ? 10 * day : 0))
  if (chance.happens(0.1)) return atTheEdge(chance, key, paidAt)
  if (chance.happens(0.3)) return usual(chance, orderNo, paidAt)
  const order = details(chance, orderNo, paidAt)
  const lines =
    Array.isArray(order.items) && chance.happens(0.6)
      ? (order.items as { line: string }[]).map(({ line }) => line)
      : null
  if (chance.happens(0.7)) say("created", paidAt - within(hour), chance.happens(0.5) ? { order } : {})
  if (chance.happens(0.1)) say("deposit_paid", paidAt - within(day))
  if (chance.happens(0.96)) say("paid", paidAt, { order })
  let at = paidAt
  for (const step of ["prepared", "shipped", "collected", "delivered"] as const) {
    if (!chance.happens(0.8)) continue
    at += chance.weighted([
      [6, within(20 * hour)],
      [2, within(4 * day)],
      [1, 0],
    ])
    const parcel = (n: number) =>
      step === "shipped" && chance.happens(0.7)
        ? { order: { carrier: chance.one(["sf", "zto"]), trackingNo: `T${orderNo}${n}` } }
        : {}
    if (lines === null || chance.happens(0.3)) say(step, at, parcel(0))
    else
      for (const [i, line] of lines.entries())
        if (chance.happens(0.9)) say(step, at + within(8 * hour), { lines: [line], ...parcel(i % 2) })
  }
  for (
    let n = chance.weighted([
      [4, 0],
      [4, 1],
      [4, 3],
      [2, 7],
    ]);
    n > 0;
    n--
  )
    disturb(chance, { paidAt, say, lines, versions, key, tellings })
  return repeat(chance, tellings)
}

function details(chance: Chance, orderNo: string, paidAt: Instant): JsonObject {
  const order: JsonObject = {}
  if (chance.happens(0.4)) order.promisedShipAt = paidAt + chance.one([24, 48, chance.int(-2, 96)]) * hour
  if (chance.happens(0.5))
    order.items = [
      { line: "a", sku: "x", name: chance.happens(0.05) ? "补差价" : "被", quantity: 2, amount: 19_900 },
      ...(chance.happens(0.6)
        ? [{ line: "b", sku: "y", ...(chance.happens(0.2) ? { kind: "gift" } : {}) }]
        : []),
    ]
  if (chance.happens(0.2))
    Object.assign(
      order,
      { type: "presale" },
      chance.happens(0.85) ? { presaleShipBy: paidAt + chance.int(1, 200) * hour } : {},
    )
  if (chance.happens(0.3)) order.liveSession = chance.one(["live 1", "live 2"])
  if (chance.happens(0.3)) order.warehouse = chance.one(["宁波", "杭州"])
  if (chance.happens(0.3))
    order.receiver = { name: "林小姐", phone: `1391234${orderNo.length}021`, city: "宁波" }
  return order
}

type Disturbed = {
  paidAt: Instant
  say(type: EventType, at: Instant, more?: Partial<OrderEvent>, told?: Instant): OrderEvent
  lines: string[] | null
  versions(): number
  key: OrderKey
  tellings: Telling[]
}

/** One thing that does not go as usual: a hold, a refund, an agreed date, a correction, a retraction … */
function disturb(chance: Chance, { paidAt, say, lines, versions, tellings }: Disturbed): void {
  const at = paidAt + chance.int(0, 4 * day)
  const some = () => (lines && chance.happens(0.5) ? { lines: [chance.one(lines)] } : {})
  const acts: readonly (readonly [number, () => void])[] = [
    [
      4,
      () => {
        const reason = chance.one(["customer", "platform", "warehouse"])
        const hold = chance.happens(0.4) ? { hold: chance.one(["h1", "h2"]) } : {}
        say("held", at, { reason, ...hold })
        if (chance.happens(0.7))
          say("released", at + chance.int(0, 2 * day), chance.one([{}, { reason }, hold]))
      },
    ],
    [
      3,
      () => {
        say("refund_requested", at)
        if (chance.happens(0.7))
          say(
            chance.one(["refund_rejected", "refund_withdrawn", "refunded"] as const),
            at + chance.int(0, day),
            {},
          )
      },
    ],
    [2, () => void say("refunded", at, { ...some(), ...(chance.happens(0.3) ? { full: false } : {}) })],
    [2, () => void say("cancelled", at, some())],
    [3, () => void say("date_agreed", at, { date: at + chance.int(-12, 96) * hour })],
    [3, () => void say("promise_changed", at, { promisedShipAt: at + chance.int(-12, 96) * hour })],
    [2, () => void say("promise_changed", at, { order: { presaleShipBy: at + chance.int(-12, 96) * hour } })],
    [
      1,
      () => void say("address_corrected", at, { order: { receiver: { name: "王", phone: "13800001111" } } }),
    ],
    [2, () => void say("policy_applied", at, { version: chance.int(1, versions()) })],
    [1, () => void say(chance.one(["paid", "shipped", "prepared"] as const), at, some())],
    [1, () => void say("shipped", at, { lines: ["nobody"] })],
    // Corrections: the same event with another instant, told later, earlier or at the same time.
    [
      5,
      () => {
        const one = chance.one(tellings)
        const { observedAt, ...rest } = one.event
        const event: OrderEvent = { ...rest, at: rest.at + chance.int(-30, 30) * hour }
        if (chance.happens(0.9))
          event.observedAt = (observedAt ?? rest.at) + chance.one([-hour, 0, hour, day])
        tellings.push({ ...one, at: one.at + chance.int(-hour, 3 * day), event })
      },
    ],
    // The instant of payment goes there and back, days later: what is late is not, and is again, with another due.
    [
      6,
      () => {
        const paid = tellings.find(({ event }) => event.type === "paid" && event.eventId !== undefined)
        if (!paid) return
        let told = Math.max(paid.at, paid.event.at, paid.event.observedAt ?? 0)
        for (let n = chance.int(1, 3); n > 0; n--) {
          told += chance.int(1, 60) * hour
          const event = { ...paid.event, at: paid.event.at + chance.int(-60, 60) * hour, observedAt: told }
          tellings.push({ ...paid, at: told, event })
        }
      },
    ],
    [
      3,
      () => {
        const { event, at: told } = chance.one(tellings)
        const of =
          event.eventId !== undefined && chance.happens(0.7)
            ? { eventId: event.eventId }
            : { type: event.type, at: event.at }
        say("retracted", event.at + chance.int(0, 2 * day), { of }, told + chance.int(-hour, 3 * day))
      },
    ],
  ]
  chance.weighted(acts)()
}

/** Some of it is told again, word for word or as heard of later. */
function repeat(chance: Chance, tellings: Telling[]): Telling[] {
  for (const one of [...tellings]) {
    if (!chance.happens(0.15)) continue
    const event = { ...one.event }
    if (chance.happens(0.4)) event.observedAt = (event.observedAt ?? event.at) + chance.int(-2, 30) * hour
    tellings.push({ ...one, at: one.at + chance.int(0, 2 * day), event })
  }
  return tellings
}
