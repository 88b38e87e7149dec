import { z } from "zod"
import { isWindow, isZone, type Windows } from "./calendars.ts"
import { type Level, parseDuration, parseLevel } from "./durations.ts"
import { onceTypes, stepTypes } from "./events.ts"
import { hoursSchema, windowsOf } from "./hours.ts"
import { type Instant, parseInstant } from "./instants.ts"
import { isSet, type Json, type JsonObject, sameJson } from "./json.ts"

/** The kinds of an order's clocks, in the order of CLOCKS §7. */
export const clockKinds = ["prepare", "ship", "collect", "deliver"] as const
export type ClockKind = (typeof clockKinds)[number]

/** The kinds of inner clocks: of a case, then of a duty. `whole` runs from the first receipt of a case and never restarts. */
export const innerKinds = [
  "assign",
  "analyse",
  "whole",
  "tell",
  "eta",
  "report",
  "archive",
  "reply",
  "answer",
  "review",
] as const
export type InnerKind = (typeof innerKinds)[number]

const duration = z
  .string()
  .refine((text) => parseDuration(text) !== null, "expected a duration such as PT24H or P7D")
const level = z
  .string()
  .refine(
    (text) => parseLevel(text) !== null,
    "expected whole percent such as 50%, or a duration such as PT2H",
  )
const levels = z.array(level).refine((all) => new Set(all).size === all.length, "each level once")
const instant = z.string().refine((text) => parseInstant(text) !== null, "expected an instant with an offset")
const json: z.ZodType<Json> = z.json()

const standard = z
  .strictObject({
    id: z.string().min(1),
    clause: z.string().optional(),
    clock: z.enum(clockKinds),
    when: z.record(z.string(), json).default({}),
    start: z.enum(onceTypes).optional(),
    within: duration.optional(),
    until: z.enum(["promisedShipAt", "presaleShipBy"]).optional(),
    exempt: z.literal(true).optional(),
    calendar: z.string().optional(),
    warn: levels.optional(),
    pauseOn: z.array(z.string()).optional(),
    pauseMax: duration.optional(),
    stop: z.array(z.enum(stepTypes)).min(1, "a clock needs something that stops it").optional(),
  })
  .refine(
    (each) => [each.within, each.until, each.exempt].filter(isSet).length === 1,
    "exactly one of within, until and exempt",
  )
  .refine((each) => each.exempt || each.stop !== undefined, "a clock needs something that stops it")

const typeRule = z.strictObject({
  type: z.string().min(1),
  when: z.strictObject({
    titleContains: z.array(z.string()).optional(),
    sku: z.array(z.string()).optional(),
    liveSession: z.array(z.string()).optional(),
  }),
})

const inner = z
  .strictObject({
    id: z.string(),
    clause: z.string().optional(),
    clock: z.enum(innerKinds),
    /** the acts that start a round of it */
    start: z.union([z.string(), z.array(z.string()).min(1)]),
    within: duration.optional(),
    /** `eta`: until the instant that the act which starts it gives */
    until: z.literal("eta").optional(),
    calendar: z.string().optional(),
    warn: levels.optional(),
    stop: z.array(z.string()).min(1),
  })
  .refine((each) => isSet(each.within) !== isSet(each.until), "exactly one of within and until")

const warned = z.strictObject({ warn: levels.default([]) })

/** From which confidence a cause is applied by itself, and from which, and how many cases on, they are gathered into an incident. */
export const thresholdsSchema = z.strictObject({
  apply: z.int().min(1).max(100),
  gather: z.int().min(1).max(100),
  gatherFrom: z.int().min(2).max(1000),
})

/** The policy as one JSON document; unknown keys are refused. */
export const policySchema = z.strictObject({
  version: z.int(),
  effectiveAt: instant,
  revertsAt: instant.nullish(),
  standards: z.array(standard),
  platform: warned.default({ warn: [] }),
  agreed: warned.default({ warn: [] }),
  agreedReplaces: z.boolean().default(false),
  calendars: z.record(z.string(), z.int()).optional(),
  caseOnWarning: z.record(z.string(), level).optional(),
  typeRules: z.array(typeRule).default([]),
  inner: z.array(inner).default([]),
  /** by department the hours in which its inner clocks run; without: all time counts */
  hours: z.record(z.string(), hoursSchema).optional(),
  /** without: those of the causes */
  thresholds: thresholdsSchema.optional(),
  /** the messages to customers that leave by themselves; without: none */
  autoNotices: z.array(z.string()).optional(),
})

/** A version of the rules as it is stored and told. */
export type Policy = z.infer<typeof policySchema>
/** A standard of the policy as it is stored and told. */
export type StandardRule = Policy["standards"][number]

/** A calendar as it is stored and told (R27). */
export const calendarSchema = z.strictObject({
  timezone: z.string().refine(isZone, "expected a time zone such as Asia/Shanghai"),
  week: z
    .partialRecord(
      z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
      z.array(z.string().refine(isWindow, "expected a window such as 09:00-18:00")),
    )
    .optional(),
  days: z
    .record(z.iso.date(), z.array(z.string().refine(isWindow, "expected a window such as 09:00-18:00")))
    .optional(),
})

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

/** The policy that a company starts with: the regulation's own (DESIGN §4). */
export const defaultPolicy: Policy = policySchema.parse({
  version: 1,
  effectiveAt: "2020-01-01T00:00:00+08:00",
  standards: [
    {
      id: "prepare",
      clause: "3.1a",
      clock: "prepare",
      when: {},
      within: "PT24H",
      warn: ["50%", "PT2H"],
      pauseOn: ["customer", "refund", "platform"],
      pauseMax: "P7D",
      stop: ["prepared"],
    },
    {
      id: "ship",
      clause: "3.1a",
      clock: "ship",
      when: {},
      within: "PT48H",
      warn: ["50%", "PT4H"],
      pauseOn: ["customer", "refund", "platform"],
      pauseMax: "P7D",
      stop: ["shipped"],
    },
    { id: "presale-prepare", clause: "3.1a", clock: "prepare", when: { orderType: "presale" }, exempt: true },
    {
      id: "presale-ship",
      clause: "3.1a",
      clock: "ship",
      when: { orderType: "presale" },
      until: "presaleShipBy",
      warn: ["P1D", "PT4H"],
      stop: ["shipped"],
    },
    { id: "virtual-prepare", clause: "3.1a", clock: "prepare", when: { orderType: "virtual" }, exempt: true },
    { id: "virtual-ship", clause: "3.1a", clock: "ship", when: { orderType: "virtual" }, exempt: true },
  ],
  platform: { warn: ["PT4H"] },
  agreed: { warn: ["PT4H"] },
  agreedReplaces: false,
  typeRules: [{ type: "virtual", when: { titleContains: ["补差价", "邮费", "运费"] } }],
  inner: [
    {
      id: "assign",
      clause: "3.2b",
      clock: "assign",
      start: ["opened", "contested"],
      within: "PT30M",
      warn: ["50%"],
      stop: ["received"],
    },
    {
      id: "analyse",
      clause: "3.3a",
      clock: "analyse",
      start: "received",
      within: "PT1H",
      warn: ["50%", "PT10M"],
      stop: ["answered"],
    },
    {
      id: "whole",
      clause: "3.3a",
      clock: "whole",
      start: "first_received",
      within: "PT2H",
      warn: ["PT30M"],
      stop: ["answered"],
    },
    {
      id: "tell",
      clause: "3.3c",
      clock: "tell",
      start: ["eta_given", "eta_missed"],
      within: "PT30M",
      warn: ["PT10M"],
      stop: ["told"],
    },
    {
      id: "eta",
      clause: "3.3c",
      clock: "eta",
      start: "eta_given",
      until: "eta",
      warn: ["PT1H"],
      stop: ["resolved"],
    },
    {
      id: "report",
      clause: "3.3d",
      clock: "report",
      start: ["resolved", "returned"],
      within: "P1D",
      warn: ["PT4H"],
      stop: ["reported"],
    },
    {
      id: "archive",
      clause: "3.3d",
      clock: "archive",
      start: "reported",
      within: "P1D",
      warn: ["PT4H"],
      stop: ["archived", "returned"],
    },
    {
      id: "answer",
      clause: "4.1b",
      clock: "answer",
      start: "asked",
      within: "PT1H",
      warn: ["50%"],
      stop: ["answered"],
    },
  ],
})
