import { colourOf } from "../marks/states.ts"
import type { Scale } from "./layout.ts"
import type { Lane } from "./model.ts"

const high = 10

type Props = { lane: Lane; top: number; scale: Scale; now: number; hatch: string }

/** The bar of a lane: spent, left and overrun; pauses, warnings, the last instant for asking, and the stop. */
export function LaneBar({ lane, top, scale, now, hatch }: Props) {
  const { startAt, dueAt, closedAt, state } = lane
  if (lane.proposed) return <Proposed lane={lane} top={top} scale={scale} now={now} />
  const end = closedAt ?? now
  const spentTo = dueAt === null ? end : Math.min(end, dueAt)
  const left = closedAt === null && dueAt !== null && dueAt > now
  const over = dueAt !== null && end > dueAt && state !== "cancelled"
  return (
    <g>
      <Piece scale={scale} from={startAt} to={spentTo} y={top} fill="var(--c-spent)" rx={2} />
      {left && (
        <Piece
          scale={scale}
          from={now}
          to={dueAt}
          y={top}
          fill={`var(--${colourOf(state)}-fill)`}
          rx={1}
          shift={0.75}
        />
      )}
      {over && <Piece scale={scale} from={dueAt} to={end} y={top} fill="var(--over-fill)" rx={0} />}
      {lane.pauses.map(({ from, to }) => (
        <Piece
          key={from}
          scale={scale}
          from={from}
          to={to ?? Math.max(now, from)}
          y={top - 2}
          high={high + 4}
          fill={`url(#${hatch})`}
          stroke="var(--paused-fill)"
        />
      ))}
      {lane.warnAt
        .filter((at) => scale.shows(at))
        .map((at) => (
          <path
            key={at}
            d={`M${scale.x(at)} ${top + 11.5}v5`}
            stroke={at <= end ? "var(--near-fill)" : "var(--lineStrong)"}
            strokeWidth={at <= end ? 2 : 1.5}
          />
        ))}
      {closedAt !== null && scale.shows(closedAt) && (
        <Stop lane={lane} at={closedAt} top={top} scale={scale} />
      )}
    </g>
  )
}

type PieceProps = {
  scale: Scale
  from: number
  to: number
  y: number
  high?: number
  fill: string
  stroke?: string
  rx?: number
  shift?: number
}

/** A piece of a bar, cut off where the span ends. */
function Piece({ scale, from, to, y, high: tall = high, fill, stroke, rx = 0, shift = 0 }: PieceProps) {
  const x = scale.x(Math.max(from, scale.from)) + shift
  const width = scale.x(Math.min(to, scale.to)) - x
  if (width <= 0 || to < scale.from || from > scale.to) return null
  return (
    <rect
      x={x}
      y={y}
      width={Math.max(width, 1)}
      height={tall}
      rx={rx}
      fill={fill}
      {...(stroke ? { stroke } : {})}
    />
  )
}

/** Where the clock stopped: a disc with a tick, and dotted to the flag what was saved; a ring with a stroke when it was cancelled. */
function Stop({ lane, at, top, scale }: { lane: Lane; at: number; top: number; scale: Scale }) {
  const x = scale.x(at)
  const y = top + high / 2
  if (lane.state === "cancelled")
    return (
      <>
        <circle cx={x} cy={y} r="6" fill="var(--bg)" stroke="var(--cancelled-fg)" strokeWidth="1.5" />
        <path d={`M${x - 4} ${y + 4}l8-8`} stroke="var(--cancelled-fg)" strokeWidth="1.5" />
      </>
    )
  const saved = lane.dueAt !== null && lane.dueAt > at ? Math.min(scale.right, scale.x(lane.dueAt)) : null
  return (
    <>
      {saved !== null && saved > x + 8 && (
        <path
          d={`M${x + 8} ${y}H${saved}`}
          stroke="var(--lineStrong)"
          strokeWidth="1.25"
          strokeDasharray="1.5 3"
        />
      )}
      <circle
        cx={x}
        cy={y}
        r="7"
        fill={`var(--${colourOf(lane.state)}-fg)`}
        stroke="var(--bg)"
        strokeWidth="2"
      />
      <path
        d={`m${x - 3} ${y}l2 2.2 4-4.2`}
        stroke="var(--bg)"
        strokeWidth="1.6"
        fill="none"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  )
}

/** A date that nobody accepted yet: hollow and dashed, with the last instant at which the customer may be asked. */
function Proposed({ lane, top, scale, now }: { lane: Lane; top: number; scale: Scale; now: number }) {
  const from = Math.max(scale.left, scale.x(now))
  const to = lane.dueAt === null ? from : Math.min(scale.right, scale.x(lane.dueAt))
  return (
    <>
      <rect
        x={from}
        y={top + 1}
        width={Math.max(0, to - from)}
        height="8"
        rx="2"
        fill="none"
        stroke="var(--calm-fill)"
        strokeDasharray="4 3"
        strokeWidth="1.25"
      />
      {lane.askBy !== null && scale.shows(lane.askBy) && (
        <path
          d={`M${scale.x(lane.askBy)} ${top - 4}v18`}
          stroke="var(--text2)"
          strokeWidth="1.25"
          strokeDasharray="2 2"
        />
      )}
    </>
  )
}
