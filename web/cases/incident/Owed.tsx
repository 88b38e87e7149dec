import { Button } from "antd"
import { Link } from "react-router"
import type { IncidentView } from "../../../src/api/contract/incidents.ts"
import { Countdown } from "../../marks/Countdown.tsx"
import { msOf } from "../../marks/states.ts"
import { exact, say } from "../../time/dates.ts"
import { useNow } from "../../time/now.ts"
import { useZone } from "../../time/zone.ts"
import { useWords } from "../../words/words.ts"
import { useDepartmentName } from "../names.ts"
import { type Act, answers } from "./turn.ts"

type Props = { each: IncidentView; next: Act | null; onAct(act: Act): void }

/** What is owed first, by whom and for how many orders, with one big button for it; below it what else is owed. */
export function Owed({ each, next, onAct }: Props) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const departmentName = useDepartmentName()
  const [first, ...rest] = each.owedList
  const holder = [
    departmentName(first?.department ?? each.department),
    first?.person?.name ?? (first ? null : each.owner?.name),
  ]
    .filter(Boolean)
    .join(" ")
  if (each.state === "archived" || each.state === "dissolved")
    return (
      <section>
        <h2>{t(`incident.state.${each.state}`)}</h2>
        <p className="t2">
          {each.mergedInto ? (
            <Link to={`/cases/incidents/${each.mergedInto}`}>
              {t("incident.mergedInto", { number: each.mergedInto })}
            </Link>
          ) : (
            t(`incident.stateMeans.${each.state}`)
          )}
        </p>
      </section>
    )
  const dueAt = msOf(first?.dueAt)
  return (
    <section>
      <p className="row s t2">
        <b>{t("case.turn.other")}</b>
        <span className="el">{holder}</span>
      </p>
      {first && dueAt !== null && (
        <Countdown state={first.state === "running" ? "calm" : first.state} dueAt={dueAt} size="hero" />
      )}
      {first && (
        <p>
          <b>{t(`case.owed.${first.what}`)}</b>
          <span className="t2">
            {t("incident.ofCases", { n: first.count.toLocaleString("en") })}
            {dueAt !== null && (
              <span title={exact(dueAt, zone)}>
                {t("case.dueAt", { at: say(dueAt, now, { language, zone }) })}
              </span>
            )}
          </span>
        </p>
      )}
      {next ? (
        <Button type="primary" size="large" block onClick={() => onAct(next)}>
          {t(`incident.act.${next}`)} <kbd>enter</kbd>
        </Button>
      ) : (
        <p className="t3 s">{t("case.notYours", { holder })}</p>
      )}
      {next && (
        <p className="t3 s">
          {forAll(each, next, t)}
          {next === "told" && t("incident.cannotUndo")}
        </p>
      )}
      {rest.map((owed) => (
        <div className="case-owed" key={owed.what}>
          <span className="el">
            {t(`case.owed.${owed.what}`)}{" "}
            <span className="t3 s">{t("incident.cases", { n: owed.count.toLocaleString("en") })}</span>
          </span>
          <Countdown state={owed.state === "running" ? "calm" : owed.state} dueAt={msOf(owed.dueAt)} />
        </div>
      ))}
    </section>
  )
}

/** For how many orders an act holds, and how many of them wait for it: where others are further on, the two differ. */
function forAll(
  { cases, exempt, owedList }: IncidentView,
  next: Act,
  t: (key: string, values: Record<string, unknown>) => string,
): string {
  const n = cases - exempt
  const owing = owedList.find(({ what }) => answers[what] === next)?.count ?? n
  const values = { n: n.toLocaleString("en"), owing: owing.toLocaleString("en") }
  return t(owing === n ? "incident.forAll" : "incident.forAllOf", values)
}
