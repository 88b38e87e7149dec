import type pg from "pg"

/** A named SQL statement; the name lets PostgreSQL keep its plan on the connection. */
export type Statement = { readonly name: string; readonly text: string }

/** Whatever a statement can be sent to: a transaction, a pooled connection, a pool. */
export type Session = Pick<pg.ClientBase, "query">

/** Every statement of the store, so that a test can prepare each against the migrated database. */
export const statements = new Map<string, Statement>()

/** Declares a statement under a name of its own. */
export function statement(name: string, text: string): Statement {
  if (statements.has(name)) throw new Error(`two statements are named ${name}`)
  const made = { name, text }
  statements.set(name, made)
  return made
}

/** Sends a statement and answers its rows. */
export async function run<Row extends pg.QueryResultRow>(
  session: Session,
  { name, text }: Statement,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const result = await session.query<Row>({ name, text, values: values as unknown[] })
  return result.rows
}

/** Sends a statement and answers how many rows it touched. */
export async function touch(
  session: Session,
  { name, text }: Statement,
  values: readonly unknown[],
): Promise<number> {
  const result = await session.query({ name, text, values: values as unknown[] })
  return result.rowCount ?? 0
}
