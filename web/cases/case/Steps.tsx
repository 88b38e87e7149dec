import { Check } from "lucide-react"
import type { CaseState, CaseView } from "../../../src/api/contract/cases.ts"
import { sayShort } from "../../time/dates.ts"
import { useNow } from "../../time/now.ts"
import { useZone } from "../../time/zone.ts"
import { useWords } from "../../words/words.ts"

/** The way of a case: each step with the entries of its log that complete it, and the state behind it. */
const steps: { step: string; done: string[]; state: CaseState }[] = [
  { step: "open", done: ["opened"], state: "open" },
  { step: "assign", done: ["assign", "take", "hand_on"], state: "assigned" },
  { step: "analyse", done: ["analyse"], state: "analysed" },
  { step: "plan", done: ["plan"], state: "planned" },
  { step: "resolve", done: ["resolve"], state: "resolved" },
  { step: "report", done: ["report"], state: "reported" },
  { step: "archive", done: ["archive", "withdrawn"], state: "archived" },
]

/** How far a case is: done with their instants, the one at hand, and those to come. */
export function Steps({ each }: { each: CaseView }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const reached =
    each.state === "withdrawn" ? steps.length - 1 : steps.findIndex(({ state }) => state === each.state)
  return (
    <ol className="case-steps">
      {steps.map(({ step, done }, i) => {
        const last = each.log.findLast(({ what }) => done.includes(what))
        const how = i <= reached ? "done" : i === reached + 1 ? "at-hand" : "to-come"
        return (
          <li key={step} className={how} aria-current={how === "at-hand" ? "step" : undefined}>
            <span className="dot">{how === "done" && <Check size={10} strokeWidth={3} />}</span>
            <b>
              {t(
                each.state === "withdrawn" && step === "archive"
                  ? "case.step.withdrawn"
                  : `case.step.${step}`,
              )}
            </b>
            {how === "done" && last && (
              <span className="s t3">{sayShort(Date.parse(last.at), now, { language, zone })}</span>
            )}
          </li>
        )
      })}
    </ol>
  )
}
