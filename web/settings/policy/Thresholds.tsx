import type { ReactNode } from "react"
import type { PolicyParts } from "../../../src/core/policyParts.ts"
import { ChosenWord } from "../../marks/Word.tsx"
import { useWords } from "../../words/words.ts"
import type { PartProps } from "./Policy.tsx"
import { Rule } from "./Rule.tsx"

type Name = keyof PolicyParts["thresholds"]
const sure = [50, 55, 58, 60, 65, 70, 75, 80, 85, 90, 95]
const many = [5, 10, 15, 20, 30, 50, 100]

/** How far the system goes without a person: causes and incidents. */
export function ThresholdRows({
  stored,
  parts,
  disabled,
  onChange,
  children,
}: PartProps & { children: ReactNode }) {
  const { t } = useWords()
  const { apply, gather } = parts.thresholds
  const differs = (...names: Name[]) =>
    names.some((name) => parts.thresholds[name] !== stored.thresholds[name])
  const word = (name: Name, offered: number[], label: string, unit: string) => (
    <ChosenWord
      value={String(parts.thresholds[name])}
      label={label}
      disabled={disabled}
      options={[...new Set([...offered, stored.thresholds[name]])]
        .sort((one, other) => one - other)
        .map((n) => ({ value: String(n), label: `${n}${unit}` }))}
      onChange={(n) => onChange({ ...parts, thresholds: { ...parts.thresholds, [name]: Number(n) } })}
    />
  )
  return (
    <section>
      <h2>{t("policy.thresholds")}</h2>
      <Rule clause="3.2b" changed={differs("apply")}>
        {t("policy.apply.before")}
        {word("apply", sure, t("policy.sure"), "%")}
        {t("policy.apply.after")}
      </Rule>
      <Rule
        clause="3.2b"
        changed={differs("gather", "gatherFrom")}
        wrong={gather > apply ? t("policy.contradicts.gather") : null}
      >
        {t("policy.gather.before")}
        {word("gather", sure, t("policy.sure"), "%")}
        {t("policy.gather.from")}
        {word("gatherFrom", many, t("policy.cases"), "")}
        {t("policy.gather.after")}
      </Rule>
      {children}
    </section>
  )
}
