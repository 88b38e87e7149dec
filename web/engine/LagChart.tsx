import { type RefObject, useEffect, useRef, useState } from "react"
import type { EnginePage } from "../../src/api/contract/engine.ts"
import { useWords } from "../words/words.ts"
import { lagCounts, sayLag } from "./lag.ts"

const size = { height: 236, left: 44, top: 22, bottom: 24 }
/** Room that a label needs, px. */
const labelWidth = 46
/** A breach takes effect within a second while its engine lives (ENGINE §1). */
const promisedMs = 1_000

/** How long after its due a breach took effect, since the engines started: a bar a bound, the promise as a line. */
export function LagChart({ engine }: { engine: EnginePage }) {
  const { t } = useWords()
  const [frame, width] = useWidth(668)
  const { lagBoundsMs: bounds, engines } = engine
  const counts = lagCounts(engines, bounds)
  const total = counts.reduce((n, each) => n + each, 0)
  const within = counts.slice(0, bounds.indexOf(promisedMs) + 1).reduce((n, each) => n + each, 0)
  const most = Math.max(1, ...counts)
  const ticks = total === 0 ? [0] : [...new Set([0, Math.round(most / 2), most])]
  const base = size.height - size.bottom
  const step = (width - size.left) / counts.length
  const every = Math.ceil(labelWidth / step)
  const promised = bounds.indexOf(promisedMs)
  const x = (i: number) => size.left + i * step
  const y = (n: number) => base - ((base - size.top) * n) / most
  const promiseX = x(promised + 1)
  return (
    <section>
      <header className="row">
        <h2>{t("engine.lag.title")}</h2>
        <span className="t3 s grow">
          {total === 0
            ? t("engine.lag.none")
            : t("engine.lag.share", {
                n: total.toLocaleString("en"),
                share: ((within / total) * 100).toFixed(within === total ? 0 : 1),
              })}
        </span>
      </header>
      <svg ref={frame} className="engine-lag" viewBox={`0 0 ${width} ${size.height}`} role="img">
        <title>{t("engine.lag.title")}</title>
        {ticks.map((n) => (
          <g key={n}>
            <line x1={size.left} x2={width} y1={y(n)} y2={y(n)} stroke="var(--c-grid)" />
            <text x={size.left - 8} y={y(n) + 4} textAnchor="end">
              {n.toLocaleString("en")}
            </text>
          </g>
        ))}
        {counts.map((n, i) => (
          <g key={bounds[i] ?? "later"}>
            {n > 0 && (
              <rect
                x={x(i) + 1}
                y={Math.min(y(n), base - 1.5)}
                width={step - 2}
                height={Math.max(1.5, base - y(n))}
                rx="1"
                fill={i > promised ? "var(--over-fill)" : "var(--calm-fill)"}
              >
                <title>{n.toLocaleString("en")}</title>
              </rect>
            )}
            {bounds[i] !== undefined && (promised - i) % every === 0 && (
              <text x={x(i + 1)} y={size.height - 6} textAnchor="middle">
                {sayBound(bounds[i])}
              </text>
            )}
          </g>
        ))}
        <line
          x1={promiseX}
          x2={promiseX}
          y1={size.top - 10}
          y2={base}
          stroke="var(--text)"
          strokeDasharray="4 3"
        />
        <text x={promiseX + 6} y={size.top - 2} className="tx">
          {t("engine.lag.promise")}
        </text>
      </svg>
    </section>
  )
}

/** How wide an element is drawn, so that what is written in it keeps its size on every screen. */
function useWidth(otherwise: number): [RefObject<SVGSVGElement | null>, number] {
  const frame = useRef<SVGSVGElement>(null)
  const [width, setWidth] = useState(otherwise)
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => setWidth(Math.round(entry!.contentRect.width) || otherwise))
    if (frame.current) watch.observe(frame.current)
    return () => watch.disconnect()
  }, [otherwise])
  return [frame, width]
}

const sayBound = (ms: number): string => (ms >= 100 && ms < 60_000 ? `${ms / 1000} s` : sayLag(ms))
