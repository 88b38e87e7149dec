import { factColumns } from "./mapping.ts"
import type { RowFacts } from "./rows.ts"

const textFields = ["line", "sku", "name", "kind"] as const
const detailFields = ["warehouse", "fulfilment", "liveSession", "host", "type"] as const

/** Fields are parted by commas, numbers written to the base 36; an empty field is none. */
const write = (value: number | null | undefined): string =>
  value === null || value === undefined ? "" : value.toString(36)
const read = (text: string | undefined): number | null =>
  text === undefined || text === "" ? null : readBase36(text)

function readBase36(text: string): number {
  const dot = text.indexOf(".")
  const sign = text.startsWith("-") ? -1 : 1
  if (dot < 0) return Number.parseInt(text, 36)
  return (
    Number.parseInt(text.slice(0, dot), 36) +
    (sign * Number.parseInt(text.slice(dot + 1), 36)) / 36 ** (text.length - dot - 1)
  )
}

const factFields = Object.values(factColumns)

/** Keeps rows small, since a million of them must fit: words that come again are numbered, and what no rule looks at is only a hash. */
export class Packer {
  readonly #numbers = new Map<string, number>()
  readonly #words: string[] = []

  #number(word: string | number | undefined | null): number | null {
    if (word === undefined || word === null) return null
    const text = String(word)
    let number = this.#numbers.get(text)
    if (number === undefined) {
      // A copy: a part of a longer text would keep all of that in memory.
      const own = JSON.parse(JSON.stringify(text)) as string
      number = this.#words.push(own) - 1
      this.#numbers.set(own, number)
    }
    return number
  }

  /** A row as a short text in ASCII; equal rows give equal texts. */
  pack(row: RowFacts): string {
    const { details } = row
    // Joined, not added up: a sum of texts would keep all its parts in memory.
    return [
      ...textFields.map((field) => write(this.#number(row[field]))),
      ...detailFields.map((field) => write(this.#number(details[field]))),
      ...factFields.map((field) => write(row.facts[field])),
      write(row.quantity),
      write(row.itemAmount),
      write(row.promisedShipAt),
      write(row.presaleShipBy),
      row.status === null ? "" : String(factFields.indexOf(row.status)),
      row.cells.toString(36),
    ].join(",")
  }

  /** The row again, without what was only hashed. */
  unpack(text: string): RowFacts {
    const fields = text.split(",")
    let i = 0
    const word = () => {
      const number = read(fields[i++])
      return number === null ? null : this.#words[number]!
    }
    const [line, sku, name, kind] = textFields.map(word) as [
      string | null,
      string | null,
      string | null,
      string | null,
    ]
    const details: RowFacts["details"] = {}
    for (const field of detailFields) {
      const value = word()
      if (value !== null) details[field] = value
    }
    const facts: RowFacts["facts"] = {}
    for (const field of factFields) {
      const at = read(fields[i++])
      if (at !== null) facts[field] = at
    }
    const [quantity, itemAmount, promisedShipAt, presaleShipBy] = [0, 0, 0, 0].map(() =>
      read(fields[i++]),
    ) as [number | null, number | null, number | null, number | null]
    const status = fields[i] === "" ? null : factFields[Number(fields[i])]!
    return {
      channel: "",
      shop: null,
      orderNo: "",
      line,
      sku,
      name,
      kind,
      quantity,
      itemAmount,
      facts,
      status,
      promisedShipAt,
      presaleShipBy,
      details,
      receiver: null,
      cells: 0,
    }
  }
}
