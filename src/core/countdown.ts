import type { Language } from "./words.ts"

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const two = (n: number): string => String(n).padStart(2, "0")

/** A span without its sign, rounded down: `2 d 4 h`, `7 h 05`, `43:12`. */
function span(ms: number, pad: boolean): string {
  if (ms >= dayMs) return `${Math.floor(ms / dayMs)} d ${Math.floor((ms % dayMs) / hourMs)} h`
  if (ms >= hourMs) return `${Math.floor(ms / hourMs)} h ${two(Math.floor((ms % hourMs) / minuteMs))}`
  const minutes = Math.floor(ms / minuteMs)
  return `${pad ? two(minutes) : minutes}:${two(Math.floor((ms % minuteMs) / 1000))}`
}

/** Time left until due, or past it (LOOK §5): `43:12` under an hour, `7 h 05` under a day, `2 d 4 h`; past due with `–`. Rounded towards zero, so that zero is zero. */
export function countdown(leftMs: number): string {
  return leftMs <= -1000 ? `–${span(-leftMs, true)}` : span(Math.abs(leftMs), true)
}

const early: Record<Language, (text: string) => string> = {
  "zh-Hans": (text) => `早 ${text}`,
  "zh-Hant": (text) => `早 ${text}`,
  en: (text) => `${text} early`,
}
const late: Record<Language, (text: string) => string> = {
  "zh-Hans": (text) => `迟 ${text}`,
  "zh-Hant": (text) => `遲 ${text}`,
  en: (text) => `${text} late`,
}

/** How a stopped clock ended: `早 8:39` with what was left, `迟 7 h 00` with what was over. */
export function stopped(leftMs: number, language: Language): string {
  return leftMs < 0 ? late[language](span(-leftMs, false)) : early[language](span(leftMs, false))
}

const spokenUnits: Record<
  Language,
  { days: string; hours: string; minutes: string; seconds: string; left: string; over: string }
> = {
  "zh-Hans": { days: " 天", hours: " 小时", minutes: " 分", seconds: " 秒", left: "剩余 ", over: "已超 " },
  "zh-Hant": { days: " 天", hours: " 小時", minutes: " 分", seconds: " 秒", left: "剩餘 ", over: "已超 " },
  en: { days: " d", hours: " h", minutes: " min", seconds: " s", left: "left: ", over: "over by " },
}

/** The countdown as a screen reader should say it. */
export function spoken(leftMs: number, language: Language): string {
  const words = spokenUnits[language]
  const ms = Math.abs(leftMs)
  const parts: string[] = []
  if (ms >= dayMs) parts.push(`${Math.floor(ms / dayMs)}${words.days}`)
  if (ms >= hourMs) parts.push(`${Math.floor((ms % dayMs) / hourMs)}${words.hours}`)
  if (ms < dayMs) parts.push(`${Math.floor((ms % hourMs) / minuteMs)}${words.minutes}`)
  if (ms < hourMs) parts.push(`${Math.floor((ms % minuteMs) / 1000)}${words.seconds}`)
  return (leftMs < 0 ? words.over : words.left) + parts.join(" ")
}

const plainSpan: Record<Language, [string, string]> = {
  "zh-Hans": [" 小时", " 分"],
  "zh-Hant": [" 小時", " 分"],
  en: [" h", " min"],
}

/** A length of time where arithmetic is told: `3 h 35`, `48 h`, `20 min`. */
export function length(ms: number, language: Language): string {
  const minutes = Math.floor(Math.abs(ms) / minuteMs)
  if (minutes < 60) return `${minutes}${plainSpan[language][1]}`
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${two(minutes % 60)}`
}
