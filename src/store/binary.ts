/** How a column travels: `instant` is milliseconds on our side and timestamptz on the other, `json` any value and jsonb, `jsonText` its text, `json as text` any value and json, `texts` a list and text[]. */
export type Kind =
  | "int2"
  | "int4"
  | "int8"
  | "float8"
  | "text"
  | "uuid"
  | "bool"
  | "bytea"
  | "instant"
  | "json"
  | "jsonText"
  | "json as text"
  | "texts"

/** The type of each kind on the other side, and its number there. */
export const types: Record<Kind, readonly [name: string, oid: number]> = {
  int2: ["int2", 21],
  int4: ["int4", 23],
  int8: ["int8", 20],
  float8: ["float8", 701],
  text: ["text", 25],
  uuid: ["uuid", 2950],
  bool: ["bool", 16],
  bytea: ["bytea", 17],
  instant: ["timestamptz", 1184],
  json: ["jsonb", 3802],
  jsonText: ["jsonb", 3802],
  "json as text": ["json", 114],
  texts: ["text[]", 1009],
}

/** How each kind is written, its length before it. */
export const put: Record<Kind, (sheet: Sheet, value: unknown) => void> = {
  int2: (sheet, value) => sheet.int2(value as number, 2),
  int4: (sheet, value) => sheet.int4(value as number, 4),
  int8: (sheet, value) => sheet.int8(value as number),
  float8: (sheet, value) => sheet.float8(value as number),
  text: (sheet, value) => sheet.text(value as string),
  uuid: (sheet, value) => sheet.uuid(value as string),
  bool: (sheet, value) => sheet.bool(value as boolean),
  bytea: (sheet, value) => sheet.bytes(value as Buffer),
  instant: (sheet, value) => sheet.instant(value as number),
  json: (sheet, value) => sheet.jsonb(JSON.stringify(value)),
  jsonText: (sheet, value) => sheet.jsonb(value as string),
  "json as text": (sheet, value) => sheet.text(JSON.stringify(value)),
  texts: (sheet, value) => sheet.texts(value as string[]),
}

/** PostgreSQL counts microseconds from 2000. */
const epoch = 946_684_800_000
const word = 4_294_967_296

/** Values in PostgreSQL's binary form as they are written, in a buffer that grows: half of what texts cost both sides. */
export class Sheet {
  #bytes: Buffer
  #at = 0

  constructor(guess: number) {
    this.#bytes = Buffer.allocUnsafe(guess)
  }

  written(): Buffer {
    return this.#bytes.subarray(0, this.#at)
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + bytes))
    this.#bytes.copy(larger, 0, 0, this.#at)
    this.#bytes = larger
  }

  raw(bytes: Buffer): void {
    this.#room(bytes.length)
    bytes.copy(this.#bytes, this.#at)
    this.#at += bytes.length
  }

  /** A number of two bytes, behind its length where one is given. */
  int2(value: number, length?: number): void {
    this.#room(6)
    if (length !== undefined) this.#at = this.#bytes.writeInt32BE(length, this.#at)
    this.#at = this.#bytes.writeInt16BE(value, this.#at)
  }

  int4(value: number, length?: number): void {
    this.#room(8)
    if (length !== undefined) this.#at = this.#bytes.writeInt32BE(length, this.#at)
    this.#at = this.#bytes.writeInt32BE(value, this.#at)
  }

  int8(value: number): void {
    this.#room(12)
    this.#at = this.#bytes.writeInt32BE(8, this.#at)
    const high = Math.floor(value / word)
    this.#at = this.#bytes.writeInt32BE(high, this.#at)
    this.#at = this.#bytes.writeUInt32BE(value - high * word, this.#at)
  }

  float8(value: number): void {
    this.#room(12)
    this.#at = this.#bytes.writeInt32BE(8, this.#at)
    this.#at = this.#bytes.writeDoubleBE(value, this.#at)
  }

  bool(value: boolean): void {
    this.#room(5)
    this.#at = this.#bytes.writeInt32BE(1, this.#at)
    this.#bytes[this.#at++] = value ? 1 : 0
  }

  instant(ms: number): void {
    const micros = (ms - epoch) * 1_000
    if (Number.isSafeInteger(micros)) this.int8(micros)
    else this.#farInstant(ms)
  }

  /** `infinity`, or an instant so far away that its microseconds are no safe number. */
  #farInstant(ms: number): void {
    this.#room(12)
    const ends = { low: -(2n ** 63n), high: 2n ** 63n - 1n }
    const micros =
      ms === Infinity ? ends.high : ms === -Infinity ? ends.low : (BigInt(ms) - BigInt(epoch)) * 1_000n
    this.#at = this.#bytes.writeInt32BE(8, this.#at)
    this.#at = this.#bytes.writeBigInt64BE(micros, this.#at)
  }

  bytes(value: Buffer): void {
    this.int4(value.length)
    this.raw(value)
  }

  text(value: string): void {
    this.#room(4 + value.length * 3)
    const start = this.#at + 4
    const end = this.#words(value, start)
    this.#bytes.writeInt32BE(end - start, this.#at)
    this.#at = end
  }

  /** Version 1 of jsonb's form is the text behind a byte. */
  jsonb(value: string): void {
    this.#room(5 + value.length * 3)
    const start = this.#at + 4
    this.#bytes[start] = 1
    const end = start + 1 + this.#bytes.write(value, start + 1)
    this.#bytes.writeInt32BE(end - start, this.#at)
    this.#at = end
  }

  /** A call into the runtime costs as much as thirty letters by hand. */
  #words(value: string, start: number): number {
    const bytes = this.#bytes
    if (value.length > 30) return start + bytes.write(value, start)
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i)
      if (unit > 127) return start + bytes.write(value, start)
      bytes[start + i] = unit
    }
    return start + value.length
  }

  uuid(value: string): void {
    this.#room(20)
    this.#at = this.#bytes.writeInt32BE(16, this.#at)
    const bytes = this.#bytes
    let at = this.#at
    for (const i of uuidPairs)
      bytes[at++] = (digits[value.charCodeAt(i)]! << 4) | digits[value.charCodeAt(i + 1)]!
    this.#at = at
  }

  /** A list of texts of one dimension; an empty one has none. */
  texts(values: readonly string[]): void {
    this.#room(24)
    const start = this.#at
    this.#at += 4
    this.int4(values.length === 0 ? 0 : 1)
    this.int4(0)
    this.int4(types.text[1])
    if (values.length > 0) {
      this.int4(values.length)
      this.int4(1)
    }
    for (const value of values) this.text(value)
    this.#bytes.writeInt32BE(this.#at - start - 4, start)
  }
}

/** What a hexadecimal digit is worth, by its code. */
const digits = new Uint8Array(128)
for (const [i, digit] of [..."0123456789abcdef"].entries())
  for (const each of [digit, digit.toUpperCase()]) digits[each.charCodeAt(0)] = i
/** Where the bytes of a uuid stand in its text. */
const uuidPairs = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34]
