import { z } from "zod"
import { isWindow, isZone } from "./calendars.ts"
import { parseDuration, parseLevel } from "./durations.ts"
import { onceTypes, stepTypes } from "./events.ts"
import { hoursSchema } from "./hours.ts"
import { parseInstant } from "./instants.ts"
import { isSet, type Json } from "./json.ts"

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
