import { z } from "zod"
import { wordsSchema } from "../words.ts"

/** The three classes of clause 3.2a. */
export const causeClasses = ["internal", "external", "customer"] as const
export type CauseClass = (typeof causeClasses)[number]

const code = z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]*$/, "expected a code such as stock_out")
const named = z.strictObject({ code, name: wordsSchema })
const grounds = ["recognised", "limited", "not_listed", "none", "unverified"] as const

const signal = z.strictObject({
  code,
  source: z.string(),
  eventTypes: z.array(z.string()),
  condition: z.string(),
  variables: z.array(z.string()),
  say: wordsSchema,
  /** whether it rests on something not having been told; where data are old that proves nothing */
  absence: z.literal(true).optional(),
})

const cause = z.strictObject({
  code,
  class: z.enum(causeClasses),
  group: z.string(),
  name: wordsSchema,
  definition: wordsSchema,
  department: z.string(),
  alsoInvolved: z.array(z.string()),
  partner: z.string().nullable(),
  customerReason: wordsSchema,
  evidenceFor: z.array(
    z.strictObject({ signal: code, weight: z.enum(["decisive", "strong", "medium", "weak"]) }),
  ),
  evidenceAgainst: z.array(z.strictObject({ signal: code, weight: z.enum(["strong", "medium", "weak"]) })),
  firstQuestions: z.array(wordsSchema),
  typicalPlans: z.array(
    z.strictObject({
      kind: z.enum(["solved_now", "eta"]),
      resolvedBy: z.array(z.string()),
      text: wordsSchema,
    }),
  ),
  compensation: z.strictObject({ excluded: z.enum(["no", "yes", "if"]), condition: wordsSchema.nullable() }),
  score: z.strictObject({
    excludedFromDepartment: z.enum(["no", "yes", "if"]),
    countsFor: z.enum(["department", "partner", "nobody"]),
    condition: wordsSchema.nullable(),
  }),
  appeal: z.strictObject({
    douyin: z.enum(grounds),
    tmall: z.enum(grounds),
    other: z.enum(grounds),
    evidence: z.array(z.string()),
  }),
})

/** The company's causes with the evidence for and against each (clause 3.2a); a part of its policy. Unknown keys are refused. */
export const taxonomySchema = z
  .strictObject({
    version: z.int(),
    clause: z.string(),
    classes: z.array(
      z.strictObject({
        code: z.enum(causeClasses),
        name: wordsSchema,
        definition: wordsSchema,
        receives: z.enum(["department", "service"]),
      }),
    ),
    groups: z.array(named),
    fallback: z.strictObject({
      code,
      class: z.null(),
      name: wordsSchema,
      definition: wordsSchema,
      department: z.string(),
      customerReason: wordsSchema,
    }),
    sources: z.array(named),
    signals: z.array(signal),
    weights: z.strictObject({
      for: z.strictObject({ decisive: z.number(), strong: z.number(), medium: z.number(), weak: z.number() }),
      against: z.strictObject({ strong: z.number(), medium: z.number(), weak: z.number() }),
      max: z.number(),
      maxWithoutStrong: z.number(),
      note: wordsSchema,
    }),
    /** these hold where the policy names none of its own: from which confidence a cause is applied by itself, and from which, and how many cases on, they are gathered into an incident */
    thresholds: z.strictObject({
      apply: z.number().min(1).max(100),
      gather: z.number().min(1).max(100),
      gatherFrom: z.int().min(2),
    }),
    appealGrounds: z.array(z.strictObject({ code: z.enum(grounds), name: wordsSchema })),
    appealRules: z.array(
      z.strictObject({
        channel: z.string(),
        within: z.string().nullable(),
        clock: z.string().nullable(),
        from: wordsSchema.nullable(),
        answeredIn: wordsSchema.nullable(),
        recognised: wordsSchema.nullable(),
        note: wordsSchema.nullable(),
        checked: z.string().nullable(),
      }),
    ),
    appealEvidence: z.array(named),
    causes: z.array(cause),
  })
  .superRefine((taxonomy, context) => {
    const wrong = (message: string) => context.addIssue({ code: "custom", message })
    const signals = new Set(taxonomy.signals.map((each) => each.code))
    const sources = new Set(taxonomy.sources.map((each) => each.code))
    const groups = new Set(taxonomy.groups.map((each) => each.code))
    const codes = taxonomy.causes.map((each) => each.code)
    if (new Set(codes).size !== codes.length) wrong("a cause stands twice")
    if (signals.size !== taxonomy.signals.length) wrong("a signal stands twice")
    for (const { code: own, source } of taxonomy.signals)
      if (!sources.has(source)) wrong(`the signal ${own} is read from ${source}, which is no source`)
    for (const each of taxonomy.causes) {
      if (!groups.has(each.group)) wrong(`the cause ${each.code} belongs to ${each.group}, which is no group`)
      for (const { signal: named } of [...each.evidenceFor, ...each.evidenceAgainst])
        if (!signals.has(named)) wrong(`the cause ${each.code} names the signal ${named}, which there is not`)
    }
  })

/** The company's causes. */
export type Taxonomy = z.infer<typeof taxonomySchema>
export type Cause = Taxonomy["causes"][number]
export type Signal = Taxonomy["signals"][number]

/** The department that a cause's cases go to, and whether service coordinates an outside partner (clause 3.2b, c); the fallback's for an unknown one. */
export function destinationOf(
  taxonomy: Taxonomy,
  causeCode: string | null,
): { department: string; class: CauseClass | null; partner: string | null } {
  const found = taxonomy.causes.find((each) => each.code === causeCode)
  if (!found) return { department: taxonomy.fallback.department, class: null, partner: null }
  const receives = taxonomy.classes.find((each) => each.code === found.class)?.receives
  return {
    department: receives === "service" ? "service" : found.department,
    class: found.class,
    partner: found.partner,
  }
}

/** A cause by its code; undefined for the fallback and for what is none. */
export const causeOf = (taxonomy: Taxonomy, wanted: string | null): Cause | undefined =>
  taxonomy.causes.find((each) => each.code === wanted)
