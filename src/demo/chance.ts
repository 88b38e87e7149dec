/** Dice that fall the same way for the same seed (splitmix32 over an FNV-1a hash of the seed). */
export class Chance {
  #state: number

  constructor(seed: string) {
    let hash = 0x811c9dc5
    for (let i = 0; i < seed.length; i++) hash = Math.imul(hash ^ seed.charCodeAt(i), 0x01000193)
    this.#state = hash >>> 0
  }

  /** A number in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0
    let mixed = this.#state ^ (this.#state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }

  /** Whether something happens that happens with this probability. */
  happens(probability: number): boolean {
    return this.next() < probability
  }

  /** A number in [from, to). */
  between(from: number, to: number): number {
    return from + this.next() * (to - from)
  }

  /** A whole number in [from, to). */
  whole(from: number, to: number): number {
    return Math.floor(this.between(from, to))
  }

  /** Waiting times with this mean: many short, few long. */
  wait(mean: number): number {
    return -mean * Math.log(1 - this.next())
  }

  /** How many of something come, when this many are expected. */
  count(expected: number): number {
    let left = expected
    let n = 0
    // A step for each arrival, in pieces so that e^-expected does not vanish.
    while (left > 0) {
      const piece = Math.min(left, 200)
      const floor = Math.exp(-piece)
      for (let product = this.next(); product > floor; product *= this.next()) n++
      left -= piece
    }
    return n
  }

  /** One of several. */
  pick<Value>(values: readonly Value[]): Value {
    return values[this.whole(0, values.length)]!
  }

  /** One of several by their weights. */
  weighed<Value>(values: readonly (readonly [Value, number])[]): Value {
    let at = this.next() * values.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [value, weight] of values) {
      at -= weight
      if (at < 0) return value
    }
    return values.at(-1)![0]
  }

  /** Digits, the first of which is not 0. */
  digits(length: number): string {
    let text = String(this.whole(1, 10))
    while (text.length < length) text += this.whole(0, 10)
    return text
  }
}
