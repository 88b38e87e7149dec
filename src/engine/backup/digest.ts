import { hash } from "node:crypto"

const newline = 10
const lanes = [0, 4, 8, 12, 16, 20, 24, 28]

/**
 * Counts the rows of a table's text (a line a row) and sums their SHA-256, eight lanes of 32 bits each: two tables have the same
 * digest when they hold the same rows, in whatever order they lie on disk. Guards against damage, not against malice.
 */
export class Digest {
  rows = 0
  readonly #sums = new Uint32Array(8)
  #rest: Buffer | null = null

  /** Takes the next bytes; they may end within a row. */
  add(chunk: Buffer): void {
    let from = 0
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      const line = chunk.subarray(from, end)
      this.#row(this.#rest === null ? line : Buffer.concat([this.#rest, line]))
      this.#rest = null
      from = end + 1
    }
    if (from < chunk.length) {
      const rest = Buffer.from(chunk.subarray(from))
      this.#rest = this.#rest === null ? rest : Buffer.concat([this.#rest, rest])
    }
  }

  #row(line: Buffer): void {
    const digest = hash("sha256", line, "buffer")
    for (let i = 0; i < 8; i++) this.#sums[i] = this.#sums[i]! + digest.readUInt32BE(lanes[i]!)
    this.rows += 1
  }

  /** 64 hexadecimal digits. What ended within a row counts as one, so that a cut is seen. */
  get sha256(): string {
    if (this.#rest !== null) this.#row(this.#rest)
    this.#rest = null
    return [...this.#sums].map((sum) => sum.toString(16).padStart(8, "0")).join("")
  }
}
