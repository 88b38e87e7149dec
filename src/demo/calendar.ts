import type { Instant } from "../core/instants.ts"

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour
/** The company's zone has been eight hours ahead of UTC, without summer time, since 1991. */
const ahead = 8 * hour

/** When the company's day began that an instant lies in. */
export const dayStart = (at: Instant): Instant => Math.floor((at + ahead) / day) * day - ahead
/** The hour of the company's day, with its fraction. */
export const hourOf = (at: Instant): number => (at - dayStart(at)) / hour
/** The first instant at or after `at` at which the company's clock shows one of these hours. */
export function nextHour(at: Instant, hours: readonly number[]): Instant {
  const start = dayStart(at)
  const found = hours.find((each) => start + each * hour >= at)
  return found === undefined ? start + day + hours[0]! * hour : start + found * hour
}
/** The day of the company's week, Monday being 0. */
export const weekdayOf = (at: Instant): number => (Math.floor((at + ahead) / day) + 3) % 7
/** The company's date, `2026-03-11`. */
export const dateOf = (at: Instant): string => new Date(at + ahead).toISOString().slice(0, 10)
