import { expect, it } from "vitest"
import { digestDay } from "./digest.ts"

it.each([
  ["2026-11-26T07:59:59+08:00", "Asia/Shanghai", null],
  ["2026-11-26T08:00:00+08:00", "Asia/Shanghai", "2026-11-26"],
  ["2026-11-26T10:59:59+08:00", "Asia/Shanghai", "2026-11-26"],
  ["2026-11-26T11:00:00+08:00", "Asia/Shanghai", null],
  ["2026-11-01T07:30:00-05:00", "America/New_York", null],
  ["2026-11-01T08:00:00-05:00", "America/New_York", "2026-11-01"],
  ["2027-03-14T08:00:00-04:00", "America/New_York", "2027-03-14"],
])("at %s in %s the digest of 08:00 is that of %s, also where the clocks change", (at, zone, day) => {
  expect(digestDay("08:00", Date.parse(at), zone)).toBe(day)
})
