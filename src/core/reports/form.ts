import { z } from "zod"
import { type Words, wordsSchema } from "../words.ts"

const choice = z.strictObject({ code: z.string(), label: wordsSchema })
const required = z.enum(["yes", "no", "hidden"])

const field = z.strictObject({
  code: z.string(),
  section: z.string(),
  type: z.enum([
    "reference",
    "list",
    "number",
    "longtext",
    "text",
    "cause",
    "causes",
    "evidence",
    "split",
    "choice",
    "timeline",
    "instant",
    "actions",
    "money",
    "attachments",
    "people",
    "cases",
  ]),
  label: wordsSchema,
  help: wordsSchema,
  required: z.strictObject({ short: required, long: required, when: z.string().nullable() }),
  prefill: z.strictObject({ from: z.array(z.string()), editable: z.boolean() }).nullable(),
  minLength: z.int().nullable(),
  maxLength: z.int().nullable(),
  choices: z.array(choice).nullable(),
})

const rule = z.strictObject({
  code: z.string(),
  forms: z.array(z.enum(["short", "long"])),
  condition: z.string(),
  field: z.string(),
  sentence: wordsSchema,
  severity: z.enum(["block", "warn"]),
  variables: z.array(z.string()),
})

/** The form of the timeout report (clause 3.3d), a part of the policy: its fields, and the rules of completeness with their sentences. */
export const reportFormSchema = z
  .strictObject({
    version: z.int(),
    clause: z.string(),
    forms: z.array(
      z.strictObject({
        code: z.enum(["short", "long"]),
        name: wordsSchema,
        help: wordsSchema,
        allowedWhen: z.strictObject({ all: z.array(z.string()) }),
        sentence: wordsSchema,
      }),
    ),
    settings: z.strictObject({
      "shortForm.lateMax": z.string(),
      "shortForm.amountMax": z.strictObject({ minor: z.int(), currency: z.string() }),
      gapMax: z.string(),
      similarity: z.number(),
    }),
    sections: z.array(z.strictObject({ code: z.string(), label: wordsSchema, short: z.boolean() })),
    requiredValues: z.record(z.string(), z.string()),
    fields: z.array(field),
    completeness: z.array(rule),
    done: wordsSchema,
    progress: wordsSchema,
  })
  .superRefine((form, context) => {
    const sections = new Set(form.sections.map(({ code }) => code))
    const fields = new Set(form.fields.map(({ code }) => code))
    for (const { code, section } of form.fields)
      if (!sections.has(section))
        context.addIssue({
          code: "custom",
          message: `the field ${code} stands in ${section}, which is no section`,
        })
    for (const { code, field: of } of form.completeness)
      if (!fields.has(of))
        context.addIssue({ code: "custom", message: `the rule ${code} is about ${of}, which is no field` })
  })

/** The form of the report as the policy has it. */
export type ReportForm = z.infer<typeof reportFormSchema>
export type FormCode = "short" | "long"

const text = z.string().max(4000)
const money = z.strictObject({ minor: z.int(), currency: z.string().max(8) })

/** An action against a repetition: what changes, who, by when, and how one sees that it works. */
export const actionSchema = z.strictObject({
  what: text,
  owner: z.string().max(128).nullish(),
  by: z.iso.date().nullish(),
  measure: text.nullish(),
})

/** What people write into a report; what is filled in by itself is not taken from them. */
export const fieldsSchema = z.strictObject({
  customerEffect: text.nullish(),
  cause: z.string().max(64).nullish(),
  causeEvidence: z
    .array(
      z.strictObject({ signal: z.string().max(64).nullish(), text: text.nullish(), agreed: z.boolean() }),
    )
    .max(60)
    .nullish(),
  causeAgainst: text.nullish(),
  causeReason: text.nullish(),
  rootCause: text.nullish(),
  contributing: z.array(z.string().max(64)).max(3).nullish(),
  splitNote: text.nullish(),
  warned: z.enum(["taken", "not_taken", "none", "late"]).nullish(),
  whatHappened: text.nullish(),
  gaps: text.nullish(),
  result: z.enum(["prepared", "shipped", "refunded", "cancelled", "date_accepted", "mixed"]).nullish(),
  told: z.enum(["before_asking", "after_asking", "not_needed", "not_told"]).nullish(),
  notToldWhy: text.nullish(),
  leftOver: text.nullish(),
  repeat: z.enum(["single", "possible", "likely"]).nullish(),
  prevention: z.array(actionSchema).max(20).nullish(),
  preventionNone: text.nullish(),
  otherCost: money.nullish(),
  appeal: z.enum(["no", "planned", "filed", "won", "lost"]).nullish(),
  attachments: z.array(z.string().max(64)).max(20).nullish(),
  helpers: z.array(z.string().max(64)).max(20).nullish(),
  lessons: text.nullish(),
  exceptions: z.array(z.string().max(32)).max(500).nullish(),
})
/** What people wrote. */
export type ReportFields = z.infer<typeof fieldsSchema>

/** Something that a report lacks, with its sentence. */
export type Gap = { code: string; field: string; severity: "block" | "warn"; sentence: Words }
