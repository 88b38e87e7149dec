import { expect, test } from "vitest"
import { countdown, length, spoken, stopped } from "./countdown.ts"
import { nextMidnight, say, sayDay, sayDayInWeek, sayExactly, sayShort, sayWeekday } from "./dates.ts"

const s = 1000
const m = 60 * s
const h = 60 * m
const d = 24 * h

test.each([
  ["two days and four hours", 2 * d + 4 * h + 59 * m, "2 d 4 h"],
  ["exactly a day", d, "1 d 0 h"],
  ["a second under a day", d - s, "23 h 59"],
  ["seven hours five", 7 * h + 5 * m + 59 * s, "7 h 05"],
  ["exactly an hour", h, "1 h 00"],
  ["under an hour it counts seconds", 43 * m + 12 * s, "43:12"],
  ["under a minute", 38 * s, "00:38"],
  ["half a second is nothing left", 500, "00:00"],
  ["due now", 0, "00:00"],
  ["half a second past", -500, "00:00"],
  ["26 minutes past", -(26 * m + 10 * s), "–26:10"],
  ["an hour past", -(h + 20 * m), "–1 h 20"],
  ["days past", -(2 * d + 4 * h), "–2 d 4 h"],
])("%s", (_what, ms, text) => {
  expect(countdown(ms)).toBe(text)
})

test.each([
  ["zh-Hans", 8 * m + 39 * s, "早 8:39"],
  ["zh-Hant", 8 * m + 39 * s, "早 8:39"],
  ["en", 8 * m + 39 * s, "8:39 early"],
  ["zh-Hans", -7 * h, "迟 7 h 00"],
  ["zh-Hant", -7 * h, "遲 7 h 00"],
  ["en", -7 * h, "7 h 00 late"],
] as const)("a stopped clock in %s", (language, ms, text) => {
  expect(stopped(ms, language)).toBe(text)
})

test.each([
  ["zh-Hans", 5 * h + 42 * m, "剩余 5 小时 42 分"],
  ["zh-Hant", -(26 * m + 10 * s), "已超 26 分 10 秒"],
  ["en", 2 * d + 4 * h, "left: 2 d 4 h"],
] as const)("read aloud in %s", (language, ms, text) => {
  expect(spoken(ms, language)).toBe(text)
})

test("lengths are told in hours as far as they go", () => {
  expect([length(48 * h, "en"), length(3 * h + 35 * m, "zh-Hans"), length(20 * m, "zh-Hans")]).toEqual([
    "48 h",
    "3 h 35",
    "20 分",
  ])
})

const zone = "Asia/Shanghai"
const now = Date.parse("2026-03-11T14:32:08+08:00")

test.each([
  ["2026-03-11T20:14:36+08:00", "今天 20:14", "today 20:14", "20:14"],
  ["2026-03-12T18:00:00+08:00", "明天 18:00", "tomorrow 18:00", "明天 18:00"],
  ["2026-03-10T23:49:36+08:00", "昨天 23:49", "yesterday 23:49", "昨天 23:49"],
  ["2026-03-08T11:02:00+08:00", "3月8日 11:02", "8 Mar 11:02", "3月8日 11:02"],
  ["2025-12-31T11:02:00+08:00", "2025年12月31日 11:02", "31 Dec 2025 11:02", "2025年12月31日 11:02"],
])("%s is said as people say it", (iso, hans, en, short) => {
  const at = Date.parse(iso)
  expect(say(at, now, { language: "zh-Hans", zone })).toBe(hans)
  expect(say(at, now, { language: "en", zone })).toBe(en)
  expect(sayShort(at, now, { language: "zh-Hans", zone })).toBe(short)
})

test("the zone decides which day it is", () => {
  const at = Date.parse("2026-03-11T16:30:00Z")
  expect(sayDay(at, now, { language: "zh-Hans", zone })).toBe("明天")
  expect(sayDay(at, now, { language: "zh-Hans", zone: "UTC" })).toBe("今天")
  expect(sayWeekday(at, { language: "zh-Hant", zone })).toBe("週四")
  const far = at + 10 * 86_400_000
  expect(sayDayInWeek(far, at, { language: "en", zone })).toMatch(/^Sun \d+ \w{3}$/)
  expect(sayDayInWeek(far, at, { language: "zh-Hans", zone })).toMatch(/^\d+月\d+日 周日$/)
})

test("arithmetic is told to the second", () => {
  expect(sayExactly(Date.parse("2026-03-11T20:14:36+08:00"), now, { language: "zh-Hans", zone })).toBe(
    "今天 20:14:36",
  )
})

test("midnight follows a change of the clocks", () => {
  expect(nextMidnight(Date.parse("2026-03-08T12:00:00-04:00"), "America/New_York")).toBe(
    Date.parse("2026-03-09T00:00:00-04:00"),
  )
  expect(nextMidnight(Date.parse("2026-03-08T00:30:00-05:00"), "America/New_York")).toBe(
    Date.parse("2026-03-09T00:00:00-04:00"),
  )
  expect(nextMidnight(now, zone)).toBe(Date.parse("2026-03-12T00:00:00+08:00"))
})
