import { isWindow } from "../../../src/core/calendars.ts"
import { type Hours, weekdays } from "../../../src/core/hours.ts"
import { sameJson } from "../../../src/core/json.ts"
import { useDepartmentName } from "../../cases/names.ts"
import { useDepartments } from "../../cases/queries.ts"
import { ChosenWord, PickedWords, TypedWord } from "../../marks/Word.tsx"
import { useZone } from "../../time/zone.ts"
import { useWords } from "../../words/words.ts"
import type { PartProps } from "./Policy.tsx"
import { Rule } from "./Rule.tsx"

/** Whether working hours can be counted in. */
export const areHours = ({ days, windows }: Hours): boolean =>
  days.length > 0 && windows.length > 0 && windows.every(isWindow)

/** When each department's time runs: day and night, as the regulation has it, or in its working hours. */
export function HoursRows({ stored, parts, disabled, onChange }: PartProps) {
  const { t } = useWords()
  const zone = useZone()
  const nameOf = useDepartmentName()
  const { data: departments = [] } = useDepartments()
  const ids = [...new Set([...departments.map(({ id }) => id), ...Object.keys(parts.hours)])]
  const set = (id: string, hours: Hours | null) => {
    const { [id]: _, ...others } = parts.hours
    onChange({ ...parts, hours: hours ? { ...others, [id]: hours } : others })
  }
  const usual: Hours = {
    timezone: zone,
    days: ["mon", "tue", "wed", "thu", "fri"],
    windows: ["09:00-18:00"],
    holidays: true,
  }
  return (
    <section>
      <h2>{t("policy.hours")}</h2>
      {ids.map((id) => {
        const own = parts.hours[id]
        return (
          <Rule
            key={id}
            clause="3.3"
            changed={!sameJson(own ?? null, stored.hours[id] ?? null)}
            deviates={own ? t("policy.deviates.hours", { clause: "3.3" }) : null}
            wrong={own && !areHours(own) ? t("policy.windowsWrong") : null}
          >
            <b>{nameOf(id)}</b>
            {t("policy.of")}
            <ChosenWord
              value={own ? "working" : "natural"}
              label={t("policy.how")}
              disabled={disabled}
              options={["natural", "working"].map((value) => ({ value, label: t(`policy.${value}`) }))}
              onChange={(how) => set(id, how === "working" ? (own ?? usual) : null)}
            />
            {own && <Worked hours={own} disabled={disabled} onChange={(hours) => set(id, hours)} />}
            {t("settings.stop")}
          </Rule>
        )
      })}
    </section>
  )
}

type WorkedProps = { hours: Hours; disabled: boolean; onChange(hours: Hours): void }

function Worked({ hours, disabled, onChange }: WorkedProps) {
  const { t } = useWords()
  return (
    <>
      {t("policy.on")}
      <PickedWords
        values={hours.days}
        label={t("policy.days")}
        none={t("policy.noDays")}
        disabled={disabled}
        options={weekdays.map((value) => ({ value, label: t(`policy.day.${value}`) }))}
        onChange={(days) => onChange({ ...hours, days: days as Hours["days"] })}
      />
      {t("policy.at")}
      <TypedWord
        value={hours.windows.join(t("line.and"))}
        label={t("policy.windows")}
        placeholder={t("policy.windowsHint")}
        disabled={disabled}
        onChange={(text) => onChange({ ...hours, windows: text.split(/[\s,，、;；]+/).filter(Boolean) })}
      />
      {t("policy.and")}
      <ChosenWord
        value={String(hours.holidays)}
        label={t("policy.holidays")}
        disabled={disabled}
        options={[
          { value: "true", label: t("policy.off") },
          { value: "false", label: t("policy.worked") },
        ]}
        onChange={(value) => onChange({ ...hours, holidays: value === "true" })}
      />
    </>
  )
}
