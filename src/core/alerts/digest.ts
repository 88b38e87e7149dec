import { wallOf } from "../dates.ts"
import type { Instant } from "../instants.ts"

/** How late a digest may still be sent: a server that was off all morning tells nobody at noon what they know. */
const lateMaxMinutes = 3 * 60

/** The local day whose digest is to be sent at an instant, as `2026-11-26`, or null: too early, too late, or none is wanted. */
export function digestDay(digestAt: string | null, at: Instant, zone: string): string | null {
  if (digestAt === null) return null
  const { year, month, date, hour, minute } = wallOf(at, zone)
  // Time that has passed since midnight is an hour off on the days on which the clocks change.
  const late = hour * 60 + minute - (Number(digestAt.slice(0, 2)) * 60 + Number(digestAt.slice(3, 5)))
  if (late < 0 || late >= lateMaxMinutes) return null
  return `${year}-${String(month).padStart(2, "0")}-${String(date).padStart(2, "0")}`
}
