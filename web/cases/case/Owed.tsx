import { Button } from "antd"
import type { ReactNode } from "react"
import type { CaseAct, CaseView, OwedView } from "../../../src/api/contract/cases.ts"
import { nameOf } from "../../line/of.ts"
import { Countdown } from "../../marks/Countdown.tsx"
import { markOf, msOf } from "../../marks/states.ts"
import { useWho } from "../../shell/who.tsx"
import { exact, say } from "../../time/dates.ts"
import { useNow } from "../../time/now.ts"
import { useZone } from "../../time/zone.ts"
import { useWords } from "../../words/words.ts"
import { useDepartmentName } from "../names.ts"

/** Which act answers what is owed. */
const answers: Record<string, CaseAct> = {
  assign: "assign",
  decide: "assign",
  analyse: "analyse",
  plan: "plan",
  replan: "plan",
  tell: "told",
  resolve: "resolve",
  report: "report",
  archive: "archive",
}

/** What is owed now, by whom and until when, with one big button for it; what comes after. */
export function Owed({
  each,
  onAct,
  children,
}: {
  each: CaseView
  onAct(act: CaseAct): void
  children?: ReactNode
}) {
  const { t } = useWords()
  const { me } = useWho()
  const [first, ...rest] = each.owedList
  return (
    <aside className="case-right">
      {first ? (
        <First each={each} owed={first} mine={first.person?.id === me.person.id} onAct={onAct} />
      ) : (
        <section>
          <h2>{t(each.state === "withdrawn" ? "case.step.withdrawn" : "case.done")}</h2>
          <p className="t2">{t("case.doneMeans")}</p>
        </section>
      )}
      <Next each={each} rest={rest} />
      {children}
    </aside>
  )
}

function First({
  each,
  owed,
  mine,
  onAct,
}: {
  each: CaseView
  owed: OwedView
  mine: boolean
  onAct(act: CaseAct): void
}) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const departmentName = useDepartmentName()
  const holder = [departmentName(owed.department), owed.person?.name].filter(Boolean).join(" ")
  const fitting = answers[owed.what]
  const legal = each.acts.find(({ act }) => act === fitting) ?? each.acts[0]
  const dueAt = msOf(owed.dueAt)
  return (
    <section>
      <p className="row s t2">
        <b>{t(mine ? "case.turn.you" : "case.turn.other")}</b>
        <span className="el">{holder}</span>
      </p>
      {dueAt !== null && (
        <Countdown state={owed.state === "running" ? "calm" : owed.state} dueAt={dueAt} size="hero" />
      )}
      <p>
        <b>{t(`case.owed.${owed.what}`)}</b>
        {dueAt !== null && (
          <span title={exact(dueAt, zone)}>
            {t("case.dueAt", { at: say(dueAt, now, { language, zone }) })}
          </span>
        )}
      </p>
      {each.resolvable && (
        <p className="met s">
          {t("case.resolvable", {
            fact: t(`case.fact.${each.resolvable.fact}`),
            at: say(Date.parse(each.resolvable.at), now, { language, zone }),
          })}
        </p>
      )}
      {legal?.may ? (
        <Button type="primary" size="large" block onClick={() => onAct(legal.act)}>
          {t(`case.act.${legal.act}`)} <kbd>enter</kbd>
        </Button>
      ) : (
        <p className="t3 s">{t("case.notYours", { holder })}</p>
      )}
    </section>
  )
}

function Next({ each, rest }: { each: CaseView; rest: OwedView[] }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const clocks = (each.orderView?.clocks ?? []).filter(
    ({ state, observed }) => state !== "closed" && observed,
  )
  if (rest.length + clocks.length === 0) return null
  return (
    <section>
      <h2>{t("case.next")}</h2>
      {rest.map((owed) => (
        <div className="case-owed" key={`${owed.what} ${owed.round}`}>
          <span className="el">
            {t(`case.owed.${owed.what}`)}{" "}
            {owed.dueAt && (
              <span className="t3 s">{say(Date.parse(owed.dueAt), now, { language, zone })}</span>
            )}
          </span>
          <Countdown state={owed.state === "running" ? "calm" : owed.state} dueAt={msOf(owed.dueAt)} />
        </div>
      ))}
      {clocks.map((clock) => (
        <div className="case-owed" key={`${clock.kind} ${clock.basis} ${clock.round}`}>
          <span className="el">
            {nameOf(t, clock)}{" "}
            {clock.dueAt && (
              <span className="t3 s">{say(Date.parse(clock.dueAt), now, { language, zone })}</span>
            )}
          </span>
          <Countdown state={markOf(clock)} dueAt={msOf(clock.dueAt)} />
        </div>
      ))}
    </section>
  )
}
