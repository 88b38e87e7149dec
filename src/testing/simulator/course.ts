import { createHash } from "node:crypto"

/** What went on in a simulation, step by step, as one digest: two runs of a seed have the same, however busy the machine was. */
export class Course {
  readonly #hash = createHash("sha256")
  readonly #hear: (step: string) => void

  /** @param hear is told each step, for whoever wants to see where two courses part */
  constructor(hear: (step: string) => void = () => {}) {
    this.#hear = hear
  }

  note(step: string): void {
    this.#hash.update(`${step}\n`)
    this.#hear(step)
  }

  /** 16 hexadecimal digits of all steps so far. */
  get digest(): string {
    return this.#hash.copy().digest("hex").slice(0, 16)
  }
}
