import dayjs, { type Dayjs } from "dayjs"
import { wallOf } from "../../src/core/dates.ts"
import { WallClock } from "../../src/core/wallTime.ts"

/** An instant as a picker shows it: pickers tell the browser's time, so they are given the wall time of the company's zone as if it were that. */
export function pickable(at: number, zone: string): Dayjs {
  const { year, month, date, hour, minute, second } = wallOf(at, zone)
  return dayjs(new Date(year, month - 1, date, hour, minute, second))
}

/** The instant that somebody picked: the wall time that the picker shows, in the company's zone. */
export const instantPicked = (day: Dayjs, zone: string): number =>
  new WallClock(zone).instantOf(
    Date.UTC(day.year(), day.month(), day.date(), day.hour(), day.minute(), day.second()),
  )

/** An instant some hours from another, at a whole minute, as people would pick it. */
export const inHours = (at: number, hours: number): number =>
  Math.floor(at / 60_000) * 60_000 + hours * 3_600_000
