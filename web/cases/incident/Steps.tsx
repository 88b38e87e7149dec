import { Check } from "lucide-react"
import type { CaseState } from "../../../src/api/contract/cases.ts"
import type { IncidentView } from "../../../src/api/contract/incidents.ts"
import { useWords } from "../../words/words.ts"

const order: readonly CaseState[] = [
  "open",
  "assigned",
  "analysed",
  "planned",
  "resolved",
  "reported",
  "archived",
]
/** The steps of an incident, with the state of a case that has passed it. */
const steps: { step: string; from: CaseState | "told" }[] = [
  { step: "gather", from: "open" },
  { step: "assign", from: "assigned" },
  { step: "analyse", from: "analysed" },
  { step: "plan", from: "planned" },
  { step: "tell", from: "told" },
  { step: "resolve", from: "resolved" },
  { step: "report", from: "reported" },
  { step: "archive", from: "archived" },
]

/** How far an incident is: of how many cases each step is done. */
export function Steps({ each }: { each: IncidentView }) {
  const { t } = useWords()
  const counts = steps.map(({ from }) => (from === "told" ? toldOf(each) : passed(each, from)))
  const current = counts.findIndex((count) => count < each.cases)
  return (
    <ol className="case-steps">
      {steps.map(({ step }, i) => {
        const count = counts[i]!
        const how = each.cases > 0 && count >= each.cases ? "done" : i === current ? "at-hand" : "to-come"
        return (
          <li key={step} className={how} aria-current={how === "at-hand" ? "step" : undefined}>
            <span className="dot">{how === "done" && <Check size={10} strokeWidth={3} />}</span>
            <b>{t(`incident.step.${step}`)}</b>
            <span className="s t3">
              {count >= each.cases
                ? count.toLocaleString("en")
                : `${count.toLocaleString("en")}/${each.cases.toLocaleString("en")}`}
            </span>
          </li>
        )
      })}
    </ol>
  )
}

const passed = ({ byState }: IncidentView, from: CaseState): number =>
  byState
    .filter(({ state }) => state === "withdrawn" || order.indexOf(state) >= order.indexOf(from))
    .reduce((sum, { count }) => sum + count, 0)

/** Whose customers know the date that holds, or need not any more. */
const toldOf = (each: IncidentView): number =>
  each.believed
    .filter(({ etaAt }) => etaAt !== null && etaAt === each.etaAt)
    .reduce((sum, { count }) => sum + count, 0) + passed(each, "archived")
