import type { Hours } from "../../../src/core/hours.ts"
import { sameJson } from "../../../src/core/json.ts"
import type { InnerKind } from "../../../src/core/policy.ts"
import type { PolicyParts } from "../../../src/core/policyParts.ts"
import { useDepartmentName } from "../../cases/names.ts"
import { useWords } from "../../words/words.ts"
import { useNoticeTemplates } from "../queries.ts"
import { sayLimit } from "./span.ts"

/** What differs between two versions, a sentence each. */
export function useChanges(before: PolicyParts, after: PolicyParts): string[] {
  const { t, language } = useWords()
  const nameOf = useDepartmentName()
  const { data: templates = [] } = useNoticeTemplates()
  const line = (what: string, was: string, is: string) => t("policy.change.line", { what, was, is })
  const sayHours = (hours: Hours | undefined): string =>
    hours === undefined
      ? t("policy.natural")
      : [
          hours.days.map((day) => t(`policy.day.${day}`)).join(t("line.and")),
          hours.windows.join(t("line.and")),
          `${t("policy.holidays")} ${t(hours.holidays ? "policy.off" : "policy.worked")}`,
        ].join(" ")
  const limits = (Object.keys(after.within) as InnerKind[])
    .filter((kind) => before.within[kind] !== after.within[kind])
    .map((kind) =>
      line(
        t(`policy.kind.${kind}`),
        sayLimit(before.within[kind] ?? 0, t),
        sayLimit(after.within[kind] ?? 0, t),
      ),
    )
  const hours = [...new Set([...Object.keys(before.hours), ...Object.keys(after.hours)])]
    .filter((id) => !sameJson(before.hours[id] ?? null, after.hours[id] ?? null))
    .map((id) =>
      line(
        t("policy.change.hours", { name: nameOf(id) }),
        sayHours(before.hours[id]),
        sayHours(after.hours[id]),
      ),
    )
  const thresholds = (["apply", "gather", "gatherFrom"] as const)
    .filter((name) => before.thresholds[name] !== after.thresholds[name])
    .map((name) => {
      const unit = name === "gatherFrom" ? "" : "%"
      return line(
        t(`policy.change.${name}`),
        `${before.thresholds[name]}${unit}`,
        `${after.thresholds[name]}${unit}`,
      )
    })
  const said = (codes: readonly string[]): string =>
    codes.length === 0
      ? t("policy.auto.none")
      : codes
          .map((code) => templates.find((each) => each.code === code)?.name[language] ?? code)
          .join(t("line.and"))
  const notices = sameJson(before.autoNotices, after.autoNotices)
    ? []
    : [line(t("policy.change.autoNotices"), said(before.autoNotices), said(after.autoNotices))]
  return [...limits, ...hours, ...thresholds, ...notices]
}
