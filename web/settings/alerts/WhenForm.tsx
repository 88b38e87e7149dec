import { App, Button, Input, InputNumber } from "antd"
import { useState } from "react"
import type { AlertSettingsView } from "../../../src/api/contract/alerts.ts"
import { useProblem } from "../../marks/Blank.tsx"
import { useWords } from "../../words/words.ts"
import { useSaveSettings } from "./queries.ts"

/** Changes after how many minutes a department's warning goes to its head, or when the digest comes. */
export function WhenForm({
  of,
  department,
  settings: { escalateMinutes, digestAt },
}: {
  of: "minutes" | "digest"
  department: string
  settings: AlertSettingsView
}) {
  const { message } = App.useApp()
  const { t } = useWords()
  const problem = useProblem()
  const save = useSaveSettings()
  const [minutes, setMinutes] = useState(escalateMinutes[department] ?? escalateMinutes["*"] ?? 15)
  const [time, setTime] = useState(digestAt ?? "")
  const send = () =>
    save.mutate(
      of === "minutes"
        ? { escalateMinutes: { ...escalateMinutes, [department]: minutes }, digestAt }
        : { escalateMinutes, digestAt: time || null },
      { onError: (error) => void message.error(problem(error).title) },
    )
  return (
    <form
      className="when-form"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <label htmlFor="when">
        <span className="t2 s">{t(of === "minutes" ? "alerts.form.minutes" : "alerts.form.digestAt")}</span>
        {of === "minutes" ? (
          <InputNumber
            id="when"
            min={0}
            max={1_440}
            value={minutes}
            onChange={(value) => setMinutes(value ?? 0)}
          />
        ) : (
          <Input id="when" type="time" value={time} onChange={({ target }) => setTime(target.value)} />
        )}
      </label>
      <Button type="primary" size="small" htmlType="submit" loading={save.isPending}>
        {t("alerts.form.save")}
      </Button>
    </form>
  )
}
