import { Button, Segmented } from "antd"
import { Download } from "lucide-react"
import { useCallback, useEffect, useMemo, useState } from "react"
import { Countdown } from "../marks/Countdown.tsx"
import { NotchBar } from "../marks/NotchBar.tsx"
import { OrderNo } from "../marks/OrderNo.tsx"
import type { MarkState } from "../marks/states.ts"
import { type Column, VirtualTable } from "../marks/VirtualTable.tsx"
import { say } from "../time/dates.ts"
import { useWords } from "../words/words.ts"
import type { Result, SheetWords, Standards } from "./protocol.ts"
import type { CheckRun } from "./useCheck.ts"
import { type Filter, type Group, groups, type Verdict } from "./verdicts.ts"

const pageRows = 200
const stateOf: Record<Group, MarkState> = {
  over: "over",
  near: "near",
  calm: "calm",
  late: "over",
  met: "met",
  ended: "cancelled",
  other: "cancelled",
}

type Props = { run: CheckRun; result: Result; filter: Filter; onFilter: (filter: Filter) => void }

/** The rows behind a count, soonest due first; only those in view are fetched from the worker. */
export function OrderList({ run, result, filter, onFilter }: Props) {
  const { t, language } = useWords()
  const { counts, zone } = result
  const { total, row, reach } = useRows(run, result, filter)
  const [saving, setSaving] = useState(false)
  const urgent = counts.over + counts.near
  const tabs: [Filter, number][] = [
    ["urgent", urgent],
    ["late", counts.late],
    ["all", result.orders],
  ]
  if (!tabs.some(([each]) => each === filter)) tabs.push([filter, counts[filter as Group]])
  const columns = useMemo<Column<Verdict>[]>(
    () => columnsOf(t, result, { language, zone }, run.standards),
    [t, result, language, zone, run.standards],
  )
  const words = (): SheetWords => ({
    sheet: t(`check.list.${filter === "urgent" || filter === "all" ? filter : "group"}`),
    headers: ["no", "item", "paid", "due", "closed", "late", "by", "verdict"].map((key) =>
      t(`check.sheet.${key}`),
    ),
    group: Object.fromEntries(groups.map((each) => [each, t(`check.group.${each}`)])) as SheetWords["group"],
    stage: Object.fromEntries(
      ["paid", "prepared", "shipped", "collected", "delivered", "cancelled", "refunded", "created"].map(
        (each) => [each, t(`marks.stage.${each}`)],
      ),
    ),
    clock: Object.fromEntries(
      ["prepare", "ship", "collect", "deliver"].flatMap((kind) =>
        ["company", "platform"].map((basis) => [
          `${kind} ${basis}`,
          `${t(`marks.kind.${kind}`)} · ${t(`marks.basis.${basis}`)}`,
        ]),
      ),
    ),
  })
  const download = () => {
    setSaving(true)
    void run.download(filter, words(), zone).finally(() => setSaving(false))
  }
  return (
    <section>
      <div className="list-head">
        <h2 className="nw">{t(`check.list.${filter === "urgent" ? "first" : "orders"}`)}</h2>
        <Segmented
          size="small"
          value={filter}
          onChange={onFilter}
          options={tabs.map(([each, n]) => ({
            value: each,
            label: `${t(each === "urgent" || each === "all" || each === "late" ? `check.list.${each}` : `check.group.${each}`)} ${n.toLocaleString("en")}`,
          }))}
        />
        <span className="grow" />
        <Button
          size="small"
          icon={<Download size={14} />}
          loading={saving}
          disabled={total === 0}
          onClick={download}
        >
          {t("check.download")}
        </Button>
      </div>
      <div className="list-box" style={{ "--rows": Math.min(Math.max(total, 2), 14) } as object}>
        <VirtualTable
          key={filter}
          label={t(`check.list.${filter === "urgent" ? "first" : "orders"}`)}
          columns={columns}
          count={total}
          row={row}
          rowKey={({ orderNo }) => orderNo}
          onReach={reach}
          narrow={(each) => <NarrowRow verdict={each} by={byOf(t, each, run.standards)} />}
          empty={<p className="t2 nothing">{t("check.list.nothing")}</p>}
        />
      </div>
      {total > 14 && (
        <p className="s t3 more-below">{t("check.list.more", { n: total.toLocaleString("en") })}</p>
      )}
    </section>
  )
}

/** Rows of a list as they come into view. */
function useRows(run: CheckRun, result: Result, filter: Filter) {
  const [pages, setPages] = useState<{ of: string; total: number; rows: Map<number, Verdict[]> }>({
    of: "",
    total: 0,
    rows: new Map(),
  })
  const of = `${filter} ${result.asOf} ${result.tookMs}`
  const known = pages.of === of ? pages : null
  const { rows: ask } = run
  const load = useCallback(
    async (page: number) => {
      const answer = await ask(filter, page * pageRows, pageRows)
      setPages((before) => ({
        of,
        total: answer.total,
        rows: new Map(before.of === of ? before.rows : []).set(page, answer.rows),
      }))
    },
    [ask, filter, of],
  )
  useEffect(() => void load(0), [load])
  const row = (index: number) => known?.rows.get(Math.floor(index / pageRows))?.[index % pageRows]
  const reach = (index: number) => {
    for (const page of [
      Math.max(0, Math.floor((index - 40) / pageRows)),
      Math.floor((index + 20) / pageRows),
    ])
      if (known && page * pageRows < known.total && !known.rows.has(page)) void load(page)
  }
  return { total: known?.total ?? 0, row, reach }
}

type Words = (key: string, values?: Record<string, unknown>) => string

/** By what an order is judged: 备货 24 h, 发货 · 平台. */
function byOf(t: Words, { clock }: Verdict, { prepareHours, shipHours }: Standards): string {
  if (!clock) return "–"
  const kind = t(`marks.kind.${clock.kind}`)
  if (clock.basis !== "company") return `${kind} · ${t(`marks.basis.${clock.basis}`)}`
  if (clock.standard === "prepare") return `${kind} ${prepareHours} h`
  if (clock.standard === "ship") return `${kind} ${shipHours} h`
  return t("check.presale")
}

function columnsOf(
  t: Words,
  result: Result,
  told: { language: "zh-Hans" | "zh-Hant" | "en"; zone: string },
  standards: Standards,
): Column<Verdict>[] {
  const today = Date.now()
  // Where the file does not tell of preparing, nobody knows what is still to prepare.
  const stageOf = (stage: string) =>
    stage === "paid" && !result.facts.includes("prepared") ? t("check.unshipped") : t(`marks.stage.${stage}`)
  return [
    {
      key: "left",
      head: t("check.column.left"),
      width: told.language === "en" ? "190px" : "176px",
      sorted: "up",
      cell: (each) => (
        <span className="between">
          <Figure verdict={each} />
          <NotchBar state={stateOf[each.group]} dueAt={each.dueAt} closedAt={each.closedAt} />
        </span>
      ),
    },
    {
      key: "no",
      head: t("check.column.no"),
      width: "118px",
      cell: ({ orderNo }) => <OrderNo no={orderNo} />,
    },
    {
      key: "item",
      head: t("check.column.item"),
      width: "minmax(120px,1fr)",
      cell: ({ name, incomplete }) => (
        <span>
          {incomplete ? `${t("check.incomplete")} ` : ""}
          {name ?? "–"}
        </span>
      ),
    },
    {
      key: "paid",
      head: t("check.column.paid"),
      width: "118px",
      cell: ({ paidAt }) => <span className="t2">{paidAt === null ? "–" : say(paidAt, today, told)}</span>,
    },
    {
      key: "stage",
      head: t("check.column.stage"),
      width: told.language === "en" ? "104px" : "84px",
      wide: true,
      cell: ({ stage }) => <span className="t2">{stageOf(stage)}</span>,
    },
    {
      key: "by",
      head: t("check.column.by"),
      width: "100px",
      cell: (each) => <span className="t2">{byOf(t, each, standards)}</span>,
    },
  ]
}

function Figure({ verdict }: { verdict: Verdict }) {
  const { t } = useWords()
  if (verdict.dueAt === null) return <span className="t3">{t(`check.group.${verdict.group}`)}</span>
  return <Countdown state={stateOf[verdict.group]} dueAt={verdict.dueAt} closedAt={verdict.closedAt} />
}

function NarrowRow({ verdict, by }: { verdict: Verdict; by: string }) {
  return (
    <div className="narrow-row">
      <div className="row">
        <Figure verdict={verdict} />
        <span className="grow" />
        <OrderNo no={verdict.orderNo} />
      </div>
      <div className="row t3 s">
        <span className="el grow">{verdict.name ?? "–"}</span>
        <span className="nw">{by}</span>
      </div>
    </div>
  )
}
