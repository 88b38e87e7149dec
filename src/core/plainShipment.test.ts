import fc from "fast-check"
import { expect, it } from "vitest"
import { countLife, countsIn, type Life, lives, tell } from "../testing/lives.ts"
import type { OrderEvent } from "./events.ts"
import { compileRules, judge } from "./judge.ts"
import { append, toldOf } from "./ledger.ts"
import { owed } from "./owed.ts"
import {
  carryShipment,
  countShipments,
  factsOfShipment,
  heldFor,
  maybePlainShipment,
  type PlainShipment,
  plainShipment,
  plainTypes,
  type ShipsAs,
  toldAs,
} from "./plainShipment.ts"
import { policySchema } from "./policy.ts"
import { Tally } from "./rollups.ts"
import type { ChannelSettings } from "./settings.ts"

const edition = "1"

const hour = 3_600_000
const policy = policySchema.parse({
  version: 1,
  effectiveAt: "2020-01-01T00:00:00Z",
  standards: [
    { id: "prepare", clock: "prepare", within: "PT9H", warn: ["50%", "PT2H"], stop: ["prepared"] },
    { id: "ship", clock: "ship", within: "PT48H", warn: ["50%"], pauseOn: ["customer"], stop: ["shipped"] },
    {
      id: "presale",
      clock: "ship",
      when: { orderType: "presale" },
      until: "presaleShipBy",
      stop: ["shipped"],
    },
    {
      id: "by carrier",
      clock: "ship",
      when: { orderType: "presale", carrier: "SF" },
      within: "PT1H",
      stop: ["shipped"],
    },
  ],
  platform: { warn: ["PT4H"] },
  agreed: { warn: ["50%"] },
})
const without = { ...policy, standards: policy.standards.slice(0, 3) }
/** The same with a standard more, of presale orders. */
const and = (standard: object) =>
  policySchema.parse({
    ...without,
    standards: [...without.standards, { id: "more", when: { orderType: "presale" }, ...standard }],
  })
const collecting = and({ clock: "collect", start: "shipped", within: "PT10H", stop: ["collected"] })
const onward = and({ clock: "deliver", start: "prepared", within: "PT5H", stop: ["delivered"] })
const scanned = policySchema.parse({
  ...without,
  standards: without.standards.map((each) =>
    each.clock === "ship" ? { ...each, stop: ["collected"] } : each,
  ),
})
const facts = ["paid", "shipped", "collected"]
const shops: ChannelSettings[] = [
  {},
  { mode: "batch", graceMs: 6 * hour },
  { facts },
  { facts, platformStop: "collected" },
  { facts: ["paid", "shipped"], platformStop: "collected" },
]
const rulesOf = fc.constantFrom(
  ...[policy, without, without, collecting, onward, scanned].flatMap((each) =>
    shops.map((settings) =>
      compileRules({ policies: [each], calendars: {}, settings: { channels: { douyin: settings } } }),
    ),
  ),
)
const monday = Date.UTC(2026, 10, 23, 2)
const sooner = (at: number): number => monday + Math.round((at - monday) / 12)
/** Lives under rules that end with the shipment, most of them of some hours and without what makes a shipment hard to foresee. */
const calm = fc.tuple(lives, rulesOf, fc.integer({ min: 0, max: 9 })).map(([life, rules, some]): Life => {
  if (some === 0) return { ...life, rules }
  const events = life.events
    .filter(({ type, eventId }, i) => (plainTypes.has(type) && eventId !== "e1") || (some < 3 && i === some))
    .map(({ observedAt, ...event }, i) => ({
      ...event,
      ...(event.eventId === undefined ? {} : { eventId: `${event.eventId}${i % some}` }),
      ...(observedAt === undefined
        ? {}
        : { observedAt: sooner(event.at) + ((observedAt / hour) % 9) * hour - hour }),
      ...(some === 8 ? { order: { ...event.order, type: "virtual" } } : {}),
      at: sooner(event.at),
    }))
  const now = Math.max(monday, ...events.map(({ at }) => at)) - (some === 7 ? hour : 0)
  return { ...life, rules, events: events as OrderEvent[], now }
})

const shipments = fc.record({
  part: fc.integer({ min: -2, max: 12 }).map((tenths) => tenths / 10),
  late: fc.option(fc.integer({ min: -2 * hour, max: hour }), { nil: undefined }),
  eventId: fc.constantFrom(undefined, "told", "e9"),
  order: fc.constantFrom(
    undefined,
    { carrier: "SF" },
    { carrier: "SF", trackingNo: "1" },
    { type: "presale" },
  ),
  seen: fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10),
  wait: fc.integer({ min: 0, max: 60 * hour }),
})

type Made = {
  part: number
  late?: number | undefined
  eventId: string | undefined
  order: object | undefined
}

/** A shipment some part of the way from the last telling to the due. */
function shipmentOf({ part, late, eventId, order }: Made, foreseen: PlainShipment) {
  const { shipsAfter, shipsBy } = foreseen
  const at = shipsAfter! + Math.round((shipsBy! - shipsAfter!) * part)
  return JSON.parse(
    JSON.stringify({
      type: "shipped",
      at,
      source: "erp",
      eventId,
      order,
      observedAt: late === undefined ? late : at + late,
    }),
  ) as OrderEvent
}

/** Whether an event is the plain shipment that is foreseen, as store/shipments.ts asks it of the row. */
function isForeseen(
  event: OrderEvent,
  { shipsAfter, shipsBy, shipsTold, shipsAs }: PlainShipment,
  now: number,
) {
  if (!maybePlainShipment(event) || !shipsAs?.startsWith(heldFor(edition))) return false
  const name = toldAs(event)
  return (
    event.at > shipsAfter! &&
    event.at <= shipsBy! &&
    event.at <= now &&
    (name === null || !shipsTold!.includes(name))
  )
}

it("a plain shipment does to an order what the judge says, and counts as it should", () => {
  let plain = 0
  let other = 0
  fc.assert(
    fc.property(calm, shipments, (life, made) => {
      const { order, events, rules } = life
      const { told } = tell(events)
      const before = judge(order, told, rules, life.now)
      const foreseen = plainShipment(order, told, { rules, edition, answer: before })
      if (foreseen.shipsAs === null) {
        other++
        return
      }
      const again = told.find((each) => each.event.source === "erp" && each.event.eventId !== undefined)
      const eventId = made.eventId === "told" ? again?.event.eventId : made.eventId
      const event = shipmentOf({ ...made, eventId }, foreseen)
      const now = Math.max(event.at, life.now) + made.wait
      // Time may have passed over warnings since the last judgement; what was stored of the clocks then is what counted.
      const seen = life.now + Math.round((Math.min(now, foreseen.shipsBy!) - life.now) * made.seen)
      const between = judge(order, told, rules, seen)
      const shipsAs = carryShipment(foreseen.shipsAs, between.clocks)
      if (!isForeseen(event, { ...foreseen, shipsAs }, now)) {
        other++
        return
      }
      plain++
      expect(append(told, toldOf(event)).answer).toBe("accepted")
      const after = judge(order, told, rules, now)
      const open = between.clocks.filter(({ state }) => state !== "closed")
      const as = JSON.parse(shipsAs!) as ShipsAs
      expect(as.closes).toBe(open.length)
      expect(after).toEqual({
        ...between,
        stage: "shipped",
        facts: { ...factsOfShipment(event.at), ...between.facts },
        details: { ...between.details, ...event.order },
        clocks: between.clocks.map((clock) =>
          clock.state === "closed"
            ? clock
            : {
                ...clock,
                state: "closed",
                outcome: "met",
                closedAt: event.at,
                stoppedBy: "shipped",
                unconfirmed: false,
                pausedUntil: null,
              },
        ),
        binding: null,
        nextAt: null,
        greatestToldAt: event.observedAt ?? event.at,
      })
      const nothing = { firings: [], breaches: [], watched: after.watched }
      expect(owed({ clocks: after.clocks, ...nothing }, now)).toEqual([])
      const whole = new Tally()
      countLife(life, between, -1, whole)
      countLife(life, after, 1, whole)
      const foretold = new Tally()
      countShipments(foretold, { ...order, as, n: 1 })
      expect(countsIn(foretold)).toEqual(countsIn(whole))
    }),
    { numRuns: Number(process.env.RUNS ?? 30_000) },
  )
  expect(plain).toBeGreaterThan(500)
  expect(other).toBeGreaterThan(500)
})
