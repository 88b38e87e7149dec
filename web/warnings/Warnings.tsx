import { Link } from "react-router"
import type { WarningRow } from "../../src/api/contract/alerts.ts"
import { EmptyState, ErrorState, Skeleton } from "../marks/Blank.tsx"
import { Countdown } from "../marks/Countdown.tsx"
import { StateIcon } from "../marks/StateIcon.tsx"
import { msOf } from "../marks/states.ts"
import { useWords } from "../words/words.ts"
import { useWarnings } from "./queries.ts"
import { Standing, Taking } from "./Taking.tsx"
import "./warnings.css"

/** Warnings as a list, those that nobody took first; a page and a part of my work. */
export function Warnings({ mine = false }: { mine?: boolean }) {
  const { t } = useWords()
  const warnings = useWarnings(mine)
  if (warnings.isPending) return <Skeleton height={64} widths={[84, 260]} />
  if (!warnings.data) return <ErrorState error={warnings.error} onRetry={() => void warnings.refetch()} />
  const { items } = warnings.data
  if (items.length === 0)
    return <EmptyState title={t("warnings.empty")}>{t("warnings.emptyMeans")}</EmptyState>
  return (
    <ul className="warnings">
      {items.map((each) => (
        <Row key={each.id} warning={each} />
      ))}
    </ul>
  )
}

function Row({ warning }: { warning: WarningRow }) {
  const { t, read } = useWords()
  const { title, code, departmentName, owner, path, total, firstDueAt, endedAt } = warning
  return (
    <li className={endedAt ? "ended" : ""}>
      <span className="left">
        {endedAt || firstDueAt === null ? (
          <StateIcon state={warning.lost > 0 ? "over" : "met"} />
        ) : (
          <Countdown state={code === "unconfirmed" ? "unconfirmed" : "near"} dueAt={msOf(firstDueAt)} />
        )}
      </span>
      <span className="grow">
        <b className="text">{title ? read(title) : t("warnings.ended")}</b>
        <span className="row s t3 about">
          <span>{departmentName}</span>
          {owner && <span>{t("warnings.onDuty", { name: owner.name })}</span>}
          <Link to={path} className="link">
            {t("warnings.see", { n: total.toLocaleString("en") })}
          </Link>
          <Standing warning={warning} />
        </span>
      </span>
      <Taking warning={warning} />
    </li>
  )
}
