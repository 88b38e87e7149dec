import type { EnginePage } from "../../src/api/contract/engine.ts"
import { useNow } from "../time/now.ts"
import { useWords } from "../words/words.ts"

const windowMs = 120_000
const beatMs = 2_000
const runs = 16

/** Who does which runs of orders, and their beats of the last two minutes: a missed one is a gap. */
export function Engines({ engine }: { engine: EnginePage }) {
  const { t } = useWords()
  const now = useNow(1000)
  return (
    <section>
      <header className="row">
        <h2>{t("engine.runs.title")}</h2>
        <span className="t3 s grow">{t("engine.runs.of", { n: engine.runs.unowned })}</span>
        <span className="t3 xs wide">{t("engine.runs.beats")}</span>
      </header>
      {engine.engines.length === 0 && <p className="engine-none over">{t("engine.runs.none")}</p>}
      {engine.engines.map(({ id, alive, runs: own, beatAt, startedAt }, i) => (
        <div key={id} className={`engine-row${alive ? "" : " t3"}`}>
          <span title={id}>{t("engine.runs.name", { n: i + 1 })}</span>
          <span className="t2 s">
            {alive
              ? t("engine.runs.own", { runs: own.length, buckets: own.length * 64 })
              : t("engine.runs.dead")}
          </span>
          <Beats beats={engine.beats[id] ?? []} now={Math.max(now, Date.parse(beatAt))} />
          <span className="t2 s r">
            {t("engine.runs.ago", { s: Math.max(0, (now - Date.parse(beatAt)) / 1000).toFixed(0) })}
          </span>
          <span className="t3 s r wide">{sayAge(now - Date.parse(startedAt), t)}</span>
        </div>
      ))}
      <div className="engine-map">
        <span className="t3 s">{t("engine.runs.map")}</span>
        <div>
          {engine.engines
            .filter(({ alive }) => alive)
            .map(({ id, runs: own }) => (
              <div key={id} className="engine-line">
                {Array.from({ length: runs }, (_, run) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a run is its number
                  <i key={run} className={own.includes(run) ? "own" : ""} />
                ))}
              </div>
            ))}
        </div>
      </div>
    </section>
  )
}

function Beats({ beats, now }: { beats: readonly string[]; now: number }) {
  const from = now - windowMs
  return (
    <svg className="engine-beats" viewBox="0 0 360 12" preserveAspectRatio="none" aria-hidden="true">
      {beats.map((at) => {
        const x = ((Date.parse(at) - from) / windowMs) * 360
        const isLast = now - Date.parse(at) < beatMs * 1.5
        return x < 0 ? null : (
          <rect key={at} x={x} y="1" width="2" height="10" fill={isLast ? "var(--text)" : "var(--c-spent)"} />
        )
      })}
    </svg>
  )
}

function sayAge(ms: number, t: (key: string, values: Record<string, unknown>) => string): string {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 60) return t("engine.runs.minutes", { n: minutes })
  if (minutes < 48 * 60) return t("engine.runs.hours", { n: Math.floor(minutes / 60) })
  return t("engine.runs.days", { n: Math.floor(minutes / 1440) })
}
