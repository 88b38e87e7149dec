import type { OrderEvent } from "../../core/events.ts"
import { compileRules, judge } from "../../core/judge.ts"
import { append, type Told, toldOf } from "../../core/ledger.ts"
import type { Policy } from "../../core/policy.ts"
import { countUnfired, listClocks, type StoredClock } from "../../store/clocks.ts"
import type { Database } from "../../store/database.ts"
import { countOverdueNext, countStuck } from "../../store/engines.ts"
import { listEvents, type StoredEvent } from "../../store/events.ts"
import { instantNow, orderFields, orderTables, type StoredOrder } from "../../store/orders.ts"
import { recountAll, tallyDifferences } from "../recount.ts"
import type { Load } from "./load.ts"

/** Keeps everything that is ever put into the outbox, whoever takes it out again. */
export const keepSayings = `
  create table said (kind text, clock text, basis text, level text, about json);
  create function keep_said() returns trigger language plpgsql as
    $$ begin insert into said values (new.kind, new.clock, new.basis, new.level, new.about); return new; end $$;
  create trigger outbox_is_kept after insert on outbox for each row execute function keep_said();`

/** Whether all that was ever to happen has happened: no order waits for anything. */
export async function isCalm(db: Database): Promise<boolean> {
  const { rowCount } = await db.pool.query("select 1 from agenda where next_at is not null limit 1")
  return rowCount === 0
}

/** Everything that is not as it ought to be after a storm: in sentences, none when all is well. */
export async function judgeStorm(db: Database, load: Load, policies: readonly Policy[]): Promise<string[]> {
  const { rows: orders } = await db.pool.query<StoredOrder>(`select ${orderFields} from ${orderTables}`)
  const events = await listEvents(db.pool, orders)
  const clocks = await listClocks(db.pool, orders)
  const now = await instantNow(db.pool)
  const wrong: string[] = []
  wrong.push(...whatIsMissing(load, orders, events))
  const rules = compileRules({ policies, calendars: {}, settings: {} })
  for (const order of orders) {
    const told: Told[] = []
    for (const event of events.get(order.id) ?? []) append(told, toldOf(eventOf(event)))
    const answer = judge(order, told, rules, now)
    const own = clocks.get(order.id) ?? []
    for (const clock of answer.clocks) {
      const stored = own.find((each) => each.kind === clock.kind && each.basis === clock.basis)
      const name = `${order.orderNo} ${clock.kind}`
      if (!stored) wrong.push(`${name}: no row`)
      else wrong.push(...unlike(name, stored, clock))
    }
  }
  wrong.push(...(await whatWasSaidTwice(db, clocks)), ...(await casesAmiss(db)))
  wrong.push(...tallyDifferences(...(await recountAll(db))))
  const unfired = (await countUnfired(db.pool, now - 1_000)) + (await countOverdueNext(db.pool, now - 1_000))
  if (unfired > 0) wrong.push(`${unfired} due and not acted on`)
  const stuck = await countStuck(db.pool)
  if (stuck > 0) wrong.push(`${stuck} orders are stuck`)
  return wrong
}

const eventOf = (row: StoredEvent): OrderEvent => {
  const event = { ...row.body, source: row.source } as OrderEvent
  if (row.eventId !== null) event.eventId = row.eventId
  if (row.observedAt !== null) event.observedAt = row.observedAt
  return event
}

/** Acknowledged events that are not there, and events that nobody sent. */
function whatIsMissing(
  load: Load,
  orders: readonly StoredOrder[],
  events: ReadonlyMap<string, StoredEvent[]>,
): string[] {
  const there = new Set(
    orders.flatMap((order) => (events.get(order.id) ?? []).map((each) => `${order.orderNo} ${each.eventId}`)),
  )
  const lost = load.acknowledged.filter((each) => !there.has(`${each.orderNo} ${each.eventId}`))
  const strange = [...there].filter((each) => !load.sent.has(each))
  return [
    ...lost.map((each) => `acknowledged and lost: ${each.orderNo} ${each.type}`),
    ...strange.map((each) => `nobody sent ${each}`),
  ]
}

/** A late clock has its breach, standing, once; one that was met has none that stands; what is open has had all its warnings. */
function unlike(
  name: string,
  stored: StoredClock,
  clock: ReturnType<typeof judge>["clocks"][number],
): string[] {
  const wrong: string[] = []
  for (const field of ["state", "outcome", "dueAt", "closedAt", "startAt"] as const)
    if (stored[field] !== clock[field])
      wrong.push(`${name}: ${field} is ${stored[field]}, ought to be ${clock[field]}`)
  const isLate = clock.state === "over" || clock.outcome === "late"
  if (isLate !== (stored.breachStanding === true))
    wrong.push(`${name}: late ${isLate}, its breach stands ${stored.breachStanding}`)
  if (isLate && stored.breachDueAt !== clock.dueAt) wrong.push(`${name}: its breach has another due`)
  const fired = (stored.fired ?? []).map(([level]) => level)
  if (new Set(fired).size !== fired.length) wrong.push(`${name}: a level fired twice`)
  if (clock.state === "over" && !clock.warnLevels.every((level) => fired.includes(level)))
    wrong.push(`${name}: only ${fired} of ${clock.warnLevels} fired`)
  return wrong
}

/** Every breach was said once, no warning twice. */
async function whatWasSaidTwice(db: Database, clocks: ReadonlyMap<string, StoredClock[]>): Promise<string[]> {
  const { rows } = await db.pool.query<{ key: string; n: number }>(
    `select concat_ws(' ', s.kind, a ->> 1, s.clock, s.basis, s.level) as key, count(*)::int as n
     from said s cross join json_array_elements(s.about) a group by 1`,
  )
  const said = new Map(rows.map(({ key, n }) => [key, n]))
  const wrong = [...said].filter(([, n]) => n > 1).map(([key, n]) => `said ${n} times: ${key}`)
  let breaches = 0
  for (const [id, own] of clocks)
    for (const clock of own)
      if (clock.breachDueAt !== null) {
        breaches += 1
        if (!said.has(`breach ${id} ${clock.kind} ${clock.basis}`))
          wrong.push(`a breach was never said: ${id} ${clock.kind}`)
      }
  const saidBreaches = [...said.keys()].filter((key) => key.startsWith("breach ")).length
  if (saidBreaches !== breaches) wrong.push(`${saidBreaches} breaches were said, ${breaches} took effect`)
  return wrong
}

/** One case an order that was ever late; archived only when everything was withdrawn. */
async function casesAmiss(db: Database): Promise<string[]> {
  const { rows } = await db.pool.query<{
    id: string
    cases: number
    standing: number
    breaches: number
    archived: boolean
  }>(
    `select c.subject_id as id, count(*) filter (where c.breach_standing)::int as standing, count(*)::int as breaches,
       (select count(*)::int from cases k where k.order_id = c.subject_id) as cases,
       (select bool_and(k.archived_at is not null) from cases k where k.order_id = c.subject_id) as archived
     from clocks c where c.breach_due_at is not null group by c.bucket, c.subject_id`,
  )
  const wrong = rows
    .filter((each) => each.archived !== (each.standing === 0))
    .map((each) => `the case of ${each.id} is archived ${each.archived}, ${each.standing} breaches stand`)
  for (const each of rows)
    if (each.cases < 1 || each.cases > each.breaches)
      wrong.push(`${each.id} has ${each.cases} cases of ${each.breaches} breaches`)
  const loose = await db.pool.query("select 1 from clocks where breach_standing and case_n is null")
  if (loose.rowCount) wrong.push(`${loose.rowCount} breaches without a case`)
  const orphans = await db.pool.query(
    "select 1 from cases k where not exists (select 1 from clocks c where c.bucket = k.bucket and c.subject_id = k.order_id and c.case_n = k.n)",
  )
  if (orphans.rowCount) wrong.push(`${orphans.rowCount} cases without a breach`)
  return wrong
}
