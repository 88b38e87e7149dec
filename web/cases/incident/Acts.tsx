import { Progress } from "antd"
import { useState } from "react"
import { Link } from "react-router"
import type { IncidentActView, IncidentView } from "../../../src/api/contract/incidents.ts"
import { Skeleton, useProblem } from "../../marks/Blank.tsx"
import { Dialog } from "../../marks/Dialog.tsx"
import { exact, say, sayShort } from "../../time/dates.ts"
import { useNow } from "../../time/now.ts"
import { useZone } from "../../time/zone.ts"
import { hasWords, useWords } from "../../words/words.ts"
import { useDepartmentName } from "../names.ts"
import { useIncidentAct, useRefused } from "./queries.ts"

/** What was done for all, the newest first: how far it is, which cases it could not move, and taking it back as one. */
export function Acts({ each }: { each: IncidentView }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const problem = useProblem()
  const act = useIncidentAct(each.number)
  const [asking, setAsking] = useState<number | null>(null)
  const about = useAbout()
  const mayUndo = each.legal.some((legal) => legal.act === "undo" && legal.may)
  return (
    <section>
      <h2>{t("incident.done")}</h2>
      {each.acts.length === 0 && <p className="t3 s">{t("incident.nothingDone")}</p>}
      {act.error && (
        <p className="over s" role="alert">
          {problem(act.error).title} {problem(act.error).mend}
        </p>
      )}
      {each.acts.map((done) => (
        <div key={done.seq} className={`incident-act ${done.state}`}>
          <p className="row">
            <time className="t3 s nw" title={exact(Date.parse(done.at), zone)}>
              {sayShort(Date.parse(done.at), now, { language, zone })}
            </time>
            <span className="grow">
              {about(done)} <span className="t3 s">{done.by ?? t("cases.panel.engine")}</span>
            </span>
            {done.of > 0 && <span className="t2 s nw">{`${done.done}/${done.of}`}</span>}
            {mayUndo && done.undoable && done.state !== "undone" && (
              <button
                type="button"
                className="link s nw"
                disabled={act.isPending}
                onClick={() => act.mutate({ act: "undo", seq: done.seq })}
              >
                {t(done.act === "gather" ? "incident.apart" : "case.undo")}
              </button>
            )}
            {done.state === "undone" && <span className="t3 s nw">{t("incident.undone")}</span>}
          </p>
          {done.state === "running" && (
            <>
              <Progress
                percent={done.of > 0 ? Math.round(((done.done + done.refused) / done.of) * 100) : 0}
                size={["100%", 4]}
                showInfo={false}
                aria-label={t("incident.running")}
              />
              <p className="t3 s">{t("incident.running")}</p>
            </>
          )}
          {done.refused > 0 && (
            <button type="button" className="link s" onClick={() => setAsking(done.seq)}>
              {t("incident.refused", { n: done.refused.toLocaleString("en") })}
            </button>
          )}
        </div>
      ))}
      {asking !== null && <Refused number={each.number} seq={asking} onClose={() => setAsking(null)} />}
    </section>
  )
}

/** An act as one line: what was done, and what makes it this one. */
function useAbout(): (done: IncidentActView) => string {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const departmentName = useDepartmentName()
  return ({ act, data }) => {
    const text = (key: string) => (typeof data[key] === "string" ? (data[key] as string) : null)
    const parts = [
      act === "undo" && text("of") ? t(`incident.act.${text("of")}`) : null,
      act === "assign" && text("department") ? departmentName(text("department")) : null,
      text("personName"),
      text("number"),
      act === "rename" ? text("title") : null,
      text("etaAt") ? say(Date.parse(text("etaAt")!), now, { language, zone }) : null,
    ]
    return [t(`incident.act.${act}`), ...parts].filter(Boolean).join(" ")
  }
}

/** The cases that an act could not move, each with why. */
function Refused({ number, seq, onClose }: { number: string; seq: number; onClose(): void }) {
  const { t } = useWords()
  const { data } = useRefused(number, seq)
  return (
    <Dialog open title={t("incident.refusedTitle")} footer={null} onCancel={onClose} destroyOnHidden>
      <p className="t2 s">{t("incident.refusedMeans")}</p>
      {!data && <Skeleton rows={4} widths={[80, 240]} />}
      <div className="incident-refused">
        {data?.map((each) => (
          <p key={each.number} className="row">
            <Link to={`/cases/${each.number}`} className="nw">
              {each.number}
            </Link>
            <span className="t2">
              {hasWords(`problems.${each.code}.title`) ? t(`problems.${each.code}.title`) : each.detail}
            </span>
          </p>
        ))}
      </div>
    </Dialog>
  )
}
