import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { parseDuration, parseLevel } from "./durations.ts"
import { isoOf, parseInstant } from "./instants.ts"

describe("an instant", () => {
  it.each([
    ["2026-11-24T10:00:00+08:00", "2026-11-24T02:00:00.000Z"],
    ["2026-11-24T10:00:00.1239999+08:00", "2026-11-24T02:00:00.123Z"],
    ["2026-11-24T10:00:00.5Z", "2026-11-24T10:00:00.500Z"],
    ["2026-11-24T10:00-03:30", "2026-11-24T13:30:00.000Z"],
    ["2026-11-24T10:00:00+0800", "2026-11-24T02:00:00.000Z"],
    ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"],
    ["1969-12-31T23:59:59.9999Z", "1969-12-31T23:59:59.999Z"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"],
  ])("%s is %s", (text, iso) => expect(isoOf(parseInstant(text)!)).toBe(iso))

  it.each([
    "2026-11-24T10:00:00",
    "2026-11-24 10:00:00+08:00",
    "2026-11-24",
    "2026-02-29T10:00:00Z",
    "2026-04-31T10:00:00Z",
    "2026-13-01T10:00:00Z",
    "2026-11-24T24:00:00Z",
    "2026-11-24T10:60:00Z",
    "2026-11-24T10:00:60Z",
    "2026-11-24T10:00:00+24:00",
    "2026-11-24T10:00:00.+08:00",
    "",
    "now",
    "1764000000000",
  ])("%j is none", (text) => expect(parseInstant(text)).toBeNull())

  it("is read as Date reads it wherever Date can", () => {
    fc.assert(
      fc.property(
        fc.date({
          min: new Date("0000-01-01T00:00:00Z"),
          max: new Date("9999-12-31T23:59:59.999Z"),
          noInvalidDate: true,
        }),
        (date) => {
          expect(parseInstant(date.toISOString())).toBe(date.getTime())
        },
      ),
    )
  })
})

describe("a duration", () => {
  it.each([
    ["PT24H", 24],
    ["P1D", 24],
    ["P2DT12H", 60],
    ["PT90M", 1.5],
    ["PT3600S", 1],
    ["PT0S", 0],
  ])("%s is %d hours", (text, hours) => expect(parseDuration(text)).toBe(hours * 3_600_000))
  it.each(["P", "PT", "P1W", "P1M", "P1DT", "24H", "PT1.5H", "-PT1H", "PT1M1H", ""])("%j is none", (text) =>
    expect(parseDuration(text)).toBeNull(),
  )
})

it.each([
  ["1%", { percent: 1 }],
  ["100%", { percent: 100 }],
  ["PT2H", { beforeMs: 7_200_000 }],
  ["0%", null],
  ["101%", null],
  ["50.5%", null],
  ["050%", null],
  ["-5%", null],
])("the warning level %s", (text, level) => expect(parseLevel(text)).toEqual(level && { text, ...level }))
