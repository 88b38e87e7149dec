import { useEffect, useRef, useState } from "react"
import type { IncidentView } from "../../../src/api/contract/incidents.ts"
import { say, sayTime } from "../../time/dates.ts"
import { useNow } from "../../time/now.ts"
import { useZone } from "../../time/zone.ts"
import { useWords } from "../../words/words.ts"

const high = 76
const base = 44
const hourMs = 3_600_000

/** One lane for all orders: from now to the first deadline what is left, a flag for each deadline, dashed the date that was given; above it how many miss it. */
export function Deadlines({ each }: { each: IncidentView }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    if (!box.current) return
    const seen = new ResizeObserver(([entry]) => setWidth(entry!.contentRect.width))
    seen.observe(box.current)
    return () => seen.disconnect()
  }, [])
  const eta = each.etaAt === null ? null : Date.parse(each.etaAt)
  const dues = each.deadlines.at.map((at) => Date.parse(at))
  if (dues.length === 0) return null
  const told = { language, zone }
  const [first, last] = [dues[0]!, dues.at(-1)!]
  const [from, to] = [now - hourMs, Math.max(last, eta ?? 0) + 2 * hourMs]
  const x = (at: number) => ((at - from) / (to - from)) * width
  const flags = (some: readonly number[]) =>
    some.map((at) => `M${x(at)} ${base + 12}V${base - 10}h5l-2 3 2 3h-5`).join("")
  const name = eta === null ? "" : say(eta, now, told)
  return (
    <section className="incident-line" ref={box}>
      <header className="row case-section">
        <h2>{t("incident.line.title", { n: dues.length.toLocaleString("en") })}</h2>
        <span className="t3 s el">
          {eta === null
            ? t("incident.line.noDate", { at: say(first, now, told) })
            : each.deadlines.missed === 0
              ? t("incident.line.kept", { at: name })
              : t("incident.line.missed", { at: name, n: each.deadlines.missed.toLocaleString("en") })}
        </span>
      </header>
      {width > 0 && (
        <svg width={width} height={high} role="img" aria-label={t("incident.line.title", { n: dues.length })}>
          <rect x={0} y={base} width={x(now)} height={10} rx={2} fill="var(--c-spent)" />
          <rect
            x={x(now)}
            y={base}
            width={Math.max(0, x(Math.min(first, to)) - x(now))}
            height={10}
            fill={first - now < 4 * hourMs ? "var(--near-fill)" : "var(--calm-fill)"}
          />
          <path d={flags(dues.filter((at) => at >= (eta ?? 0)))} fill="none" stroke="var(--calm-fg)" />
          <path d={flags(dues.filter((at) => at < (eta ?? 0)))} fill="none" stroke="var(--near-fg)" />
          <line x1={x(now)} x2={x(now)} y1={16} y2={high} stroke="var(--ink)" strokeWidth={1.5} />
          <text x={Math.max(0, x(now) - 16)} y={11} className="tx" fontSize={11} fontWeight={600}>
            {sayTime(now, told)}
          </text>
          {eta !== null && eta > from && (
            <g>
              <line
                x1={x(eta)}
                x2={x(eta)}
                y1={20}
                y2={high - 4}
                stroke="var(--text2)"
                strokeDasharray="3 3"
                strokeWidth={1.5}
              />
              <text
                x={x(eta) > width - 90 ? x(eta) - 6 : x(eta) + 6}
                y={27}
                textAnchor={x(eta) > width - 90 ? "end" : "start"}
                className="tx"
                fontSize={11}
                fontWeight={600}
              >
                {name}
              </text>
            </g>
          )}
          <text
            x={Math.min(x(first), width - 4)}
            y={high - 4}
            textAnchor={x(first) > width / 2 ? "end" : "start"}
            fontSize={11}
            fill="var(--text3)"
          >
            {first === last
              ? say(first, now, told)
              : t("incident.line.span", { from: say(first, now, told), to: say(last, now, told) })}
          </text>
        </svg>
      )}
    </section>
  )
}
