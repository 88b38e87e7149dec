import { type RawBuilder, sql } from "kysely"
import type { Instant } from "../core/instants.ts"
import { caseFields, type StoredCase } from "./cases.ts"
import { composer } from "./composer.ts"
import type { Database } from "./database.ts"
import { readCaseNumber } from "./keys.ts"
import { aboutOf, endsWith } from "./orderLists.ts"

/** What a list of cases is narrowed by; `now` is the instant at which countdowns are read. */
export type CaseFilter = {
  now: Instant
  /** who may not see all sees their own and those of their departments */
  seenBy?: { staff: string | null; departments: readonly string[] } | undefined
  state?: string | undefined
  department?: string | undefined
  assignee?: string | undefined
  cause?: string | undefined
  /** the cause whose proposal waits for a decision; `none`: evidence for none was found */
  proposed?: string | undefined
  incident?: string | undefined
  /** only those that go their own way, or (false) only those that do not */
  exempt?: boolean | undefined
  /** of cases that follow an incident: whose customer was told its date, another one, or none */
  told?: "current" | "outdated" | "nothing" | undefined
  owed?: string | undefined
  due?: "running" | "near" | "over" | "paused" | undefined
  owedBefore?: Instant | undefined
  handOns?: number | undefined
  resolvable?: boolean | undefined
  channel?: string | undefined
  shop?: string | undefined
  basis?: string | undefined
  clock?: string | undefined
  /** what an alert is about, by its id */
  alert?: string | undefined
  openedFrom?: Instant | undefined
  openedTo?: Instant | undefined
  archivedFrom?: Instant | undefined
  archivedTo?: Instant | undefined
  q?: string | undefined
}

/** A breach of a case, as lists show it. */
export type CaseBreach = {
  clock: string
  basis: string
  round: number
  dueAt: Instant
  firedAt: Instant
  withdrawnAt: Instant | null
  closedAt: Instant | null
}

/** A case with its order's key and its breaches. */
export type ListedCase = StoredCase & {
  channel: string
  shop: string
  orderNo: string
  product: string | null
  incidentNumber: number | null
  incidentTitle: string | null
  breaches: CaseBreach[]
  /** the cause that is proposed and waits for a decision */
  proposed: string | null
  /** the date that its customer was told last */
  believes: { etaAt: Instant | null; at: Instant; how: string | null; by: string | null } | null
  /** in a list by groups: how many of the list its incident has */
  size?: number
}

/** How a list of cases is sorted, and where it goes on. */
export type CaseSort = "owed" | "openedAt" | "-openedAt"
export type CaseCursor = { at: Instant; bucket: number; n: number }

const ofCase = sql`b.bucket = c.bucket and b.subject_kind = 'order' and b.subject_id = c.order_id and b.case_n = c.n`
const instant = (at: Instant) => sql`to_timestamp(${at}::float8 / 1000)`

function conditionsOf(filter: CaseFilter): RawBuilder<unknown>[] {
  const all: RawBuilder<unknown>[] = [sql`true`]
  const is = (column: RawBuilder<unknown>, value: string | undefined) => {
    if (value) all.push(value === "none" ? sql`${column} is null` : sql`${column} = ${value}`)
  }
  const within = (column: RawBuilder<unknown>, from?: Instant, to?: Instant) => {
    if (from !== undefined) all.push(sql`${column} >= ${instant(from)}`)
    if (to !== undefined) all.push(sql`${column} < ${instant(to)}`)
  }
  if (filter.state === "withdrawn") all.push(sql`c.withdrawn`)
  else if (filter.state === "unarchived") all.push(sql`c.archived_at is null`)
  else if (filter.state) all.push(sql`c.state = ${filter.state} and not c.withdrawn`)
  is(sql`c.department`, filter.department)
  is(sql`c.assignee`, filter.assignee)
  is(sql`c.cause`, filter.cause)
  if (filter.proposed)
    all.push(
      sql`exists (select 1 from case_proposals p where p.bucket = c.bucket and p.case_n = c.n and p.state = 'waiting'
        and coalesce(p.cause, 'none') = ${filter.proposed})`,
    )
  if (filter.incident)
    all.push(
      filter.incident === "none" ? sql`c.incident is null` : sql`c.incident = ${filter.incident}::uuid`,
    )
  if (filter.exempt !== undefined) all.push(filter.exempt ? sql`c.exempt` : sql`not c.exempt`)
  if (filter.told)
    all.push(
      sql`c.incident is not null and not c.exempt and c.archived_at is null and ${toldState} = ${filter.told}`,
    )
  if (filter.owed) all.push(sql`c.owed = ${filter.owed}`)
  if (filter.due) all.push(sql`c.owed is not null and ${dueState(filter.now)} = ${filter.due}`)
  within(sql`c.owed_due_at`, undefined, filter.owedBefore)
  if (filter.handOns !== undefined) all.push(sql`c.hand_ons >= ${filter.handOns}`)
  if (filter.resolvable) all.push(sql`c.resolvable is not null and c.archived_at is null`)
  is(sql`o.channel`, filter.channel)
  is(sql`o.shop`, filter.shop)
  within(sql`c.opened_at`, filter.openedFrom, filter.openedTo)
  within(sql`c.archived_at`, filter.archivedFrom, filter.archivedTo)
  if (filter.basis || filter.clock)
    all.push(
      sql`exists (select 1 from breaches b where ${ofCase} and b.basis = coalesce(${filter.basis ?? null}::text, b.basis) and b.kind = coalesce(${filter.clock ?? null}::text, b.kind))`,
    )
  // An alert is about orders, or about steps of cases: the last twelve digits of such a clock's subject are the case's count.
  if (filter.alert)
    all.push(
      sql`((c.bucket, c.order_id) in (${aboutOf(filter.alert)}) or (c.bucket, c.n) in (select a.bucket,
        ('x' || right(a.id::text, 12))::bit(48)::bigint from (${aboutOf(filter.alert)}) as a(bucket, id) where a.id::text like '00000000-%'))`,
    )
  if (filter.seenBy) {
    const { staff, departments } = filter.seenBy
    all.push(sql`(c.assignee = ${staff} or c.department = any(${departments as string[]}::text[]))`)
  }
  if (filter.q) {
    const number = readCaseNumber(filter.q)
    const named = number === null ? sql`` : sql`union all select ${number.bucket}::int2, ${number.n}::int4`
    all.push(sql`(c.bucket, c.n) in (select k.bucket, k.n from orders n join cases k on k.bucket = n.bucket and k.order_id = n.id
      where ${endsWith(sql`n.order_no`, filter.q)} ${named})`)
  }
  return all
}

// The date of a message stands in its fact: `C-…:eta:<instant>`.
const toldEta = sql`(regexp_match(n.fact, ':eta:(\\d+)$'))[1]::float8`
const toldLast = (what: RawBuilder<unknown>) =>
  sql`(select ${what} from notices n where n.bucket = c.bucket and n.case_n = c.n and n.state = 'told'
    order by n.told_at desc, n.id desc limit 1)`
const toldState = sql`(case when ${toldLast(toldEta)} is null then 'nothing'
  when ${toldLast(toldEta)} = (select extract(epoch from i.eta_at) * 1000 from incidents i where i.id = c.incident) then 'current' else 'outdated' end)`
const believes =
  toldLast(sql`jsonb_build_object('etaAt', ${toldEta}, 'at', (extract(epoch from n.told_at) * 1000)::float8,
  'how', n.channel, 'by', n.told_by)`)

/** How the countdown of what is owed first stands at an instant. */
const dueState = (now: Instant) => sql`(case when c.owed_due_at < ${instant(now)} then 'over'
  when c.owed_near_at <= ${instant(now)} then 'near' else 'running' end)`

const breaches = sql`coalesce((select jsonb_agg(jsonb_build_object('clock', b.kind, 'basis', b.basis, 'round', b.round,
    'dueAt', (extract(epoch from b.breach_due_at) * 1000)::float8, 'firedAt', (extract(epoch from b.breach_fired_at) * 1000)::float8,
    'withdrawnAt', (extract(epoch from b.breach_withdrawn_at) * 1000)::float8,
    'closedAt', (extract(epoch from b.closed_at) * 1000)::float8) order by b.breach_due_at)
  from clocks b where b.breach_due_at is not null and ${ofCase}), '[]')`

const proposed = sql`(select p.cause from case_proposals p where p.bucket = c.bucket and p.case_n = c.n and p.state = 'waiting')`

const joined = sql`from cases c join orders o on o.bucket = c.bucket and o.id = c.order_id`
const selectedWith = (
  more: RawBuilder<unknown>,
) => sql`select ${sql.raw(caseFields("c"))}, o.channel, o.shop, o.order_no as "orderNo",
  o.details -> 'items' -> 0 ->> 'name' as product, i.n as "incidentNumber", i.title as "incidentTitle", ${breaches} as breaches,
  ${proposed} as proposed, ${believes} as believes${more}
  ${joined} left join incidents i on i.id = c.incident`
const selected = selectedWith(sql``)

/** Where a row stands in a sort. */
export const cursorOf = (each: ListedCase, sort: CaseSort): CaseCursor => ({
  at: sort === "owed" ? each.owedDueAt : each.openedAt,
  bucket: each.bucket,
  n: each.n,
})

/** What follows one incident is one group; every other case is its own. */
const group = sql`case when c.incident is null or c.exempt then c.bucket::text || '/' || c.n::text else c.incident::text end`

/** A page of the list with one row for each group: that of its cases which stands first, with their number. */
export async function listCaseGroups(
  db: Database,
  filter: CaseFilter,
  { limit, after, sort }: { limit: number; after: CaseCursor | null; sort: CaseSort },
): Promise<ListedCase[]> {
  const { order, from } = placesOf(sort, after)
  const query = sql<ListedCase>`${selectedWith(sql`, g.size`)} join (select c.bucket, c.n, (count(*) over (partition by ${group}))::int as size,
      row_number() over (partition by ${group} order by ${order}) as rank
      ${joined} where ${sql.join(conditionsOf(filter), sql` and `)}) g on g.bucket = c.bucket and g.n = c.n and g.rank = 1
    where ${from} order by ${order} limit ${limit}`
  return (await query.execute(composer(db))).rows
}

/** How many rows the list by groups has. */
export async function countCaseGroups(db: Database, filter: CaseFilter): Promise<number> {
  const query = sql<{ n: number }>`select count(distinct ${group})::int as n ${joined}
    where ${sql.join(conditionsOf(filter), sql` and `)}`
  return (await query.execute(composer(db))).rows[0]!.n
}

/** A page of cases: what is due first first, or oldest or newest opened first. */
export async function listCases(
  db: Database,
  filter: CaseFilter,
  { limit, after, sort }: { limit: number; after: CaseCursor | null; sort: CaseSort },
): Promise<ListedCase[]> {
  const { order, from } = placesOf(sort, after)
  const query = sql<ListedCase>`${selected} where ${sql.join([...conditionsOf(filter), from], sql` and `)} order by ${order} limit ${limit}`
  return (await query.execute(composer(db))).rows
}

/** The order of a sort, and what comes after a place in it. */
function placesOf(sort: CaseSort, after: CaseCursor | null) {
  const column = sort === "owed" ? sql`c.owed_due_at` : sql`c.opened_at`
  const descends = sort === "-openedAt"
  const order = descends ? sql`${column} desc, c.bucket desc, c.n desc` : sql`${column}, c.bucket, c.n`
  if (after === null) return { order, from: sql`true` }
  const at = after.at === Infinity ? sql`'infinity'::timestamptz` : instant(after.at)
  const key = sql`(${at}, ${after.bucket}::int2, ${after.n}::int4)`
  const place = sql`(${column}, c.bucket, c.n)`
  return { order, from: descends ? sql`${place} < ${key}` : sql`${place} > ${key}` }
}

/** How many cases a filter finds. */
export async function countCases(db: Database, filter: CaseFilter): Promise<number> {
  const query = sql<{
    n: number
  }>`select count(*)::int as n ${joined} where ${sql.join(conditionsOf(filter), sql` and `)}`
  return (await query.execute(composer(db))).rows[0]!.n
}

const groups = {
  state: sql`case when c.withdrawn then 'withdrawn' else c.state end`,
  department: sql`c.department`,
  assignee: sql`c.assignee`,
  cause: sql`c.cause`,
  owed: sql`c.owed`,
} as const
/** By what cases are counted. */
export type CaseGroup = keyof typeof groups | "due"

/** How many cases a filter finds by one of their fields, which the filter itself does not narrow; most first. */
export async function countCasesBy(
  db: Database,
  filter: CaseFilter,
  group: CaseGroup,
): Promise<{ value: string | null; count: number }[]> {
  const column = group === "due" ? dueState(filter.now) : groups[group]
  const conditions = conditionsOf({ ...filter, [group]: undefined })
  if (group === "due" || group === "owed") conditions.push(sql`c.owed is not null`)
  const query = sql<{ value: string | null; count: number }>`select value, count(*)::int as count
    from (select ${column} as value ${joined} where ${sql.join(conditions, sql` and `)}) counted group by value order by count desc, value`
  return (await query.execute(composer(db))).rows
}

/** One case by its number. */
export async function findCase(db: Database, number: string): Promise<ListedCase | undefined> {
  const place = readCaseNumber(number)
  if (!place) return undefined
  const query = sql<ListedCase>`${selected} where c.bucket = ${place.bucket} and c.n = ${place.n}`
  return (await query.execute(composer(db))).rows[0]
}

/** Who asks for what is owed; `departments` null stands for all. */
type Owing = { staff: string | null; departments: readonly string[] | null }

/** What follows an incident stands in lists of work as that. */
const alone = sql`c.archived_at is null and c.owed is not null and (c.incident is null or c.exempt)`

const isOwed = ({ staff, departments }: Owing) => ({
  mine: sql`(c.owed not in ('tell', 'archive') and c.assignee = ${staff})`,
  department: departments === null ? sql`true` : sql`(c.owed_by = any(${departments as string[]}::text[]))`,
  followed: sql`(c.assignee is distinct from ${staff} and exists (select from case_log l
    where l.bucket = c.bucket and l.case_n = c.n and l.data ->> 'by' = ${staff}))`,
})

/** Cases of which something is owed by a person, by departments, or that a person has been part of, those that follow an incident left out: what is due first first. */
export async function listOwed(
  db: Database,
  by: Owing,
  scope: "mine" | "department" | "followed",
  limit: number,
): Promise<ListedCase[]> {
  const query = sql<ListedCase>`${selected} where ${alone} and ${isOwed(by)[scope]}
    order by c.owed_due_at, c.bucket, c.n limit ${limit}`
  return (await query.execute(composer(db))).rows
}

/** How many cases `listOwed` finds in each scope. */
export async function countOwed(
  db: Database,
  by: Owing,
): Promise<{ mine: number; department: number; followed: number }> {
  const is = isOwed(by)
  const query = sql<{ mine: number; department: number; followed: number }>`select
    (count(*) filter (where ${is.mine}))::int as mine, (count(*) filter (where ${is.department}))::int as department,
    (count(*) filter (where ${is.followed}))::int as followed
    from cases c where ${alone}`
  return (await query.execute(composer(db))).rows[0]!
}
