import { FlaskConical } from "lucide-react"
import { useState } from "react"
import { useWho } from "../shell/who.tsx"
import { useWords } from "../words/words.ts"
import { EndTrial } from "./EndTrial.tsx"
import { useTrialRun } from "./queries.ts"
import "./trial.css"

/** A quiet line above every page while the trial run is on, with its end for those who may end it. */
export function TrialBanner() {
  const { t } = useWords()
  const { may } = useWho()
  const { data } = useTrialRun()
  const [ending, setEnding] = useState(false)
  if (!data?.on) return null
  return (
    <aside className="trial-banner">
      <FlaskConical size={14} strokeWidth={1.75} />
      <b>{t("trial.name")}</b>
      <span className="t2 grow">{t("trial.means")}</span>
      {may("act", "settings") && (
        <button type="button" className="link" onClick={() => setEnding(true)}>
          {t("trial.end")}
        </button>
      )}
      {ending && <EndTrial trial={data} onClose={() => setEnding(false)} />}
    </aside>
  )
}
