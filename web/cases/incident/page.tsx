import { Button, Progress } from "antd"
import { ChevronRight } from "lucide-react"
import { useCallback, useState } from "react"
import { Link, useNavigate, useParams } from "react-router"
import type { CaseRow, IncidentActInput, IncidentView } from "../../../src/api/contract/cases.ts"
import { EmptyState, ErrorState, Skeleton } from "../../marks/Blank.tsx"
import { Countdown } from "../../marks/Countdown.tsx"
import { msOf } from "../../marks/states.ts"
import { VirtualTable } from "../../marks/VirtualTable.tsx"
import { exact, say, sayShort } from "../../time/dates.ts"
import { useNow } from "../../time/now.ts"
import { useZone } from "../../time/zone.ts"
import { useWords } from "../../words/words.ts"
import { NarrowCase, useCaseColumns } from "../columns.tsx"
import { useDepartmentName } from "../names.ts"
import { useCases, useCauseName } from "../queries.ts"
import { IncidentDialog } from "./IncidentDialog.tsx"
import { useIncident, useIncidentAct } from "./queries.ts"
import "../case/case.css"
import "../cases.css"
import "./incident.css"

type Act = IncidentActInput["act"]

/** One incident: what is written once at the left, each order in the middle, what is owed and was done for all at the right. */
export default function IncidentPage() {
  const { number = "" } = useParams()
  const found = useIncident(number)
  if (found.data) return <Inside each={found.data} />
  if (found.error) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />
  return <Skeleton rows={12} />
}

function Inside({ each }: { each: IncidentView }) {
  const { t, language } = useWords()
  const causeName = useCauseName(language)
  const [doing, setDoing] = useState<Act | null>(null)
  const [chosen, setChosen] = useState<ReadonlyMap<string, CaseRow>>(new Map())
  const cause = causeName(each.cause)
  return (
    <div className="incident">
      <header className="page-head case-head">
        <Link to="/cases" className="t3 nw">
          {t("cases.title")}
        </Link>
        <ChevronRight size={14} className="t3" />
        <h1 className="el">
          {each.number} {each.title}
        </h1>
        <span className="tag">{t("incident.cases", { n: each.cases.toLocaleString("en") })}</span>
        {cause && <span className="tag el">{cause}</span>}
        <span className="grow" />
        <Button size="small" onClick={() => setDoing("rename")}>
          {t("incident.act.rename")}
        </Button>
        <Button size="small" onClick={() => setDoing("merge")}>
          {t("incident.act.merge")}
        </Button>
      </header>
      <Written each={each} onAct={setDoing} />
      <Orders each={each} chosen={chosen} setChosen={setChosen} onAct={setDoing} />
      <Right each={each} onAct={setDoing} />
      {doing && (
        <IncidentDialog
          each={each}
          act={doing}
          chosen={[...chosen.values()]}
          onClose={() => {
            setDoing(null)
            setChosen(new Map())
          }}
        />
      )}
    </div>
  )
}

/** What holds for every order: the cause, the analysis, the plan and the report. */
function Written({ each, onAct }: { each: IncidentView; onAct(act: Act): void }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const told = { language, zone }
  const by = ({ by, at }: { by: string | null; at: string }) =>
    [by ?? t("cases.panel.engine"), sayShort(Date.parse(at), now, told)].join(" ")
  return (
    <div className="case-left">
      <section>
        <h2>{t("incident.once", { n: each.cases })}</h2>
        <p className="t3 s">{t("incident.onceMeans")}</p>
      </section>
      <section>
        <header className="row case-section">
          <h2>{t("incident.analysis")}</h2>
          {each.analysis && <span className="t3 s">{by(each.analysis)}</span>}
        </header>
        {each.analysis ? (
          <p className="incident-text">{each.analysis.text}</p>
        ) : (
          <p className="t3">{t("incident.notYet")}</p>
        )}
        <Button size="small" onClick={() => onAct("analyse")}>
          {t("case.act.analyse")}
        </Button>
      </section>
      <section>
        <header className="row case-section">
          <h2>{t("incident.plan")}</h2>
          {each.plan && <span className="t3 s">{by(each.plan)}</span>}
        </header>
        {each.plan?.etaAt && (
          <p>
            <b title={exact(Date.parse(each.plan.etaAt), zone)}>
              {say(Date.parse(each.plan.etaAt), now, told)}
            </b>{" "}
            {each.plan.changes > 0 && (
              <span className="t3 s">{t("incident.changes", { n: each.plan.changes })}</span>
            )}
          </p>
        )}
        {each.plan ? (
          <p className="incident-text">{each.plan.text || each.plan.reason}</p>
        ) : (
          <p className="t3">{t("incident.notYet")}</p>
        )}
        <Button size="small" onClick={() => onAct("plan")}>
          {t("case.act.plan")}
        </Button>
      </section>
      <section>
        <header className="row case-section">
          <h2>{t("incident.report")}</h2>
          <span className="t3 s">{t(`incident.reportState.${each.report?.state ?? "none"}`)}</span>
        </header>
        <Button size="small" onClick={() => onAct("report")}>
          {t("case.act.report")}
        </Button>
      </section>
    </div>
  )
}

function Orders({
  each,
  chosen,
  setChosen,
  onAct,
}: {
  each: IncidentView
  chosen: ReadonlyMap<string, CaseRow>
  setChosen(next: ReadonlyMap<string, CaseRow>): void
  onAct(act: Act): void
}) {
  const { t } = useWords()
  const go = useNavigate()
  const cases = useCases({ incident: each.id, sort: "owed" })
  const rows = cases.data?.pages.flatMap(({ items }) => items) ?? []
  const total = cases.data?.pages[0]?.total ?? rows.length
  const choose = useCallback(
    (some: readonly CaseRow[], on: boolean) => {
      const next = new Map(chosen)
      for (const row of some) on ? next.set(row.number, row) : next.delete(row.number)
      setChosen(next)
    },
    [chosen, setChosen],
  )
  const columns = useCaseColumns({ chosen, choose, rows }).filter(({ key }) => key !== "about")
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = cases
  return (
    <section className="incident-orders">
      <header className="row case-section">
        <h2>{t("incident.orders")}</h2>
        <span className="t3">{total.toLocaleString("en")}</span>
        <span className="grow" />
        {each.byState.map(({ state, count }) => (
          <span key={state} className="tag">
            {t(`cases.state.${state}`)} {count.toLocaleString("en")}
          </span>
        ))}
      </header>
      <VirtualTable
        label={t("incident.orders")}
        columns={columns}
        count={hasNextPage ? Math.max(total, rows.length + 1) : rows.length}
        row={(index) => rows[index]}
        rowKey={({ number }) => number}
        narrow={(row) => <NarrowCase row={row} />}
        onOpen={({ number }) => void go(`/cases/${number}`)}
        onReach={(last) => {
          if (last > rows.length - 40 && hasNextPage && !isFetchingNextPage) void fetchNextPage()
        }}
        loading={cases.isPending}
        error={cases.data ? undefined : cases.error}
        onRetry={() => void cases.refetch()}
        empty={<EmptyState title={t("cases.empty.filtered")} />}
      />
      {chosen.size > 0 && (
        <footer className="case-bulk row">
          <b>{t("cases.bulk.chosen", { n: chosen.size })}</b>
          <span className="grow" />
          {(["leave", "exempt", "split"] as const).map((act) => (
            <Button key={act} onClick={() => onAct(act)}>
              {t(`incident.act.${act}`)}
            </Button>
          ))}
        </footer>
      )}
    </section>
  )
}

const nextOf = (each: IncidentView): Act =>
  each.state === "open"
    ? "analyse"
    : each.state === "analysed"
      ? "plan"
      : each.state === "planned"
        ? each.told === null
          ? "told"
          : "resolve"
        : each.state === "resolved"
          ? "report"
          : "archive"

function Right({ each, onAct }: { each: IncidentView; onAct(act: Act): void }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const departmentName = useDepartmentName()
  const act = useIncidentAct(each.number)
  const next = nextOf(each)
  const { owed } = each
  return (
    <aside className="case-right">
      <section>
        <p className="row s t2">
          <b>{t("case.turn.other")}</b>
          <span>
            {[departmentName(owed?.department ?? each.department), owed?.person?.name ?? each.owner?.name]
              .filter(Boolean)
              .join(" ")}
          </span>
        </p>
        {owed?.dueAt && (
          <Countdown
            state={owed.state === "running" ? "calm" : owed.state}
            dueAt={msOf(owed.dueAt)}
            size="hero"
          />
        )}
        {owed && <p className="m">{t(`case.owed.${owed.what}`)}</p>}
        {each.state !== "archived" && each.state !== "dissolved" && (
          <Button type="primary" size="large" block onClick={() => onAct(next)}>
            {t(`incident.act.${next}`)}
          </Button>
        )}
        <p className="t3 s">{t("incident.forAll", { n: (each.cases - each.exempt).toLocaleString("en") })}</p>
      </section>
      <section>
        <h2>{t("incident.done")}</h2>
        {each.acts.length === 0 && <p className="t3 s">{t("incident.nothingDone")}</p>}
        {each.acts.map((done) => (
          <div key={done.seq} className="incident-act">
            <p className="row">
              <time className="t3 s nw">{sayShort(Date.parse(done.at), now, { language, zone })}</time>
              <span className="grow el">
                {t(`incident.act.${done.act}`)} <span className="t3 s">{done.by}</span>
              </span>
              <span className="t2 s nw">{`${done.done}/${done.of}`}</span>
              {done.undoable && done.state === "done" && (
                <button
                  type="button"
                  className="link s"
                  onClick={() => act.mutate({ act: "undo", seq: done.seq, version: each.version })}
                >
                  {t("case.undo")}
                </button>
              )}
              {done.state === "undone" && <span className="t3 s">{t("incident.undone")}</span>}
            </p>
            {done.state === "running" && (
              <Progress
                percent={done.of > 0 ? Math.round((done.done / done.of) * 100) : 0}
                size="small"
                showInfo={false}
              />
            )}
            {done.refused > 0 && <p className="near s">{t("incident.refused", { n: done.refused })}</p>}
          </div>
        ))}
      </section>
    </aside>
  )
}
