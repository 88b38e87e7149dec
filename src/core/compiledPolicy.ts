import type { Windows } from "./calendars.ts"
import { type Level, parseDuration, parseLevel } from "./durations.ts"
import type { onceTypes } from "./events.ts"
import { windowsOf } from "./hours.ts"
import { type Instant, parseInstant } from "./instants.ts"
import { isSet, type Json, type JsonObject, sameJson } from "./json.ts"
import type { ClockKind, InnerKind, Policy, StandardRule } from "./policy.ts"

/** A standard, its durations read. */
export type Standard = {
  id: string
  clause: string | undefined
  clock: ClockKind
  when: [field: string, value: Json][]
  start: (typeof onceTypes)[number]
  withinMs: number | null
  until: "promisedShipAt" | "presaleShipBy" | null
  exempt: boolean
  calendar: string
  warn: Level[]
  pauseOn: string[]
  /** Infinity without a limit */
  pauseMaxMs: number
  stop: string[]
}

/** A standard of an inner clock, its durations read. */
export type InnerStandard = {
  id: string
  clause: string | undefined
  clock: InnerKind
  start: string[]
  /** null: until the instant that its start gives */
  withinMs: number | null
  calendar: string
  warn: Level[]
  stop: string[]
}

/** A policy version, its durations and instants read. */
export type CompiledPolicy = {
  version: number
  effectiveAt: Instant
  revertsAt: Instant
  standards: Standard[]
  platformWarn: Level[]
  agreedWarn: Level[]
  agreedReplaces: boolean
  typeRules: Policy["typeRules"]
  inner: InnerStandard[]
  hours: ReadonlyMap<string, Windows>
  thresholds: Policy["thresholds"]
  autoNotices: readonly string[]
}

const levelsOf = (texts: readonly string[] | undefined): Level[] =>
  (texts ?? []).map((text) => parseLevel(text)!)

/** Reads the durations and instants of a policy that fits the schema, or of a scenario's policy (CLOCKS §7), once. */
export function compilePolicy(policy: Policy): CompiledPolicy {
  return {
    version: policy.version,
    effectiveAt: parseInstant(policy.effectiveAt)!,
    revertsAt: policy.revertsAt ? parseInstant(policy.revertsAt)! : Infinity,
    standards: policy.standards.map(compileStandard),
    platformWarn: levelsOf(policy.platform?.warn),
    agreedWarn: levelsOf(policy.agreed?.warn),
    agreedReplaces: policy.agreedReplaces ?? false,
    typeRules: policy.typeRules ?? [],
    inner: (policy.inner ?? []).map(compileInner),
    hours: new Map(Object.entries(policy.hours ?? {}).map(([id, hours]) => [id, windowsOf(hours)])),
    thresholds: policy.thresholds,
    autoNotices: policy.autoNotices ?? [],
  }
}

function compileInner(rule: Policy["inner"][number]): InnerStandard {
  return {
    id: rule.id,
    clause: rule.clause,
    clock: rule.clock,
    start: typeof rule.start === "string" ? [rule.start] : rule.start,
    withinMs: rule.within ? parseDuration(rule.within) : null,
    calendar: rule.calendar ?? "always",
    warn: levelsOf(rule.warn),
    stop: rule.stop,
  }
}

function compileStandard(rule: StandardRule): Standard {
  return {
    id: rule.id,
    clause: rule.clause,
    clock: rule.clock,
    when: Object.entries(rule.when ?? {}).filter(([, value]) => isSet(value)),
    start: rule.start ?? "paid",
    withinMs: rule.within ? parseDuration(rule.within) : null,
    until: rule.until ?? null,
    exempt: rule.exempt ?? false,
    calendar: rule.calendar ?? "always",
    warn: levelsOf(rule.warn),
    pauseOn: rule.pauseOn ?? [],
    pauseMaxMs: rule.pauseMax ? parseDuration(rule.pauseMax)! : Infinity,
    stop: rule.stop ?? [],
  }
}

/** The order of versions: by the instant from which they are in force, then by number. */
export const byStart = (one: CompiledPolicy, other: CompiledPolicy): number =>
  one.effectiveAt - other.effectiveAt || one.version - other.version

/** R12: the version, of those sorted `byStart`, that an order is pinned to by the instant at which it was paid, or that was applied to it. */
export function policyFor(
  sorted: readonly CompiledPolicy[],
  paidAt: Instant,
  applied: number | null,
): CompiledPolicy | null {
  const named = applied === null ? undefined : sorted.find((each) => each.version === applied)
  if (named) return named
  let begun: CompiledPolicy | null = null
  for (let i = sorted.length - 1; i >= 0; i--) {
    const each = sorted[i]!
    if (each.effectiveAt > paidAt) continue
    if (paidAt < each.revertsAt) return each
    begun ??= each
  }
  return begun ?? sorted[0] ?? null
}

/** R13: the standard of a kind that holds: the matching one with the most keys, among equals the first. */
export function standardFor(policy: CompiledPolicy, kind: ClockKind, about: JsonObject): Standard | null {
  let held: Standard | null = null
  for (const each of policy.standards)
    if (each.clock === kind && (held === null || each.when.length > held.when.length) && matches(each, about))
      held = each
  return held
}

function matches({ when }: Standard, about: JsonObject): boolean {
  return when.every(([field, wanted]) => {
    const value = about[field === "orderType" ? "type" : field]
    if (!isSet(value)) return false
    return Array.isArray(wanted) ? wanted.some((each) => sameJson(each, value)) : sameJson(wanted, value)
  })
}

/** DESIGN §4 Types: the type of an order that states none, by the first rule that fits: every key, any word of a key. */
export function typeBy(rules: Policy["typeRules"], details: JsonObject): string | null {
  const items = Array.isArray(details.items) ? (details.items as JsonObject[]) : [{ name: details.title }]
  for (const { type, when } of rules) {
    const fits =
      (when.titleContains === undefined ||
        items.some(
          ({ name }) => typeof name === "string" && when.titleContains!.some((word) => name.includes(word)),
        )) &&
      (when.sku === undefined ||
        items.some(({ sku }) => typeof sku === "string" && when.sku!.includes(sku))) &&
      (when.liveSession === undefined ||
        (typeof details.liveSession === "string" && when.liveSession.includes(details.liveSession)))
    if (fits && Object.keys(when).length > 0) return type
  }
  return null
}
