import { Backups } from "../backups/Backups.tsx"
import { Doctor } from "../doctor/Doctor.tsx"
import { ErrorState, Skeleton } from "../marks/Blank.tsx"
import { PageHead } from "../marks/PageHead.tsx"
import { sayTime } from "../time/dates.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { Engines } from "./Engines.tsx"
import { Figures } from "./Figures.tsx"
import { LagChart } from "./LagChart.tsx"
import { useEngine } from "./queries.ts"
import { SelfCheck } from "./SelfCheck.tsx"
import { Stuck } from "./Stuck.tsx"
import { Waiting } from "./Waiting.tsx"
import "./engine.css"

/** The engine's page: that nothing due was left alone, how fast it is, who does what, what waits; backups and the doctor beside it. */
export default function EnginePage() {
  const { t, language } = useWords()
  const zone = useZone()
  const { data: engine, error, isPending, refetch } = useEngine()
  const isWell = engine?.dueUnfired === 0 && engine.runs.unowned === 0
  return (
    <div className="engine">
      <PageHead
        title={t("engine.title")}
        aside={
          engine &&
          `${t(isWell ? "engine.well" : "engine.unwell")} · ${sayTime(Date.parse(engine.asOf), { language, zone })}`
        }
      />
      {isPending ? (
        <Skeleton rows={8} />
      ) : engine === undefined ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <>
          <Figures engine={engine} />
          <div className="engine-body">
            <div className="engine-main">
              {engine.stuckOrders.length > 0 && <Stuck orders={engine.stuckOrders} />}
              <LagChart engine={engine} />
              <Engines engine={engine} />
              <SelfCheck engine={engine} />
            </div>
            <div className="engine-side">
              <Waiting engine={engine} />
              <Backups />
              <Doctor />
            </div>
          </div>
        </>
      )}
    </div>
  )
}
