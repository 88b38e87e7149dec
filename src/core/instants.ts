/** A whole millisecond since 1970 UTC. */
export type Instant = number

/** The mean year of the Gregorian calendar. */
const yearMs = 365.2425 * 24 * 60 * 60_000

const iso = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?([Zz]|[+-]\d\d(?::?\d\d)?)$/

/** An ISO instant with an offset as milliseconds, finer digits cut off; null when it is none (no offset, no such day). */
export function parseInstant(text: string): Instant | null {
  const found = iso.exec(text)
  if (!found) return null
  const [, year, month, day, hour, minute, second = "0", fraction = "", zone] = found
  const parts = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  if (parts[1] < 1 || parts[1] > 12 || parts[2] < 1 || parts[2] > daysIn(parts[0], parts[1])) return null
  if (parts[3] > 23 || parts[4] > 59 || parts[5] > 59) return null
  const offset = offsetOf(zone!)
  if (offset === null) return null
  return utc(parts) + Number(`${fraction}000`.slice(0, 3)) - offset
}

function utc([year, month, day, hour, minute, second]: readonly [
  number,
  number,
  number,
  number,
  number,
  number,
]): Instant {
  // Date.UTC takes the years 0 to 99 for 1900 to 1999; some systems write year 1 for "none". 400 years are a whole number of weeks and leap cycles.
  return year >= 100
    ? Date.UTC(year, month - 1, day, hour, minute, second)
    : Date.UTC(year + 400, month - 1, day, hour, minute, second) - 400 * yearMs
}

/** Days of a month, 1 to 12, in a year of the Gregorian calendar. */
export function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

function offsetOf(zone: string): number | null {
  if (zone === "Z" || zone === "z") return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(3).replace(":", "") || "0")
  if (hours > 23 || minutes > 59) return null
  return (zone[0] === "-" ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

/** An instant as ISO text in UTC, to the millisecond. */
export const isoOf = (at: Instant): string => new Date(at).toISOString()
/** The same of an instant that may be missing. */
export const isoOrNull = (at: Instant | null | undefined): string | null => (at == null ? null : isoOf(at))

/** The earliest of instants, none of which counts; null when there is none. */
export function earliestOf(...all: (Instant | null | undefined)[]): Instant | null {
  let earliest: Instant | null = null
  for (const at of all) if (at != null && (earliest === null || at < earliest)) earliest = at
  return earliest
}
