import type { Instant } from "../core/instants.ts"
import { runSize } from "./keys.ts"
import { run, type Session, statement } from "./statement.ts"

/** An engine that beats. */
export type StoredEngine = {
  id: string
  startedAt: Instant
  beatAt: Instant
  alive: boolean
  lag: Partial<Lag>
}
/** How late an engine's breaches took effect, milliseconds: since its start by bounds, and of the last 10,000. */
export type Lag = { counts: number[]; sumMs: number; p50: number; p99: number; max: number }

/** An engine is alive while its last beat is younger than this. */
export const aliveMs = 6_000

// Two minutes of beats stay, so that a page shows which one was missed.
const beat = statement(
  "engines.beat",
  `insert into engines (id, started_at, beat_at, lag) values ($1, clock_timestamp(), clock_timestamp(), $2::jsonb)
   on conflict (id) do update set beat_at = excluded.beat_at, lag = excluded.lag,
     beats = (array_append(engines.beats, excluded.beat_at))[greatest(1, cardinality(engines.beats) - 58):]`,
)
const list = statement(
  "engines.list",
  `select id, started_at as "startedAt", beat_at as "beatAt", lag,
     beat_at > clock_timestamp() - make_interval(secs => $1::float8 / 1000) as alive from engines order by started_at, id`,
)
const beats = statement(
  "engines.beats",
  `select id, array(select round(date_part('epoch', b) * 1000) from unnest(beats) b) as beats from engines`,
)
const leave = statement("engines.leave", "delete from engines where id = $1")
const forget = statement(
  "engines.forget",
  "delete from engines where beat_at < clock_timestamp() - interval '1 hour'",
)

/** Says that an engine is alive and answers all engines, the dead of the last hour too. */
export async function beatEngine(session: Session, id: string, lag: Lag): Promise<StoredEngine[]> {
  await run(session, beat, [id, JSON.stringify(lag)])
  await run(session, forget)
  return listEngines(session)
}
/** The beats of the last two minutes of each engine, oldest first. */
export const listBeats = (session: Session): Promise<{ id: string; beats: Instant[] }[]> =>
  run(session, beats)
/** The engines that beat or lately did. */
export const listEngines = (session: Session): Promise<StoredEngine[]> => run(session, list, [aliveMs])
/** Takes an engine off the list at once, so that others take its runs over without waiting. */
export const leaveEngine = (session: Session, id: string): Promise<unknown[]> => run(session, leave, [id])

const dueRuns = statement(
  "engines.due_runs",
  `select bucket / ${runSize} as run, count(*)::int as n from (
     (select bucket from agenda where next_at <= to_timestamp($1::float8 / 1000) order by next_at limit 10000)
     union all select bucket from duties where next_at <= to_timestamp($1::float8 / 1000)) due
   group by 1 order by 1`,
)
/** A run in which something is due, and of how many orders and duties; of the first ten thousand. */
export type DueRun = { run: number; n: number }
/** The runs in which something is due at an instant, in their order. */
export const listDueRuns = (session: Session, now: Instant): Promise<DueRun[]> => run(session, dueRuns, [now])

const overdueNext = statement(
  "engines.overdue_next",
  `select ((select count(*) from agenda where next_at < to_timestamp($1::float8 / 1000))
     + (select count(*) from duties where next_at < to_timestamp($1::float8 / 1000)))::int as n`,
)
const stuckOrders = statement(
  "engines.stuck",
  `select ((select count(*) from agenda where stuck is not null) + (select count(*) from duties where stuck is not null))::int as n`,
)
/** How many orders and duties should have been looked at before an instant and were not. */
export const countOverdueNext = async (session: Session, before: Instant): Promise<number> =>
  (await run<{ n: number }>(session, overdueNext, [before]))[0]!.n
/** How many orders and duties cannot be judged. */
export const countStuck = async (session: Session): Promise<number> =>
  (await run<{ n: number }>(session, stuckOrders))[0]!.n
const tellOthers = statement("engines.tell", "select pg_notify('zhunshi', $1)")
/** Tells the processes that listen, this one too. */
export const notifyOthers = (session: Session, payload: string): Promise<unknown[]> =>
  run(session, tellOthers, [payload])
