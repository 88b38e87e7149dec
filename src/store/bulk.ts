import { type Session, type Statement, statement, touch } from "./statement.ts"

/** How a column travels: `instant` is milliseconds on our side and timestamptz on the other, `json` any value and jsonb, `jsonText` its text, `json as text` any value and json, `texts` a list and text[]. */
export type Kind =
  | "int2"
  | "int4"
  | "int8"
  | "float8"
  | "numeric"
  | "text"
  | "uuid"
  | "bool"
  | "bytea"
  | "instant"
  | "json"
  | "jsonText"
  | "json as text"
  | "texts"

/** A column's name in SQL, the row's field that fills it and how it travels. */
export type Column<Row> = readonly [name: string, field: keyof Row & string, kind: Kind]

const wire: Record<Kind, string> = {
  int2: "int2",
  int4: "int4",
  int8: "int8",
  float8: "float8",
  numeric: "numeric",
  text: "text",
  uuid: "uuid",
  bool: "bool",
  bytea: "bytea",
  instant: "float8",
  json: "text",
  jsonText: "text",
  "json as text": "text",
  texts: "text",
}

const special = /["\\]/g
const specialOnce = /["\\]/
const quoted = (text: string): string => `"${specialOnce.test(text) ? text.replace(special, "\\$&") : text}"`

function cell(value: unknown, kind: Kind): string {
  if (value === null || value === undefined) return "NULL"
  switch (kind) {
    case "text":
    case "jsonText":
      return quoted(value as string)
    case "json":
    case "json as text":
      return quoted(JSON.stringify(value))
    case "texts":
      return quoted(`{${(value as string[]).map(quoted).join(",")}}`)
    case "bytea":
      return `"\\\\x${(value as Buffer).toString("hex")}"`
    case "bool":
      return value ? "t" : "f"
    default:
      return String(value)
  }
}

/** A column of cells as the text of a PostgreSQL array: one parameter a column is the fastest way in. */
export function columnText(values: readonly unknown[], kind: Kind): string {
  let text = "{"
  for (let i = 0; i < values.length; i++) {
    if (i > 0) text += ","
    text += cell(values[i], kind)
  }
  return `${text}}`
}

/** The parameters of many rows, a column each, in the order of `columns`. */
export function parameters<Row extends object>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): string[] {
  return columns.map(([, field, kind]) => {
    let text = "{"
    for (let i = 0; i < rows.length; i++) {
      if (i > 0) text += ","
      text += cell(rows[i]![field], kind)
    }
    return `${text}}`
  })
}

/** SQL of the rows that `parameters` sends, named `k`. */
export function unnested<Row>(columns: readonly Column<Row>[], first = 1): string {
  const arrays = columns.map(([, , kind], i) => `$${i + first}::${wire[kind]}[]`)
  return `unnest(${arrays.join(", ")}) as k(${columns.map(([name]) => name).join(", ")})`
}

/** SQL that turns a travelled column into what the table holds. */
export function landed(name: string, kind: Kind): string {
  if (kind === "instant") return `to_timestamp(k.${name} / 1000)`
  if (kind === "json as text") return `k.${name}::json`
  if (kind === "json" || kind === "jsonText") return `k.${name}::jsonb`
  if (kind === "texts") return `k.${name}::text[]`
  return `k.${name}`
}

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

/** A statement that updates many rows in one go; `key` columns find them, all others are set, `also` is set beside them. */
export function bulkUpdate<Row>(
  name: string,
  table: string,
  columns: readonly Column<Row>[],
  key: readonly string[],
  also = "",
): Statement {
  const sets = columns
    .filter(([column]) => !key.includes(column))
    .map(([column, , kind]) => `${column} = ${landed(column, kind)}`)
  if (also) sets.push(also)
  const where = key.map((column) => `t.${column} = k.${column}`).join(" and ")
  return statement(name, `update ${table} t set ${sets.join(", ")} from ${unnested(columns)} where ${where}`)
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
