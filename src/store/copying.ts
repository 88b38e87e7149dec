import pg from "pg"
import { bulkInsert, type Column, type Kind, send } from "./bulk.ts"
import type { Session } from "./statement.ts"

/** New rows of a table by binary COPY: for many it costs the database half of what an insert costs, and us a third. */
export type Copy<Row> = { readonly text: string; readonly columns: readonly Column<Row>[] }

/** From this many rows on a COPY is cheaper than a prepared insert. */
const copyMin = 50

/** Every COPY of the store, so that a test can hold each against the insert of the same rows. */
export const copies = new Map<string, Copy<never>>()

/** Declares the COPY of a table's columns. */
export function copyInto<Row>(table: string, columns: readonly Column<Row>[]): Copy<Row> {
  const copy = {
    text: `copy ${table} (${columns.map(([name]) => name).join(", ")}) from stdin (format binary)`,
    columns,
  }
  copies.set(table, copy as unknown as Copy<never>)
  return copy
}

/** Copies rows in, in the order given. A row that is there already is an error of its unique key. */
export async function sendCopy<Row extends object>(
  session: Session,
  copy: Copy<Row>,
  rows: readonly Row[],
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const query = new Sent(copy.text, encode(copy.columns, rows), (error) =>
      error ? reject(error) : resolve(),
    )
    session.query(query)
  })
}

type Wire = {
  query(text: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
}

/** A COPY whose rows travel behind it at once: the server reads them as soon as it has begun, and passes over them where it could not. */
class Sent extends pg.Query {
  constructor(text: string, rows: Buffer, done: (error: Error | undefined) => void) {
    super(text, done)
    this.submit = (connection) => {
      const wire = connection as unknown as Wire
      wire.query(text)
      wire.sendCopyFromChunk(rows)
      wire.endCopyFrom()
    }
  }

  /** The rows are on their way already. */
  handleCopyInResponse(): void {}
}

/** Declares how new rows of a table are added: few by a prepared insert, many by COPY. One that is there already is an error of its unique key. */
export function adding<Row extends object>(name: string, table: string, columns: readonly Column<Row>[]) {
  const insert = bulkInsert(name, table, columns)
  const copy = copyInto(table, columns)
  return async (tx: Session, rows: readonly Row[]): Promise<void> => {
    if (rows.length >= copyMin) await sendCopy(tx, copy, rows)
    else await send(tx, insert, columns, rows)
  }
}

// ------------------------------------------------------------------ the form of binary COPY

const signature = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1")

/** Rows in the form of binary COPY. */
export function encode<Row extends object>(columns: readonly Column<Row>[], rows: readonly Row[]): Buffer {
  const sheet = new Sheet(rows.length * columns.length * 24 + 64)
  const puts = columns.map(([, field, kind]) => ({ field, put: put[kind] }))
  sheet.raw(signature)
  for (const row of rows) {
    sheet.int2(puts.length)
    for (const { field, put } of puts) {
      const value = row[field]
      if (value === null || value === undefined) sheet.int4(-1)
      else put(sheet, value)
    }
  }
  sheet.int2(-1)
  return sheet.written()
}

const put: Record<Kind, (sheet: Sheet, value: unknown) => void> = {
  int2: (sheet, value) => sheet.int2(value as number, 2),
  int4: (sheet, value) => sheet.int4(value as number, 4),
  int8: (sheet, value) => sheet.int8(value as number),
  float8: (sheet, value) => sheet.float8(value as number),
  numeric: () => {
    throw new Error("digits of a numeric are not written here; tables that are copied into have float8")
  },
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
const textOid = 25
const word = 4_294_967_296

/** Bytes as they are written, in a buffer that grows. */
class Sheet {
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
    for (let i = 0; i < value.length; i += 2) {
      if (value.charCodeAt(i) === 45) i += 1
      this.#bytes[this.#at++] = (digit(value.charCodeAt(i)) << 4) | digit(value.charCodeAt(i + 1))
    }
  }

  /** A list of texts of one dimension; an empty one has none. */
  texts(values: readonly string[]): void {
    this.#room(24)
    const start = this.#at
    this.#at += 4
    this.int4(values.length === 0 ? 0 : 1)
    this.int4(0)
    this.int4(textOid)
    if (values.length > 0) {
      this.int4(values.length)
      this.int4(1)
    }
    for (const value of values) this.text(value)
    this.#bytes.writeInt32BE(this.#at - start - 4, start)
  }
}

/** What a hexadecimal digit is worth by its code. */
const digit = (code: number): number => (code < 58 ? code - 48 : (code | 32) - 87)
