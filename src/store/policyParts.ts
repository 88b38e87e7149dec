import type { Instant } from "../core/instants.ts"
import type { Json } from "../core/json.ts"
import { run, type Session, statement } from "./statement.ts"

/** Parts of the policy that have versions of their own. */
export type PartName = "causes" | "report-form" | "notices" | "reasons"

const newest = statement(
  "policy_parts.newest",
  "select version, document from policy_parts where name = $1 order by version desc limit 1",
)
const number = statement(
  "policy_parts.number",
  "select coalesce(max(version), 0)::int as version from policy_parts where name = $1",
)
const add = statement(
  "policy_parts.add",
  `insert into policy_parts (name, version, document, published_at, by_whom)
   values ($1, $2, $3::jsonb, to_timestamp($4::float8 / 1000), $5)`,
)

/** The newest version of a part; null: the company has none of its own, and the content that is shipped holds. */
export async function findPart(
  session: Session,
  name: PartName,
): Promise<{ version: number; document: Json } | null> {
  return (await run<{ version: number; document: Json }>(session, newest, [name]))[0] ?? null
}

/** The number of the newest version of a part; 0: none. */
export async function partVersion(session: Session, name: PartName): Promise<number> {
  return (await run<{ version: number }>(session, number, [name]))[0]!.version
}

/** Publishes a version of a part; two at once collide on the number. */
export async function addPart(
  tx: Session,
  name: PartName,
  document: Json,
  by: { who: string; at: Instant },
): Promise<number> {
  const version = (await partVersion(tx, name)) + 1
  await run(tx, add, [name, version, JSON.stringify(document), by.at, by.who])
  return version
}
