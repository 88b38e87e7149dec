import { Button } from "antd"
import { FlaskConical } from "lucide-react"
import { useState } from "react"
import { ErrorState, Skeleton } from "../marks/Blank.tsx"
import { useWho } from "../shell/who.tsx"
import { exact } from "../time/dates.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { EndTrial } from "./EndTrial.tsx"
import { useSetTrialRun, useTrialRun } from "./queries.ts"
import "./trial.css"

/** The trial run as a step of the setup path and a part of the settings: whether it is on, and how to begin or end it. */
export function TrialSwitch() {
  const { t } = useWords()
  const zone = useZone()
  const { may } = useWho()
  const trial = useTrialRun()
  const set = useSetTrialRun()
  const [ending, setEnding] = useState(false)
  if (trial.isPending) return <Skeleton rows={2} />
  if (trial.error) return <ErrorState error={trial.error} onRetry={() => void trial.refetch()} />
  const { on, since, by, until, endedBy } = trial.data
  return (
    <section className="trial-switch">
      <FlaskConical size={18} strokeWidth={1.5} />
      <div className="col grow">
        <b>{t(on ? "trial.isOn" : "trial.isOff")}</b>
        <span className="t2">{t(on ? "trial.means" : "trial.wouldMean")}</span>
        <span className="t3 s">
          {on && since
            ? t("trial.begun", { at: exact(Date.parse(since), zone), by })
            : until && t("trial.ended", { at: exact(Date.parse(until), zone), by: endedBy })}
        </span>
      </div>
      {may("act", "settings") && (
        <Button loading={set.isPending} onClick={() => (on ? setEnding(true) : set.mutate(true))}>
          {t(on ? "trial.end" : "trial.begin")}
        </Button>
      )}
      {ending && <EndTrial trial={trial.data} onClose={() => setEnding(false)} />}
    </section>
  )
}
