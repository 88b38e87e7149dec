import { Button } from "antd"
import { Link } from "react-router"
import type { IncidentView } from "../../../src/api/contract/incidents.ts"
import { exact, say, sayShort } from "../../time/dates.ts"
import { useNow } from "../../time/now.ts"
import { useZone } from "../../time/zone.ts"
import { useWords } from "../../words/words.ts"
import { useCases, useCauseName } from "../queries.ts"
import type { Act } from "./turn.ts"

type Props = { each: IncidentView; onAct(act: Act): void }

/** What holds for every order, written once: the cause with what was found, the plan and the report; and which orders go their own way. */
export function Written({ each, onAct }: Props) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const causeName = useCauseName(language)
  const told = { language, zone }
  const mayDo = (act: Act) => each.legal.some((legal) => legal.act === act && legal.may)
  const by = ({ by, at }: { by: string | null; at: string }) =>
    [by ?? t("cases.panel.engine"), sayShort(Date.parse(at), now, told)].join(" ")
  const { analysis, plan } = each
  return (
    <div className="case-left">
      <section>
        <h2>{t("incident.once", { n: (each.cases - each.exempt).toLocaleString("en") })}</h2>
        <p className="t3 s">{t("incident.onceMeans")}</p>
      </section>
      <section>
        <header className="row case-section">
          <h2>
            {t("incident.analysis")}
            {each.cause && (language === "en" ? ": " : "：")}
            {causeName(each.cause)}
          </h2>
          {analysis && <span className="t3 s">{by(analysis)}</span>}
        </header>
        <p className={analysis ? "incident-text" : "t3"}>{analysis?.text ?? t("incident.notYet")}</p>
        {mayDo("analyse") && (
          <Button size="small" onClick={() => onAct("analyse")}>
            {t("incident.act.analyse")}
          </Button>
        )}
      </section>
      <section>
        <header className="row case-section">
          <h2>{t("incident.plan")}</h2>
          {plan && <span className="t3 s">{by(plan)}</span>}
        </header>
        {plan?.etaAt && (
          <p>
            <b title={exact(Date.parse(plan.etaAt), zone)}>{say(Date.parse(plan.etaAt), now, told)}</b>{" "}
            {plan.changes > 0 && <span className="t3 s">{t("incident.changes", { n: plan.changes })}</span>}
          </p>
        )}
        <p className={plan ? "incident-text" : "t3"}>
          {plan ? plan.text || plan.reason : t("incident.notYet")}
        </p>
        {mayDo("plan") && (
          <Button size="small" onClick={() => onAct("plan")}>
            {t(plan ? "incident.replan" : "incident.act.plan")}
          </Button>
        )}
      </section>
      <section>
        <header className="row case-section">
          <h2>{t("incident.report")}</h2>
          <span className="t3 s">{t(`incident.reportState.${each.report?.state ?? "none"}`)}</span>
        </header>
        <p className="t3 s">{t("incident.reportMeans")}</p>
        {each.cases > each.exempt && (
          <Link to={`/report/${each.number}`}>
            {t(mayDo("report") ? "incident.act.report" : "incident.readReport")}
          </Link>
        )}
      </section>
      {each.exempt > 0 && <Exceptions each={each} />}
    </div>
  )
}

/** The first of those that go their own way. */
function Exceptions({ each }: { each: IncidentView }) {
  const { t } = useWords()
  const found = useCases({ incident: each.id, exempt: "true", sort: "owed" })
  const rows = (found.data?.pages[0]?.items ?? []).slice(0, 8)
  return (
    <section>
      <header className="row case-section">
        <h2>{t("incident.exceptions")}</h2>
        <Link className="t3 s" to={`/cases?incident=${each.number}&exempt=true`}>
          {t("incident.exempt", { n: each.exempt.toLocaleString("en") })}
        </Link>
      </header>
      {rows.map((row) => (
        <p key={row.number} className="row incident-exception">
          <Link to={`/cases/${row.number}`} className="nw">
            {row.number}
          </Link>
          <span className="t2 el">{row.owed ? t(`case.owed.${row.owed.what}`) : t("case.done")}</span>
        </p>
      ))}
    </section>
  )
}
