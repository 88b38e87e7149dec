import { Progress } from "antd"
import { Link, useNavigate, useSearchParams } from "react-router"
import type { IncidentRow, IncidentsQuery } from "../../../src/api/contract/incidents.ts"
import { EmptyState } from "../../marks/Blank.tsx"
import { Countdown } from "../../marks/Countdown.tsx"
import { PageHead } from "../../marks/PageHead.tsx"
import { msOf } from "../../marks/states.ts"
import { type Column, VirtualTable } from "../../marks/VirtualTable.tsx"
import { say, sayShort } from "../../time/dates.ts"
import { useNow } from "../../time/now.ts"
import { useZone } from "../../time/zone.ts"
import { useWords } from "../../words/words.ts"
import { useDepartmentName } from "../names.ts"
import { useIncidentChanges, useIncidents } from "./queries.ts"
import "../../orders/orders.css"
import "../cases.css"
import "./incident.css"

const views = ["unarchived", "archived", "dissolved"] as const

/** What is left until the first of its cases is due. */
function Left({ row: { owed } }: { row: IncidentRow }) {
  if (owed === null) return <span className="t3">–</span>
  return <Countdown state={owed.state === "running" ? "calm" : owed.state} dueAt={msOf(owed.dueAt)} />
}

/** Incidents, the newest first: how many cases each has, what is owed and how far the act at hand is. */
export function IncidentList() {
  const { t } = useWords()
  const go = useNavigate()
  const [search, setSearch] = useSearchParams()
  const state = (search.get("state") ?? "unarchived") as NonNullable<IncidentsQuery["state"]>
  const incidents = useIncidents({ state })
  useIncidentChanges()
  const rows = incidents.data?.pages.flatMap(({ items }) => items) ?? []
  const total = incidents.data?.pages[0]?.total ?? rows.length
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = incidents
  const columns = useColumns()
  return (
    <div className="cases">
      <PageHead title={t("incident.list")} aside={t("incident.listMeans")}>
        <Link to="/cases" className="s">
          {t("cases.title")}
        </Link>
      </PageHead>
      <nav className="views" aria-label={t("cases.states")}>
        {views.map((each) => (
          <button
            key={each}
            type="button"
            aria-current={each === state}
            onClick={() => setSearch(each === "unarchived" ? {} : { state: each })}
          >
            {t(`incident.view.${each}`)}
          </button>
        ))}
      </nav>
      <VirtualTable
        label={t("incident.list")}
        columns={columns}
        count={hasNextPage ? Math.max(total, rows.length + 1) : rows.length}
        row={(index) => rows[index]}
        rowKey={({ number }) => number}
        narrow={(row) => <Narrow row={row} />}
        onOpen={({ number }) => void go(`/cases/incidents/${number}`)}
        onReach={(last) => {
          if (last > rows.length - 20 && hasNextPage && !isFetchingNextPage) void fetchNextPage()
        }}
        loading={incidents.isPending}
        error={incidents.data ? undefined : incidents.error}
        onRetry={() => void incidents.refetch()}
        empty={
          <EmptyState
            title={t("incident.empty.title")}
            act={{ label: t("incident.empty.act"), onPress: () => void go("/cases") }}
          >
            {t("incident.empty.means")}
          </EmptyState>
        }
      />
      <footer className="list-foot row">
        <span className="t3 s">{t("incident.total", { n: total.toLocaleString("en") })}</span>
      </footer>
    </div>
  )
}

function useColumns(): Column<IncidentRow>[] {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const departmentName = useDepartmentName()
  const told = { language, zone }
  return [
    {
      key: "left",
      head: t("cases.column.left"),
      width: "112px",
      cell: (row) => <Left row={row} />,
    },
    {
      key: "owed",
      head: t("cases.column.owed"),
      width: "minmax(120px,210px)",
      cell: (row) => (
        <span className="m el">
          {row.running ? <Running row={row} /> : row.owed ? t(`case.owed.${row.owed.what}`) : t("case.done")}
        </span>
      ),
    },
    {
      key: "title",
      head: t("incident.column.incident"),
      width: "minmax(160px,1fr)",
      cell: (row) => (
        <span className="el">
          <b>{row.number}</b> {row.title}
        </span>
      ),
    },
    {
      key: "cases",
      head: t("incident.column.cases"),
      width: "72px",
      align: "right",
      cell: ({ cases }) => cases.toLocaleString("en"),
    },
    {
      key: "state",
      head: t("cases.column.state"),
      width: "84px",
      cell: ({ state }) => <span className="t2 nw">{t(`incident.state.${state}`)}</span>,
    },
    {
      key: "eta",
      head: t("incident.column.eta"),
      width: "130px",
      wide: true,
      cell: ({ etaAt }) => (
        <span className="nw">{etaAt === null ? "–" : say(Date.parse(etaAt), now, told)}</span>
      ),
    },
    {
      key: "holder",
      head: t("cases.column.holder"),
      width: "minmax(110px,160px)",
      cell: (row) => (
        <span className="el">
          {row.owner?.name}{" "}
          <span className="t3">{departmentName(row.owed?.department ?? row.department)}</span>
        </span>
      ),
    },
    {
      key: "opened",
      head: t("incident.column.opened"),
      width: "124px",
      wide: true,
      cell: ({ openedAt }) => <span className="t2 nw">{sayShort(Date.parse(openedAt), now, told)}</span>,
    },
  ]
}

/** How far the act at hand is. */
function Running({ row }: { row: IncidentRow }) {
  const { t } = useWords()
  const { act, done, of } = row.running!
  return (
    <span className="row incident-running">
      <span className="nw">{t(`incident.act.${act}`)}</span>
      <Progress
        percent={of > 0 ? Math.round((done / of) * 100) : 0}
        size={[48, 4]}
        showInfo={false}
        aria-label={t("incident.running")}
      />
      <span className="t3 s nw">{`${done}/${of}`}</span>
    </span>
  )
}

function Narrow({ row }: { row: IncidentRow }) {
  const { t } = useWords()
  return (
    <div className="order-narrow">
      <span className="row" style={{ gap: 8 }}>
        <Left row={row} />
        <span className="m el grow">
          {row.running ? <Running row={row} /> : row.owed ? t(`case.owed.${row.owed.what}`) : t("case.done")}
        </span>
        <span className="t3 s nw">{t("incident.cases", { n: row.cases.toLocaleString("en") })}</span>
      </span>
      <span className="row t2 s" style={{ gap: 8 }}>
        <span className="el grow">
          {row.number} {row.title}
        </span>
        <span className="nw">{t(`incident.state.${row.state}`)}</span>
      </span>
    </div>
  )
}
