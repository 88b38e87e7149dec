import { Temporal } from "temporal-polyfill"
import type { Instant } from "./instants.ts"
import { inEvery, type Language, type Words } from "./words.ts"

/** A value as a sentence takes it: an instant, a span, a number, a name, or a word that has its own form in every language. */
export type Value = { at: Instant } | { ms: number } | { words: Words } | number | string
/** The values of a sentence's variables. */
export type Values = Record<string, Value>

/** The beginning of a text, never with half a character at its end: the database refuses that. */
export const beginningOf = (text: string, most: number): string => [...text].slice(0, most).join("")

const monthsEn = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

/** An instant as people say it: `3月9日 21:03`, `9 Mar 21:03`. */
export function sayDate(at: Instant, timezone: string, language: Language): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone)
  const time = `${String(local.hour).padStart(2, "0")}:${String(local.minute).padStart(2, "0")}`
  return language === "en"
    ? `${local.day} ${monthsEn[local.month - 1]} ${time}`
    : `${local.month}月${local.day}日 ${time}`
}

/** A span in hours as sentences with a unit of their own take it: `14.7`, `3`; under an hour two digits. */
export function hoursOf(ms: number): number {
  const hours = Math.abs(ms) / 3_600_000
  return hours < 1 ? Math.round(hours * 100) / 100 : Math.round(hours * 10) / 10
}

/** A span as people say it: `14 h 42`, `35 min`. */
export function saySpan(ms: number): string {
  const minutes = Math.floor(Math.abs(ms) / 60_000)
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  if (hours === 0) return `${rest} min`
  return rest === 0 ? `${hours} h` : `${hours} h ${String(rest).padStart(2, "0")}`
}

/** A value in a reader's language and the company's zone. */
export function sayValue(value: Value, timezone: string, language: Language): string {
  if (typeof value === "number") return value.toLocaleString("en-US", { maximumFractionDigits: 2 })
  if (typeof value === "string") return value
  if ("at" in value) return sayDate(value.at, timezone, language)
  if ("ms" in value) return saySpan(value.ms)
  return value.words[language]
}

/** Puts values into a sentence's `{variables}`; one that has no value stays as it is written, so that a test sees it. */
export const fill = (sentence: string, values: Values, timezone: string, language: Language): string =>
  sentence.replace(/\{([a-zA-Z]+)\}/g, (written, name: string) => {
    const value = values[name]
    return value === undefined ? written : sayValue(value, timezone, language)
  })

/** The same in every language. */
export const fillWords = (sentence: Words, values: Values, timezone: string): Words =>
  inEvery((language) => fill(sentence[language], values, timezone, language))
