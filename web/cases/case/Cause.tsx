import { Button } from "antd"
import { Check, Minus } from "lucide-react"
import type { CaseView } from "../../../src/api/contract/cases.ts"
import type { FactView } from "../../../src/api/contract/causes.ts"
import { Skeleton } from "../../marks/Blank.tsx"
import { say } from "../../time/dates.ts"
import { useNow } from "../../time/now.ts"
import { useZone } from "../../time/zone.ts"
import { useWords } from "../../words/words.ts"
import { useCauseName, useDecide, useEvidence } from "../queries.ts"

/** The likely cause with the facts for and against it: agreed with in one press, or corrected with a reason. */
export function Cause({ each, onCorrect }: { each: CaseView; onCorrect: (() => void) | undefined }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const causeName = useCauseName(language)
  const { data, isPending } = useEvidence(each.number)
  const decide = useDecide()
  const first = data?.proposals[0]
  const waiting = data?.state === "waiting" && first !== undefined
  const name = causeName(each.cause) ?? first?.name[language]
  return (
    <section>
      <header className="row case-section">
        <h2>{name ? t("case.cause.title", { name }) : t("case.cause.none")}</h2>
        {data && first && (
          <span className="t3 s el">
            {t(`case.cause.${data.state}`, {
              percent: first.confidence,
              by: data.decidedBy ?? "",
              at: data.decidedAt ? say(Date.parse(data.decidedAt), now, { language, zone }) : "",
            })}
          </span>
        )}
      </header>
      {isPending && <Skeleton rows={3} height={28} widths={[220]} />}
      {first?.for.map((fact) => (
        <Fact key={fact.signal} fact={fact} />
      ))}
      {first?.against.map((fact) => (
        <Fact key={fact.signal} fact={fact} against />
      ))}
      {data && !first && <p className="t3 s">{t("case.cause.noFacts")}</p>}
      {data?.stale && <p className="near s">{t("case.cause.stale")}</p>}
      {(waiting || onCorrect) && (
        <div className="row case-cause-acts">
          {waiting && onCorrect && (
            <Button
              size="small"
              icon={<Check size={14} />}
              loading={decide.isPending}
              onClick={() => decide.mutate({ cases: [each.number] })}
            >
              {t("case.cause.agree")}
            </Button>
          )}
          {onCorrect && (
            <Button size="small" onClick={onCorrect}>
              {t(name ? "case.cause.correct" : "case.cause.give")}
            </Button>
          )}
          <span className="t3 s el">{t("case.cause.means")}</span>
        </div>
      )}
      {(data?.proposals.length ?? 0) > 1 && (
        <p className="t3 s">
          {t("case.cause.others", {
            list: data!.proposals
              .slice(1, 4)
              .map((other) => `${other.name[language]} ${other.confidence}%`)
              .join(language === "en" ? ", " : "、"),
          })}
        </p>
      )}
    </section>
  )
}

function Fact({ fact, against = false }: { fact: FactView; against?: boolean }) {
  const { t, language } = useWords()
  return (
    <div className="case-fact">
      {against ? <Minus size={14} aria-label={t("case.cause.against")} /> : <Check size={14} />}
      <span title={fact.sentence[language]}>{fact.sentence[language]}</span>
      <span className="t3 s nw">{fact.source[language]}</span>
    </div>
  )
}
