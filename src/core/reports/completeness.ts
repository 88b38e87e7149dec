import { Temporal } from "temporal-polyfill"
import { causeOf, type Taxonomy } from "../causes/taxonomy.ts"
import { parseDuration } from "../durations.ts"
import type { Instant } from "../instants.ts"
import { fillWords, type Value, type Values } from "../saying.ts"
import type { Words } from "../words.ts"
import type { ReportAbout } from "./about.ts"
import { gapsIn } from "./course.ts"
import type { FormCode, Gap, ReportFields, ReportForm } from "./form.ts"
import { personalIn } from "./personal.ts"

/** What the rules look at. */
export type Given = {
  form: ReportForm
  taxonomy: Taxonomy
  about: ReportAbout
  fields: ReportFields
  timezone: string
}
/** The values of a rule's sentence, once for each gap; none: the rule is kept. */
type Check = (given: Given) => Values[]

const isBlank = (text: string | null | undefined): boolean => (text ?? "").trim() === ""
const length = (text: string | null | undefined): number => [...(text ?? "").trim()].length
const when = (broken: boolean, values: Values = {}): Values[] => (broken ? [values] : [])
const texts = ({
  whatHappened,
  rootCause,
  customerEffect,
  gaps,
  leftOver,
  causeAgainst,
  lessons,
  notToldWhy,
  preventionNone,
  prevention,
  causeEvidence,
}: ReportFields): string =>
  [
    whatHappened,
    rootCause,
    customerEffect,
    gaps,
    leftOver,
    causeAgainst,
    lessons,
    notToldWhy,
    preventionNone,
    ...(prevention ?? []).flatMap(({ what, measure }) => [what, measure]),
    ...(causeEvidence ?? []).map(({ text }) => text),
  ]
    .filter((each): each is string => typeof each === "string")
    .join("\n")

const parts: Record<"owner" | "by" | "measure", Words> = {
  owner: { "zh-Hans": "负责人", "zh-Hant": "負責人", en: "an owner" },
  by: { "zh-Hans": "日期", "zh-Hant": "日期", en: "a date" },
  measure: { "zh-Hans": "看效果的办法", "zh-Hant": "看效果的辦法", en: "a measure" },
}
const one: Value = 1

/** Each rule of completeness by its code; the conditions and sentences stand in the form. */
export const checks: Record<string, Check> = {
  cause_undetermined: ({ taxonomy, fields }) => when(causeOf(taxonomy, fields.cause ?? null) === undefined),
  no_evidence: ({ fields }) =>
    when(
      !(fields.causeEvidence ?? []).some(
        ({ agreed, signal, text }) => agreed && (!isBlank(signal) || !isBlank(text)),
      ),
    ),
  strong_against(given) {
    const strong = strongAgainst(given)[0]
    return when(strong !== undefined && isBlank(given.fields.causeAgainst), { evidence: { words: strong! } })
  },
  cause_changed_class({ taxonomy, about, fields }) {
    const now = causeOf(taxonomy, fields.cause ?? null)?.class ?? null
    const before = about.cause.classAtOpening
    if (now === null || before === null || now === before) return []
    const nameOf = (code: string): Value => ({
      words: taxonomy.classes.find((each) => each.code === code)!.name,
    })
    return when(isBlank(about.cause.changeReason) && isBlank(fields.causeReason), {
      oldClass: nameOf(before),
      newClass: nameOf(now),
    })
  },
  result_without_fact({ form, about, fields }) {
    const { result } = fields
    if (!result || result === "mixed")
      return when(result === "mixed" && about.incident === null, { result: labelOf(form, "result", "mixed") })
    return when(about.facts[result] === null, { result: labelOf(form, "result", result) })
  },
  open_lines({ about, fields: { result } }) {
    // What was late is done where only preparing was; the order ships within its own deadline.
    const isDone = result === "date_accepted" || (result === "prepared" && about.facts.prepared !== null)
    return when(about.openLines > 0 && !isDone, { count: about.openLines })
  },
  not_told: ({ fields }) => when(fields.told === "not_told" && isBlank(fields.notToldWhy)),
  told_without_record: ({ about, fields }) =>
    when((fields.told === "before_asking" || fields.told === "after_asking") && about.tellings.length === 0),
  sentence_too_short: ({ form, fields }) =>
    when(
      length(fields.whatHappened) <
        (form.fields.find(({ code }) => code === "whatHappened")?.minLength ?? 15),
    ),
  repeat_without_prevention: ({ fields }) =>
    when(
      (fields.repeat === "possible" || fields.repeat === "likely") &&
        (fields.prevention ?? []).every(({ what }) => isBlank(what)),
    ),
  action_incomplete: ({ fields }) =>
    (fields.prevention ?? []).flatMap((action, i) => {
      const lacks = (["owner", "by", "measure"] as const).find((part) => isBlank(action[part]))
      return when(!isBlank(action.what) && lacks !== undefined, {
        n: i + 1,
        missing: { words: parts[lacks ?? "owner"] },
      })
    }),
  action_past: ({ about, fields, timezone }) =>
    (fields.prevention ?? []).flatMap(({ by }, i) =>
      when(!isBlank(by) && by! < localDay(about.at, timezone), { n: i + 1 }),
    ),
  root_cause_missing: ({ form, fields }) =>
    when(length(fields.rootCause) < (form.fields.find(({ code }) => code === "rootCause")?.minLength ?? 20)),
  root_repeats_cause({ taxonomy, fields }) {
    const root = (fields.rootCause ?? "").trim()
    const names = Object.values(causeOf(taxonomy, fields.cause ?? null)?.name ?? {})
    return when(root !== "" && (names.includes(root) || root === (fields.whatHappened ?? "").trim()))
  },
  effect_missing: ({ fields }) => when(isBlank(fields.customerEffect)),
  complaint_unmentioned: ({ about, fields }) =>
    when(
      about.complaints.upheld > 0 &&
        !isBlank(fields.customerEffect) &&
        !/投诉|投訴|complain/i.test(fields.customerEffect!),
      { count: about.complaints.upheld },
    ),
  gap_unexplained: ({ form, about, fields }) =>
    isBlank(fields.gaps)
      ? gapsIn(about.course, parseDuration(form.settings.gapMax)!, about.facts)
          .slice(0, 1)
          .map(({ from, to }) => ({ from: { at: from }, to: { at: to } }))
      : [],
  left_over_missing: ({ fields }) => when(isBlank(fields.leftOver)),
  no_action_no_reason: ({ fields }) =>
    when((fields.prevention ?? []).every(({ what }) => isBlank(what)) && isBlank(fields.preventionNone)),
  appeal_undecided: ({ about, fields }) =>
    when(about.platformDeduction !== null && !fields.appeal, {
      amount: about.platformDeduction ? sayMoney(about.platformDeduction) : "",
      due: about.platformDeduction?.appealUntil != null ? { at: about.platformDeduction.appealUntil } : "–",
    }),
  incident_exceptions({ about, fields }) {
    const unlisted = about.differing.filter((number) => !fields.exceptions?.includes(number)).length
    return when(about.incident !== null && unlisted > 0, { count: unlisted })
  },
  personal_data({ fields }) {
    const kind = personalIn(texts(fields))
    return when(kind !== null, { kind: { words: kind! } })
  },
  pasted_report: ({ form, about }) =>
    when(about.alike !== null && about.alike.percent >= form.settings.similarity, {
      caseNo: about.alike?.subject ?? one,
    }),
  names_blamed({ about, fields }) {
    const said = [fields.whatHappened, fields.rootCause, fields.customerEffect].join("\n")
    const name = about.staff.find((each) => each.length > 1 && said.includes(each))
    return when(name !== undefined, { name: name ?? "" })
  },
}

/** The sentences of what strongly speaks against the cause that is written. */
export function strongAgainst({
  taxonomy,
  about,
  fields,
  timezone,
}: Pick<Given, "taxonomy" | "about" | "fields" | "timezone">): Words[] {
  const proposal = about.proposed?.proposals.find(({ cause }) => cause === fields.cause)
  return (proposal?.against ?? [])
    .filter(({ weight }) => weight === "strong")
    .map(({ signal, values }) =>
      fillWords(taxonomy.signals.find(({ code }) => code === signal)!.say, values, timezone),
    )
}

const labelOf = (form: ReportForm, field: string, choice: string): Value => {
  const label = form.fields
    .find(({ code }) => code === field)
    ?.choices?.find(({ code }) => code === choice)?.label
  return label ? { words: label } : choice
}

/** An amount as people write it: ¥20.00. */
export const sayMoney = ({ minor, currency }: { minor: number; currency: string }): string =>
  `${currency === "CNY" ? "¥" : `${currency} `}${(minor / 100).toFixed(2)}`

/** The local day of an instant, `2026-11-24`. */
export const localDay = (at: Instant, timezone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone).toPlainDate().toString()

const missing: Words = {
  "zh-Hans": "「{label}」还没填。",
  "zh-Hant": "「{label}」還沒填。",
  en: "“{label}” is still empty.",
}
const tooLong: Words = {
  "zh-Hans": "「{label}」最多 {max} 字。",
  "zh-Hant": "「{label}」最多 {max} 字。",
  en: "“{label}” takes at most {max} characters.",
}

/** Everything that a report lacks on a form, each with its sentence: the policy's rules in their order, then fields that must be filled and are not. */
export function gapsOf(given: Given, form: FormCode): Gap[] {
  const gaps: Gap[] = []
  for (const { code, forms, field, severity, sentence } of given.form.completeness) {
    if (!forms.includes(form)) continue
    for (const values of checks[code]?.(given) ?? [])
      gaps.push({ code, field, severity, sentence: fillWords(sentence, values, given.timezone) })
  }
  for (const { code, label, required, maxLength, prefill } of given.form.fields) {
    if (required[form] === "hidden") continue
    const value = (given.fields as Record<string, unknown>)[code]
    const written = prefill === null || prefill.editable
    const say = (sentence: Words, values: Values): Words =>
      fillWords(sentence, { label: { words: label }, ...values }, given.timezone)
    // What the product fills in by itself, or what a rule above asks for in better words, is not asked for again.
    if (
      written &&
      required[form] === "yes" &&
      isEmpty(value) &&
      !gaps.some(({ field }) => field === code) &&
      !optional.has(code)
    )
      gaps.push({ code: "field_missing", field: code, severity: "block", sentence: say(missing, {}) })
    if (maxLength !== null && typeof value === "string" && length(value) > maxLength)
      gaps.push({
        code: "field_too_long",
        field: code,
        severity: "block",
        sentence: say(tooLong, { max: maxLength }),
      })
  }
  return gaps
}

/** Fields that must be there and may be empty, since another rule says when: no prevention with a reason is complete. */
const optional = new Set(["prevention", "appeal", "customersAffected"])

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === "string" && value.trim() === "") ||
  (Array.isArray(value) && value.length === 0)

const names: Record<string, Words> = {
  incident: { "zh-Hans": "属于群体事件", "zh-Hant": "屬於群體事件", en: "it belongs to an incident" },
  late: { "zh-Hans": "迟到太久", "zh-Hant": "遲到太久", en: "it was late for long" },
  complaint: { "zh-Hans": "有投诉", "zh-Hant": "有投訴", en: "there was a complaint" },
  amount: {
    "zh-Hans": "有扣款或补偿较多",
    "zh-Hant": "有扣款或補償較多",
    en: "there was a deduction, or much compensation",
  },
  handed: { "zh-Hans": "移交过两次", "zh-Hant": "移交過兩次", en: "it was handed on twice" },
  reopened: { "zh-Hans": "重开过", "zh-Hant": "重開過", en: "it was reopened" },
  cause: {
    "zh-Hans": "原因还没认可，或有强证据不支持",
    "zh-Hant": "原因還沒認可，或有強證據不支持",
    en: "its cause is not agreed, or a strong fact speaks against it",
  },
  departments: {
    "zh-Hans": "迟到算给几个部门",
    "zh-Hant": "遲到算給幾個部門",
    en: "several departments share the lateness",
  },
}

/** Why the one-minute form does not do; empty: it does (the form's `allowedWhen`). */
export function whyLong(given: Given): Words[] {
  const { about, form } = given
  const lateMax = parseDuration(form.settings["shortForm.lateMax"])!
  const amountMax = form.settings["shortForm.amountMax"].minor
  const why = (name: keyof typeof names, holds: boolean) => (holds ? [names[name]!] : [])
  const departments = new Set((about.split?.parts ?? []).flatMap(({ department }) => department ?? []))
  return [
    ...why("incident", about.incident !== null),
    ...why(
      "late",
      about.breaches.some(({ dueAt, closedAt }) => (closedAt ?? about.at) - dueAt > lateMax),
    ),
    ...why("complaint", about.complaints.upheld > 0),
    ...why("amount", about.platformDeduction !== null || (about.companyCompensation?.minor ?? 0) > amountMax),
    ...why("departments", departments.size > 1),
    ...why("handed", about.handOns > 1),
    ...why("reopened", about.reopened > 0),
    ...why("cause", !about.cause.agreed || strongAgainst(given).length > 0),
  ]
}

/** How far a report is: its sections, and those of them that lack nothing. */
export function progressOf(
  form: ReportForm,
  code: FormCode,
  gaps: readonly Gap[],
): { done: number; of: number; open: string[] } {
  const sections = form.sections.filter(
    ({ code: section, short }) =>
      (code === "long" || short) &&
      form.fields.some((field) => field.section === section && field.required[code] !== "hidden"),
  )
  const sectionOf = new Map(form.fields.map((field) => [field.code, field.section]))
  const open = new Set(
    gaps.filter(({ severity }) => severity === "block").map(({ field }) => sectionOf.get(field)),
  )
  return {
    done: sections.filter(({ code: section }) => !open.has(section)).length,
    of: sections.length,
    open: sections.map(({ code: section }) => section).filter((section) => open.has(section)),
  }
}
