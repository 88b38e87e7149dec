import { sameJson } from "../../../src/core/json.ts"
import { PickedWords } from "../../marks/Word.tsx"
import { useWords } from "../../words/words.ts"
import { useNoticeTemplates } from "../queries.ts"
import type { PartProps } from "./Policy.tsx"
import { Rule } from "./Rule.tsx"

/** Which messages to customers leave by themselves. */
export function AutoNoticesRow({
  stored,
  parts,
  disabled,
  onChange,
  gateway,
}: PartProps & { gateway: boolean }) {
  const { t, language } = useWords()
  const { data: templates = [] } = useNoticeTemplates()
  const chosen = parts.autoNotices
  return (
    <Rule
      clause="3.3c"
      changed={!sameJson(chosen, stored.autoNotices)}
      wrong={!gateway && chosen.length > 0 ? t("policy.auto.noGateway") : null}
    >
      {t("policy.auto.before")}
      <PickedWords
        values={chosen}
        label={t("policy.auto.label")}
        none={t("policy.auto.none")}
        disabled={disabled || (!gateway && chosen.length === 0)}
        options={templates.map(({ code, name }) => ({ value: code, label: name[language] }))}
        onChange={(autoNotices) => onChange({ ...parts, autoNotices })}
      />
      {chosen.length > 0 ? t("policy.auto.after") : t("settings.stop")}{" "}
      <span className="t3 s">{t(gateway ? "policy.auto.mean" : "policy.auto.noGateway")}</span>
    </Rule>
  )
}
