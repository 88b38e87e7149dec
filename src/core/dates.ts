import type { Language } from "./words.ts"

export type Told = { language: Language; zone: string }

const dayMs = 86_400_000
const formats = new Map<string, Intl.DateTimeFormat>()
const weekdays: Record<Language, string> = {
  "zh-Hans": "日一二三四五六",
  "zh-Hant": "日一二三四五六",
  en: "",
}
const englishDays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
const englishMonths = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
const nearDays: Record<Language, [string, string, string]> = {
  "zh-Hans": ["昨天", "今天", "明天"],
  "zh-Hant": ["昨天", "今天", "明天"],
  en: ["yesterday", "today", "tomorrow"],
}

/** The wall time of an instant in a zone; `day` counts days since 1970, `weekday` 0 is Sunday. */
export type Wall = {
  year: number
  month: number
  date: number
  hour: number
  minute: number
  second: number
  day: number
  weekday: number
}

/** Reads an instant as wall time. */
export function wallOf(at: number, zone: string): Wall {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    })
    formats.set(zone, format)
  }
  const parts: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(at)) parts[type] = Number(value)
  const { year = 0, month = 0, day: date = 0, hour = 0, minute = 0, second = 0 } = parts
  const day = Math.floor(Date.UTC(year, month - 1, date) / dayMs)
  return { year, month, date, hour, minute, second, day, weekday: (((day + 4) % 7) + 7) % 7 }
}

/** The first midnight in a zone after an instant. */
export function nextMidnight(at: number, zone: string): number {
  const { hour, minute, second } = wallOf(at, zone)
  const guess = at - ((hour * 60 + minute) * 60 + second) * 1000 - (((at % 1000) + 1000) % 1000) + dayMs
  const { day: want } = wallOf(at, zone)
  // A day with a change of the clocks has 23 or 25 hours.
  for (const shift of [0, -3_600_000, 3_600_000]) {
    const wall = wallOf(guess + shift, zone)
    if (wall.day === want + 1 && wall.hour === 0) return guess + shift
  }
  return guess
}

const two = (n: number): string => String(n).padStart(2, "0")
const clock = ({ hour, minute }: Wall): string => `${two(hour)}:${two(minute)}`

/** A day as people say it: 今天, 明天, 3月8日; the year only when it is another one. */
export function sayDay(at: number, now: number, { language, zone }: Told): string {
  const wall = wallOf(at, zone)
  const today = wallOf(now, zone)
  return nearDays[language][wall.day - today.day + 1] ?? dateOf(wall, today, language)
}

/** A day on an axis: today and tomorrow by name, every other by its date. */
export function sayDate(at: number, now: number, { language, zone }: Told): string {
  const wall = wallOf(at, zone)
  const today = wallOf(now, zone)
  const ahead = wall.day - today.day
  return (
    (ahead === 0 || ahead === 1 ? nearDays[language][ahead + 1] : undefined) ?? dateOf(wall, today, language)
  )
}

function dateOf(wall: Wall, today: Wall, language: Language): string {
  const year = wall.year === today.year ? "" : language === "en" ? ` ${wall.year}` : `${wall.year}年`
  return language === "en"
    ? `${wall.date} ${englishMonths[wall.month - 1]}${year}`
    : `${year}${wall.month}月${wall.date}日`
}

/** A weekday: 周二, 週二, Tue. */
export function sayWeekday(at: number, { language, zone }: Told): string {
  const { weekday } = wallOf(at, zone)
  if (language === "en") return englishDays[weekday]!
  return `${language === "zh-Hans" ? "周" : "週"}${weekdays[language][weekday]}`
}

/** A day with its weekday: 11月29日 周日, Sun 29 Nov. */
export function sayDayInWeek(at: number, now: number, told: Told): string {
  const [day, weekday] = [sayDay(at, now, told), sayWeekday(at, told)]
  return told.language === "en" ? `${weekday} ${day}` : `${day} ${weekday}`
}

/** The time of day, to the minute. */
export const sayTime = (at: number, { zone }: Told): string => clock(wallOf(at, zone))

/** An instant as people say it: 今天 20:14, 明天 18:00, 3月8日 11:02. */
export const say = (at: number, now: number, told: Told): string =>
  `${sayDay(at, now, told)} ${sayTime(at, told)}`

/** The same without 今天: 20:14, 昨天 23:49, 明天 18:00. */
export function sayShort(at: number, now: number, told: Told): string {
  const time = sayTime(at, told)
  return wallOf(at, told.zone).day === wallOf(now, told.zone).day ? time : `${sayDay(at, now, told)} ${time}`
}

/** An instant with its seconds, as where arithmetic is shown: 今天 20:14:36. */
export function sayExactly(at: number, now: number, told: Told): string {
  return `${sayDay(at, now, told)} ${sayTime(at, told)}:${two(wallOf(at, told.zone).second)}`
}

/** An instant in full, for a hover: 2026-03-11 20:14:36. */
export function exact(at: number, zone: string): string {
  const wall = wallOf(at, zone)
  return `${wall.year}-${two(wall.month)}-${two(wall.date)} ${clock(wall)}:${two(wall.second)}`
}
