import { type Json, sameJson } from "../core/json.ts"
import { type Kind, put, Sheet, types } from "./binary.ts"
import { type Session, type Statement, statement, touch } from "./statement.ts"

/** A column's name in SQL, the row's field that fills it and how it travels. */
export type Column<Row> = readonly [name: string, field: keyof Row & string, kind: Kind]

/** An array has one dimension, and its places count from 1. */
const firstPlace = 1

function arrayOf(kind: Kind, length: number, at: (i: number) => unknown): Buffer {
  const sheet = new Sheet(20 + length * bytesGuessed)
  // A list in a list would have to be as long as its neighbours: it travels as its text.
  const [, oid] = kind === "texts" ? types.text : types[kind]
  sheet.int4(length === 0 ? 0 : 1)
  sheet.int4(1)
  sheet.int4(oid)
  if (length > 0) {
    sheet.int4(length)
    sheet.int4(firstPlace)
  }
  for (let i = 0; i < length; i++) {
    const value = at(i)
    if (value === null || value === undefined) sheet.int4(-1)
    else if (kind === "texts") sheet.text(`{${(value as string[]).map(quoted).join(",")}}`)
    else put[kind](sheet, value)
  }
  return sheet.written()
}
const bytesGuessed = 24

const special = /["\\]/g
const quoted = (text: string): string => `"${text.replace(special, "\\$&")}"`

/** Values as an array in PostgreSQL's binary form: one parameter a column is the fastest way in. */
export const columnOf = (values: readonly unknown[], kind: Kind): Buffer =>
  arrayOf(kind, values.length, (i) => values[i])

/** The parameters of many rows, a column each, in the order of `columns`. */
export const parameters = <Row extends object>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Buffer[] => columns.map(([, field, kind]) => arrayOf(kind, rows.length, (i) => rows[i]![field]))

/** SQL of the rows that `parameters` sends, named `k`. */
export function unnested<Row>(columns: readonly Column<Row>[], first = 1): string {
  const arrays = columns.map(
    ([, , kind], i) => `$${i + first}::${kind === "texts" ? "text" : types[kind][0]}[]`,
  )
  return `unnest(${arrays.join(", ")}) as k(${columns.map(([name]) => name).join(", ")})`
}

/** SQL that turns a travelled column into what the table holds. */
export const landed = (name: string, kind: Kind): string =>
  kind === "texts" ? `k.${name}::text[]` : `k.${name}`

/** SQL that reads a column: instants as milliseconds, which costs both sides a third of a timestamp's text. */
export function fetched(alias: string, name: string, kind: Kind): string {
  const column = `${alias}.${name}`
  return kind === "instant" ? `round(date_part('epoch', ${column}) * 1000)` : column
}

/** A statement that inserts many rows in one go, in the order in which they are given; `tail` is what follows (`on conflict …`). */
export function bulkInsert<Row>(
  name: string,
  table: string,
  columns: readonly Column<Row>[],
  tail = "",
): Statement {
  const names = columns.map(([column]) => column).join(", ")
  const values = columns.map(([column, , kind]) => landed(column, kind)).join(", ")
  return statement(
    name,
    `insert into ${table} (${names}) select ${values} from ${unnested(columns)} ${tail}`.trim(),
  )
}

/** A statement that updates many rows in one go; `key` columns find them, all others are set. */
export function bulkUpdate<Row>(
  name: string,
  table: string,
  columns: readonly Column<Row>[],
  key: readonly string[],
): Statement {
  return statement(name, updateText(table, columns, key))
}

function updateText<Row>(table: string, columns: readonly Column<Row>[], key: readonly string[]): string {
  const sets = columns
    .filter(([column]) => !key.includes(column))
    .map(([column, , kind]) => `${column} = ${landed(column, kind)}`)
  const where = key.map((column) => `t.${column} = k.${column}`).join(" and ")
  return `update ${table} t set ${sets.join(", ")} from ${unnested(columns)} where ${where}`
}

/** A row as it was read under its lock and as it is to be. */
export type Change<Row> = readonly [was: Row, is: Row]

/**
 * Declares how rows of a table are updated after a judgement: those that changed, and of them only the columns in which one did,
 * since what an event changes is a tenth of what is known. Indexes on columns that stayed are not touched.
 */
export function updating<Row extends object>(
  name: string,
  table: string,
  columns: readonly Column<Row>[],
  key: readonly string[],
) {
  bulkUpdate(name, table, columns, key)
  const made = new Map<string, { statement: Statement; columns: readonly Column<Row>[] }>()
  return async (session: Session, rows: readonly Change<Row>[]): Promise<void> => {
    const differs =
      ([was, is]: Change<Row>) =>
      ([, field, kind]: Column<Row>) =>
        differ(was[field], is[field], kind)
    const changed = columns.filter(
      (column) => !key.includes(column[0]) && rows.some((row) => differs(row)(column)),
    )
    if (changed.length === 0) return
    const names = changed.map(([column]) => column).join(" ")
    let one = made.get(names)
    if (one === undefined) {
      const sent = columns.filter((each) => key.includes(each[0]) || changed.includes(each))
      one = { columns: sent, statement: { name: `${name}.${made.size}`, text: updateText(table, sent, key) } }
      made.set(names, one)
    }
    await touch(
      session,
      one.statement,
      parameters(
        one.columns,
        rows.filter((row) => changed.some(differs(row))).map(([, is]) => is),
      ),
    )
  }
}

function differ(was: unknown, is: unknown, kind: Kind): boolean {
  if (was === is) return false
  return kind === "json" || kind === "json as text" || kind === "texts"
    ? !sameJson(was as Json, is as Json)
    : (was ?? null) !== (is ?? null)
}

/** Sends many rows with a bulk statement; none, no round trip. Answers how many were touched. */
export async function send<Row extends object>(
  session: Session,
  bulk: Statement,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Promise<number> {
  if (rows.length === 0) return 0
  return touch(session, bulk, parameters(columns, rows))
}
