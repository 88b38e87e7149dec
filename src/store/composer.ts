import { Kysely, PostgresDialect } from "kysely"
import type { Database } from "./database.ts"

const composers = new WeakMap<Database, Kysely<object>>()

/** What runs composed queries (lists with filters) on a database's pool. */
export function composer(db: Database): Kysely<object> {
  let found = composers.get(db)
  if (!found) {
    found = new Kysely<object>({ dialect: new PostgresDialect({ pool: db.pool }) })
    composers.set(db, found)
  }
  return found
}
