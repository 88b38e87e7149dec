import { uniformInt } from "pure-rand/distribution/uniformInt"
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus"

/** Chance that can be repeated: the same seed throws the same dice. */
export class Chance {
  readonly #dice: ReturnType<typeof xoroshiro128plus>

  constructor(seed: number) {
    this.#dice = xoroshiro128plus(seed)
  }

  /** A whole number in [from, to]. */
  int(from: number, to: number): number {
    return uniformInt(this.#dice, from, to)
  }

  /** Whether something of this probability happens. */
  happens(probability: number): boolean {
    return this.int(0, 999_999) < probability * 1_000_000
  }

  /** One of several, each as likely. */
  one<Value>(of: readonly Value[]): Value {
    return of[this.int(0, of.length - 1)]!
  }

  /** One of several by their weights. */
  weighted<Value>(of: readonly (readonly [weight: number, value: Value])[]): Value {
    let left = this.int(
      1,
      of.reduce((sum, [weight]) => sum + weight, 0),
    )
    for (const [weight, value] of of) {
      left -= weight
      if (left <= 0) return value
    }
    throw new Error("there is nothing to choose from")
  }

  /** The same values in another order. */
  shuffled<Value>(of: readonly Value[]): Value[] {
    const all = [...of]
    for (let i = all.length - 1; i > 0; i--) {
      const j = this.int(0, i)
      ;[all[i], all[j]] = [all[j]!, all[i]!]
    }
    return all
  }
}
