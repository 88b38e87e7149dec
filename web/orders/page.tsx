import { App, Button } from "antd"
import { Download, RefreshCw } from "lucide-react"
import { useCallback, useState } from "react"
import type { OrderRow } from "../../src/api/contract.ts"
import { nameOf } from "../line/of.ts"
import { EmptyState } from "../marks/Blank.tsx"
import { ClockCountdown } from "../marks/Countdown.tsx"
import { saveWorkbook } from "../marks/download.ts"
import { NotchBar } from "../marks/NotchBar.tsx"
import { OrderNo } from "../marks/OrderNo.tsx"
import { PageHead } from "../marks/PageHead.tsx"
import { type ClockFilter, listedClock, markOf, msOf } from "../marks/states.ts"
import { type Column, VirtualTable } from "../marks/VirtualTable.tsx"
import { exact, say } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { AlertStrip } from "../warnings/AlertStrip.tsx"
import { useWords } from "../words/words.ts"
import { Filters, Views } from "./Filters.tsx"
import { type Filter, useFilter } from "./filters.ts"
import { OrderPanel } from "./OrderPanel.tsx"
import { fetchAll, keyOf, useChanges, useCounts, useOrders } from "./queries.ts"
import "./orders.css"

/** What an order is of, for a row: its first item, or what its file called it. */
export function productOf({ order }: Pick<OrderRow, "order">): string {
  const first = order.items?.[0]
  const name = first?.name ?? (typeof order.title === "string" ? order.title : "") ?? first?.sku ?? ""
  const quantity =
    order.items && order.items.length > 1
      ? ` +${order.items.length - 1}`
      : first?.quantity && first.quantity > 1
        ? ` ×${first.quantity}`
        : ""
  return `${name || first?.sku || ""}${quantity}`
}

/** Orders: soonest first, filters in the address, one order beside the list. */
export default function OrdersPage() {
  const { t } = useWords()
  const { filter, sort, opened, change } = useFilter()
  const orders = useOrders(filter, sort)
  const counts = useCounts(filter)
  const rows = orders.data?.pages.flatMap(({ items }) => items) ?? []
  const { lit, stale, refresh } = useChanges(opened, orders.isSuccess && rows.length === 0)
  const total = counts.data && filter.state ? counts.data[filter.state as "over"] : counts.data?.all
  const count = orders.hasNextPage
    ? Math.max(rows.length + 1, counts.data?.exact ? (total ?? 0) : rows.length + 1)
    : rows.length
  const columns = useColumns(filter, sort, (next) => change({ sort: next }))
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = orders
  const reach = useCallback(
    (last: number) => {
      if (last > rows.length - 40 && hasNextPage && !isFetchingNextPage) void fetchNextPage()
    },
    [rows.length, hasNextPage, isFetchingNextPage, fetchNextPage],
  )
  const at = rows.findIndex((row) => keyOf(row) === opened)
  const show = (index: number) => (rows[index] ? () => change({ order: keyOf(rows[index]!) }) : undefined)
  return (
    <div className="with-panel orders">
      <div className="list">
        <PageHead title={t("orders.title")}>
          <Export filter={filter} sort={sort} />
        </PageHead>
        {filter.alert && <AlertStrip id={filter.alert} />}
        <Views filter={filter} onChange={change} />
        <Filters filter={filter} counts={counts.data} onChange={change} />
        <VirtualTable
          label={t("orders.title")}
          columns={columns}
          count={count}
          row={(index) => rows[index]}
          rowKey={keyOf}
          selected={opened}
          changed={lit}
          narrow={(row) => <Narrow row={row} by={filter} />}
          onOpen={(row) => change({ order: keyOf(row) })}
          onReach={reach}
          loading={orders.isPending}
          error={orders.data ? undefined : orders.error}
          onRetry={() => void orders.refetch()}
          empty={
            <EmptyState
              title={t(Object.keys(filter).length > 0 ? "orders.empty.filtered" : "orders.empty.title")}
              act={
                Object.keys(filter).length > 0
                  ? {
                      label: t("orders.empty.clear"),
                      onPress: () =>
                        change(Object.fromEntries(Object.keys(filter).map((key) => [key, null]))),
                    }
                  : undefined
              }
            >
              {t(Object.keys(filter).length > 0 ? "orders.empty.filteredMeans" : "orders.empty.means")}
            </EmptyState>
          }
        />
        <footer className="list-foot row">
          <span className="t3 s">
            {t("orders.foot", {
              n: counts.data ? `${(total ?? 0).toLocaleString("en")}${counts.data.exact ? "" : "+"}` : "…",
            })}
          </span>
          <span className="grow" />
          {stale > 0 && (
            <button type="button" className="link s row" style={{ gap: 4 }} onClick={refresh}>
              <RefreshCw size={12} />
              {t("orders.stale", { n: stale })}
            </button>
          )}
          <span className="t3 s keys-hint">
            <kbd>j</kbd> <kbd>k</kbd> {t("orders.keys.move")} <kbd>enter</kbd> {t("orders.keys.open")}{" "}
            <kbd>w</kbd> {t("orders.keys.why")}
          </span>
        </footer>
      </div>
      {opened && (
        <OrderPanel
          orderKey={opened}
          place={at < 0 || total === undefined ? null : [at + 1, total]}
          onPrevious={show(at - 1)}
          onNext={show(at + 1)}
          onClose={() => change({ order: null })}
        />
      )}
    </div>
  )
}

function useColumns(filter: Filter, sort: string, onSort: (sort: string | null) => void): Column<OrderRow>[] {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const paid: Column<OrderRow>[] =
    sort === "-paidAt"
      ? [
          {
            key: "paid",
            head: t("orders.column.paid"),
            width: "116px",
            sorted: "down",
            cell: ({ facts }) => (
              <span className="t2">
                {facts.paid ? say(Date.parse(facts.paid), now, { language, zone }) : "–"}
              </span>
            ),
          },
        ]
      : []
  return [
    {
      key: "left",
      head: t("orders.column.left"),
      width: "156px",
      ...(sort === "nextDueAt" ? { sorted: "up" as const } : {}),
      onSort: () => onSort(sort === "nextDueAt" ? "-paidAt" : null),
      cell: (row) => <Left row={row} by={filter} />,
    },
    ...paid,
    {
      key: "no",
      head: t("orders.column.no"),
      width: "116px",
      cell: ({ order }) => <OrderNo no={order.orderNo} />,
    },
    {
      key: "product",
      head: t("orders.column.product"),
      width: "minmax(120px,1fr)",
      cell: (row) => <span className="el">{productOf(row)}</span>,
    },
    {
      key: "stage",
      head: t("orders.column.stage"),
      width: "minmax(76px,104px)",
      wide: true,
      cell: ({ stage }) => <span className="t2 nw">{t(`marks.stage.${stage}`)}</span>,
    },
    {
      key: "by",
      head: t("orders.column.by"),
      width: language === "en" ? "138px" : "88px",
      cell: (row) => <span className="t2 nw">{deadlineOf(row, filter, t)}</span>,
    },
  ]
}

function deadlineOf({ clocks }: OrderRow, by: ClockFilter, t: (key: string) => string): string {
  const clock = listedClock(clocks, by)
  return clock ? nameOf(t, clock) : "–"
}

/** A row, and what the list is narrowed by: it shows the clock by which it stands in the list. */
type RowProps = { row: OrderRow; by: ClockFilter }

function Left({ row, by }: RowProps) {
  const clock = listedClock(row.clocks, by)
  if (!clock) return <span className="t3">–</span>
  return (
    <span className="row" style={{ gap: 6 }}>
      <span style={{ width: 96 }}>
        <ClockCountdown clock={clock} />
      </span>
      {clock.state !== "closed" && <NotchBar state={markOf(clock)} dueAt={msOf(clock.dueAt)} />}
    </span>
  )
}

function Narrow({ row, by }: RowProps) {
  const { t } = useWords()
  const clock = listedClock(row.clocks, by)
  return (
    <div className="order-narrow">
      <span className="row" style={{ gap: 8 }}>
        {clock ? <ClockCountdown clock={clock} /> : <span className="t3">–</span>}
        <span className="grow" />
        <OrderNo no={row.order.orderNo} />
      </span>
      <span className="row t2 s" style={{ gap: 8 }}>
        <span className="el grow">{productOf(row)}</span>
        <span className="nw">{deadlineOf(row, by, t)}</span>
      </span>
    </div>
  )
}

/** The list as a workbook: every row of the filter, at most ten thousand. */
function Export({ filter, sort }: { filter: Filter; sort: string }) {
  const { message } = App.useApp()
  const { t } = useWords()
  const zone = useZone()
  const [busy, setBusy] = useState(false)
  const at = (iso: string | null | undefined) => (iso ? exact(Date.parse(iso), zone) : "")
  const write = async () => {
    setBusy(true)
    try {
      const { rows, cut } = await fetchAll(filter, sort)
      const headers = [
        "channel",
        "shop",
        "no",
        "product",
        "stage",
        "paid",
        "due",
        "by",
        "state",
        "warehouse",
        "liveSession",
      ].map((key) => t(`orders.export.${key}`))
      const lines = rows.map((row) => {
        const clock = listedClock(row.clocks, filter)
        const { order, stage, facts } = row
        return [
          order.channel,
          order.shop,
          order.orderNo,
          productOf(row),
          t(`marks.stage.${stage}`),
          at(facts.paid),
          at(clock?.dueAt),
          clock ? nameOf(t, clock) : "",
          clock ? t(`marks.state.${markOf(clock)}`) : "",
          order.warehouse ?? "",
          order.liveSession ?? "",
        ]
      })
      await saveWorkbook(t("orders.title"), headers, lines)
      if (cut) void message.info(t("orders.export.cut"))
    } catch {
      void message.error(t("orders.export.failed"))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button size="small" icon={<Download size={14} />} loading={busy} onClick={() => void write()}>
      {t("orders.export.do")}
    </Button>
  )
}
