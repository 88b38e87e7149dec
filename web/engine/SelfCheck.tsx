import type { EnginePage } from "../../src/api/contract/engine.ts"
import { sayTime } from "../time/dates.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"

/** What the engine finds when it checks itself: all of it should be nothing. */
export function SelfCheck({ engine }: { engine: EnginePage }) {
  const { t, language } = useWords()
  const zone = useZone()
  const { sweep, recount, dueUnfired, openClocks } = engine
  const n = (count: number) => count.toLocaleString("en")
  const figures: [string, number | null, string][] = [
    ["differing", sweep && sweep.differing.length, t("engine.self.orders", { n: n(sweep?.orders ?? 0) })],
    ["due", dueUnfired, t("engine.self.clocks", { n: n(openClocks) })],
    [
      "miscounted",
      recount && recount.miscounted.length,
      recount ? t("engine.self.cells", { n: n(recount.cells) }) : t("engine.self.uncounted"),
    ],
  ]
  return (
    <section>
      <header className="row">
        <h2>{t("engine.self.title")}</h2>
        <span className="t3 s">
          {sweep
            ? t("engine.self.at", { at: sayTime(Date.parse(sweep.at), { language, zone }) })
            : t("engine.self.never")}
        </span>
      </header>
      <div className="engine-self">
        {figures.map(([what, count, of]) => (
          <div key={what}>
            <b className={count ? "over" : ""}>{count === null ? "–" : n(count)}</b>
            <span>{t(`engine.self.${what}`)}</span>
            <span className="t3 s">{of}</span>
          </div>
        ))}
      </div>
      {[...(sweep?.differing ?? []), ...(recount?.miscounted ?? [])].slice(0, 5).map((each) => (
        <code key={each} className="s t2">
          {each}
        </code>
      ))}
    </section>
  )
}
