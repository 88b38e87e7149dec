import { Temporal } from "temporal-polyfill"
import type { Instant } from "./instants.ts"

const hourMs = 3_600_000

/** Wall time of one zone turned into instants by the rule that Temporal calls `compatible`; fast, since an hour's offset is asked for once. */
export class WallClock {
  readonly #timezone: string
  /** offset of a wall hour; null: it changes within the hour */
  readonly #hours = new Map<number, number | null>()

  /** Throws a RangeError for a zone that does not exist. */
  constructor(timezone: string) {
    this.#timezone = timezone
    this.#ask(0)
  }

  /** The instant of a wall time given as milliseconds as if it were UTC. */
  instantOf(wall: number): Instant {
    const hour = Math.floor(wall / hourMs)
    let offset = this.#hours.get(hour)
    if (offset === undefined) {
      const first = this.#ask(hour * hourMs)
      offset = first === this.#ask(hour * hourMs + hourMs - 1) ? first : null
      this.#hours.set(hour, offset)
    }
    return wall - (offset ?? this.#ask(wall))
  }

  #ask(wall: number): number {
    const local = Temporal.PlainDateTime.from(new Date(wall).toISOString().slice(0, 23))
    return wall - local.toZonedDateTime(this.#timezone, { disambiguation: "compatible" }).epochMilliseconds
  }
}

/** The instant at which the local day of an instant began. */
export function dayStart(at: Instant, timezone: string): Instant {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone).startOfDay()
    .epochMilliseconds
}

/** The same time of day some days later, in a zone whose days may have 23 or 25 hours. */
export function movedByDays(at: Instant, days: number, timezone: string): Instant {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone).add({ days })
    .epochMilliseconds
}

/** The offset of a zone at an instant, as `+08:00`. */
export const offsetAt = (at: Instant, timezone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone).offset
