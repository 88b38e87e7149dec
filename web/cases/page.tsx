import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, Select } from "antd"
import { Download } from "lucide-react"
import { useCallback, useState } from "react"
import { useSearchParams } from "react-router"
import type { CaseRow, Page } from "../../src/api/contract.ts"
import { get } from "../client.ts"
import { nameOf } from "../line/of.ts"
import { useLive } from "../live.ts"
import { EmptyState } from "../marks/Blank.tsx"
import { saveWorkbook } from "../marks/download.ts"
import { OrderNo } from "../marks/OrderNo.tsx"
import { PageHead } from "../marks/PageHead.tsx"
import { type Column, VirtualTable } from "../marks/VirtualTable.tsx"
import { exact, say } from "../time/dates.ts"
import { useNow, useTick } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { AlertStrip } from "../warnings/AlertStrip.tsx"
import { hasWords, useWords } from "../words/words.ts"
import { CasePanel } from "./CasePanel.tsx"
import { span } from "./span.ts"
import "../orders/orders.css"
import "./cases.css"

const filterKeys = ["state", "department", "clock", "basis", "channel", "shop", "alert", "q"] as const
type Filter = Partial<Record<(typeof filterKeys)[number], string>>

/** Cases: orders that broke a promise, by state, order, breach and age. */
export default function CasesPage() {
  const { t } = useWords()
  const client = useQueryClient()
  const [search, setSearch] = useSearchParams()
  const filter: Filter = {}
  for (const key of filterKeys) {
    const value = search.get(key)
    if (value) filter[key] = value
  }
  const sort = search.get("sort") ?? "-openedAt"
  const opened = search.get("case")
  const change = (changes: Record<string, string | null>) =>
    setSearch((before) => {
      const next = new URLSearchParams(before)
      for (const [key, value] of Object.entries(changes)) value ? next.set(key, value) : next.delete(key)
      return next
    })
  const cases = useInfiniteQuery({
    queryKey: ["cases", filter, sort],
    queryFn: ({ pageParam, signal }) =>
      get<Page<CaseRow>>("/api/v1/cases", { ...filter, sort, limit: 200, cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  })
  useLive("cases", () => void client.invalidateQueries({ queryKey: ["cases"] }))
  const rows = cases.data?.pages.flatMap(({ items }) => items) ?? []
  const total = cases.data?.pages[0]?.total ?? rows.length
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = cases
  const reach = useCallback(
    (last: number) => {
      if (last > rows.length - 40 && hasNextPage && !isFetchingNextPage) void fetchNextPage()
    },
    [rows.length, hasNextPage, isFetchingNextPage, fetchNextPage],
  )
  const at = rows.findIndex(({ number }) => number === opened)
  const show = (index: number) => (rows[index] ? () => change({ case: rows[index]!.number }) : undefined)
  const narrowed = Object.keys(filter).length > 0
  return (
    <div className="with-panel cases">
      <div className="list">
        <PageHead title={t("cases.title")}>
          <Export filter={filter} sort={sort} />
        </PageHead>
        {filter.alert && <AlertStrip id={filter.alert} />}
        <nav className="views" aria-label={t("cases.states")}>
          {["", "open", "assigned", "resolved", "archived", "withdrawn"].map((state) => (
            <button
              key={state}
              type="button"
              aria-current={(filter.state ?? "") === state}
              onClick={() => change({ state: state || null, department: null })}
            >
              {t(state === "" ? "cases.all" : `cases.state.${state}`)}
            </button>
          ))}
        </nav>
        <div className="filters row">
          <Select
            size="small"
            variant="filled"
            allowClear
            placeholder={t("orders.filter.clock")}
            style={{ minWidth: 100 }}
            value={filter.clock ?? null}
            onChange={(value: string | undefined) => change({ clock: value ?? null })}
            options={["prepare", "ship", "collect", "deliver"].map((each) => ({
              value: each,
              label: t(`marks.kind.${each}`),
            }))}
          />
          <Select
            size="small"
            variant="filled"
            allowClear
            placeholder={t("orders.filter.basis")}
            style={{ minWidth: 100 }}
            value={filter.basis ?? null}
            onChange={(value: string | undefined) => change({ basis: value ?? null })}
            options={["company", "platform", "agreed"].map((each) => ({
              value: each,
              label: t(`marks.basis.${each}`),
            }))}
          />
          {filter.q && (
            <button type="button" className="chip plain" onClick={() => change({ q: null })}>
              {filter.q} ×
            </button>
          )}
          <span className="grow" />
          <span className="t3 s">{t("cases.total", { n: total.toLocaleString("en") })}</span>
        </div>
        <VirtualTable
          label={t("cases.title")}
          columns={useColumns(sort, () => change({ sort: sort === "-openedAt" ? "openedAt" : null }))}
          count={hasNextPage ? Math.max(total, rows.length + 1) : rows.length}
          row={(index) => rows[index]}
          rowKey={({ number }) => number}
          selected={opened}
          narrow={(row) => <Narrow row={row} />}
          onOpen={({ number }) => change({ case: number })}
          onReach={reach}
          loading={cases.isPending}
          error={cases.data ? undefined : cases.error}
          onRetry={() => void cases.refetch()}
          empty={
            <EmptyState
              title={t(narrowed ? "cases.empty.filtered" : "cases.empty.title")}
              act={
                narrowed
                  ? {
                      label: t("orders.empty.clear"),
                      onPress: () => change(Object.fromEntries(filterKeys.map((key) => [key, null]))),
                    }
                  : undefined
              }
            >
              {t(narrowed ? "orders.empty.filteredMeans" : "cases.empty.means")}
            </EmptyState>
          }
        />
      </div>
      {opened && (
        <CasePanel
          number={opened}
          place={at < 0 ? null : [at + 1, total]}
          onPrevious={show(at - 1)}
          onNext={show(at + 1)}
          onClose={() => change({ case: null })}
        />
      )}
    </div>
  )
}

function useColumns(sort: string, onSort: () => void): Column<CaseRow>[] {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  return [
    {
      key: "age",
      head: t("cases.column.age"),
      width: "96px",
      sorted: sort === "-openedAt" ? "down" : "up",
      onSort,
      cell: ({ openedAt }) => <Age at={openedAt} />,
    },
    {
      key: "number",
      head: t("cases.column.number"),
      width: "84px",
      cell: ({ number }) => <b className="nw">{number}</b>,
    },
    {
      key: "product",
      head: t("cases.column.product"),
      width: "minmax(120px,1fr)",
      wide: true,
      cell: ({ product }) => <span className="el">{product ?? "–"}</span>,
    },
    {
      key: "order",
      head: t("cases.column.order"),
      width: "120px",
      cell: ({ order }) => <OrderNo no={order.orderNo} />,
    },
    {
      key: "breach",
      head: t("cases.column.breach"),
      width: "minmax(110px,200px)",
      cell: (row) => <span className="t2 el">{breachesOf(row, t)}</span>,
    },
    { key: "late", head: t("cases.column.late"), width: "90px", cell: (row) => <Late row={row} /> },
    {
      key: "state",
      head: t("cases.column.state"),
      width: "84px",
      cell: ({ state }) => <span className="t2 nw">{t(`cases.state.${state}`)}</span>,
    },
    {
      key: "opened",
      head: t("cases.column.opened"),
      width: "120px",
      wide: true,
      cell: ({ openedAt }) => (
        <span className="t3 nw">{say(Date.parse(openedAt), now, { language, zone })}</span>
      ),
    },
    {
      key: "holder",
      head: t("cases.column.holder"),
      width: "100px",
      wide: true,
      cell: ({ department }) => <span className="t2 nw">{departmentName(department, t)}</span>,
    },
  ]
}

/** A department's name; a department of the company's own is its id. */
export function departmentName(department: string | null, t: (key: string) => string): string {
  if (department === null) return t("board.holders.nobody")
  return hasWords(`board.department.${department}`) ? t(`board.department.${department}`) : department
}

function breachesOf({ breaches }: CaseRow, t: (key: string) => string): string {
  const standing = breaches.filter(({ withdrawnAt }) => withdrawnAt === null)
  return (standing.length > 0 ? standing : breaches)
    .map((each) => nameOf(t, { kind: each.clock, basis: each.basis }))
    .join(", ")
}

function Age({ at }: { at: string }) {
  return <b className="nw">{useTick((now) => span(now - Date.parse(at)))}</b>
}

/** How late the order is, in ink: on this page everything is late, so red would say nothing. */
function Late({ row: { lateFrom, lateUntil } }: { row: CaseRow }) {
  const figure = useTick((now) =>
    lateFrom === null ? "–" : span((lateUntil === null ? now : Date.parse(lateUntil)) - Date.parse(lateFrom)),
  )
  return <span className="t2 nw">{figure}</span>
}

function Narrow({ row }: { row: CaseRow }) {
  const { t } = useWords()
  return (
    <div className="order-narrow">
      <span className="row" style={{ gap: 8 }}>
        <b>{row.number}</b>
        <span className="t2 s">{t(`cases.state.${row.state}`)}</span>
        <span className="grow" />
        <OrderNo no={row.order.orderNo} />
      </span>
      <span className="row t2 s" style={{ gap: 8 }}>
        <span className="el grow">{breachesOf(row, t)}</span>
        <Late row={row} />
      </span>
    </div>
  )
}

function Export({ filter, sort }: { filter: Filter; sort: string }) {
  const { t } = useWords()
  const zone = useZone()
  const [busy, setBusy] = useState(false)
  const all = useQuery({ queryKey: ["cases-export"], queryFn: () => fetchAll(filter, sort), enabled: false })
  const write = async () => {
    setBusy(true)
    const { data = [] } = await all.refetch()
    const headers = ["number", "order", "product", "breach", "state", "opened", "holder"].map((key) =>
      t(`cases.column.${key}`),
    )
    await saveWorkbook(
      t("cases.title"),
      headers,
      data.map((row) => [
        row.number,
        row.order.orderNo,
        row.product ?? "",
        breachesOf(row, t),
        t(`cases.state.${row.state}`),
        exact(Date.parse(row.openedAt), zone),
        departmentName(row.department, t),
      ]),
    )
    setBusy(false)
  }
  return (
    <Button size="small" icon={<Download size={14} />} loading={busy} onClick={() => void write()}>
      {t("orders.export.do")}
    </Button>
  )
}

async function fetchAll(filter: Filter, sort: string): Promise<CaseRow[]> {
  const rows: CaseRow[] = []
  for (let cursor = ""; ; ) {
    const page = await get<Page<CaseRow>>("/api/v1/cases", { ...filter, sort, limit: 500, cursor })
    rows.push(...page.items)
    if (page.next === null || rows.length >= 10_000) return rows
    cursor = page.next
  }
}
