import fc from "fast-check"
import { Temporal } from "temporal-polyfill"
import { describe, expect, it } from "vitest"
import { shifts } from "../testing/lives.ts"
import { chineseOffice } from "./calendarData.ts"
import { type Calendar, counted, type Gap, isWindow, reach, Windows } from "./calendars.ts"
import { parseInstant } from "./instants.ts"

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const at = (text: string): number => parseInstant(text)!

const everyDay = (windows: string[], timezone: string): Calendar => ({
  timezone,
  week: { mon: windows, tue: windows, wed: windows, thu: windows, fri: windows, sat: windows, sun: windows },
})
const calendars: Record<string, Calendar> = {
  "all time, as a calendar": everyDay(["00:00-24:00"], "Asia/Shanghai"),
  "Chinese office hours": chineseOffice(["09:00-12:00", "13:00-18:00"]),
  "shifts, one over midnight": shifts,
  "nights in Berlin": everyDay(["22:00-06:00"], "Europe/Berlin"),
  "small hours in New York": everyDay(["00:30-02:30", "02:15-03:30"], "America/New_York"),
  "Lord Howe, whose clock moves by half an hour": everyDay(["01:00-04:00"], "Australia/Lord_Howe"),
  "São Paulo, whose midnight did not exist": everyDay(["00:00-08:00"], "America/Sao_Paulo"),
}
const compiled = Object.entries(calendars).map(([name, calendar]) => ({
  name,
  windows: new Windows(calendar),
}))

/** Starts about the changes of the clocks and holidays. */
const starts = fc
  .tuple(
    fc.constantFrom(
      "2026-03-08",
      "2026-03-29",
      "2026-04-05",
      "2026-09-30",
      "2026-10-04",
      "2026-10-25",
      "2026-11-01",
      "2018-11-04",
      "2018-02-18",
    ),
    fc.integer({ min: -3 * dayMs, max: 3 * dayMs }),
  )
  .map(([date, offset]) => at(`${date}T00:00:00Z`) + offset)
const amounts = fc.integer({ min: 0, max: 60 * hourMs })
const calendar = fc.constantFrom(...compiled)

/** Disjoint, sorted gaps after a start. */
const gapsFrom = (start: number): fc.Arbitrary<Gap[]> =>
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: dayMs }), fc.integer({ min: 1, max: 12 * hourMs })), {
      maxLength: 4,
    })
    .map((all) => {
      let reached = start - 6 * hourMs
      return all.map(([wait, length]) => {
        const from = reached + wait + 1
        reached = from + length
        return { from, to: reached }
      })
    })
const cases = starts.chain((start) =>
  fc.record({ start: fc.constant(start), gaps: gapsFrom(start), calendar, amount: amounts, more: amounts }),
)
const runs = { numRuns: 1500 }

describe("counted time", () => {
  it("adding an amount and counting back gives the amount", () => {
    fc.assert(
      fc.property(cases, ({ start, gaps, calendar: { windows }, amount }) => {
        const end = reach(start, amount, windows, gaps)
        expect(counted(start, end!, windows, gaps)).toBe(amount)
      }),
      runs,
    )
  })

  it("the instant reached is the earliest: one millisecond before, less has been counted", () => {
    fc.assert(
      fc.property(cases, ({ start, gaps, calendar: { windows }, amount }) => {
        fc.pre(amount > 0)
        const end = reach(start, amount, windows, gaps)!
        expect(counted(start, end - 1, windows, gaps)).toBe(amount - 1)
      }),
      runs,
    )
  })

  it("more time is never reached earlier, and a later start never ends earlier", () => {
    fc.assert(
      fc.property(cases, ({ start, gaps, calendar: { windows }, amount, more }) => {
        const end = reach(start, amount, windows, gaps)!
        expect(reach(start, amount + more, windows, gaps)).toBeGreaterThanOrEqual(end)
        fc.pre(amount > 0)
        expect(reach(start + more, amount, windows, gaps)).toBeGreaterThanOrEqual(end)
      }),
      runs,
    )
  })

  it("adding one amount and then another is adding both", () => {
    fc.assert(
      fc.property(cases, ({ start, gaps, calendar: { windows }, amount, more }) => {
        const between = reach(start, amount, windows, gaps)!
        fc.pre(more > 0)
        expect(reach(between, more, windows, gaps)).toBe(reach(start, amount + more, windows, gaps))
      }),
      runs,
    )
  })

  it("what is reached lies at the end of a window or inside one, never in a gap", () => {
    fc.assert(
      fc.property(cases, ({ start, gaps, calendar: { windows }, amount }) => {
        fc.pre(amount > 0)
        const last = reach(start, amount, windows, gaps)! - 1
        const day = windows.dayOf(last)
        const about = [...windows.ofDay(day - 1), ...windows.ofDay(day)]
        expect(about.some(({ from, to }) => from <= last && last < to)).toBe(true)
        expect(gaps.some(({ from, to }) => from <= last && last < to)).toBe(false)
      }),
      runs,
    )
  })

  it("without a calendar is the time itself", () => {
    fc.assert(
      fc.property(cases, ({ start, gaps, amount }) => {
        const all = compiled[0]!.windows
        expect(reach(start, amount, null, gaps)).toBe(reach(start, amount, all, gaps))
      }),
      runs,
    )
  })
})

it("the local day of an instant is the one that Temporal gives", () => {
  fc.assert(
    fc.property(starts, calendar, (start, { name, windows }) => {
      const date = Temporal.Instant.fromEpochMilliseconds(start)
        .toZonedDateTimeISO(calendars[name]!.timezone)
        .toPlainDate()
      expect(windows.dayOf(start)).toBe(Date.parse(date.toString()) / dayMs)
    }),
    { numRuns: 3000 },
  )
})

describe("a due, worked out by hand", () => {
  const office = new Windows(chineseOffice(["09:00-12:00", "13:00-18:00"]))
  const nights = new Windows(everyDay(["22:00-06:00"], "Europe/Berlin"))
  const sparse = new Windows({
    timezone: "Asia/Shanghai",
    days: { "2026-11-24": ["09:00-10:00"], "2027-12-29": ["09:00-10:00"] },
  })
  it.each<[string, Windows, string, number, string | null]>([
    ["lunch does not count", office, "2026-11-24T11:30:00+08:00", 1, "2026-11-24T13:30:00+08:00"],
    [
      "what ends with the window ends there",
      office,
      "2026-11-24T09:00:00+08:00",
      3,
      "2026-11-24T12:00:00+08:00",
    ],
    [
      "the evening waits for the morning",
      office,
      "2026-11-24T20:00:00+08:00",
      1,
      "2026-11-25T10:00:00+08:00",
    ],
    ["the weekend does not count", office, "2026-11-27T17:00:00+08:00", 2, "2026-11-30T10:00:00+08:00"],
    [
      "a week of holidays does not count, the Saturday worked for it does",
      office,
      "2026-10-09T17:00:00+08:00",
      2,
      "2026-10-10T10:00:00+08:00",
    ],
    [
      "the whole of National Day is passed over",
      office,
      "2026-09-30T17:00:00+08:00",
      2,
      "2026-10-08T10:00:00+08:00",
    ],
    ["a night shift runs over midnight", nights, "2026-11-24T23:00:00+01:00", 4, "2026-11-25T03:00:00+01:00"],
    [
      "a start after midnight is in the shift of the evening before",
      nights,
      "2026-11-25T05:00:00+01:00",
      2,
      "2026-11-25T23:00:00+01:00",
    ],
    [
      "the night when clocks go forward is an hour shorter",
      nights,
      "2026-03-28T22:00:00+01:00",
      8,
      "2026-03-29T23:00:00+02:00",
    ],
    [
      "the night when they go back is an hour longer",
      nights,
      "2026-10-24T22:00:00+02:00",
      9,
      "2026-10-25T06:00:00+01:00",
    ],
    [
      "the 400th day without a window is still waited for",
      sparse,
      "2026-11-24T09:00:00+08:00",
      2,
      "2027-12-29T10:00:00+08:00",
    ],
    ["nothing counts, nothing is due", new Windows({ timezone: "UTC" }), "2026-11-24T09:00:00Z", 1, null],
    [
      "nothing to count is reached at once",
      new Windows({ timezone: "UTC" }),
      "2026-11-24T09:00:00Z",
      0,
      "2026-11-24T09:00:00Z",
    ],
  ])("%s", (_, windows, start, hours, due) =>
    expect(reach(at(start), hours * hourMs, windows, [])).toBe(due === null ? null : at(due)),
  )

  it("behind 400 days without a window nothing is due", () => {
    const later = new Windows({
      timezone: "Asia/Shanghai",
      days: { "2026-11-24": ["09:00-10:00"], "2027-12-30": ["09:00-10:00"] },
    })
    expect(reach(at("2026-11-24T09:00:00+08:00"), 2 * hourMs, later, [])).toBeNull()
  })

  it("behind an open-ended gap nothing is due, but what is reached before it is", () => {
    const start = at("2026-11-24T09:00:00+08:00")
    const gaps = [{ from: start + hourMs, to: Infinity }]
    for (const windows of [null, office]) {
      expect(reach(start, hourMs, windows, gaps)).toBe(start + hourMs)
      expect(reach(start, hourMs + 1, windows, gaps)).toBeNull()
    }
  })
})

it.each([
  ["09:00-18:00", true],
  ["22:00-06:00", true],
  ["00:00-24:00", true],
  ["00:00-00:00", false],
  ["09:00-09:00", false],
  ["9:00-18:00", false],
  ["24:00-06:00", false],
  ["09:00-24:30", false],
])("%s is a window: %s", (text, is) => expect(isWindow(text)).toBe(is))
