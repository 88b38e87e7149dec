import { Checkbox } from "antd"
import { ChevronDown, ChevronRight } from "lucide-react"
import { type ReactNode, useMemo } from "react"
import type { CaseRow } from "../../src/api/contract/cases.ts"
import { Countdown } from "../marks/Countdown.tsx"
import { NotchBar } from "../marks/NotchBar.tsx"
import { OrderNo } from "../marks/OrderNo.tsx"
import { type MarkState, msOf } from "../marks/states.ts"
import type { Column } from "../marks/VirtualTable.tsx"
import { useTick } from "../time/now.ts"
import { useWords } from "../words/words.ts"
import { type CaseLine, choiceOf } from "./groups.ts"
import { useDepartmentName } from "./names.ts"
import { useCauseName } from "./queries.ts"
import { span } from "./span.ts"

/** The fixed scale of the notch bars of this page, hours to each side (LOOK2). */
const scaleHours = 2

/** How the countdown of what is owed looks. */
export const markOfOwed = ({ owed }: Pick<CaseRow, "owed">): MarkState =>
  owed === null ? "cancelled" : owed.state === "running" ? "calm" : owed.state

/** How late the order is, in ink: on this page everything is late, so red would say nothing. */
export function Late({ row: { lateFrom, lateUntil, breaches } }: { row: CaseRow }) {
  const { t } = useWords()
  const figure = useTick((now) =>
    lateFrom === null ? "–" : span((lateUntil === null ? now : Date.parse(lateUntil)) - Date.parse(lateFrom)),
  )
  const first = breaches.find(({ withdrawnAt }) => withdrawnAt === null) ?? breaches[0]
  return (
    <span className="t2 nw">
      {first ? t(`marks.kind.${first.clock}`) : ""} {figure}
    </span>
  )
}

/** In whose hands a case is. */
export function Holder({ row }: { row: Pick<CaseRow, "department" | "assignee" | "owed"> }) {
  const departmentName = useDepartmentName()
  const { person, department } = row.owed ?? { person: row.assignee, department: row.department }
  return (
    <span className="row el case-holder">
      {person && (
        <span className="avatar" aria-hidden="true">
          {person.name.slice(0, 1)}
        </span>
      )}
      {person && <span className="nw">{person.name}</span>}
      <span className="t3 el">{departmentName(department)}</span>
    </span>
  )
}

/** What it is about: the cause and the product. */
export function useAbout(): (row: CaseRow) => string {
  const { language } = useWords()
  const causeName = useCauseName(language)
  return (row) =>
    [causeName(row.cause), row.product].filter(Boolean).join(language === "en" ? ", " : "，") || "–"
}

type Choice = {
  chosen: ReadonlyMap<string, CaseRow>
  choose(rows: readonly CaseLine[], on: boolean): void
  rows: readonly CaseLine[]
  /** folds and unfolds a group; without, there are none */
  fold?: (incident: string) => void
}

/** Unfolds the cases of a group; it says how many they are. */
export function Fold({ row, onFold }: { row: CaseLine; onFold?: ((incident: string) => void) | undefined }) {
  const { t } = useWords()
  if (row.line !== "group" || !onFold) return null
  const Turn = row.unfolded ? ChevronDown : ChevronRight
  return (
    <button
      type="button"
      className="tag case-fold"
      aria-expanded={row.unfolded}
      onClick={(event) => {
        event.stopPropagation()
        onFold(row.incident!.id)
      }}
    >
      <Turn size={12} /> {t("incident.cases", { n: row.size!.toLocaleString("en") })}
    </button>
  )
}

/** The columns of the table of cases; the countdown is that of what is owed. */
export function useCaseColumns({ chosen, choose, rows, fold }: Choice): Column<CaseLine>[] {
  const { t } = useWords()
  const about = useAbout()
  return useMemo(
    () => [
      {
        key: "chosen",
        head: (
          <Checkbox
            aria-label={t("cases.key.all")}
            checked={rows.length > 0 && rows.every((row) => choiceOf(row, chosen) === "all")}
            indeterminate={chosen.size > 0 && !rows.every((row) => choiceOf(row, chosen) === "all")}
            onChange={({ target }) => choose(rows, target.checked)}
          />
        ),
        width: "24px",
        cell: (row) => (
          <Checkbox
            aria-label={row.line === "group" ? row.incident!.number : row.number}
            checked={choiceOf(row, chosen) === "all"}
            indeterminate={choiceOf(row, chosen) === "some"}
            onClick={(event) => event.stopPropagation()}
            onChange={({ target }) => choose([row], target.checked)}
          />
        ),
      },
      {
        key: "left",
        head: t("cases.column.left"),
        width: "158px",
        sorted: "up",
        cell: (row) => (
          <span className="row case-left-cell">
            <Countdown state={markOfOwed(row)} dueAt={msOf(row.owed?.dueAt)} />
            <NotchBar state={markOfOwed(row)} dueAt={msOf(row.owed?.dueAt)} hours={scaleHours} />
          </span>
        ),
      },
      {
        key: "owed",
        head: t("cases.column.owed"),
        width: "minmax(110px,190px)",
        cell: (row) => (
          <span className="m el">{row.owed ? t(`case.owed.${row.owed.what}`) : t("case.done")}</span>
        ),
      },
      {
        key: "number",
        head: t("cases.column.number"),
        width: fold ? "154px" : "84px",
        cell: (row) => (
          <span className={row.line === "inside" ? "row nw case-number inside" : "row nw case-number"}>
            {row.line === "group" ? <b>{row.incident!.number}</b> : row.number}
            <Fold row={row} onFold={fold} />
          </span>
        ),
      },
      {
        key: "about",
        head: t("cases.column.about"),
        width: "minmax(140px,1fr)",
        wide: true,
        cell: (row) => <span className="el">{row.line === "group" ? row.incident!.title : about(row)}</span>,
      },
      {
        key: "order",
        head: t("cases.column.order"),
        width: "116px",
        wide: true,
        cell: ({ order, line, size }) =>
          line === "group" ? (
            <span className="t3 nw">{t("cases.ofOrders", { n: size!.toLocaleString("en") })}</span>
          ) : (
            <OrderNo no={order.orderNo} />
          ),
      },
      {
        key: "late",
        head: t("cases.column.late"),
        width: "124px",
        cell: (row) => (row.line === "group" ? null : <Late row={row} />),
      },
      {
        key: "state",
        head: t("cases.column.state"),
        width: "minmax(70px,96px)",
        cell: ({ state }) => <span className="t2 nw">{t(`cases.state.${state}`)}</span>,
      },
      {
        key: "holder",
        head: t("cases.column.holder"),
        width: "minmax(110px,150px)",
        cell: (row) => <Holder row={row} />,
      },
    ],
    [t, chosen, choose, rows, about, fold],
  )
}

/** A case on a phone. */
export function NarrowCase({
  row,
  heard,
  onFold,
}: {
  row: CaseLine
  /** stands in place of how late it is */
  heard?: ReactNode
  onFold?: (incident: string) => void
}) {
  const { t } = useWords()
  const about = useAbout()
  return (
    <div className="order-narrow">
      <span className="row" style={{ gap: 8 }}>
        <Countdown state={markOfOwed(row)} dueAt={msOf(row.owed?.dueAt)} />
        <span className="m el grow">{row.owed ? t(`case.owed.${row.owed.what}`) : t("case.done")}</span>
        <Fold row={row} onFold={onFold} />
        <span className="t3 s">{row.line === "group" ? row.incident!.number : row.number}</span>
      </span>
      <span className="row t2 s" style={{ gap: 8 }}>
        <span className="el grow">{row.line === "group" ? row.incident!.title : about(row)}</span>
        {heard ?? (row.line === "group" ? null : <Late row={row} />)}
      </span>
    </div>
  )
}
