import { AlarmClock, Award, Bell, Gauge, Undo2 } from "lucide-react"
import { useWords } from "../words/words.ts"

const points = [
  ["clocks", Gauge],
  ["alerts", Bell],
  ["cases", AlarmClock],
  ["scores", Award],
  ["undo", Undo2],
] as const

/** What the trial run is, drawn as the marks of the line of time, and what holds when the rest is skipped. */
export function Help() {
  const { t } = useWords()
  return (
    <>
      <h2>{t("setup.trial.title")}</h2>
      <p className="t2">{t("setup.trial.means")}</p>
      <TrialDrawing />
      <div className="points">
        {points.map(([name, Icon]) => (
          <div key={name}>
            <Icon size={15} strokeWidth={1.75} />
            <span>{t(`setup.trial.${name}`)}</span>
          </div>
        ))}
      </div>
      <div className="enough">
        <h2>{t("setup.enough.title")}</h2>
        <p className="t2">{t("setup.enough.means")}</p>
        <dl className="s">
          <dt>{t("setup.step.departments")}</dt>
          <dd>{t("setup.enough.departments")}</dd>
          <dt>{t("setup.step.people")}</dt>
          <dd>{t("setup.enough.people")}</dd>
          <dt>{t("setup.enough.limits")}</dt>
          <dd>{t("setup.enough.standards")}</dd>
          <dt>{t("setup.enough.unwatched")}</dt>
          <dd>{t("setup.enough.virtual")}</dd>
        </dl>
      </div>
    </>
  )
}

/** Thin: only operations; dashed: not yet; full: after the button. */
function TrialDrawing() {
  const { t } = useWords()
  const rows = ["watch", "alert", "score"] as const
  return (
    <svg
      viewBox="0 0 328 106"
      width="100%"
      role="img"
      aria-label={t("setup.trial.means")}
      className="trial-drawing"
    >
      <rect x="76" y="20" width="136" height="82" fill="var(--sunken)" />
      <text x="76" y="12">
        {t("setup.trial.from")}
      </text>
      <text x="328" y="12" textAnchor="end" className="tx" style={{ fontWeight: 500 }}>
        {t("setup.trial.after")}
      </text>
      {rows.map((name, i) => {
        const y = 38 + i * 24
        return (
          <g key={name}>
            <text x="0" y={y + 4} className="tx2">
              {t(`setup.trial.row.${name}`)}
            </text>
            {name === "watch" && <rect x="76" y={y - 4} width="136" height="8" fill="var(--calm-fill)" />}
            {name === "alert" && <rect x="76" y={y - 1} width="136" height="2.5" fill="var(--calm-fill)" />}
            {name === "score" && (
              <rect
                x="76.5"
                y={y - 3.5}
                width="135"
                height="7"
                fill="none"
                stroke="var(--lineStrong)"
                strokeDasharray="3 2"
              />
            )}
            <rect x="212" y={y - 4} width="116" height="8" fill="var(--calm-fill)" />
          </g>
        )
      })}
      <line x1="212" x2="212" y1="16" y2="102" stroke="var(--ink)" strokeWidth="1.5" />
    </svg>
  )
}
