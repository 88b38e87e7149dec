import type { Instant } from "../core/instants.ts"
import type { JsonObject } from "../core/json.ts"
import { run, type Session, statement } from "./statement.ts"

/** Whose a list is that everybody sees. */
export const everybody = "everybody"

/** A list of cases kept under a name: of one person, or of everybody. */
export type CaseListView = { owner: string; name: string; query: JsonObject }

const list = statement(
  "case_views.list",
  "select owner, name, query from case_views where owner = any($1::text[]) order by owner = $2, saved_at, name",
)
/** The lists that a person sees, their own behind those of everybody. */
export const listCaseViews = (session: Session, owner: string): Promise<CaseListView[]> =>
  run(session, list, [[owner, everybody], owner])

const save = statement(
  "case_views.save",
  `insert into case_views (owner, name, query, saved_at) values ($1, $2, $3::jsonb, to_timestamp($4::float8 / 1000))
   on conflict (owner, name) do update set query = excluded.query`,
)
/** Keeps a list under a name. */
export const saveCaseView = (
  tx: Session,
  { owner, name, query }: CaseListView,
  at: Instant,
): Promise<unknown[]> => run(tx, save, [owner, name, JSON.stringify(query), at])

const drop = statement(
  "case_views.drop",
  "delete from case_views where owner = $1 and name = $2 returning name",
)
/** Forgets a list; answers whether there was one. */
export const dropCaseView = async (tx: Session, owner: string, name: string): Promise<boolean> =>
  (await run(tx, drop, [owner, name])).length > 0
