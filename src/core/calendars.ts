import { Temporal } from "temporal-polyfill"
import type { Instant } from "./instants.ts"

const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const
type Weekday = (typeof weekdays)[number]

/** R27: wall-clock windows by weekday, overruled by day. */
export type Calendar = {
  timezone: string
  week?: Partial<Record<Weekday, string[]>>
  days?: Record<string, string[]>
}

/** A span of time in which time counts. */
export type Window = { from: Instant; to: Instant }

const dayMs = 24 * 60 * 60_000
/** R18: after so many days in a row without a window there is no due. */
const emptyDaysMax = 400

const windowForm = /^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|(24):(00))$/

/** Whether a text is a window `09:00-18:00`, `22:00-06:00` or `00:00-24:00`; equal ends are none. */
export function isWindow(text: string): boolean {
  const found = windowForm.exec(text)
  return found !== null && text.slice(0, 5) !== text.slice(6)
}

/** Whether a text names a time zone; a calendar in one that does not exist could not be counted in. */
export function isZone(text: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text)
    return true
  } catch {
    return false
  }
}

const dateOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10)

/** A calendar whose days are turned into instants when they are first asked for, and kept. */
export class Windows {
  readonly #calendar: Calendar
  readonly #days = new Map<number, Window[]>()
  readonly #midnights = new Map<number, Instant>()

  constructor(calendar: Calendar) {
    this.#calendar = calendar
  }

  /** The number of the local day of an instant, days since 1970. */
  dayOf(at: Instant): number {
    // Between midnights that are kept, since asking Temporal for every judgement takes longer than the judgement.
    let day = Math.floor(at / dayMs)
    while (at < this.#midnight(day)) day--
    while (at >= this.#midnight(day + 1)) day++
    return day
  }

  #midnight(day: number): Instant {
    let at = this.#midnights.get(day)
    if (at === undefined) {
      at = this.#at(dateOf(day), "00:00", 0)
      this.#midnights.set(day, at)
    }
    return at
  }

  /** The windows that start on a day, sorted; empty and reversed ones are dropped. */
  ofDay(day: number): readonly Window[] {
    let windows = this.#days.get(day)
    if (windows === undefined) {
      windows = this.#compile(day)
      this.#days.set(day, windows)
    }
    return windows
  }

  #compile(day: number): Window[] {
    const date = dateOf(day)
    const weekday = weekdays[(((day + 3) % 7) + 7) % 7]!
    const texts = this.#calendar.days?.[date] ?? this.#calendar.week?.[weekday] ?? []
    return texts
      .map((text) => this.#window(date, text))
      .filter(({ from, to }) => from < to)
      .sort((one, other) => one.from - other.from)
  }

  #window(date: string, text: string): Window {
    const start = text.slice(0, 5)
    const end = text.slice(6)
    const next = end <= start || end === "24:00"
    return {
      from: this.#at(date, start, 0),
      to: this.#at(date, end === "24:00" ? "00:00" : end, next ? 1 : 0),
    }
  }

  /** Wall time to instant by the rule that Temporal calls `compatible`. */
  #at(date: string, time: string, daysOn: number): Instant {
    return Temporal.PlainDate.from(date)
      .add({ days: daysOn })
      .toPlainDateTime(Temporal.PlainTime.from(time))
      .toZonedDateTime(this.#calendar.timezone, { disambiguation: "compatible" }).epochMilliseconds
  }

  /** The spans in which time counts from `start` on, disjoint and in order, until 400 days in a row have no window (R18). */
  *from(start: Instant): Generator<Window> {
    const first = this.dayOf(start)
    let last = first
    let reached = start
    // A window of the day before may still be open; it belongs to the day on which it starts.
    for (let day = first - 1; day - last <= emptyDaysMax; day++) {
      const windows = this.ofDay(day)
      if (windows.length > 0 && day > last) last = day
      for (const { from, to } of windows) {
        if (to <= reached) continue
        yield { from: Math.max(from, reached), to }
        reached = to
      }
    }
  }
}

/** Somewhere that time does not count. */
export type Gap = { from: Instant; to: Instant }

/**
 * R18: the earliest instant d ≥ start at which the time counted in [start, d) is `amountMs`: inside the windows (null: all time)
 * and outside the gaps, which are disjoint, sorted and may end at Infinity. Null: it is never reached.
 */
export function reach(
  start: Instant,
  amountMs: number,
  windows: Windows | null,
  gaps: readonly Gap[],
): Instant | null {
  if (amountMs === 0) return start
  if (windows === null && gaps.length === 0) return start + amountMs
  let left = amountMs
  for (const window of windows === null ? [{ from: start, to: Infinity }] : windows.from(start)) {
    let at = window.from
    for (const gap of gaps) {
      if (gap.to <= at) continue
      if (gap.from >= window.to) break
      if (gap.from > at) {
        const counted = gap.from - at
        if (counted >= left) return at + left
        left -= counted
      }
      at = gap.to
      if (at >= window.to) break
    }
    if (at === Infinity) return null
    if (at >= window.to) continue
    if (window.to - at >= left) return at + left
    left -= window.to - at
  }
  return null
}

/** The time counted in [start, end), milliseconds. */
export function counted(start: Instant, end: Instant, windows: Windows | null, gaps: readonly Gap[]): number {
  let sum = 0
  for (const window of windows === null ? [{ from: start, to: end }] : windows.from(start)) {
    if (window.from >= end) break
    const to = Math.min(window.to, end)
    sum += to - window.from
    for (const gap of gaps) sum -= Math.max(0, Math.min(gap.to, to) - Math.max(gap.from, window.from))
  }
  return sum
}
