import { Button, InputNumber } from "antd"
import { useState } from "react"
import { exact, say } from "../time/dates.ts"
import { useWords } from "../words/words.ts"
import { type Result, regulation, type Standards } from "./protocol.ts"
import type { CheckRun } from "./useCheck.ts"

const hoursMax = 720

/** By what the file is judged, and a way to judge it by something else. */
export function StandardsPane({ run, result }: { run: CheckRun; result: Result }) {
  const { t, language } = useWords()
  const [draft, setDraft] = useState<Standards | null>(null)
  const { standards } = run
  const { zone } = result
  const at = say(result.asOf, Date.now(), { language, zone })
  const own =
    standards.prepareHours !== regulation.prepareHours ||
    standards.shipHours !== regulation.shipHours ||
    standards.asOf !== null
  const judge = (next: Standards) => {
    setDraft(null)
    run.judge(next)
  }
  if (draft)
    return (
      <form
        className="standards"
        onSubmit={(event) => {
          event.preventDefault()
          judge(draft)
        }}
      >
        <h2>{t("check.by.title")}</h2>
        {(["prepareHours", "shipHours"] as const).map((key) => (
          <label key={key} className="rule" htmlFor={`standard-${key}`}>
            <span>{t(`check.by.${key}`)}</span>
            <InputNumber
              id={`standard-${key}`}
              size="small"
              min={0.5}
              max={hoursMax}
              step={1}
              value={draft[key]}
              suffix="h"
              onChange={(value) => value !== null && setDraft({ ...draft, [key]: value })}
            />
          </label>
        ))}
        <label className="rule">
          <span>{t("check.by.asOf")}</span>
          <input
            type="datetime-local"
            className="when"
            value={exact(draft.asOf ?? result.exportedAt, browserZone())
              .replace(" ", "T")
              .slice(0, 16)}
            onChange={({ target }) =>
              setDraft({ ...draft, asOf: target.value === "" ? null : new Date(target.value).getTime() })
            }
          />
        </label>
        <div className="row" style={{ gap: 8, marginTop: 12 }}>
          <Button type="primary" htmlType="submit">
            {t("check.by.again")}
          </Button>
          <Button type="text" onClick={() => setDraft(null)}>
            {t("check.by.leave")}
          </Button>
        </div>
      </form>
    )
  return (
    <section className="standards">
      <h2>{t("check.by.title")}</h2>
      <Rule
        name={t("check.by.prepareHours")}
        value={t("check.by.afterPaid", { hours: standards.prepareHours })}
        muted={!result.facts.includes("prepared") && t("check.by.notInFile")}
      />
      <Rule
        name={t("check.by.shipHours")}
        value={t("check.by.afterPaid", { hours: standards.shipHours })}
        muted={!result.facts.includes("shipped") && t("check.by.notInFile")}
      />
      <Rule name={t("check.by.presale")} value={t("check.by.presaleBy")} muted={false} />
      <Rule name={t("check.by.platform")} value={t("check.by.platformBy")} muted={false} />
      <Rule name={t("check.by.asOf")} value={at} muted={false} />
      <div className="row" style={{ gap: 14, marginTop: 8 }}>
        <button type="button" className="link s" onClick={() => setDraft(standards)}>
          {t("check.by.change")}
        </button>
        {own && (
          <button type="button" className="link s" onClick={() => judge(regulation)}>
            {t("check.by.regulation")}
          </button>
        )}
      </div>
    </section>
  )
}

function Rule({ name, value, muted }: { name: string; value: string; muted: string | false }) {
  return (
    <div className="rule">
      <span className={muted ? "t3" : ""}>{name}</span>
      {muted ? <span className="t3">{muted}</span> : <b>{value}</b>}
    </div>
  )
}

const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone
