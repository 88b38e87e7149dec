import type { Instant } from "../core/instants.ts"
import { run, type Session, statement } from "./statement.ts"

const read = statement("settings.read", "select value from settings where name = $1")
const write = statement(
  "settings.write",
  `insert into settings (name, value, changed_at) values ($1, $2::jsonb, to_timestamp($3::float8 / 1000))
   on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at`,
)

/** A setting of the company by its name, or null where nobody made it yet. */
export const findSetting = async <Value>(session: Session, name: string): Promise<Value | null> =>
  (await run<{ value: Value & object }>(session, read, [name]))[0]?.value ?? null
/** Writes a setting of the company. */
export const saveSetting = (
  session: Session,
  name: string,
  value: unknown,
  at: Instant,
): Promise<unknown[]> => run(session, write, [name, JSON.stringify(value), at])
