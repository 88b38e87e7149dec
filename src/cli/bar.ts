/** A progress bar on a terminal; silent elsewhere. */
export class Bar {
  readonly #out: NodeJS.WriteStream
  #shown = -1

  constructor(out: NodeJS.WriteStream) {
    this.#out = out
  }

  /** Shows a share from 0 to 1. */
  show(share: number): void {
    const percent = Math.floor(share * 100)
    if (!this.#out.isTTY || percent === this.#shown) return
    this.#shown = percent
    const full = Math.round(share * 30)
    this.#out.write(`\r${"█".repeat(full)}${"░".repeat(30 - full)} ${percent} %`)
  }

  /** Takes the bar away. */
  end(): void {
    if (this.#out.isTTY && this.#shown >= 0) this.#out.write(`\r${" ".repeat(40)}\r`)
  }
}
