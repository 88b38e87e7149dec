import { Button, Input, Select } from "antd"
import { Check, Minus } from "lucide-react"
import { useState } from "react"
import type { CaseRow } from "../../src/api/contract/cases.ts"
import type { EvidenceOfCase } from "../../src/api/contract/causes.ts"
import { saySpan } from "../../src/core/saying.ts"
import { useCauseName } from "../cases/queries.ts"
import { ErrorState, Skeleton, useProblem } from "../marks/Blank.tsx"
import { msOf } from "../marks/states.ts"
import { useCauses, useReasons } from "../report/queries.ts"
import { percentOf, whose } from "../report/say.ts"
import { useTick } from "../time/now.ts"
import { useWords } from "../words/words.ts"
import { useDecide, useEvidence } from "./queries.ts"
import "./evidence.css"

/** A case's likely cause with its facts to agree or correct, and whose hours its lateness is. */
export function CaseEvidence({
  each: { number, cause, lateFrom, lateUntil },
  mayDecide,
}: {
  each: Pick<CaseRow, "number" | "cause" | "lateFrom" | "lateUntil">
  mayDecide: boolean
}) {
  const minute = useTick((now) =>
    lateFrom === null ? 0 : Math.floor(((msOf(lateUntil) ?? now) - Date.parse(lateFrom)) / 60_000),
  )
  const { data, error, refetch } = useEvidence(number, minute)
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  return data ? <Inside each={data} cause={cause} mayDecide={mayDecide} /> : <Skeleton rows={4} />
}

type InsideProps = { each: EvidenceOfCase; cause: string | null; mayDecide: boolean }

function Inside({ each, cause, mayDecide }: InsideProps) {
  const { t, language } = useWords()
  const [correcting, setCorrecting] = useState(false)
  const decide = useDecide()
  const causeName = useCauseName(language)
  const [best] = each.proposals
  const proposed = best?.name[language] ?? t("evidence.unknown")
  const name = each.state === "overruled" ? (causeName(cause) ?? proposed) : proposed
  const waits = each.state === "waiting"
  return (
    <>
      <section className="case-evidence">
        <h2>
          {t("evidence.cause", { name })}
          <span className="t3 s">
            {" "}
            {best
              ? t(`evidence.state.${each.state}`, {
                  proposed,
                  percent: best.confidence,
                  who: each.decidedBy ?? "",
                })
              : t("evidence.noEvidence")}
          </span>
        </h2>
        {each.stale && <p className="t2 s">{t("evidence.stale")}</p>}
        <ul>
          {(best?.for ?? []).map((fact) => (
            <li key={fact.signal} className="row">
              <Check size={14} />
              <span className="grow">{fact.sentence[language]}</span>
              <span className="t3 s nw">{fact.source[language]}</span>
            </li>
          ))}
          {(best?.against ?? []).map((fact) => (
            <li key={fact.signal} className="row t2">
              <Minus size={14} />
              <span className="grow">{t("evidence.against", { fact: fact.sentence[language] })}</span>
            </li>
          ))}
        </ul>
        {mayDecide && (
          <div className="row" style={{ gap: 8 }}>
            {waits && best && (
              <Button
                size="small"
                type="primary"
                loading={decide.isPending}
                onClick={() => decide.mutate({ cases: [each.case] })}
              >
                {t("evidence.confirm")}
              </Button>
            )}
            <Button size="small" onClick={() => setCorrecting(!correcting)}>
              {t("evidence.correct")}
            </Button>
            <span className="t3 s">{t("evidence.correctHint")}</span>
          </div>
        )}
        {correcting && <Correct number={each.case} onDone={() => setCorrecting(false)} />}
      </section>
      {each.split.latenessMs > 0 && <Split each={each} />}
    </>
  )
}

function Correct({ number, onDone }: { number: string; onDone: () => void }) {
  const { t, language } = useWords()
  const causes = useCauses().data
  const reasons = useReasons("overrule_cause").data ?? []
  const decide = useDecide()
  const problem = useProblem()
  const [cause, setCause] = useState<string>()
  const [reason, setReason] = useState<string>()
  const [note, setNote] = useState("")
  const needsNote = reasons.find(({ code }) => code === reason)?.needsNote ?? false
  return (
    <div className="col evidence-correct">
      <Select
        showSearch
        optionFilterProp="label"
        value={cause}
        onChange={setCause}
        placeholder={t("report.chooseCause")}
        options={(causes?.groups ?? []).map((group) => ({
          label: group.name[language],
          options: causes!.causes
            .filter((each) => each.group === group.code)
            .map(({ code, name }) => ({ value: code, label: name[language] })),
        }))}
      />
      <Select
        value={reason}
        onChange={setReason}
        placeholder={t("evidence.why")}
        options={reasons.map(({ code, label }) => ({ value: code, label: label[language] }))}
      />
      {needsNote && (
        <Input
          value={note}
          onChange={({ target }) => setNote(target.value)}
          placeholder={t("evidence.note")}
        />
      )}
      {decide.error ? <p className="evidence-error">{problem(decide.error).title}</p> : null}
      <Button
        type="primary"
        disabled={!cause || !reason || (needsNote && note.trim().length < 6)}
        loading={decide.isPending}
        onClick={() =>
          decide.mutate(
            {
              cases: [number],
              cause: cause!,
              reason: reason!,
              ...(note.trim() ? { note: note.trim() } : {}),
            },
            { onSuccess: onDone },
          )
        }
      >
        {t("evidence.correct")}
      </Button>
    </div>
  )
}

function Split({ each }: { each: EvidenceOfCase }) {
  const { t, language } = useWords()
  const { split } = each
  const longest = Math.max(...split.parts.map(({ ms }) => ms), ...split.notCounted.map(({ ms }) => ms), 1)
  return (
    <section className="case-split">
      <h2>
        {t("evidence.split")}{" "}
        <span className="t3 s">{t("evidence.splitBy", { span: saySpan(split.latenessMs) })}</span>
      </h2>
      {split.parts.map((part) => (
        <div key={`${part.stage} ${part.department} ${part.party}`}>
          <b>{whose(part, t, language)}</b>
          <span className="t2 s">{t(`report.stage.${part.stage}`)}</span>
          <i style={{ width: `${(100 * part.ms) / longest}%` }} />
          <b className="r nw">{saySpan(part.ms)}</b>
          <span className="t3 s r">{percentOf(part.ms, split)}%</span>
        </div>
      ))}
      {split.notCounted.map((held) => (
        <div key={`${held.hold} ${held.from}`}>
          <b>{t("evidence.notCounted")}</b>
          <span className="t2 s">{t(`report.hold.${held.reason}`)}</span>
          <i className="held" style={{ width: `${(100 * held.ms) / longest}%` }} />
          <b className="r nw">{saySpan(held.ms)}</b>
          <span />
        </div>
      ))}
    </section>
  )
}
