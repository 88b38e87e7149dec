import { colourOf } from "../marks/states.ts"
import { countdown, stopped } from "../time/countdown.ts"
import { exact, sayShort, type Told } from "../time/dates.ts"
import { useTick } from "../time/now.ts"
import { useWords } from "../words/words.ts"
import { LaneBar } from "./LaneBar.tsx"
import type { Hint } from "./LineOfTime.tsx"
import { type Scale, textWidth } from "./layout.ts"
import type { Lane } from "./model.ts"

type Props = {
  lane: Lane
  top: number
  scale: Scale
  width: number
  now: number
  told: Told
  narrow: boolean
  hatch: string
  onHint: (hint: Hint | null) => void
  onPress: (() => void) | undefined
}

/** One clock: its name and one plain line at the left, the bar, the countdown and the state's word at the right; on a phone those stand above the bar. */
export function LaneRow({ lane, top, scale, width, now, told, narrow, hatch, onHint, onPress }: Props) {
  const { t } = useWords()
  const figure = useFigure(lane, told)
  const bar = top + (narrow ? 33 : 17)
  const text = top + (narrow ? 15 : 19)
  const fg = lane.proposed ? "var(--text2)" : `var(--${colourOf(lane.state)}-fg)`
  const weight = lane.binding ? 600 : 500
  const lines = [
    `${lane.name}, ${lane.word}`,
    ...(lane.dueAt === null ? [] : [t("marks.dueAt", { at: exact(lane.dueAt, told.zone) })]),
    ...(lane.movedWhy ? [lane.movedWhy] : []),
    ...lane.pauses.map(
      ({ from, to, why }) =>
        `${why}: ${exact(from, told.zone)} – ${to === null ? "…" : exact(to, told.zone)}`,
    ),
  ]
  const show = () =>
    onHint({
      x:
        lane.dueAt === null ? scale.x(now) : Math.min(scale.right, Math.max(scale.left, scale.x(lane.dueAt))),
      y: bar + 16,
      lines,
    })
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button cannot stand inside a drawing
    <g
      data-mark=""
      role="button"
      tabIndex={0}
      aria-label={[...lines, figure].join("; ")}
      onPointerEnter={show}
      onPointerLeave={() => onHint(null)}
      onFocus={show}
      onBlur={() => onHint(null)}
      onClick={onPress}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !onPress) return
        event.preventDefault()
        event.stopPropagation()
        onPress()
      }}
      style={onPress ? { cursor: "pointer" } : {}}
    >
      <rect x="0" y={top} width={width} height={narrow ? 56 : 43} fill="transparent" />
      <line x1="0" x2={width} y1={top + 0.5} y2={top + 0.5} stroke="var(--line2)" />
      <LaneBar lane={lane} top={bar} scale={scale} now={now} hatch={hatch} />
      <Flag lane={lane} top={bar} scale={scale} now={now} told={told} narrow={narrow} />
      <text x="0" y={text} className="tx" style={{ fontSize: 13, fontWeight: weight }}>
        {lane.name}
      </text>
      <text
        x={narrow ? textWidth(lane.name, 13) + 14 : 0}
        y={narrow ? text : text + 15}
        className="lane-note"
      >
        {lane.note}
      </text>
      <text x={width} y={text} textAnchor="end" className="lane-figure" style={{ fill: fg }}>
        {figure}
      </text>
      {!narrow && (
        <text x={width} y={text + 15} textAnchor="end" style={{ fill: lane.proposed ? "var(--text3)" : fg }}>
          {lane.word}
        </text>
      )}
    </g>
  )
}

/** The figure at the right end: counting, standing still, or how it ended. */
function useFigure(lane: Lane, told: Told): string {
  return useTick((now) => {
    if (lane.figure !== null) return lane.figure
    if (lane.dueAt === null) return "–"
    return lane.closedAt === null
      ? countdown(lane.dueAt - now)
      : stopped(lane.dueAt - lane.closedAt, told.language)
  })
}

const pennant = "h12l-3.2 4.5 3.2 4.5h-12Z"

/** The due instant: solid for an overrun and for the one to keep, outline for the others, dashed for a proposal. */
function Flag({
  lane,
  top,
  scale,
  now,
  told,
  narrow,
}: {
  lane: Lane
  top: number
  scale: Scale
  now: number
  told: Told
  narrow: boolean
}) {
  const { dueAt, movedFrom } = lane
  if (dueAt === null) return null
  const fg = lane.proposed ? "var(--text2)" : `var(--${colourOf(lane.state)}-fg)`
  const solid = !lane.proposed && (lane.state === "over" || lane.binding)
  const dash = lane.proposed ? "2.5 2" : undefined
  const text = sayShort(dueAt, now, told)
  const x = scale.x(dueAt)
  const wide = textWidth(text)
  const nowX = scale.x(now)
  const crossesNow = narrow && nowX > x && nowX < x + 18 + wide
  const atEdge = x + 16 + wide > scale.right + (narrow ? 0 : 24)
  const labelled = lane.closedAt === null || lane.state === "met"
  const foot = top + 14
  const head = top - 11
  return (
    <g>
      {movedFrom !== null && scale.shows(movedFrom) && (
        <g opacity="0.4">
          <path
            d={`M${scale.x(movedFrom)} ${foot}V${head}${pennant}`}
            fill="var(--bg)"
            stroke={fg}
            strokeWidth="1.25"
            strokeLinejoin="round"
          />
          <path d={arc(scale.x(movedFrom), x, head - 1)} fill="none" stroke={fg} strokeWidth="1" />
        </g>
      )}
      {scale.shows(dueAt) && (
        <>
          <path d={`M${x} ${foot}V${head}`} stroke={fg} strokeWidth="1.5" strokeDasharray={dash} />
          <path
            d={`M${x} ${head}${pennant}`}
            fill={solid ? fg : "var(--bg)"}
            stroke={fg}
            strokeWidth="1.25"
            strokeLinejoin="round"
            strokeDasharray={dash}
          />
          {labelled && (
            <text
              x={crossesNow || atEdge ? x - 6 : x + 16}
              y={top - 3.5}
              textAnchor={crossesNow || atEdge ? "end" : "start"}
              style={{ fill: fg }}
            >
              {text}
            </text>
          )}
        </>
      )}
    </g>
  )
}

function arc(from: number, to: number, y: number): string {
  const rise = Math.min(10, Math.abs(to - from) / 4)
  return `M${from} ${y}Q${(from + to) / 2} ${y - rise} ${to} ${y}`
}
