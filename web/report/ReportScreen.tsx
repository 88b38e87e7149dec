import { Button, Input, Select } from "antd"
import { Check, Printer } from "lucide-react"
import { useEffect, useMemo, useRef, useState } from "react"
import { Link, useNavigate, useParams } from "react-router"
import type { ReportPage, ReportSection } from "../../src/api/contract/causes.ts"
import { sayDate } from "../../src/core/saying.ts"
import type { Language } from "../../src/core/words.ts"
import { ProblemError } from "../client.ts"
import { ErrorState, Skeleton, useProblem } from "../marks/Blank.tsx"
import { Dialog } from "../marks/Dialog.tsx"
import { PageHead } from "../marks/PageHead.tsx"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { useDraft, useReasons, useReport, useReportAct } from "./queries.ts"
import { SectionBody } from "./SectionBody.tsx"

const saveAfterMs = 700

/** The report of a case: filled in as far as facts go, the rest written here; what is missing is named beside it. */
export function ReportScreen() {
  const { subject = "" } = useParams()
  const report = useReport(subject)
  const { data: page, error, refetch } = report
  return (
    <div className="report-page">
      <Head subject={subject} page={page} />
      {page ? (
        <Written key={`${page.subject} ${page.state}`} page={page} />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={10} />
      )}
    </div>
  )
}

function Head({ subject, page }: { subject: string; page: ReportPage | undefined }) {
  const { t, language } = useWords()
  const go = useNavigate()
  return (
    <PageHead title={t("report.title", { subject })} aside={page?.known.causeName[language]}>
      <Link to={`/cases/${subject.startsWith("I-") ? "incidents/" : ""}${subject}`} className="s nw">
        {t(subject.startsWith("I-") ? "incident.list" : "report.toCase")}
      </Link>
      <Button
        icon={<Printer size={14} />}
        href={`/report/${subject}/print`}
        onClick={(event) => {
          event.preventDefault()
          void go(`/report/${subject}/print`)
        }}
      >
        {t("report.print")}
      </Button>
    </PageHead>
  )
}

function Written({ page }: { page: ReportPage }) {
  const [fields, setFields] = useState<Record<string, unknown>>(page.fields)
  const draft = useDraft(page.subject)
  const changed = useRef<Record<string, unknown>>({})
  const open = page.state === "none" || page.state === "draft" || page.state === "returned"
  const canWrite = open && page.mayWrite
  const save = useMemo(() => later(saveAfterMs), [])
  const write = (field: string, value: unknown) => {
    setFields((before) => ({ ...before, [field]: value }))
    changed.current[field] = value
    save(() => {
      const now = changed.current
      changed.current = {}
      draft.mutate({ fields: now })
    })
  }
  useEffect(() => () => save.now(), [save])
  return (
    <div className="report-columns">
      <div className="report-doc">
        {page.sections.map((section) => (
          <section key={section.code} className={section.done ? "" : "gap"}>
            <Title section={section} />
            <SectionBody section={section} page={page} fields={fields} onWrite={canWrite ? write : null} />
          </section>
        ))}
      </div>
      <Side page={page} fields={fields} saving={draft.isPending} error={draft.error} canWrite={canWrite} />
    </div>
  )
}

function Title({ section }: { section: ReportSection }) {
  const { language } = useWords()
  return (
    <h2>
      <span className={`report-mark${section.done ? " done" : ""}`}>
        {section.done && <Check size={10} />}
      </span>
      {section.label[language]}
    </h2>
  )
}

type SideProps = {
  page: ReportPage
  fields: Record<string, unknown>
  saving: boolean
  error: unknown
  canWrite: boolean
}

/** How far it is, what is missing, and the one act that comes next. */
function Side({ page, fields, saving, error, canWrite }: SideProps) {
  const { t, language } = useWords()
  const zone = useZone()
  const problem = useProblem()
  const act = useReportAct(page.subject)
  const [returning, setReturning] = useState(false)
  const blocking = page.gaps.filter(({ severity }) => severity === "block")
  const failed = act.error ?? error
  return (
    <aside className="report-side">
      <section>
        <b className="s">{t("report.filled")}</b>
        <p className="report-hero">
          {page.progress.done}/{page.progress.of}
        </p>
        <div className="row report-bar">
          {page.sections.map(({ code, done }) => (
            <i key={code} className={done ? "done" : ""} />
          ))}
        </div>
        <p className="t2 s">{t(`report.state.${page.state}`)}</p>
        {page.why.length > 0 && (
          <p className="t2 s">
            {t("report.long", { why: page.why.map((each) => each[language]).join(t("report.and")) })}
          </p>
        )}
        {page.savedAt && (
          <p className="t3 xs">
            {saving
              ? t("report.saving")
              : t("report.saved", {
                  who: page.savedBy ?? "",
                  at: sayDate(Date.parse(page.savedAt), zone, language),
                })}
          </p>
        )}
      </section>
      {page.returned && page.state === "returned" && (
        <section>
          <h2>{t("report.returnedFor")}</h2>
          <ul>
            {page.returned.gaps.map(({ code, label }) => (
              <li key={code}>{label[language]}</li>
            ))}
          </ul>
          {page.returned.note && <p className="t2 s">{page.returned.note}</p>}
        </section>
      )}
      {page.gaps.length > 0 && (
        <section>
          <h2>{t("report.missing", { count: blocking.length })}</h2>
          {page.gaps.map((gap) => (
            <p key={`${gap.code} ${gap.field} ${gap.sentence.en}`} className={`report-gap ${gap.severity}`}>
              {gap.sentence[language]}
            </p>
          ))}
        </section>
      )}
      {page.chain && (
        <section>
          <h2>{t("report.chained", { number: page.chain.number })}</h2>
          <p className="t2 s report-digest">{page.chain.digest}</p>
          <p className="t3 xs">
            {t("report.archivedBy", {
              who: page.archivedBy ?? "",
              at: sayDate(Date.parse(page.archivedAt!), zone, language),
            })}
          </p>
        </section>
      )}
      <span className="grow" />
      <footer>
        {failed ? <p className="report-gap block">{saidBy(failed, problem, language)}</p> : null}
        {canWrite && (
          <>
            <Button
              block
              size="large"
              type={blocking.length === 0 ? "primary" : "default"}
              disabled={blocking.length > 0 || saving}
              loading={act.isPending}
              onClick={() => act.mutate({ act: "report", form: page.form, fields })}
            >
              {blocking.length > 0 ? t("report.submitLacks", { count: blocking.length }) : t("report.submit")}
            </Button>
            <p className="t3 xs">{t("report.submitHint")}</p>
          </>
        )}
        {page.state === "submitted" && page.mayClose && (
          <div className="row" style={{ gap: 8 }}>
            <Button type="primary" loading={act.isPending} onClick={() => act.mutate({ act: "archive" })}>
              {t("report.archiveIt")}
            </Button>
            <Button onClick={() => setReturning(true)}>{t("report.return")}</Button>
          </div>
        )}
      </footer>
      {returning && (
        <Return
          onClose={() => setReturning(false)}
          onReturn={(gaps, note) => {
            act.mutate({ act: "return", gaps, note })
            setReturning(false)
          }}
        />
      )}
    </aside>
  )
}

/** What a report lacks in the reader's language; of every other no what it is called. */
function saidBy(error: unknown, problem: ReturnType<typeof useProblem>, language: Language): string {
  const flaws = error instanceof ProblemError ? (error.problem.errors ?? []) : []
  const said = flaws.flatMap(({ says }) => (says ? [says[language]] : []))
  return said.length > 0 ? said.join(language === "en" ? " " : "") : problem(error).title
}

function Return({
  onClose,
  onReturn,
}: {
  onClose: () => void
  onReturn: (gaps: string[], note: string) => void
}) {
  const { t, language } = useWords()
  const reasons = useReasons("return_report").data ?? []
  const [gaps, setGaps] = useState<string[]>([])
  const [note, setNote] = useState("")
  const needsNote = reasons.some(({ code, needsNote: needs }) => needs && gaps.includes(code))
  return (
    <Dialog
      open
      title={t("report.returnTitle")}
      okText={t("report.return")}
      okButtonProps={{ disabled: gaps.length === 0 || (needsNote && note.trim().length < 6) }}
      onCancel={onClose}
      onOk={() => onReturn(gaps, note.trim())}
    >
      <Select
        mode="multiple"
        value={gaps}
        onChange={setGaps}
        style={{ width: "100%" }}
        placeholder={t("report.returnWhat")}
        options={reasons.map(({ code, label }) => ({ value: code, label: label[language] }))}
      />
      <Input.TextArea
        rows={3}
        value={note}
        onChange={({ target }) => setNote(target.value)}
        placeholder={t("report.returnNote")}
        style={{ marginTop: 8 }}
      />
    </Dialog>
  )
}

/** Does the last thing asked for once it has been quiet for a while; `now` does it at once. */
function later(ms: number) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let waiting: (() => void) | undefined
  const run = () => {
    clearTimeout(timer)
    const what = waiting
    waiting = undefined
    what?.()
  }
  return Object.assign(
    (what: () => void) => {
      waiting = what
      clearTimeout(timer)
      timer = setTimeout(run, ms)
    },
    { now: run },
  )
}
