import type { EnginePage } from "../../src/api/contract/engine.ts"
import { StateIcon } from "../marks/StateIcon.tsx"
import { sayTime } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { lagCounts, sayLag } from "./lag.ts"

/** Five figures: due and not acted on, the lag, what fired today, what runs, what comes next. */
export function Figures({ engine }: { engine: EnginePage }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(1000)
  const { dueUnfired, lagMs, today, openClocks, paused, unconfirmed, nextAt } = engine
  const isNew = lagCounts(engine.engines, engine.lagBoundsMs).every((count) => count === 0)
  const lag = (ms: number) => (isNew ? "–" : sayLag(ms))
  const n = (count: number) => count.toLocaleString("en")
  const next = nextAt === null ? null : Date.parse(nextAt)
  return (
    <div className="engine-figures">
      <div>
        <div className={`engine-hero${dueUnfired > 0 ? " over" : ""}`}>
          <StateIcon state={dueUnfired > 0 ? "over" : "met"} size={26} />
          {n(dueUnfired)}
        </div>
        <p>
          <b>{t("engine.due")}</b> <span className="t3">{t("engine.dueEvery")}</span>
        </p>
      </div>
      <div>
        <b>{lag(lagMs.p50)}</b>
        <span className="t3 s">{t("engine.lagHalf")}</span>
        <span className="t2 s">{t("engine.lagMost", { p99: lag(lagMs.p99), max: lag(lagMs.max) })}</span>
      </div>
      <div>
        <b>{n(today.warnings + today.breaches)}</b>
        <span className="t3 s">{t("engine.today")}</span>
        <span className="t2 s">
          {t("engine.todayOf", { warnings: n(today.warnings), breaches: n(today.breaches) })}
        </span>
      </div>
      <div>
        <b>{n(openClocks)}</b>
        <span className="t3 s">{t("engine.open")}</span>
        <span className="t2 s">{t("engine.openOf", { paused: n(paused), unconfirmed: n(unconfirmed) })}</span>
      </div>
      <div>
        <b>{next === null ? "–" : sayTime(next, { language, zone })}</b>
        <span className="t3 s">{t("engine.next")}</span>
        <span className="t2 s">
          {next === null
            ? t("engine.nextNone")
            : t("engine.nextIn", { s: n(Math.max(0, Math.round((next - now) / 1000))) })}
        </span>
      </div>
    </div>
  )
}
