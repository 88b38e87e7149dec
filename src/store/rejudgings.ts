import type { Instant } from "../core/instants.ts"
import type { Place } from "./keys.ts"
import { run, type Session, statement } from "./statement.ts"

/** What becomes of orders already there when channel settings change: judged again, in the order of (bucket, id). */
export type Rejudging = {
  /** number of the settings by which they are judged */
  number: number
  /** `channel`, or `channel/shop` */
  channels: string[]
  /** up to which order it has come */
  bucket: number
  orderId: string | null
  orders: number
  startedAt: Instant
  finishedAt: Instant | null
}

const fields = `number, channels, bucket, order_id as "orderId", orders::int as orders,
  started_at as "startedAt", finished_at as "finishedAt"`
const start = statement(
  "rejudgings.start",
  "insert into rejudgings (number, channels, started_at) values ($1, $2, to_timestamp($3::float8 / 1000))",
)
const find = statement("rejudgings.find", `select ${fields} from rejudgings where number = $1 for update`)
const list = statement("rejudgings.list", `select ${fields} from rejudgings order by number desc limit 20`)
const advance = statement(
  "rejudgings.advance",
  `update rejudgings set bucket = $2, order_id = $3, orders = orders + $4,
     finished_at = to_timestamp($5::float8 / 1000) where number = $1`,
)
const ripe = statement(
  "rejudgings.ripe",
  `update rejudgings set waits_for = coalesce(waits_for, pg_current_xact_id()) where number = $1
   returning pg_snapshot_xmin(pg_current_snapshot()) >= waits_for
     or started_at < to_timestamp($2::float8 / 1000) as ripe`,
)
const beWaited = statement("rejudgings.number", "select pg_current_xact_id()")
const due = statement(
  "rejudgings.orders",
  `select o.bucket, o.id, o.channel, o.shop, o.order_no as "orderNo" from orders o
   where (o.channel = any($1::text[]) or o.channel || '/' || o.shop = any($1::text[]))
     and (o.bucket, o.id) > ($2::int2, $3::uuid)
     and ((o.paid_at is null and o.end_at is null) or exists (select from clocks c where c.bucket = o.bucket
       and c.subject_kind = 'order' and c.subject_id = o.id and c.closed_at is null and not c.gone))
   order by o.bucket, o.id limit $4`,
)

/** Notes that orders are to be judged again by settings of a number. */
export const startRejudging = (
  tx: Session,
  number: number,
  channels: readonly string[],
  at: Instant,
): Promise<unknown[]> => run(tx, start, [number, channels, at])
/** A rejudging in the hands of this transaction. */
export const holdRejudging = async (tx: Session, number: number): Promise<Rejudging | undefined> =>
  (await run<Rejudging>(tx, find, [number]))[0]
/** The latest, newest first. */
export const listRejudgings = (session: Session): Promise<Rejudging[]> => run(session, list)
/** Writes how far one has come. */
export const saveRejudging = (
  tx: Session,
  { number, bucket, orderId }: Rejudging,
  { orders, finishedAt }: { orders: number; finishedAt: Instant | null },
): Promise<unknown[]> => run(tx, advance, [number, bucket, orderId, orders, finishedAt])
/**
 * Whether every transaction that `beWaitedFor` before the first of these questions has ended: the change was committed before
 * it, so whoever is numbered later reads the new settings. `giveUpAt`: one started before that is not waited for, since after a
 * restore the numbers of transactions begin anew.
 */
export const isRipe = async (session: Session, number: number, giveUpAt: Instant): Promise<boolean> =>
  (await run<{ ripe: boolean }>(session, ripe, [number, giveUpAt]))[0]?.ripe ?? true
/** Numbers this transaction, so that a rejudging waits for it; to be asked before the settings are read. */
export const beWaitedFor = (tx: Session): Promise<unknown> => run(tx, beWaited)
/** The next orders of a rejudging: with an open clock, or with neither payment nor end. */
export const listUnjudged = (
  tx: Session,
  { channels, bucket, orderId }: Rejudging,
  limit: number,
): Promise<(Place & { channel: string; shop: string; orderNo: string })[]> =>
  run(tx, due, [channels, bucket, orderId ?? "00000000-0000-0000-0000-000000000000", limit])
