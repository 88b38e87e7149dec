import { wallOf } from "../dates.ts"
import type { Instant } from "../instants.ts"
import { dayStart } from "../wallTime.ts"

/** How late a digest may still be sent: a server that was off all morning tells nobody at noon what they know. */
const lateMaxMs = 3 * 60 * 60_000

/** The local day whose digest is to be sent at an instant, as `2026-11-26`, or null: too early, too late, or none is wanted. */
export function digestDay(digestAt: string | null, at: Instant, zone: string): string | null {
  if (digestAt === null) return null
  const dueAt =
    dayStart(at, zone) + (Number(digestAt.slice(0, 2)) * 60 + Number(digestAt.slice(3, 5))) * 60_000
  if (at < dueAt || at >= dueAt + lateMaxMs) return null
  const { year, month, date } = wallOf(at, zone)
  return `${year}-${String(month).padStart(2, "0")}-${String(date).padStart(2, "0")}`
}
