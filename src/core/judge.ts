import { type Calendar, Windows } from "./calendars.ts"
import {
  agreedClocks,
  type Basis,
  type Clock,
  type Course,
  companyClock,
  platformClock,
  type Reckoning,
} from "./clocks.ts"
import {
  byStart,
  type CompiledPolicy,
  compilePolicy,
  policyFor,
  standardFor,
  typeBy,
} from "./compiledPolicy.ts"
import { detailsOf } from "./details.ts"
import type { OrderKey } from "./events.ts"
import { endOf, type Facts, factsOf, type Stage } from "./facts.ts"
import { type Hold, holdsOf } from "./holds.ts"
import type { Instant } from "./instants.ts"
import { isSet, type JsonObject } from "./json.ts"
import { type Told, tellingOf, validAt } from "./ledger.ts"
import { type Lines, linesOf } from "./lines.ts"
import { clockKinds, type Policy } from "./policy.ts"
import { type Settings, type ShopSettings, shopSettings } from "./settings.ts"
import { isUnconfirmed, nextOf } from "./stored.ts"

export type { Basis, Clock } from "./clocks.ts"

/** Policies, calendars and settings read once, for many judgements. */
export type Rules = {
  policies: readonly CompiledPolicy[]
  /** windows of a calendar; null: all time counts */
  windows(name: string): Windows | null
  shop(channel: string, shop: string): ShopSettings
}

/** Reads the rules; an unknown calendar is an error when a standard asks for it. */
export function compileRules(given: {
  policies: readonly Policy[]
  calendars: Record<string, Calendar>
  settings: Settings
}): Rules {
  const policies = given.policies.map(compilePolicy).sort(byStart)
  const windows = new Map(
    Object.entries(given.calendars).map(([name, calendar]) => [name, new Windows(calendar)]),
  )
  const shops = new Map<string, ShopSettings>()
  return {
    policies,
    windows(name) {
      if (name === "always") return null
      const found = windows.get(name)
      if (!found) throw new Error(`there is no calendar ${name}`)
      return found
    },
    shop(channel, shop) {
      const key = `${channel}/${shop}`
      let found = shops.get(key)
      if (!found) {
        found = shopSettings(given.settings, channel, shop)
        shops.set(key, found)
      }
      return found
    },
  }
}

/** What is true of an order at an instant (CLOCKS §7), with what a store needs to carry it on. */
export type Answer = {
  stage: Stage
  facts: Facts
  endAt: Instant | null
  policy: number | null
  anomalies: string[]
  clocks: Clock[]
  binding: number | null
  nextAt: Instant | null
  /** R11 */
  details: JsonObject
  /** greatest telling of the valid events (R25); null: nobody speaks of the order */
  greatestToldAt: Instant | null
  /** earliest `at` of an event that holds but is not yet known (R26) */
  recheckAt: Instant | null
  /** false for what the policy does not watch: an order of the type virtual */
  watched: boolean
  /** the type that the policy's rules give an order that states none */
  type: string | null
}

/** An answer with what each clock rests on, for the explanation. */
export type Reasoned = { answer: Answer; reckonings: Reckoning[]; policy: CompiledPolicy | null }

/** The heart: what is true of an order at `now` by everything told of it. Pure; instants are milliseconds. */
export const judge = (order: OrderKey, told: readonly Told[], rules: Rules, now: Instant): Answer =>
  reason(order, told, rules, now).answer

/** The same with the reasons. */
export function reason(order: OrderKey, told: readonly Told[], rules: Rules, now: Instant): Reasoned {
  const valid = validAt(told, now)
  const details = detailsOf(valid)
  const lines = linesOf(valid, details.items)
  const facts = factsOf(valid, lines.counting)
  const { endAt, stage } = endOf(valid, lines.counting, facts)
  const shop = rules.shop(order.channel, order.shop)
  const policy = facts.paid === undefined ? null : policyFor(rules.policies, facts.paid, appliedTo(valid))
  const type = isSet(details.type) || policy === null ? null : typeBy(policy.typeRules, details)
  const about: JsonObject = {
    ...details,
    ...(type === null ? {} : { type }),
    channel: order.channel,
    shop: order.shop,
  }
  const course: Course = { valid, lines: lines.counting, endAt, now, brings: shop.facts }
  const anomalies = anomaliesOf(facts, lines)
  const reckonings =
    facts.paid === undefined ? [] : reckon({ rules, shop, policy, about, facts, course, anomalies })
  const greatestToldAt = greatest(valid)
  const clocks = reckonings.map(({ clock }) => clock)
  const recheckAt = unknownAt(told, now)
  const passing = { now, greatestToldAt, recheckAt, mode: shop.mode, graceMs: shop.graceMs }
  for (const clock of clocks) clock.unconfirmed = isUnconfirmed(clock, passing)
  const answer: Answer = {
    stage,
    facts,
    endAt,
    policy: policy?.version ?? null,
    anomalies: [...anomalies].sort(),
    clocks,
    binding: bindingOf(clocks),
    nextAt: nextOf(clocks, passing),
    details,
    greatestToldAt,
    recheckAt,
    watched: about.type !== "virtual",
    type,
  }
  return { answer, reckonings, policy }
}

/** R12: the version applied last. */
function appliedTo(valid: readonly Told[]): number | null {
  let applied: { at: Instant; version: number } | null = null
  for (const { event } of valid) {
    if (event.type !== "policy_applied" || event.version === undefined) continue
    const { at, version } = event
    if (applied === null || at > applied.at || (at === applied.at && version > applied.version))
      applied = { at, version }
  }
  return applied?.version ?? null
}

/** R14: what is odd about the facts; the clocks add theirs. */
function anomaliesOf(facts: Facts, lines: Lines): Set<string> {
  const anomalies = new Set<string>()
  if (lines.unknown) anomalies.add("unknown_line")
  const moved = facts.prepared ?? facts.shipped ?? facts.collected ?? facts.delivered
  if (moved !== undefined && facts.paid === undefined) anomalies.add("no_paid")
  return anomalies
}

type Given = {
  rules: Rules
  shop: ShopSettings
  policy: CompiledPolicy | null
  about: JsonObject
  facts: Facts
  course: Course
  anomalies: Set<string>
}

/** The clocks of a paid order, sorted by basis, kind and round. */
function reckon(given: Given): Reckoning[] {
  const { policy, facts, course, shop } = given
  const agreed = agreedClocks(course, policy?.agreedWarn ?? [])
  const company = policy === null ? [] : companyClocks(given, policy, agreed[0]?.clock.startAt ?? null)
  const platform = platformClock(facts.paid!, course, {
    warn: policy?.platformWarn ?? [],
    stop: shop.platformStop,
  })
  return [...company, ...(platform ? [platform] : []), ...agreed]
}

function companyClocks(given: Given, policy: CompiledPolicy, agreedAt: Instant | null): Reckoning[] {
  const { rules, about, facts, course, anomalies } = given
  const holds = new Map<number, Hold[]>()
  const holdsWith = (maxMs: number): readonly Hold[] => {
    let found = holds.get(maxMs)
    if (!found) {
      found = holdsOf(course.valid, maxMs)
      holds.set(maxMs, found)
    }
    return found
  }
  const clocks: Reckoning[] = []
  for (const kind of clockKinds) {
    const standard = standardFor(policy, kind, about)
    const startAt = standard ? facts[standard.start] : undefined
    // R15: without the start there is no clock and nothing odd.
    if (standard === null || standard.exempt || startAt === undefined) continue
    const replaces = policy.agreedReplaces && agreedAt !== null && (kind === "prepare" || kind === "ship")
    const windows = rules.windows(standard.calendar)
    const replacedAt = replaces ? Math.max(agreedAt, startAt) : null
    const reckoning = companyClock(standard, startAt, course, { windows, replacedAt, holds: holdsWith })
    if (reckoning === null) {
      anomalies.add("no_deadline")
      continue
    }
    for (const word of reckoning.anomalies) anomalies.add(word)
    clocks.push(reckoning)
  }
  return clocks
}

function greatest(valid: readonly Told[]): Instant | null {
  let at: Instant | null = null
  for (const each of valid) if (at === null || tellingOf(each) > at) at = tellingOf(each)
  return at
}

/** R26: events that hold, voided or not, become known at their instant. */
function unknownAt(told: readonly Told[], now: Instant): Instant | null {
  let at: Instant | null = null
  for (const { event, holds } of told)
    if (holds && event.at > now && (at === null || event.at < at)) at = event.at
  return at
}

const bases: Basis[] = ["company", "platform", "agreed"]

/** R24: the deadline to act on, as an index: those not over first, the earliest due, by basis, by kind. */
export function bindingOf(clocks: readonly Clock[]): number | null {
  let best: number | null = null
  for (const [i, clock] of clocks.entries()) {
    if (clock.state === "closed" || !clock.observed || clock.dueAt === null) continue
    if (best === null || bindsBefore(clock, clocks[best]!)) best = i
  }
  return best
}

const rank = ({ kind }: Clock): number => (clockKinds as readonly string[]).indexOf(kind)

function bindsBefore(one: Clock, other: Clock): boolean {
  const order =
    Number(one.state === "over") - Number(other.state === "over") ||
    one.dueAt! - other.dueAt! ||
    bases.indexOf(one.basis) - bases.indexOf(other.basis) ||
    rank(one) - rank(other)
  return order < 0
}
