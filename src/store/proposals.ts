import type { Proposal } from "../core/causes.ts"
import type { Instant } from "../core/instants.ts"
import type { LatenessSplit } from "../core/lateness.ts"
import { bulkInsert, bulkUpdate, type Column, columnOf, fetched, parameters, send, unnested } from "./bulk.ts"
import type { CasePlace } from "./evidence.ts"
import { run, type Session, statement } from "./statement.ts"

/** What was proposed of a case's cause, and what was decided of it. */
export type StoredProposal = CasePlace & {
  orderId: string
  taxonomy: number
  madeAt: Instant
  /** the likeliest; null: nothing speaks for any */
  cause: string | null
  confidence: number
  asks: string | null
  stale: boolean
  proposals: Proposal[]
  split: LatenessSplit
  sku: string | null
  warehouse: string | null
  carrier: string | null
  liveSession: string | null
  outage: string | null
  state: "waiting" | "applied" | "confirmed" | "overruled"
  decidedAt: Instant | null
  decidedBy: string | null
  reason: string | null
  note: string | null
}
const columns: readonly Column<StoredProposal>[] = [
  ["bucket", "bucket", "int2"],
  ["case_n", "n", "int4"],
  ["order_id", "orderId", "uuid"],
  ["taxonomy", "taxonomy", "int4"],
  ["made_at", "madeAt", "instant"],
  ["cause", "cause", "text"],
  ["confidence", "confidence", "int2"],
  ["asks", "asks", "text"],
  ["stale", "stale", "bool"],
  ["proposals", "proposals", "json"],
  ["split", "split", "json"],
  ["sku", "sku", "text"],
  ["warehouse", "warehouse", "text"],
  ["carrier", "carrier", "text"],
  ["live_session", "liveSession", "text"],
  ["outage", "outage", "uuid"],
  ["state", "state", "text"],
  ["decided_at", "decidedAt", "instant"],
  ["decided_by", "decidedBy", "text"],
  ["reason", "reason", "text"],
  ["note", "note", "text"],
]
const selected = columns.map(([name, field, kind]) => `${fetched("p", name, kind)} as "${field}"`).join(", ")
const made = [
  "taxonomy",
  "made_at",
  "cause",
  "confidence",
  "asks",
  "stale",
  "proposals",
  "split",
  "sku",
  "warehouse",
  "carrier",
  "live_session",
  "outage",
  "state",
]

// What a person has decided stays; new facts replace what only the product said.
const save = bulkInsert(
  "case_proposals.save",
  "case_proposals",
  columns,
  `on conflict (bucket, case_n) do update set ${made.map((name) => `${name} = excluded.${name}`).join(", ")}
   where case_proposals.state in ('waiting', 'applied')`,
)
/** Keeps proposals; those that a person decided on stay as they are. */
export const saveProposals = (tx: Session, proposals: readonly StoredProposal[]): Promise<number> =>
  send(tx, save, columns, proposals)

type Decision = Pick<StoredProposal, "bucket" | "n" | "state" | "decidedAt" | "decidedBy" | "reason" | "note">
const decided = columns.filter(([name]) =>
  ["bucket", "case_n", "state", "decided_at", "decided_by", "reason", "note"].includes(name),
) as readonly Column<Decision>[]
const decide = bulkUpdate("case_proposals.decide", "case_proposals", decided, ["bucket", "case_n"])
/** Writes what was decided of proposals. */
export const decideProposals = (tx: Session, decisions: readonly Decision[]): Promise<number> =>
  send(tx, decide, decided, decisions)

const placeColumns: readonly Column<CasePlace>[] = [
  ["bucket", "bucket", "int2"],
  ["n", "n", "int4"],
]
const of = statement(
  "case_proposals.of",
  `select ${selected} from case_proposals p join ${unnested(placeColumns)} on p.bucket = k.bucket and p.case_n = k.n`,
)
/** The proposals of cases. */
export const proposalsOf = (session: Session, cases: readonly CasePlace[]): Promise<StoredProposal[]> =>
  cases.length === 0 ? Promise.resolve([]) : run(session, of, parameters(placeColumns, cases))

const unproposed = statement(
  "case_proposals.missing",
  `select c.bucket, c.n from cases c left join case_proposals p on p.bucket = c.bucket and p.case_n = c.n
   where c.opened_at >= to_timestamp($1::float8 / 1000) and c.archived_at is null and p.bucket is null
   order by c.opened_at, c.bucket, c.n limit $2`,
)
/** Cases opened since an instant, not archived, of which nothing was proposed yet, the oldest first. */
export const casesWithoutProposal = (session: Session, since: Instant, limit: number): Promise<CasePlace[]> =>
  run(session, unproposed, [since, limit])

const again = statement(
  "case_proposals.again",
  `select p.bucket, p.case_n as n from case_proposals p join cases c on c.bucket = p.bucket and c.n = p.case_n
   where p.state = 'waiting' and c.archived_at is null and c.cause is null and p.made_at < to_timestamp($1::float8 / 1000)
   order by p.made_at limit $2`,
)
/** Cases that wait for a decision and were last looked at before an instant: new facts may have come. */
export const casesToLookAgain = (session: Session, before: Instant, limit: number): Promise<CasePlace[]> =>
  run(session, again, [before, limit])

/** Cases that share what speaks for one cause. */
export type SharedGroup = {
  cause: string
  kind: "sku" | "warehouse" | "carrier" | "liveSession" | "outage"
  value: string
  cases: number
  confidence: number
  /** places of its cases, at most 5,000 */
  places: [bucket: number, n: number][]
}
const grouped = statement(
  "case_proposals.groups",
  `select p.cause, g.kind, g.value, count(*)::int as cases, min(p.confidence)::int as confidence,
     (array_agg(jsonb_build_array(p.bucket, p.case_n) order by p.bucket, p.case_n))[1:5000] as places
   from case_proposals p join cases c on c.bucket = p.bucket and c.n = p.case_n
   cross join lateral (values ('sku', p.sku), ('warehouse', p.warehouse), ('carrier', p.carrier), ('liveSession', p.live_session), ('outage', p.outage::text)) as g(kind, value)
   where c.archived_at is null and c.incident is null and not c.exempt and p.state <> 'overruled' and p.cause is not null
     and g.value is not null and p.confidence >= $1
   group by 1, 2, 3 having count(*) >= $2 or g.kind || ' ' || g.value = any($3::text[])
   order by cases desc, p.cause, g.kind, g.value limit 200`,
)
/** Groups of open cases without an incident that share strong evidence for one cause, the largest first; those that share what is named here however few they are. */
export const sharedGroups = (
  session: Session,
  confidence: number,
  from: number,
  also: readonly { kind: string; value: string }[] = [],
): Promise<SharedGroup[]> =>
  run(session, grouped, [confidence, from, also.map(({ kind, value }) => `${kind} ${value}`)])

const common = statement(
  "case_proposals.common",
  `select g.kind, g.value from ${unnested(placeColumns)} left join case_proposals p on p.bucket = k.bucket and p.case_n = k.n
   cross join lateral (values ('sku', p.sku), ('warehouse', p.warehouse), ('carrier', p.carrier), ('liveSession', p.live_session), ('outage', p.outage::text)) as g(kind, value)
   where g.value is not null group by 1, 2 having count(*) = cardinality($1::int2[])
   order by array_position(array['sku', 'outage', 'carrier', 'liveSession', 'warehouse'], g.kind) limit 1`,
)
/** What all of some cases share by their evidence, or null. */
export async function sharedByAll(
  session: Session,
  cases: readonly CasePlace[],
): Promise<{ kind: SharedGroup["kind"]; value: string; name: null } | null> {
  if (cases.length === 0) return null
  const [found] = await run<{ kind: SharedGroup["kind"]; value: string }>(
    session,
    common,
    parameters(placeColumns, cases),
  )
  return found ? { ...found, name: null } : null
}

const waiting = statement(
  "case_proposals.waiting",
  `select p.cause, count(*)::int as cases, min(p.confidence)::int as least, max(p.confidence)::int as most
   from case_proposals p join cases c on c.bucket = p.bucket and c.n = p.case_n
   where p.state = 'waiting' and c.archived_at is null group by 1 order by cases desc, p.cause`,
)
/** How many cases wait for a decision, by the cause proposed. */
export const waitingByCause = (
  session: Session,
): Promise<{ cause: string | null; cases: number; least: number; most: number }[]> => run(session, waiting)

// ------------------------------------------------------------------ the cause of a case

const applyCause = statement(
  "cases.apply_cause",
  `update cases c set cause = k.cause, version = c.version + 1, changed_at = to_timestamp($4::float8 / 1000)
   from unnest($1::int2[], $2::int4[], $3::text[]) as k(bucket, n, cause)
   where c.bucket = k.bucket and c.n = k.n and c.archived_at is null and ($5 or c.cause is null) and c.cause is distinct from k.cause
   returning c.bucket, c.n, c.order_id as "orderId"`,
)
/** Gives cases their causes; without `over` only those that have none. Their orders must be locked. Answers the cases that changed. */
export const giveCauses = (
  tx: Session,
  causes: readonly (CasePlace & { cause: string })[],
  at: Instant,
  over: boolean,
): Promise<(CasePlace & { orderId: string })[]> =>
  causes.length === 0
    ? Promise.resolve([])
    : run(tx, applyCause, [
        columnOf(
          causes.map(({ bucket }) => bucket),
          "int2",
        ),
        columnOf(
          causes.map(({ n }) => n),
          "int4",
        ),
        columnOf(
          causes.map(({ cause }) => cause),
          "text",
        ),
        at,
        over,
      ])

const waitingFor = statement(
  "case_proposals.waiting_for",
  `select p.bucket, p.case_n as n from case_proposals p join cases c on c.bucket = p.bucket and c.n = p.case_n
   where p.state = 'waiting' and p.cause = $1 and c.archived_at is null order by p.bucket, p.case_n limit $2`,
)
/** The cases that wait for a decision on one cause. */
export const casesWaitingFor = (session: Session, cause: string, limit: number): Promise<CasePlace[]> =>
  run(session, waitingFor, [cause, limit])
