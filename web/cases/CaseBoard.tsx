import { useState } from "react"
import { Link, useNavigate } from "react-router"
import type { CaseAct, CaseRow, CaseState } from "../../src/api/contract/cases.ts"
import { EmptyState, ErrorState, Skeleton } from "../marks/Blank.tsx"
import { Countdown } from "../marks/Countdown.tsx"
import { PageHead } from "../marks/PageHead.tsx"
import { msOf } from "../marks/states.ts"
import { useKeys } from "../shell/keys.ts"
import { useWords } from "../words/words.ts"
import { ViewSwitch } from "./CaseList.tsx"
import { Holder, Late, markOfOwed, useAbout } from "./columns.tsx"
import { CaseFilters, SavedViews } from "./Filters.tsx"
import { shownOf, useCaseFilter } from "./filter.ts"
import { useCaseChanges, useCaseCounts, useCases } from "./queries.ts"
import "../orders/orders.css"
import "./cases.css"

const columns: { state: CaseState; by: CaseAct }[] = [
  { state: "open", by: "reopen" },
  { state: "assigned", by: "assign" },
  { state: "analysed", by: "analyse" },
  { state: "planned", by: "plan" },
  { state: "resolved", by: "resolve" },
  { state: "reported", by: "report" },
]

/** Cases by state: columns of rows parted by hairlines, what is due first first. */
export function CaseBoard() {
  const { t } = useWords()
  const go = useNavigate()
  const { query, change, replace } = useCaseFilter()
  const counts = useCaseCounts(shownOf(query))
  useCaseChanges()
  useKeys("case.keys", {
    v: {
      does: "cases.key.table",
      act: () => void go({ pathname: "/cases", search: window.location.search }),
    },
  })
  const wanted = columns.filter(({ state }) => !query.state || query.state === state)
  return (
    <div className="cases">
      <PageHead title={t("cases.title")} aside={<ViewSwitch view="board" />} />
      <SavedViews query={query} onOpen={replace} />
      <CaseFilters query={query} counts={counts.data} onChange={change} />
      <div className="case-board">
        {wanted.map(({ state }) => (
          <Column
            key={state}
            state={state}
            count={counts.data?.byState.find((each) => each.state === state)?.count ?? 0}
          />
        ))}
      </div>
    </div>
  )
}

const shownAtFirst = 50

function Column({ state, count }: { state: CaseState; count: number }) {
  const { t } = useWords()
  const { query } = useCaseFilter()
  const [most, setMost] = useState(shownAtFirst)
  const cases = useCases({ ...query, sort: "owed", state })
  const rows = cases.data?.pages.flatMap(({ items }) => items).slice(0, most) ?? []
  return (
    <section className={`case-column${count === 0 ? " none" : ""}`}>
      <header>
        <b>{t(`cases.state.${state}`)}</b> <span className="t3">{count.toLocaleString("en")}</span>
        <p className="t3 s">{t(`cases.owes.${state}`)}</p>
      </header>
      {cases.error && <ErrorState error={cases.error} onRetry={() => void cases.refetch()} />}
      {cases.isPending && <Skeleton rows={4} height={64} widths={[120]} />}
      {cases.data && rows.length === 0 && <EmptyState title={t("cases.empty.column")} />}
      {rows.map((row) => (
        <BoardRow key={row.number} row={row} />
      ))}
      {count > rows.length && rows.length > 0 && (
        <button
          type="button"
          className="link s"
          onClick={() => {
            setMost(most + 100)
            if (cases.hasNextPage) void cases.fetchNextPage()
          }}
        >
          {t("cases.more", { n: (count - rows.length).toLocaleString("en") })}
        </button>
      )}
    </section>
  )
}

function BoardRow({ row }: { row: CaseRow }) {
  const about = useAbout()
  return (
    <Link className="case-board-row" to={`/cases/${row.number}`}>
      <span className="row">
        <Countdown state={markOfOwed(row)} dueAt={msOf(row.owed?.dueAt)} />
        <span className="grow" />
        <span className="t3 s">{row.number}</span>
      </span>
      <span className="el">{about(row)}</span>
      <span className="row s">
        <Late row={row} />
        <span className="grow" />
        <Holder row={row} />
      </span>
    </Link>
  )
}
