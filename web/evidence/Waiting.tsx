import { Button } from "antd"
import { CheckCheck } from "lucide-react"
import { Link } from "react-router"
import { runsOperations } from "../../src/core/cases.ts"
import { EmptyState, ErrorState, Skeleton, useProblem } from "../marks/Blank.tsx"
import { useWho } from "../shell/who.tsx"
import { useWords } from "../words/words.ts"
import { useDecide, useProposals } from "./queries.ts"

/** What waits for operations, a row a cause: one press confirms all that share it. Below, what incidents are gathered from. */
export function Waiting() {
  const { t, language } = useWords()
  const { me } = useWho()
  const { data, error, refetch } = useProposals()
  const decide = useDecide()
  const problem = useProblem()
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton rows={6} />
  return (
    <>
      <section>
        <h2>{t("evidence.waiting")}</h2>
        {data.waiting.length === 0 && <EmptyState icon={CheckCheck} title={t("evidence.nothingWaits")} />}
        {data.waiting.map(({ cause, name, cases, least, most }) => (
          <div key={cause ?? "none"} className="row evidence-row">
            <b className="evidence-name">{name[language]}</b>
            <span className="t2 grow">
              {cause === null
                ? t("evidence.noEvidence")
                : t("evidence.confidence", { range: least === most ? most : `${least}–${most}` })}
            </span>
            <Link to={`/cases?proposed=${cause ?? "none"}`} className="s">
              {t("evidence.cases", { count: cases })}
            </Link>
            {cause !== null && runsOperations(me) && (
              <Button
                size="small"
                loading={decide.isPending && decide.variables?.waitingFor === cause}
                onClick={() => decide.mutate({ waitingFor: cause })}
              >
                {t("evidence.confirmAll", { count: cases })}
              </Button>
            )}
          </div>
        ))}
        {decide.error ? <p className="evidence-error">{problem(decide.error).title}</p> : null}
        {decide.data && <p className="t2 s">{t("evidence.confirmed", { count: decide.data.decided })}</p>}
      </section>
      {data.groups.length > 0 && (
        <section>
          <h2>{t("evidence.groups")}</h2>
          {data.groups.map((group) => (
            <div key={`${group.cause} ${group.kind} ${group.value}`} className="row evidence-row">
              <b className="evidence-name">{group.name[language]}</b>
              <span className="t2 grow el">
                {t(`evidence.kind.${group.kind}`)} {group.kind === "outage" ? "" : group.value}
              </span>
              <span>{t("evidence.cases", { count: group.cases })}</span>
            </div>
          ))}
        </section>
      )}
    </>
  )
}
