import { type RawBuilder, sql } from "kysely"
import type { Instant } from "../core/instants.ts"
import { composer } from "./composer.ts"
import type { Database } from "./database.ts"
import type { CasePlace } from "./evidence.ts"
import { incidentFields, type StoredIncident } from "./incidents.ts"
import { run, type Session, statement, touch } from "./statement.ts"

const follows = "c.incident = $1 and not c.exempt and c.archived_at is null"

const waiting = statement(
  "incident_cases.waiting",
  `select c.bucket, c.n from cases c where ${follows} and c.incident_seq < $2 order by c.bucket, c.n limit $3`,
)
/** Cases that follow an incident and have not taken one of its acts yet. */
export const casesWaiting = (
  session: Session,
  incident: string,
  seq: number,
  limit: number,
): Promise<CasePlace[]> => run(session, waiting, [incident, seq, limit])

const take = statement(
  "incident_cases.take",
  `update cases c set incident_seq = $2 from unnest($3::int2[], $4::int4[]) as k(bucket, n)
   where c.bucket = k.bucket and c.n = k.n and c.incident = $1 and c.incident_seq < $2`,
)
/** Writes down that cases of an incident had their turn with one of its acts, whether it moved them or not. Their orders must be locked. */
export const takeAct = (
  tx: Session,
  incident: string,
  seq: number,
  cases: readonly CasePlace[],
): Promise<number> =>
  touch(tx, take, [
    incident,
    seq,
    `{${cases.map((each) => each.bucket).join(",")}}`,
    `{${cases.map((each) => each.n).join(",")}}`,
  ])

const counted = statement("incident_cases.count", `select count(*)::int as n from cases c where ${follows}`)
/** How many cases follow an incident and are not archived. */
export const countFollowing = async (session: Session, incident: string): Promise<number> =>
  (await run<{ n: number }>(session, counted, [incident]))[0]!.n

const unsolved = statement(
  "incident_cases.unsolved",
  `select count(*)::int as n from cases c where ${follows} and c.state not in ('resolved', 'reported')`,
)
/** How many cases that follow an incident are not resolved. */
export const countUnsolved = async (session: Session, incident: string): Promise<number> =>
  (await run<{ n: number }>(session, unsolved, [incident]))[0]!.n

const members = statement(
  "incident_cases.members",
  `select c.bucket, c.n from cases c where c.incident = $1 and ($2 or not c.exempt) order by c.bucket, c.n`,
)
/** All cases of an incident, with or without those that go their own way. */
export const casesOf = (session: Session, incident: string, withExempt: boolean): Promise<CasePlace[]> =>
  run(session, members, [incident, withExempt])

const holders = statement(
  "incident_cases.holders",
  `select c.assignee, count(*)::int as n from cases c where ${follows} and c.assignee is not null group by 1`,
)
/** Who has cases that follow an incident in hand, and how many. */
export const listHolders = (session: Session, incident: string): Promise<{ assignee: string; n: number }[]> =>
  run(session, holders, [incident])

// ------------------------------------------------------------------ what incidents look like over their cases

/** Cases of an incident that stand alike. */
export type CasesAlike = {
  incident: string
  state: string
  exempt: boolean
  owed: string | null
  owedBy: string | null
  count: number
  fromAt: Instant | null
  nearAt: Instant
  dueAt: Instant
  /** one of them is in the hands of the person asked for */
  mine: boolean
}
const alike = statement(
  "incident_cases.alike",
  `select c.incident, case when c.withdrawn then 'withdrawn' else c.state end as state, c.exempt, c.owed, c.owed_by as "owedBy",
     count(*)::int as count, min(c.owed_from_at) as "fromAt", min(c.owed_near_at) as "nearAt", min(c.owed_due_at) as "dueAt",
     coalesce(bool_or(c.assignee = $2), false) as mine
   from cases c where c.incident = any($1::uuid[]) group by 1, 2, 3, 4, 5`,
)
/** The cases of incidents, those that stand alike counted together; `staff` is whose cases are `mine`. */
export const casesAlike = (
  session: Session,
  incidents: readonly string[],
  staff: string | null = null,
): Promise<CasesAlike[]> =>
  incidents.length === 0 ? Promise.resolve([]) : run(session, alike, [incidents as string[], staff])

const drafts = statement(
  "incident_cases.drafts",
  `select d.language, d.count, n.texts ->> 'chat' as text from (
     select n.language, count(*)::int as count, min(array[n.bucket::text, n.fact]) as first
     from cases c join notices n on n.bucket = c.bucket and n.case_n = c.n
     where ${follows} and n.state = 'drafted' group by 1) d
   join notices n on n.bucket = d.first[1]::int2 and n.fact = d.first[2] order by d.count desc, 1`,
)
/** The messages that lie ready for the customers of an incident's cases, by language, with one of each. */
export const draftsOf = (
  session: Session,
  incident: string,
): Promise<{ language: string; count: number; text: string }[]> => run(session, drafts, [incident])

// The date of a message stands in its fact: `C-…:eta:<instant>`.
const believed = statement(
  "incident_cases.believed",
  `select (regexp_match(t.fact, ':eta:(\\d+)$'))[1]::float8 as "etaAt", count(*)::int as count
   from cases c left join lateral (select n.fact from notices n where n.bucket = c.bucket and n.case_n = c.n and n.state = 'told'
     order by n.told_at desc, n.id desc limit 1) t on true
   where ${follows} group by 1 order by 1 desc nulls last limit 500`,
)
/** Which date the customers of an incident's cases were told last, and how many each; null: none yet. */
export const believedOf = (
  session: Session,
  incident: string,
): Promise<{ etaAt: Instant | null; count: number }[]> => run(session, believed, [incident])

const deadlines = statement(
  "incident_cases.deadlines",
  `select a.next_due_at as at from cases c join agenda a on a.bucket = c.bucket and a.id = c.order_id
   where ${follows} and a.next_due_at > to_timestamp($2::float8 / 1000) and a.next_due_at < 'infinity' order by 1 limit 5000`,
)
/** The deadlines of an incident's orders that can still be kept, the soonest first. */
export const deadlinesOf = async (session: Session, incident: string, now: Instant): Promise<Instant[]> =>
  (await run<{ at: Instant }>(session, deadlines, [incident, now])).map(({ at }) => at)

const isSeen = statement(
  "incident_cases.is_seen",
  `select exists (select from cases c where c.incident = $1 and (c.assignee = $2 or c.department = any($3::text[]))) as seen`,
)
/** Whether one of an incident's cases is somebody's, or of one of some departments. */
export const hasCaseOf = async (
  session: Session,
  incident: string,
  { staff, departments }: { staff: string | null; departments: readonly string[] },
): Promise<boolean> =>
  (await run<{ seen: boolean }>(session, isSeen, [incident, staff, departments as string[]]))[0]!.seen

// ------------------------------------------------------------------ lists

/** What a list of incidents is narrowed by. */
export type IncidentFilter = {
  state?: string | undefined
  q?: string | undefined
  seenBy?: { staff: string | null; departments: readonly string[] } | undefined
}
function conditionsOf({ state, q, seenBy }: IncidentFilter): RawBuilder<unknown> {
  const all: RawBuilder<unknown>[] = [sql`true`]
  if (state === "unarchived") all.push(sql`i.closed_at is null`)
  else if (state) all.push(sql`i.state = ${state}`)
  if (q) {
    const like = `%${q.replace(/[\\%_]/g, "\\$&")}%`
    all.push(
      sql`(i.title ilike ${like} or i.shared ->> 'value' ilike ${like} or ('I-' || i.n) = upper(${q}))`,
    )
  }
  if (seenBy)
    all.push(
      sql`(i.owner::text = ${seenBy.staff} or i.department = any(${seenBy.departments as string[]}::text[])
        or exists (select from cases c where c.incident = i.id and c.assignee = ${seenBy.staff}))`,
    )
  return sql.join(all, sql` and `)
}

/** A page of incidents, the newest first; `before` is the number where it goes on. */
export async function listIncidents(
  db: Database,
  filter: IncidentFilter,
  { limit, before }: { limit: number; before: number | null },
): Promise<StoredIncident[]> {
  const query = sql<StoredIncident>`select ${sql.raw(incidentFields)} from incidents i
    where ${conditionsOf(filter)} and (${before}::int is null or i.n < ${before}) order by i.n desc limit ${limit}`
  return (await query.execute(composer(db))).rows
}

/** How many incidents a filter finds. */
export async function countIncidents(db: Database, filter: IncidentFilter): Promise<number> {
  const query = sql<{ n: number }>`select count(*)::int as n from incidents i where ${conditionsOf(filter)}`
  return (await query.execute(composer(db))).rows[0]!.n
}
