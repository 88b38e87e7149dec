import type { Instant } from "../core/instants.ts"
import { newId } from "./keys.ts"
import { run, type Session, statement, touch } from "./statement.ts"

/** How a sending stands: `dropped` has nothing left to say, `dead` was given up. */
export type DeliveryState = "waiting" | "sending" | "sent" | "dropped" | "dead"

/** One sending of an alert through a robot. */
export type Delivery = {
  id: string
  alert: string
  robot: string
  state: DeliveryState
  /** what it said last, in one line */
  said: string
  urgent: boolean
  dueAt: Instant | null
  tries: number
  sentWith: string | null
  why: string | null
  code: string | null
  message: string | null
  createdAt: Instant
  triedAt: Instant | null
  sentAt: Instant | null
  tookMs: number | null
  instead: string | null
}

const at = (place: number) => `to_timestamp($${place}::float8 / 1000)`
const fields = `d.id, d.alert, d.robot, d.state, d.said, d.urgent, d.due_at as "dueAt", d.tries, d.sent_with as "sentWith", d.why, d.code,
  d.message, d.created_at as "createdAt", d.tried_at as "triedAt", d.sent_at as "sentAt", d.took_ms as "tookMs", d.instead`

const add = statement(
  "deliveries.add",
  `insert into deliveries (id, alert, robot, state, urgent, due_at, created_at, said)
   values ($1, $2, $3, 'waiting', $4, ${at(5)}, ${at(6)}, $7) on conflict (alert, robot) do nothing returning id`,
)
const due = statement(
  "deliveries.due",
  `select ${fields} from deliveries d join alerts a on a.id = d.alert
   where d.robot = $1 and d.state in ('waiting', 'sending') and d.due_at <= ${at(2)}
   order by d.urgent desc, a.created_at, a.id limit 50`,
)
const begin = statement(
  "deliveries.begin",
  `update deliveries d set state = 'sending', tries = tries + 1, tried_at = ${at(3)}, due_at = ${at(4)}, sent_with = ($1::uuid[])[1], said = k.said
   from unnest($1::uuid[], $2::text[]) as k(id, said) where d.id = k.id`,
)
const settle = statement(
  "deliveries.settle",
  `update deliveries set state = $2, due_at = ${at(3)}, sent_at = ${at(4)}, took_ms = $5, why = $6, code = $7, message = $8
   where sent_with = $1 and state = 'sending'`,
)
const put = statement(
  "deliveries.put",
  `update deliveries set state = $2, due_at = ${at(3)} where id = any($1::uuid[])`,
)
const revive = statement(
  "deliveries.revive",
  `update deliveries set state = 'waiting', due_at = ${at(2)}, tries = 0 where id = $1 and state = 'dead' returning id`,
)
const reviveAll = statement(
  "deliveries.revive_all",
  `update deliveries set state = 'waiting', due_at = ${at(2)}, tries = 0 where robot = $1 and state = 'dead' and created_at > ${at(3)}`,
)
const noteInstead = statement(
  "deliveries.instead",
  "update deliveries set instead = $2 where sent_with = $1 and state = 'dead'",
)

const failed = statement(
  "deliveries.failed_lately",
  `select from deliveries where robot = $1 and state = 'dead' and ($2::uuid is null or sent_with is distinct from $2) and tried_at > ${at(3)} limit 1`,
)
/** Whether a robot gave up on a message since an instant, beside those of one sending. */
export const failedLately = async (
  session: Session,
  robot: string,
  beside: string | null,
  since: Instant,
): Promise<boolean> => (await run(session, failed, [robot, beside, since])).length > 0

/** Plans a sending; null when this alert goes through this robot already. */
export const addDelivery = async (
  tx: Session,
  each: Pick<Delivery, "alert" | "robot" | "urgent" | "said"> & { dueAt: Instant },
  now: Instant,
): Promise<string | null> =>
  (
    await run<{ id: string }>(tx, add, [
      newId(now),
      each.alert,
      each.robot,
      each.urgent,
      each.dueAt,
      now,
      each.said,
    ])
  )[0]?.id ?? null
/** What a robot has to send now: what is urgent first. A sending whose process died is among them once it counts as lost. */
export const listDue = (tx: Session, robot: string, now: Instant): Promise<Delivery[]> =>
  run(tx, due, [robot, now])
/** Marks sendings as under way as one message, with what each says; they count as lost at `lostAt`. */
export const beginSending = (
  tx: Session,
  sendings: readonly { id: string; said: string }[],
  now: Instant,
  lostAt: Instant,
): Promise<unknown[]> =>
  run(tx, begin, [sendings.map(({ id }) => id), sendings.map(({ said }) => said), now, lostAt])
/** Writes how a message ended, for all that went out in it. */
export const settleSending = (
  tx: Session,
  first: string,
  end: {
    state: DeliveryState
    dueAt?: Instant
    sentAt?: Instant
    tookMs: number
    why?: string
    code?: string
    message?: string
  },
): Promise<number> =>
  touch(tx, settle, [
    first,
    end.state,
    end.dueAt ?? null,
    end.sentAt ?? null,
    end.tookMs,
    end.why ?? null,
    end.code ?? null,
    end.message ?? null,
  ])
/** Lets sendings wait until an instant, or drops them. */
export const putAside = (
  tx: Session,
  ids: readonly string[],
  state: "waiting" | "dropped",
  until: Instant | null,
): Promise<unknown[]> => run(tx, put, [ids, state, until])
/** Gives a dead sending its tries again. */
export const reviveDelivery = async (tx: Session, id: string, now: Instant): Promise<boolean> =>
  (await run(tx, revive, [id, now])).length > 0
/** Gives every dead sending of a robot since an instant its tries again; answers how many. */
export const reviveDeliveries = (tx: Session, robot: string, now: Instant, since: Instant): Promise<number> =>
  touch(tx, reviveAll, [robot, now, since])
/** Notes which robot got a dead message instead. */
export const noteSentInstead = (tx: Session, first: string, robot: string): Promise<unknown[]> =>
  run(tx, noteInstead, [first, robot])

// ------------------------------------------------------------------ what is shown of them

/** A sending with what it says, for a list. */
export type ListedDelivery = Delivery & {
  robotName: string
  /** it went out with others as one card */
  gathered: boolean
  alertCode: string
  insteadName: string | null
}
const list = statement(
  "deliveries.list",
  `select ${fields}, r.name as "robotName",
     d.sent_with is not null and exists (select from deliveries o where o.sent_with = d.sent_with and o.id <> d.id) as gathered, a.code as "alertCode",
     (select i.name from robots i where i.id = d.instead) as "insteadName"
   from deliveries d join robots r on r.id = d.robot join alerts a on a.id = d.alert
   where ($1::text is null or d.state = $1) and ($2::uuid is null or d.robot = $2)
     and ($3::float8 is null or (d.created_at, d.id) < (${at(3)}, $4::uuid)) and d.created_at >= ${at(5)}
   order by d.created_at desc, d.id desc limit $6`,
)
const counts = statement(
  "deliveries.counts",
  `select count(*) filter (where created_at >= ${at(1)})::int as today, count(*) filter (where state = 'dead')::int as dead,
     count(*) filter (where state in ('waiting', 'sending'))::int as waiting,
     max(took_ms) filter (where created_at >= ${at(1)})::int as "slowestMs",
     (select coalesce(sum(greatest(jsonb_array_length(about) - 1, 0)), 0)::int from alerts where created_at >= ${at(1)}) as merged
   from deliveries`,
)
const lasts = statement(
  "deliveries.lasts",
  `select r.id as robot, max(d.sent_at) as "sentAt", count(*) filter (where d.state = 'dead')::int as dead,
     count(*) filter (where d.state in ('waiting', 'sending'))::int as waiting
   from robots r left join deliveries d on d.robot = r.id group by r.id`,
)

const find = statement("deliveries.find", `select ${fields} from deliveries d where d.id = $1`)
/** A sending by its id. */
export const findDelivery = async (session: Session, id: string): Promise<Delivery | undefined> =>
  (await run<Delivery>(session, find, [id]))[0]

/** A page of what was sent, the latest first. */
export const listDeliveries = (
  session: Session,
  filter: {
    state: DeliveryState | null
    robot: string | null
    since: Instant
    after: { at: Instant; id: string } | null
    limit: number
  },
): Promise<ListedDelivery[]> =>
  run(session, list, [
    filter.state,
    filter.robot,
    filter.after?.at ?? null,
    filter.after?.id ?? null,
    filter.since,
    filter.limit,
  ])
/** How many there were since an instant, are dead and wait, and how long the slowest took. */
export const countDeliveries = async (session: Session, since: Instant) =>
  (
    await run<{ today: number; dead: number; waiting: number; slowestMs: number | null; merged: number }>(
      session,
      counts,
      [since],
    )
  )[0]!
/** Of each robot the last that arrived, how many are dead and wait. */
export const lastDeliveries = (
  session: Session,
): Promise<{ robot: string; sentAt: Instant | null; dead: number; waiting: number }[]> => run(session, lasts)
