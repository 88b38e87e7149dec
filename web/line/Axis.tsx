import { sayDate, sayTime, sayWeekday, type Told } from "../time/dates.ts"
import { dayLabels, gridOf, type Scale, textWidth } from "./layout.ts"

const pillWidth = 38
const axisHigh = 22

type Props = { scale: Scale; now: number; height: number; width: number; told: Told; narrow: boolean }

/** Midnights over the full height, ticks of six hours, and now: an ink line with its pill. */
export function Axis({ scale, now, height, width, told, narrow }: Props) {
  const { midnights, ticks } = gridOf(scale, told.zone)
  const x = scale.x(now)
  const shows = scale.shows(now)
  const pillX = Math.max(0, Math.min(width - pillWidth, x - pillWidth / 2))
  const nameOf = (at: number, text: "full" | "short") => {
    if (narrow)
      return text === "short" || sayDate(at, now, told) === sayDate(now, now, told)
        ? dayOrWeekday(at, now, told)
        : sayWeekday(at, told)
    const day = capital(sayDate(at, now, told))
    if (text === "short") return day
    return told.language === "en"
      ? /^\d/.test(day)
        ? `${sayWeekday(at, told)} ${day}`
        : day
      : `${day} ${sayWeekday(at, told)}`
  }
  const labels = dayLabels(midnights, scale, {
    now,
    zone: told.zone,
    pill: shows ? [pillX, pillX + pillWidth] : [-100, -100],
    width: (at, text) => textWidth(nameOf(at, text)) + 2,
  })
  return (
    <g>
      {midnights.map((at) => (
        <line key={at} x1={scale.x(at)} x2={scale.x(at)} y1="4" y2={height - 4} stroke="var(--line)" />
      ))}
      {ticks.map((at) => (
        <line
          key={at}
          x1={scale.x(at)}
          x2={scale.x(at)}
          y1={axisHigh - 4}
          y2={axisHigh}
          stroke="var(--lineStrong)"
        />
      ))}
      <line x1={scale.left} x2={scale.right} y1={axisHigh} y2={axisHigh} stroke="var(--line)" />
      {labels.map(({ at, x: labelX, text, today }) => (
        <text
          key={at}
          x={labelX}
          y="14"
          className={today ? "tx" : ""}
          style={today ? { fontWeight: 600 } : {}}
        >
          {nameOf(at, text)}
        </text>
      ))}
      {shows && (
        <>
          <line x1={x} x2={x} y1="20" y2={height - 4} stroke="var(--ink)" strokeWidth="1.5" />
          <rect x={pillX} y="2" width={pillWidth} height="17" rx="4" fill="var(--ink)" />
          <text
            x={pillX + pillWidth / 2}
            y="14"
            textAnchor="middle"
            style={{ fill: "var(--onInk)", fontWeight: 600 }}
          >
            {sayTime(now, told)}
          </text>
        </>
      )}
    </g>
  )
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

function dayOrWeekday(at: number, now: number, told: Told): string {
  const day = sayDate(at, now, told)
  return /\d/.test(day) ? sayWeekday(at, told) : capital(day)
}
