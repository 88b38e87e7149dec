import type { Calendar } from "./calendars.ts"
import { type Instant, isoOf } from "./instants.ts"

/**
 * Legal holidays (法定节假日) and make-up days (调休) of mainland China as the State Council announces them each November for the
 * year to come: days and runs of days off, and days of weekends that are worked. Printed by `node bench/calendarData.ts`, from
 * chinese-days (MIT); a test holds them equal.
 */
const announced: Record<number, { off: string; work: string }> = {
  2020: {
    off: "01-01 01-24/02-02 04-04/04-06 05-01/05-05 06-25/06-27 10-01/10-08",
    work: "01-19 04-26 05-09 06-28 09-27 10-10",
  },
  2021: {
    off: "01-01/01-03 02-11/02-17 04-03/04-05 05-01/05-05 06-12/06-14 09-19/09-21 10-01/10-07",
    work: "02-07 02-20 04-25 05-08 09-18 09-26 10-09",
  },
  2022: {
    off: "01-01/01-03 01-31/02-06 04-03/04-05 04-30/05-04 06-03/06-05 09-10/09-12 10-01/10-07 12-31",
    work: "01-29 01-30 04-02 04-24 05-07 10-08 10-09",
  },
  2023: {
    off: "01-01/01-02 01-21/01-27 04-05 04-29/05-03 06-22/06-24 09-29/10-06",
    work: "01-28 01-29 04-23 05-06 06-25 10-07 10-08",
  },
  2024: {
    off: "01-01 02-10/02-17 04-04/04-06 05-01/05-05 06-10 09-15/09-17 10-01/10-07",
    work: "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
  },
  2025: {
    off: "01-01 01-28/02-04 04-04/04-06 05-01/05-05 05-31/06-02 10-01/10-08",
    work: "01-26 02-08 04-27 09-28 10-11",
  },
  2026: {
    off: "01-01/01-03 02-15/02-23 04-04/04-06 05-01/05-05 06-19/06-21 09-25/09-27 10-01/10-07",
    work: "01-04 02-14 02-28 05-09 09-20 10-10",
  },
}

const hoursAll = ["09:00-18:00"]
const dayMs = 86_400_000

/** The years whose holidays are known. */
export const announcedYears: readonly number[] = Object.keys(announced).map(Number)

/** The days of a calendar (R27) that the announced holidays and make-up days overrule: none of the hours on the former, all of them on the latter. */
export function legalDays(hours: readonly string[]): Record<string, string[]> {
  const days: Record<string, string[]> = {}
  for (const [year, { off, work }] of Object.entries(announced)) {
    for (const run of off.split(" ")) {
      const [first, last = first] = run.split("/")
      const end = Date.parse(`${year}-${last}`)
      for (let at = Date.parse(`${year}-${first}`); at <= end; at += dayMs) days[dateOf(at)] = []
    }
    for (const day of work.split(" ")) days[`${year}-${day}`] = [...hours]
  }
  return days
}

const dateOf = (at: Instant): string => isoOf(at).slice(0, 10)

/** The calendar of an office in mainland China that a company starts with: hours on Monday to Friday, legal holidays and make-up days. */
export function chineseOffice(hours: readonly string[] = hoursAll): Calendar {
  const each = () => [...hours]
  return {
    timezone: "Asia/Shanghai",
    week: { mon: each(), tue: each(), wed: each(), thu: each(), fri: each(), sat: [], sun: [] },
    days: legalDays(hours),
  }
}

/** The years that clocks reach into from `from` to `to` whose holidays are not known: what a page must caution of, since those days count as plain weekdays. */
export function missingYears(from: Instant, to: Instant): number[] {
  const missing: number[] = []
  const shanghai = (at: Instant) => new Date(at + 8 * 3_600_000).getUTCFullYear()
  for (let year = shanghai(from); year <= shanghai(to); year++) if (!(year in announced)) missing.push(year)
  return missing
}
