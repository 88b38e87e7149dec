import pg from "pg"
import { put, Sheet } from "./binary.ts"
import { bulkInsert, type Column, send } from "./bulk.ts"
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
