import { wallOf } from "../dates.ts"
import type { Instant } from "../instants.ts"
import { WallClock } from "../wallTime.ts"

/** Local times between which only what is urgent passes, `HH:MM`; across midnight where the end is not later. */
export type Quiet = { from: string; to: string }

const minuteMs = 60_000
const dayMinutes = 24 * 60
const dayMs = dayMinutes * minuteMs
const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))

/** When the quiet around an instant ends; null when it is not quiet. */
export function quietUntil(quiet: Quiet | null, at: Instant, zone: string): Instant | null {
  if (quiet === null) return null
  const { day, hour, minute } = wallOf(at, zone)
  const now = hour * 60 + minute
  const after = (from: number, to: number) => (((to - from) % dayMinutes) + dayMinutes) % dayMinutes
  const length = after(minutesOf(quiet.from), minutesOf(quiet.to))
  if (after(minutesOf(quiet.from), now) >= length) return null
  // The night on which the clocks change is an hour longer or shorter.
  return new WallClock(zone).instantOf(day * dayMs + (now + after(now, minutesOf(quiet.to))) * minuteMs)
}

/** What is due within this passes the quiet, as do breaches and what nobody took. */
const nearMs = 10 * minuteMs
const alwaysUrgent = new Set(["over", "inner_over", "escalated", "incident_opened", "engine_down", "test"])

/** Whether a card passes quiet hours and rests. */
export const isUrgent = (code: string, firstDueAt: Instant | null, at: Instant): boolean =>
  alwaysUrgent.has(code) || (firstDueAt !== null && firstDueAt - at <= nearMs)
