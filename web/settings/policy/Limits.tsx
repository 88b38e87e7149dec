import type { InnerKind } from "../../../src/core/policy.ts"
import { deviationsOf } from "../../../src/core/policyParts.ts"
import { ChosenWord } from "../../marks/Word.tsx"
import { useWords } from "../../words/words.ts"
import type { PartProps } from "./Policy.tsx"
import { Rule } from "./Rule.tsx"
import { sayLimit } from "./span.ts"

const clauses: Partial<Record<InnerKind, string>> = {
  assign: "3.2b",
  analyse: "3.3a",
  whole: "3.3a",
  tell: "3.3c",
  report: "3.3d",
  archive: "3.3d",
  answer: "4.1b",
  reply: "2.2a",
  review: "5.1a",
}
const offered = [10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 480, 720, 1440, 2880, 4320, 7200, 10080]

/** How long each step of a case may take. */
export function LimitRows({ stored, parts, disabled, onChange }: PartProps) {
  const { t } = useWords()
  const deviations = deviationsOf(parts)
  const kinds = (Object.keys(clauses) as InnerKind[]).filter((kind) => stored.within[kind] !== undefined)
  return (
    <section>
      <h2>{t("policy.limits")}</h2>
      {kinds.map((kind) => {
        const minutes = parts.within[kind]!
        const own = deviations.find((each) => each.what === "within" && each.clock === kind)
        const isShort = kind === "whole" && minutes < (parts.within.analyse ?? 0)
        const choices = [...new Set([...offered, stored.within[kind]!, minutes])].sort((a, b) => a - b)
        return (
          <Rule
            key={kind}
            clause={clauses[kind]!}
            changed={minutes !== stored.within[kind]}
            deviates={
              own?.what === "within"
                ? t("policy.deviates.within", {
                    clause: own.clause,
                    regulation: sayLimit(own.regulation, t),
                  })
                : null
            }
            wrong={isShort ? t("policy.contradicts.whole") : null}
          >
            {t(`policy.before.${kind}`)}
            <ChosenWord
              value={String(minutes)}
              label={t("policy.label")}
              disabled={disabled}
              options={choices.map((each) => ({ value: String(each), label: sayLimit(each, t) }))}
              onChange={(value) => onChange({ ...parts, within: { ...parts.within, [kind]: Number(value) } })}
            />
            {t(`policy.after.${kind}`)}
          </Rule>
        )
      })}
    </section>
  )
}
