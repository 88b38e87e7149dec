import { nextMidnight, wallOf } from "../time/dates.ts"
import type { Lane, Mark, Span } from "./model.ts"

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** From instants to pixels, linear, the same for every lane. */
export type Scale = {
  from: number
  to: number
  left: number
  right: number
  x(at: number): number
  shows(at: number): boolean
}

/** A scale over [from, to] between two pixel columns. */
export function scaleOf(from: number, to: number, left: number, right: number): Scale {
  const perMs = (right - left) / Math.max(1, to - from)
  return {
    from,
    to,
    left,
    right,
    x: (at) => left + (at - from) * perMs,
    shows: (at) => at >= from && at <= to,
  }
}

/** The instants that a span covers: all of it with a little air, today, or the last six hours before the deadline to keep. */
export function spanOf(
  span: Span,
  lanes: readonly Lane[],
  marks: readonly Mark[],
  now: number,
  zone: string,
): { from: number; to: number } {
  if (span === "today") {
    const to = nextMidnight(now, zone)
    return { from: nextMidnight(now - dayMs, zone), to }
  }
  if (span === "due6") {
    const due =
      (lanes.find(({ binding }) => binding) ?? lanes.find(({ closedAt }) => closedAt === null))?.dueAt ?? now
    return { from: due - 6 * hourMs, to: Math.max(due, Math.min(now, due + 6 * hourMs)) + hourMs / 2 }
  }
  const all: number[] = [now]
  for (const { startAt, dueAt, closedAt } of lanes)
    all.push(startAt, ...[dueAt, closedAt].filter((at) => at !== null))
  for (const { at } of marks) all.push(at)
  // Long after everything ended, now would press the story into a corner.
  const ended = lanes.length > 0 && lanes.every(({ closedAt }) => closedAt !== null)
  const last = Math.max(...(ended ? all.slice(1) : all))
  const first = Math.min(...all)
  const air = Math.max((last - first) * 0.04, hourMs / 4)
  return { from: first - air, to: last + air }
}

/** Midnights in the span, and the ticks of six hours between them while there is room. */
export function gridOf(scale: Scale, zone: string): { midnights: number[]; ticks: number[] } {
  const midnights: number[] = []
  const ticks: number[] = []
  const room = ((scale.right - scale.left) / (scale.to - scale.from)) * 6 * hourMs >= 8
  for (
    let at = nextMidnight(scale.from - dayMs - hourMs, zone);
    at <= scale.to;
    at = nextMidnight(at + hourMs, zone)
  ) {
    if (scale.shows(at)) midnights.push(at)
    if (room)
      for (const hours of [6, 12, 18]) if (scale.shows(at + hours * hourMs)) ticks.push(at + hours * hourMs)
  }
  return { midnights, ticks }
}

/** Width of 11-px text, near enough to keep labels apart. */
export function textWidth(text: string, size = 11): number {
  let width = 0
  for (const char of text)
    width += size * (char > "\u2e80" ? 1 : char === " " ? 0.28 : char >= "0" && char <= "9" ? 0.63 : 0.56)
  return width
}

export type DayLabel = { at: number; x: number; text: "full" | "short"; today: boolean }

/** Which midnights are named, and how fully: a name loses its weekday before the pill of now, and is left out before the next name. */
export function dayLabels(
  midnights: readonly number[],
  scale: Scale,
  options: {
    now: number
    zone: string
    pill: [number, number]
    width(at: number, text: "full" | "short"): number
  },
): DayLabel[] {
  const { now, zone, pill, width } = options
  const today = wallOf(now, zone).day
  const labels: DayLabel[] = []
  let free = scale.left - 10
  for (const [i, at] of midnights.entries()) {
    const x = scale.x(at) + 6
    const limit = Math.min(
      midnights[i + 1] === undefined ? scale.right + 20 : scale.x(midnights[i + 1]!),
      x < pill[0] ? pill[0] - 4 : Number.POSITIVE_INFINITY,
    )
    if (x < free || (x > pill[0] - 4 && x < pill[1] + 4)) continue
    const text = (["full", "short"] as const).find((each) => x + width(at, each) <= limit)
    if (text === undefined) continue
    free = x + width(at, text) + 6
    labels.push({ at, x, text, today: wallOf(at, zone).day === today })
  }
  return labels
}

export type Placed = {
  x: number
  until: number | null
  marks: Mark[]
  label: { x: number; anchor: "start" | "middle" | "end" } | null
}

const mergePx = 20
const labelsMax = 5

/** Where the marks stand on the spine: those nearer than 20 px become one with a count; at most five labels, by weight, none over another. */
export function placeMarks(marks: readonly Mark[], scale: Scale, now: number, narrow = false): Placed[] {
  const shown = [...marks]
    .filter(({ at, until }) => scale.shows(at) || (until !== undefined && scale.shows(until ?? now)))
    .sort((one, other) => one.at - other.at)
  const placed: Placed[] = []
  for (const mark of shown) {
    const x = Math.max(scale.left, scale.x(mark.at))
    if (mark.until !== undefined) {
      placed.push({ x, until: Math.min(scale.right, scale.x(mark.until ?? now)), marks: [mark], label: null })
      continue
    }
    const last = placed.findLast(({ until }) => until === null)
    // A breach stands for itself, whatever else happened then.
    const merges = last && x - last.x < mergePx && mark.icon !== "breach" && last.marks[0]!.icon !== "breach"
    if (merges) last.marks.push(mark)
    else placed.push({ x, until: null, marks: [mark], label: null })
  }
  const taken: [number, number][] = []
  const heaviest = (each: Placed) => Math.max(...each.marks.map(({ weight }) => weight))
  let count = 0
  for (const each of [...placed].sort((one, other) => heaviest(other) - heaviest(one) || one.x - other.x)) {
    if (count === labelsMax) break
    const width = textWidth(labelText(each, narrow))
    const middle = each.until === null ? each.x : (each.x + each.until) / 2
    const places = [
      { x: middle, anchor: "middle" as const, from: middle - width / 2 },
      { x: middle + 12, anchor: "start" as const, from: middle + 12 },
    ]
    if (middle - width / 2 < scale.left - 12)
      places.unshift({ x: scale.left - 10, anchor: "start", from: scale.left - 10 })
    const nowX = scale.x(now)
    const found = places.find(({ from }) => {
      const to = from + width
      if (to > scale.right + 14) return false
      if (nowX > from - 2 && nowX < to + 2) return false
      return taken.every(([a, b]) => to + 3 < a || from > b + 3)
    })
    if (!found) continue
    taken.push([found.from, found.from + width])
    each.label = { x: found.x, anchor: found.anchor }
    count++
  }
  return placed
}

/** The label of a place: of several marks the heaviest speaks. */
export function labelText({ marks }: Placed, narrow = false): string {
  const speaker = marks.reduce((best, mark) => (mark.weight > best.weight ? mark : best))
  return narrow ? speaker.label.replace(/ [\d:].*$/, "") : speaker.label
}

/** Lanes in their order: overrun first, then soonest due, then what has ended. */
export function laneOrder(one: Lane, other: Lane): number {
  const rank = ({ state, closedAt, proposed }: Lane) =>
    proposed ? 2 : closedAt !== null ? 3 : state === "over" ? 0 : 1
  return rank(one) - rank(other) || (one.dueAt ?? Infinity) - (other.dueAt ?? Infinity)
}
