import { describe, expect, it } from "vitest"
import { readAnnounced } from "../../bench/calendarData.ts"
import { announcedYears, chineseOffice, legalDays, missingYears } from "./calendarData.ts"
import { Windows } from "./calendars.ts"
import { calendarSchema } from "./policy.ts"

describe("the holidays and make-up days of mainland China", () => {
  const days = legalDays(["09:00-18:00"])

  it("are those that chinese-days collects (run bench/calendarData.ts after updating it)", () => {
    const told = readAnnounced()
    expect(announcedYears).toEqual(Object.keys(told).map(Number))
    const isOff = (date: string) =>
      Object.values(told).some(({ off }) => off.some(([first, last]) => first <= date && date <= last))
    const isWorked = (date: string) => Object.values(told).some(({ work }) => work.includes(date))
    for (let at = Date.UTC(2020, 0, 1); at < Date.UTC(2027, 0, 1); at += 86_400_000) {
      const date = new Date(at).toISOString().slice(0, 10)
      expect(days[date], date).toEqual(isOff(date) ? [] : isWorked(date) ? ["09:00-18:00"] : undefined)
    }
  })

  it.each([
    ["2026-10-01", "National Day", []],
    ["2026-10-07", "the last day of its week", []],
    ["2026-10-10", "the Saturday worked for it", ["09:00-18:00"]],
    ["2026-02-17", "the first day of the lunar year", []],
    ["2026-10-08", "a plain Thursday", undefined],
  ])("%s is %s", (date, _, hours) => expect(days[date]).toEqual(hours))

  it("give a calendar that the schema takes", () => {
    expect(calendarSchema.safeParse(chineseOffice()).success).toBe(true)
    const windows = new Windows(chineseOffice())
    const of = (date: string) => windows.ofDay(Date.parse(date) / 86_400_000).length
    expect(["2026-09-30", "2026-10-01", "2026-10-10", "2026-10-11", "2026-10-12"].map(of)).toEqual([
      1, 0, 1, 0, 1,
    ])
  })
})

describe("a year whose holidays are not known", () => {
  const from = Date.parse("2026-12-30T12:00:00+08:00")
  it.each([
    ["2026-12-31T23:59:59+08:00", []],
    ["2027-01-01T00:00:00+08:00", [2027]],
    ["2028-01-01T00:00:00+08:00", [2027, 2028]],
  ])("is named when a clock reaches %s", (to, years) =>
    expect(missingYears(from, Date.parse(to))).toEqual(years),
  )
})
