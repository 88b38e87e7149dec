import fc from "fast-check"
import type { Calendar } from "../core/calendars.ts"
import { type EventType, eventTypes, type OrderEvent, type OrderKey } from "../core/events.ts"
import type { Instant } from "../core/instants.ts"
import { type Answer, compileRules, type Rules } from "../core/judge.ts"
import { append, type Told, toldOf, type Verdict1 } from "../core/ledger.ts"
import { type Policy, policySchema } from "../core/policy.ts"
import { countClock, countOrder, type Tally } from "../core/rollups.ts"
import type { ChannelSettings } from "../core/settings.ts"
import type { Passing } from "../core/stored.ts"

/** Everything told of one order in the order of arrival, with the rules that judge it and an instant to judge at. */
export type Life = {
  order: OrderKey
  events: OrderEvent[]
  rules: Rules
  settings: ChannelSettings
  now: Instant
}

const hourMs = 3_600_000
/** Monday, 10:00 in Shanghai. */
const monday = Date.UTC(2026, 10, 23, 2)

/** Instants on a grid of half hours over eight days: coarse, so that many things happen at one instant. */
const instants = fc.integer({ min: 0, max: 16 * 24 }).map((halfHours) => monday + (halfHours * hourMs) / 2)

const lines = fc.constantFrom<string[]>(["a"], ["b"], ["a", "b"], ["nobody"])
const reasons = fc.constantFrom("customer", "platform", "warehouse")
const maybe = <Value>(of: fc.Arbitrary<Value>) => fc.option(of, { nil: undefined })

const details = fc
  .record({
    type: maybe(fc.constantFrom("normal", "presale")),
    promisedShipAt: maybe(instants),
    presaleShipBy: maybe(instants),
    items: maybe(fc.constantFrom([{ line: "a" }, { line: "b" }], [{ sku: "a" }, { sku: "b", kind: "gift" }])),
  })
  .map(withoutMissing)

/** The steps of an order come up more often than the rest, so that many clocks run. */
const types = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<EventType[]>("paid", "prepared", "shipped", "collected") },
  {
    weight: 2,
    arbitrary: fc.constantFrom<EventType[]>("held", "released", "promise_changed", "date_agreed"),
  },
  { weight: 1, arbitrary: fc.constantFrom(...eventTypes) },
)

const retractable = fc.oneof(
  fc.record({ eventId: fc.constantFrom("e1", "e2", "e3") }),
  fc.record({ type: fc.constantFrom<EventType[]>("paid", "shipped", "cancelled", "held"), at: instants }),
)

const told: fc.Arbitrary<OrderEvent> = fc
  .record({
    type: types,
    at: instants,
    source: fc.constantFrom("erp", "import:douyin"),
    eventId: maybe(fc.constantFrom("e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8")),
    observedAt: fc.option(instants, { nil: undefined, freq: 6 }),
    lines: fc.option(lines, { nil: undefined, freq: 1 }),
    order: maybe(details),
    reason: reasons,
    hold: maybe(fc.constantFrom("h1", "h2")),
    full: fc.constantFrom(true, false),
    date: instants,
    promisedShipAt: instants,
    of: retractable,
  })
  .map(({ reason, hold, full, date, promisedShipAt, of, lines, ...rest }) => {
    const own: Partial<Record<EventType, object>> = {
      held: { reason, hold },
      released: { reason: hold === undefined ? reason : undefined, hold },
      refunded: { full, lines },
      date_agreed: { date },
      promise_changed: { promisedShipAt },
      policy_applied: { version: full ? 1 : 2 },
      retracted: { of },
    }
    return withoutMissing({ ...rest, ...(own[rest.type] ?? { lines }) }) as OrderEvent
  })

/** Two shifts, one over midnight, and a day without any. */
export const shifts: Calendar = {
  timezone: "Asia/Shanghai",
  week: {
    mon: ["09:00-12:00", "13:00-18:00"],
    tue: ["09:00-12:00", "13:00-18:00"],
    wed: ["22:00-06:00"],
    fri: ["00:00-24:00"],
    sat: ["09:00-12:00", "11:00-13:30"],
  },
  days: { "2026-11-24": [], "2026-11-29": ["10:00-16:00"] },
}

const pausing = { pauseOn: ["customer", "platform", "refund"] }
const policies: Policy[] = [
  {
    version: 1,
    effectiveAt: "2020-01-01T00:00:00Z",
    standards: [
      {
        id: "prepare",
        clock: "prepare",
        within: "PT24H",
        warn: ["50%", "PT2H"],
        ...pausing,
        stop: ["prepared"],
      },
      {
        id: "ship",
        clock: "ship",
        within: "PT48H",
        warn: ["50%", "PT4H"],
        ...pausing,
        pauseMax: "P1D",
        stop: ["shipped"],
      },
      {
        id: "presale",
        clock: "ship",
        when: { orderType: "presale" },
        until: "presaleShipBy",
        warn: ["P1D"],
        stop: ["shipped"],
      },
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
    ],
    platform: { warn: ["PT4H"] },
    agreed: { warn: ["50%"] },
  },
  {
    version: 2,
    effectiveAt: "2026-11-25T00:00:00Z",
    revertsAt: "2026-11-27T00:00:00Z",
    standards: [
      {
        id: "ship",
        clock: "ship",
        within: "PT9H",
        calendar: "shifts",
        warn: ["PT1H"],
        ...pausing,
        pauseMax: "PT6H",
        stop: ["shipped", "collected"],
      },
      { id: "deliver", clock: "deliver", within: "P3D", stop: ["delivered"] },
    ],
    agreedReplaces: true,
  },
].map((each) => policySchema.parse(each))

const channels: ChannelSettings[] = [
  {},
  { mode: "batch", graceMs: 6 * hourMs },
  { mode: "batch", facts: ["paid", "shipped", "collected"], platformStop: "collected" },
]
const compiled = channels.map((settings) =>
  compileRules({ policies, calendars: { shifts }, settings: { channels: { douyin: settings } } }),
)

/** Lives of up to 14 events, most of them paid early, among which corrections, retractions and repeats are common. */
export const lives: fc.Arbitrary<Life> = fc
  .record({
    events: fc.array(told, { maxLength: 14 }),
    channel: fc.nat(channels.length - 1),
    now: instants,
    paid: maybe(instants),
  })
  .map(({ events, channel, now, paid }) => ({
    order: { channel: "douyin", shop: "s1", orderNo: "1" },
    events:
      paid === undefined ? events : [{ type: "paid", at: Math.min(paid, now), source: "erp" }, ...events],
    rules: compiled[channel]!,
    settings: channels[channel]!,
    now,
  }))

/** What is kept of events that arrive in this order, and the answer to each. */
export function tell(events: readonly OrderEvent[]): { told: Told[]; answers: Verdict1[] } {
  const all: Told[] = []
  return { answers: events.map((event) => append(all, toldOf(event)).answer), told: all }
}

function withoutMissing<Record extends object>(record: Record): Record {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Record
}

/** What time alone needs to know of a life at an instant. */
export const passingOf = (
  { greatestToldAt, recheckAt }: Answer,
  { settings }: Life,
  now: Instant,
): Passing => ({
  now,
  greatestToldAt,
  recheckAt,
  mode: settings.mode ?? "live",
  graceMs: settings.graceMs ?? 24 * hourMs,
})

/** Adds to a tally, n times, what a life's order counts in as it is at an answer; arrivals aside. */
export function countLife({ order }: Life, answer: Answer, n: 1 | -1, tally: Tally): void {
  const counted = {
    ...order,
    stage: answer.stage,
    createdAt: null,
    paidAt: null,
    receivedAt: 0,
    liveSession: (answer.details.liveSession as string | undefined) ?? null,
    warehouse: (answer.details.warehouse as string | undefined) ?? null,
    watched: answer.watched,
    anomalies: answer.anomalies,
    spokenOf: true,
  }
  countOrder(tally, counted, answer.clocks, n)
  for (const clock of answer.clocks) countClock(tally, counted, clock, n)
}

/** What a tally has to write, in one order. */
export const countsIn = (tally: Tally): ReturnType<Tally["rows"]> =>
  tally.rows().sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))
