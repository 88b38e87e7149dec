import { Segmented } from "antd"
import { useCallback, useState } from "react"
import { Link, useNavigate } from "react-router"
import type { CaseRow } from "../../src/api/contract/cases.ts"
import { EmptyState } from "../marks/Blank.tsx"
import { PageHead } from "../marks/PageHead.tsx"
import { VirtualTable } from "../marks/VirtualTable.tsx"
import { useKeys } from "../shell/keys.ts"
import { AlertStrip } from "../warnings/AlertStrip.tsx"
import { useWords } from "../words/words.ts"
import { BulkBar } from "./BulkBar.tsx"
import { NarrowCase, useCaseColumns } from "./columns.tsx"
import { Export } from "./Export.tsx"
import { CaseFilters, SavedViews } from "./Filters.tsx"
import { shownOf, useCaseFilter } from "./filter.ts"
import { type CaseLine, isGrouped, pathOf, useCaseGroups } from "./groups.ts"
import { useCaseChanges, useCaseCounts, useCases } from "./queries.ts"
import "../orders/orders.css"
import "./cases.css"

/** Cases as a table: what is owed first stands first; many are chosen and acted on at once. */
export function CaseList() {
  const { t } = useWords()
  const go = useNavigate()
  const { query, narrowed, change, replace } = useCaseFilter()
  const shown = shownOf(query)
  const { alert } = query as { alert?: string }
  const grouped = isGrouped(shown)
  const cases = useCases(grouped ? { ...shown, group: "incident" } : shown)
  const counts = useCaseCounts(shown)
  useCaseChanges()
  const [chosen, setChosen] = useState<ReadonlyMap<string, CaseRow>>(new Map())
  const rows = cases.data?.pages.flatMap(({ items }) => items) ?? []
  const total = cases.data?.pages[0]?.total ?? rows.length
  const { lines, fold, casesOf } = useCaseGroups(shown, rows)
  const choose = useCallback(
    (some: readonly CaseLine[], on: boolean) =>
      void casesOf(some).then((found) =>
        setChosen((before) => {
          const next = new Map(before)
          for (const row of found) on ? next.set(row.number, row) : next.delete(row.number)
          return next
        }),
      ),
    [casesOf],
  )
  const more = stillToCome(cases.data?.pages[0]?.lines ?? total, rows.length, cases.hasNextPage)
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = cases
  const reach = useCallback(
    (last: number) => {
      if (last > lines.length - 40 && hasNextPage && !isFetchingNextPage) void fetchNextPage()
    },
    [lines.length, hasNextPage, isFetchingNextPage, fetchNextPage],
  )
  useKeys("case.keys", {
    v: { does: "cases.key.board", act: () => void go("/cases/board") },
    a: { does: "cases.key.all", act: () => choose(lines, chosen.size < total) },
    ...(chosen.size > 0 ? { Escape: { does: "cases.key.none", act: () => setChosen(new Map()) } } : {}),
  })
  const columns = useCaseColumns({ chosen, choose, rows: lines, fold })
  return (
    <div className="cases">
      <PageHead title={t("cases.title")} aside={<ViewSwitch view="table" />}>
        <Link to="/cases/incidents" className="s nw">
          {t("incident.list")}
        </Link>
        <Export query={shown} />
      </PageHead>
      {alert && <AlertStrip id={alert} />}
      <SavedViews query={query} onOpen={replace} />
      <CaseFilters query={query} counts={counts.data} onChange={change} />
      <VirtualTable
        label={t("cases.title")}
        columns={columns}
        count={lines.length + more}
        row={(index) => lines[index]}
        rowKey={({ line, number }) => (line === "group" ? `group ${number}` : number)}
        narrow={(row) => <NarrowCase row={row} onFold={fold} />}
        onOpen={(row) => void go(pathOf(row))}
        onReach={reach}
        loading={cases.isPending}
        error={cases.data ? undefined : cases.error}
        onRetry={() => void cases.refetch()}
        empty={
          <EmptyState
            title={t(narrowed ? "cases.empty.filtered" : "cases.empty.title")}
            act={narrowed ? { label: t("orders.empty.clear"), onPress: () => replace({}) } : undefined}
          >
            {t(narrowed ? "orders.empty.filteredMeans" : "cases.empty.means")}
          </EmptyState>
        }
      />
      {chosen.size > 0 ? (
        <BulkBar chosen={[...chosen.values()]} onDone={() => setChosen(new Map())} />
      ) : (
        <footer className="list-foot row">
          <span className="t3 s">{t("cases.total", { n: total.toLocaleString("en") })}</span>
          <span className="grow" />
          <span className="t3 s keys-hint">
            <kbd>j</kbd> <kbd>k</kbd> {t("orders.keys.move")} <kbd>enter</kbd> {t("orders.keys.open")}{" "}
            <kbd>a</kbd> {t("cases.key.all")} <kbd>v</kbd> {t("cases.key.board")}
          </span>
        </footer>
      )}
    </div>
  )
}

/** How many rows are still to come. */
const stillToCome = (lines: number, fetched: number, isMore: boolean): number =>
  isMore ? Math.max(1, lines - fetched) : 0

/** The same cases as a table or as a board; the filter goes along. */
export function ViewSwitch({ view }: { view: "table" | "board" }) {
  const { t } = useWords()
  const go = useNavigate()
  return (
    <Segmented
      size="small"
      value={view}
      onChange={(wanted) =>
        void go({ pathname: wanted === "board" ? "/cases/board" : "/cases", search: window.location.search })
      }
      options={[
        { value: "table", label: t("cases.view.table") },
        { value: "board", label: t("cases.view.board") },
      ]}
    />
  )
}
