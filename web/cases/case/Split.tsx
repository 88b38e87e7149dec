import { holdName } from "../../line/of.ts"
import { length } from "../../time/countdown.ts"
import { hasWords, useWords } from "../../words/words.ts"
import { useDepartmentName } from "../names.ts"
import { useEvidence } from "../queries.ts"

/** Whose hours the lateness is, by the time in each stage; what the customer's hold took is hatched and not counted. */
export function Split({ number }: { number: string }) {
  const { t, language } = useWords()
  const departmentName = useDepartmentName()
  const { data } = useEvidence(number)
  const split = data?.split
  if (!split || (split.parts.length === 0 && split.notCounted.length === 0)) return null
  const most = Math.max(1, ...split.parts.map(({ ms }) => ms), ...split.notCounted.map(({ ms }) => ms))
  return (
    <section>
      <header className="row case-section">
        <h2>{t("case.split.title")}</h2>
        <span className="t3 s el">{t("case.split.by", { span: length(split.latenessMs, language) })}</span>
      </header>
      <div className="case-split">
        {split.parts.map(({ stage, department, party, ms }) => (
          <div key={`${stage} ${department} ${party}`}>
            <b className="el">
              {department === null ? t(`case.split.party.${party ?? "nobody"}`) : departmentName(department)}
            </b>
            <span className="t3 s el">
              {hasWords(`case.split.stage.${stage}`) ? t(`case.split.stage.${stage}`) : stage}
            </span>
            <i style={{ width: `${(ms / most) * 100}%` }} />
            <b className="r nw">{length(ms, language)}</b>
            <span className="r t3 s">
              {split.latenessMs > 0 ? `${Math.round((ms / split.latenessMs) * 100)}%` : ""}
            </span>
          </div>
        ))}
        {split.notCounted.map(({ hold, reason, from, ms }) => (
          <div key={`${hold} ${from}`}>
            <b>{t("case.split.notCounted")}</b>
            <span className="t3 s el">{holdName(t, reason)}</span>
            <i className="hatched" style={{ width: `${(ms / most) * 100}%` }} />
            <b className="r nw">{length(ms, language)}</b>
            <span />
          </div>
        ))}
      </div>
    </section>
  )
}
