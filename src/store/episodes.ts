import type { Instant } from "../core/instants.ts"
import type { JsonObject } from "../core/json.ts"
import { newId } from "./keys.ts"
import { run, type Session, statement } from "./statement.ts"

/** A span in which something stands wrong. */
export type Episode = {
  id: string
  kind: string
  beganAt: Instant
  data: JsonObject
  toldAt: Instant | null
  endedAt: Instant | null
}

const at = (place: number) => `to_timestamp($${place}::float8 / 1000)`
const fields = `id, kind, began_at as "beganAt", data, told_at as "toldAt", ended_at as "endedAt"`
const begin = statement(
  "episodes.begin",
  `insert into episodes (id, kind, began_at, data) values ($1, $2, ${at(3)}, $4::jsonb)
   on conflict (kind) where ended_at is null do update set data = excluded.data returning ${fields}`,
)
const tell = statement(
  "episodes.tell",
  `update episodes set told_at = ${at(2)} where id = $1 and told_at is null and ended_at is null returning id`,
)
const end = statement(
  "episodes.end",
  `update episodes set ended_at = ${at(2)} where kind = $1 and ended_at is null returning ${fields}`,
)
const open = statement(
  "episodes.open",
  `select ${fields} from episodes where ended_at is null order by began_at`,
)

/** The episode of a kind that runs, begun now if none did. */
export const beginEpisode = async (
  tx: Session,
  kind: string,
  now: Instant,
  data: JsonObject,
): Promise<Episode> => (await run<Episode>(tx, begin, [newId(now), kind, now, JSON.stringify(data)]))[0]!
/** Marks an episode as told; false when it was. */
export const tellEpisode = async (tx: Session, id: string, now: Instant): Promise<boolean> =>
  (await run(tx, tell, [id, now])).length > 0
/** Ends the episode of a kind that runs; answers it. */
export const endEpisode = async (tx: Session, kind: string, now: Instant): Promise<Episode | undefined> =>
  (await run<Episode>(tx, end, [kind, now]))[0]
/** The episodes that run. */
export const listEpisodes = (session: Session): Promise<Episode[]> => run(session, open)
