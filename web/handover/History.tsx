import { Link } from "react-router"
import type { HandoverRow } from "../../src/api/contract/handovers.ts"
import { useDepartmentName } from "../cases/names.ts"
import { ErrorState } from "../marks/Blank.tsx"
import { StateTag } from "../marks/StateTag.tsx"
import { say } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"

/** Handovers of before: who handed what to whom, and whether all of it was confirmed. */
export function History({
  rows,
  error,
  onRetry,
}: {
  rows: readonly HandoverRow[] | undefined
  error: unknown
  onRetry(): void
}) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const departmentName = useDepartmentName()
  if (error && !rows) return <ErrorState error={error} onRetry={onRetry} />
  if (!rows) return null
  return (
    <section className="given" aria-label={t("handover.history")}>
      <header className="row">
        <h2>{t("handover.history")}</h2>
      </header>
      {rows.length === 0 && <p className="t3">{t("handover.noHistory")}</p>}
      <ul className="handover-items">
        {rows.map(
          ({ id, from, department, givenAt, closedAt, escalatedAt, waiting, taken, gone, takers }) => (
            <li key={id}>
              <span className="left t2">{say(Date.parse(givenAt), now, { language, zone })}</span>
              <span className="grow">
                <Link to={`/handover/${id}`}>{t("handover.from", { name: from.name })}</Link>{" "}
                <span className="t3">{departmentName(department)}</span>
                {takers.length > 0 && <span className="t2"> → {takers.join(t("line.and"))}</span>}
              </span>
              <span className="t3 s nw">{t("handover.counts", { n: waiting + taken + gone, taken })}</span>
              <StateTag state={closedAt ? "met" : escalatedAt ? "near" : "calm"}>
                {t(closedAt ? "handover.closed" : escalatedAt ? "handover.escalated" : "handover.open")}
              </StateTag>
            </li>
          ),
        )}
      </ul>
    </section>
  )
}
