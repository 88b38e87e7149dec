import type { DepartmentRow, StretchView } from "../../../src/api/contract/people.ts"
import { useNow } from "../../time/now.ts"
import { useZone } from "../../time/zone.ts"
import { useWords } from "../../words/words.ts"

const width = 372
const left = 84
const right = 150
const row = 24
const yearMs = 365.25 * 24 * 60 * 60_000

/** The departments of a person as bars over the years: grey is past, ink is now. */
export function Stretches({
  stretches,
  departments,
}: {
  stretches: readonly StretchView[]
  departments: readonly DepartmentRow[]
}) {
  const { t } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  if (stretches.length === 0) return <p className="s t3">{t("settings.person.noDepartment")}</p>
  const first = Math.min(...stretches.map(({ from }) => Date.parse(from)), now - yearMs / 2)
  const x = (at: number) => left + ((at - first) / (now - first)) * (width - left - right)
  const day = (at: string) =>
    new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short" }).format(Date.parse(at))
  const named = (id: string | null) => departments.find((each) => each.id === id)?.name ?? id
  const height = stretches.length * row + 6
  return (
    <svg viewBox={`0 0 ${width} ${height}`} width="100%" role="img" aria-label={t("settings.person.ofThen")}>
      {stretches.map(({ department, from, to }, i) => {
        const start = x(Date.parse(from))
        const end = x(to === null ? now : Math.min(now, Date.parse(to)))
        return (
          <g key={`${department} ${from}`} transform={`translate(0 ${i * row})`}>
            <text x="0" y="15" className="tx" style={{ fontSize: 12, fontWeight: 500 }}>
              {named(department)}
            </text>
            <rect
              x={start}
              y="6"
              width={Math.max(2, end - start)}
              height="10"
              rx="2"
              fill={to === null ? "var(--text2)" : "var(--c-spent)"}
            />
            <text x={width} y="15" textAnchor="end">
              {to === null
                ? t("settings.person.since", { day: day(from) })
                : t("settings.person.span", { from: day(from), to: day(to) })}
            </text>
          </g>
        )
      })}
      <line x1={x(now)} x2={x(now)} y1="0" y2={height - 4} stroke="var(--ink)" strokeWidth="1.5" />
    </svg>
  )
}
