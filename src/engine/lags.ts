import type { Lag } from "../store/engines.ts"

/** Upper bounds of the lag histogram, milliseconds. */
export const lagBoundsMs = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 60_000, 600_000]

/** How late breaches took effect (fired − due): the last 10,000 for percentiles, all of them as a histogram. */
export class Lags {
  readonly #last: number[] = []
  #at = 0
  readonly counts: number[] = new Array(lagBoundsMs.length + 1).fill(0)
  sumMs = 0

  /** Adds one lag in milliseconds. */
  add(ms: number): void {
    if (this.#last.length < 10_000) this.#last.push(ms)
    else this.#last[this.#at++ % 10_000] = ms
    const bin = lagBoundsMs.findIndex((bound) => ms <= bound)
    this.counts[bin < 0 ? lagBoundsMs.length : bin]!++
    this.sumMs += ms
  }

  /** All of it as a row of the engines' table. */
  told(): Lag {
    return { counts: this.counts, sumMs: this.sumMs, ...this.percentiles() }
  }

  /** Median, 99th percentile and greatest of the last 10,000, milliseconds; zeros when nothing has fired. */
  percentiles(): { p50: number; p99: number; max: number } {
    if (this.#last.length === 0) return { p50: 0, p99: 0, max: 0 }
    const sorted = [...this.#last].sort((a, b) => a - b)
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
    return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1)! }
  }
}
