import { normalise, type OrderKey } from "../src/core/events.ts"
import type { JsonObject } from "../src/core/json.ts"
import { compileRules, judge, type Rules } from "../src/core/judge.ts"
import { append, type Told, toldOf } from "../src/core/ledger.ts"
import { defaultPolicy, type Policy, policySchema } from "../src/core/policy.ts"

/** Orders a second of one way of doing something, and how often as fast as the baseline of the same run that is. */
export type Rate = { what: string; perSecond: number; ofBaseline: number }

const orders = 20_000
const rounds = 7
const dayMs = 86_400_000
const startAt = Date.UTC(2026, 10, 1)
const now = startAt + 20 * dayMs

/** An order as a channel tells it: created, paid a minute later, shipped within three days. */
function eventsOf(i: number): JsonObject[] {
  const createdAt = startAt + ((i * 7919) % (10 * dayMs))
  const tell = (type: string, at: number, more: JsonObject = {}): JsonObject => ({
    channel: "douyin",
    shop: "s1",
    orderNo: `6920${i}`,
    type,
    at: new Date(at).toISOString(),
    eventId: `${type}-${i}`,
    source: "erp",
    observedAt: new Date(at + 1000).toISOString(),
    ...more,
  })
  const details = {
    type: "normal",
    warehouse: "hz1",
    items: [{ sku: `sku-${i % 300}`, name: "卫衣", quantity: 1 }],
  }
  return [
    tell("created", createdAt, { order: details }),
    tell("paid", createdAt + 60_000),
    tell("shipped", createdAt + 60_000 + ((i * 104_729) % (3 * dayMs))),
  ]
}

/** A policy like the default one whose time counts in working hours of a week with lunch breaks. */
const workingHours: Policy = policySchema.parse({
  ...defaultPolicy,
  standards: defaultPolicy.standards.map((each) =>
    each.within ? { ...each, calendar: "office", within: "PT8H" } : each,
  ),
})
const office = ["09:00-12:00", "13:00-18:00"]
const calendars = {
  office: {
    timezone: "Asia/Shanghai",
    week: { mon: office, tue: office, wed: office, thu: office, fri: office },
  },
}

function tellAll(texts: readonly string[]): Told[] {
  const told: Told[] = []
  for (const text of texts) {
    const { channel: _, shop: __, orderNo: ___, ...rest } = JSON.parse(text) as JsonObject
    const normal = normalise(rest)
    if ("event" in normal) append(told, toldOf(normal.event))
  }
  return told
}

/** Rates of judging ordinary orders beside reading and writing the same events as JSON, the baseline, best of several interleaved rounds. */
export function measureJudge(): Rate[] {
  const all = Array.from({ length: orders }, (_, i) => eventsOf(i))
  const texts = all.map((events) => events.map((event) => JSON.stringify(event)))
  const told = texts.map(tellAll)
  const keys: OrderKey[] = all.map((_, i) => ({ channel: "douyin", shop: "s1", orderNo: `6920${i}` }))
  const rulesOf = (policy: Policy): Rules => compileRules({ policies: [policy], calendars, settings: {} })
  const plain = rulesOf(defaultPolicy)
  const inHours = rulesOf(workingHours)
  const ways: [string, (i: number) => unknown][] = [
    [
      "JSON.parse and JSON.stringify of its events (the baseline)",
      (i) => texts[i]!.map((text) => JSON.stringify(JSON.parse(text))),
    ],
    ["judge", (i) => judge(keys[i]!, told[i]!, plain, now)],
    ["judge, time counted in working hours", (i) => judge(keys[i]!, told[i]!, inHours, now)],
    ["read, append and judge", (i) => judge(keys[i]!, tellAll(texts[i]!), plain, now)],
  ]
  const best = ways.map(() => Infinity)
  for (let round = 0; round < rounds; round++)
    ways.forEach(([, act], way) => {
      const began = performance.now()
      for (let i = 0; i < orders; i++) act(i)
      best[way] = Math.min(best[way]!, performance.now() - began)
    })
  return ways.map(([what], way) => ({
    what,
    perSecond: Math.round((orders / best[way]!) * 1000),
    ofBaseline: best[0]! / best[way]!,
  }))
}

if (import.meta.main)
  for (const { what, perSecond, ofBaseline } of measureJudge())
    console.log(`${String(perSecond).padStart(9)} orders/s  ${ofBaseline.toFixed(2).padStart(5)}×  ${what}`)
