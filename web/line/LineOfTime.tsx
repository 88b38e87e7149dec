import { type KeyboardEvent, useId, useRef, useState } from "react"
import tokens from "../look/tokens.json"
import { useWidth } from "../marks/VirtualTable.tsx"
import { useKeys } from "../shell/keys.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { Axis } from "./Axis.tsx"
import { LaneRow } from "./LaneRow.tsx"
import { laneOrder, placeMarks, scaleOf, spanOf } from "./layout.ts"
import type { Lane, Mark, Span } from "./model.ts"
import { Spine } from "./Spine.tsx"
import "./line.css"

const { axis, spine, lane: laneHigh, rightCol } = tokens.line
const narrowMax = 480
const narrowLane = 56

type Props = { lanes: Lane[]; marks: Mark[]; span?: Span; onLane?: (key: string) => void; onWhy?: () => void }

/** What a pointer or the keyboard rests on. */
export type Hint = { x: number; y: number; lines: string[] }

/** The order's line of time (LOOK §6): grey is spent, colour is left, red is overrun, hatch does not count; one scale for all lanes. */
export function LineOfTime({ lanes, marks, span = "all", onLane, onWhy }: Props) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)
  const [hint, setHint] = useState<Hint | null>(null)
  const hatch = useId()
  const narrow = width > 0 && width < narrowMax
  const left = narrow ? 0 : language === "en" ? 126 : tokens.line.labelCol
  const right = narrow ? width : width - (language === "en" ? 112 : rightCol)
  const step = narrow ? narrowLane : laneHigh
  const height = axis + spine + step * lanes.length

  useKeys("line.keys", {
    "[": { does: "line.key.back", act: () => stepMark(box.current, -1) },
    "]": { does: "line.key.on", act: () => stepMark(box.current, 1) },
    ...(onWhy ? { w: { does: "line.key.why", act: onWhy } } : {}),
  })

  const scale = scaleOf(...endsOf(spanOf(span, lanes, marks, now, zone)), left, Math.max(left + 1, right))
  const ordered = [...lanes].sort(laneOrder)
  const placed = placeMarks(marks, scale, now, narrow)
  const told = { language, zone }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div
      className="line-of-time"
      ref={box}
      style={{ height }}
      onPointerLeave={() => setHint(null)}
      onKeyDown={(event: KeyboardEvent) => event.key === "Escape" && setHint(null)}
      role="group"
      aria-label={t("line.title")}
    >
      {width > 0 && (
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
          <title>{t("line.title")}</title>
          <defs>
            <pattern
              id={hatch}
              width="5"
              height="5"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect width="5" height="5" fill="var(--paused-bg)" />
              <rect width="2" height="5" fill="var(--paused-fill)" />
            </pattern>
          </defs>
          <Axis scale={scale} now={now} height={height} width={width} told={told} narrow={narrow} />
          {ordered.map((lane, i) => (
            <LaneRow
              key={lane.key}
              lane={lane}
              top={axis + spine + step * i}
              scale={scale}
              width={width}
              now={now}
              told={told}
              narrow={narrow}
              hatch={hatch}
              onHint={setHint}
              onPress={onLane && (() => onLane(lane.key))}
            />
          ))}
          <Spine
            placed={placed}
            scale={scale}
            now={now}
            told={told}
            narrow={narrow}
            hatch={hatch}
            onHint={setHint}
          />
        </svg>
      )}
      {hint && (
        <div
          className="hint"
          role="tooltip"
          style={{ left: Math.max(0, Math.min(width - 200, hint.x - 100)), top: hint.y }}
        >
          {hint.lines.map((line) => (
            <div key={line}>{line}</div>
          ))}
        </div>
      )}
    </div>
  )
}

const endsOf = ({ from, to }: { from: number; to: number }): [number, number] => [from, to]

/** Moves the focus to the next mark of the line. */
function stepMark(box: HTMLElement | null, step: number): void {
  const all = [...(box?.querySelectorAll<SVGElement>("[data-mark]") ?? [])]
  const at = all.indexOf(document.activeElement as unknown as SVGElement)
  all[(at + step + all.length) % all.length]?.focus()
}
