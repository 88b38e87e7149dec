import { type PointerEvent, useEffect, useMemo, useRef } from "react"
import { useWidth } from "../marks/VirtualTable.tsx"
import { useMode } from "../theme/mode.ts"
import { nextMidnight, say, sayDate } from "../time/dates.ts"
import { useWords } from "../words/words.ts"
import { type DotGrid, gridFor, worstOf } from "./dotGrid.ts"
import { type Filter, groups } from "./verdicts.ts"

const high = 102
const dayMs = 86_400_000

type Props = {
  groups: Uint8Array
  paidAt: Float64Array
  zone: string
  onPick: (filter: Filter) => void
}

/** A dot for every order, by paid time, top to bottom and then right; where there are more orders than dots, one dot stands for several and shows the worst. */
export function Dots({ groups: all, paidAt, zone, onPick }: Props) {
  const { t, language } = useWords()
  const { mode } = useMode()
  const box = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const width = Math.floor(useWidth(box))
  const grid = useMemo(() => gridFor(all.length, width, high), [all, width])
  useEffect(() => {
    if (canvas.current && width > 0) draw(canvas.current, all, grid, width, mode)
  }, [all, grid, width, mode])
  const days = useMemo(() => dayMarks(paidAt, grid, zone), [paidAt, grid, zone])
  const told = { language, zone }
  const today = Date.now()
  let free = 0
  const dotAt = ({ nativeEvent: { offsetX, offsetY } }: PointerEvent): number => {
    const index =
      (Math.floor(offsetX / grid.pitch) * grid.rows +
        Math.min(grid.rows - 1, Math.floor(offsetY / grid.pitch))) *
      grid.each
    return index < all.length ? index : -1
  }
  if (all.length === 0) return null
  return (
    <div className="dots" ref={box}>
      <canvas
        ref={canvas}
        style={{ width, height: high }}
        role="img"
        aria-label={t("check.dots", { n: all.length.toLocaleString("en") })}
        onPointerMove={(event) => {
          const index = dotAt(event)
          const group = index < 0 ? undefined : groups[worstOf(all, index, grid.each)]
          event.currentTarget.title = group
            ? `${say(paidAt[index]!, today, told)}, ${t(`check.group.${group}`)}`
            : ""
        }}
        onPointerUp={(event) => {
          const index = dotAt(event)
          const group = index < 0 ? undefined : groups[worstOf(all, index, grid.each)]
          if (group) onPick(group)
        }}
      />
      <div className="days xs t3">
        {grid.each > 1 && <span className="each">{t("check.eachDot", { n: grid.each })}</span>}
        {days.map(({ at, x }) => {
          const text = sayDate(at, today, told)
          if (x < free || x > width - 34) return null
          free = x + text.length * 9 + 12
          return (
            <span key={at} style={{ left: x }}>
              {text}
            </span>
          )
        })}
      </div>
    </div>
  )
}

/** Where each day begins. */
function dayMarks(paidAt: Float64Array, grid: DotGrid, zone: string): { at: number; x: number }[] {
  const [first] = paidAt
  if (first === undefined) return []
  const last = paidAt.at(-1)!
  const marks = [{ at: first, x: 0 }]
  // Of years of orders only some days can be named anyway.
  const step = Math.max(1, Math.floor((last - first) / dayMs / 60))
  let at = nextMidnight(first, zone)
  let index = 0
  for (let day = 0; at <= last; day++) {
    while (index < paidAt.length && paidAt[index]! < at) index++
    if (day % step === 0) marks.push({ at, x: Math.floor(index / grid.each / grid.rows) * grid.pitch })
    at = nextMidnight(at + 3_600_000, zone)
  }
  return marks
}

function draw(canvas: HTMLCanvasElement, all: Uint8Array, grid: DotGrid, width: number, mode: string): void {
  const density = Math.max(1, window.devicePixelRatio)
  canvas.width = Math.round(width * density)
  canvas.height = Math.round(high * density)
  const context = canvas.getContext("2d")
  if (!context) return
  const style = getComputedStyle(document.documentElement)
  const colour = (name: string) => style.getPropertyValue(name).trim()
  const late = mode === "dark" ? "#8E4540" : "#E9A29C"
  const fills = [
    colour("--over-fill"),
    colour("--near-fill"),
    colour("--calm-fill"),
    late,
    colour("--met-border"),
    colour("--lineStrong"),
    colour("--line"),
  ]
  context.scale(density, density)
  const { pitch, rows, each, dot } = grid
  const over: [number, number][] = []
  for (let i = 0, place = 0; i < all.length; i += each, place++) {
    const x = Math.floor(place / rows) * pitch
    const y = (place % rows) * pitch
    const group = worstOf(all, i, each)
    if (group === 0) {
      over.push([x, y])
      continue
    }
    context.fillStyle = fills[group]!
    context.fillRect(x, y, dot, dot)
  }
  // What is over stands on top of its neighbours, with a gap of paper around it.
  const radius = dot / 2 + 0.75
  for (const [fill, more] of [
    [colour("--bg"), 0.75],
    [fills[0]!, 0],
  ] as const) {
    context.fillStyle = fill
    for (const [x, y] of over) {
      context.beginPath()
      context.arc(x + dot / 2, y + dot / 2, radius + more, 0, 2 * Math.PI)
      context.fill()
    }
  }
}
