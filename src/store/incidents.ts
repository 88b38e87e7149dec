import type { Actor } from "../core/cases.ts"
import type { IncidentDeed } from "../core/deeds.ts"
import { type IncidentState, incidentNumber, type Shared } from "../core/incidents.ts"
import type { Instant } from "../core/instants.ts"
import { bulkInsert, bulkUpdate, type Column, fetched, send } from "./bulk.ts"
import { bucketCount } from "./keys.ts"
import { run, type Session, statement, touch } from "./statement.ts"

/** Something written once for all cases: when, by whom, and what was said. */
export type Written = { at: Instant; by: string; staff: string | null } & Record<string, unknown>

/** An incident as it is stored. */
export type StoredIncident = {
  id: string
  n: number
  version: number
  title: string
  shared: Shared
  state: IncidentState
  cause: string | null
  department: string | null
  owner: string | null
  openedAt: Instant
  openedBy: string | null
  changedAt: Instant
  closedAt: Instant | null
  etaAt: Instant | null
  etaChanges: number
  analysis: Written | null
  plan: Written | null
  told: Written | null
  seq: number
  mergedInto: string | null
}
const columns: readonly Column<StoredIncident>[] = [
  ["id", "id", "uuid"],
  ["n", "n", "int4"],
  ["version", "version", "int4"],
  ["title", "title", "text"],
  ["shared", "shared", "json"],
  ["state", "state", "text"],
  ["cause", "cause", "text"],
  ["department", "department", "text"],
  ["owner", "owner", "uuid"],
  ["opened_at", "openedAt", "instant"],
  ["opened_by", "openedBy", "text"],
  ["changed_at", "changedAt", "instant"],
  ["closed_at", "closedAt", "instant"],
  ["eta_at", "etaAt", "instant"],
  ["eta_changes", "etaChanges", "int4"],
  ["analysis", "analysis", "json"],
  ["plan", "plan", "json"],
  ["told", "told", "json"],
  ["seq", "seq", "int4"],
  ["merged_into", "mergedInto", "uuid"],
]
/** The columns of an incident as a list for `select`, named as its fields. */
export const incidentFields = columns
  .map(([name, field, kind]) => `${fetched("i", name, kind)} as "${field}"`)
  .join(", ")

/** Where an incident's words and report lie: a bucket, and its number as the subject. */
export const incidentPlace = ({ n }: Pick<StoredIncident, "n">): { bucket: number; subject: string } => ({
  bucket: n % bucketCount,
  subject: incidentNumber(n),
})

const lock = statement("incidents.lock", "select pg_advisory_xact_lock(7300004)")
/** Lets one at a time open incidents, until the transaction ends. */
export const lockIncidents = (tx: Session): Promise<unknown> => run(tx, lock)

const next = statement("incidents.next", "select coalesce(max(n), 0)::int + 1 as n from incidents")
const insert = bulkInsert("incidents.insert", "incidents", columns)
/** Opens an incident under the next number. Call `lockIncidents` before. */
export async function insertIncident(tx: Session, own: Omit<StoredIncident, "n">): Promise<StoredIncident> {
  const made = { ...own, n: (await run<{ n: number }>(tx, next))[0]!.n }
  await send(tx, insert, columns, [made])
  return made
}

const same = statement(
  "incidents.same",
  `select i.n from incidents i left join incident_acts a on a.incident = i.id and a.seq = 1 and a.act = 'gather'
   where i.state = 'open' and i.title = $1 and i.cause is not distinct from $2 and i.opened_by = $3
     and coalesce(a.cases, '{}') = $4::text[] order by i.n limit 1`,
)
/** The number of an open incident that the same person gathered from the same cases under the same name; undefined where there is none. */
export const findSameIncident = async (
  tx: Session,
  own: Pick<StoredIncident, "title" | "cause" | "openedBy">,
  cases: readonly string[],
): Promise<number | undefined> =>
  (await run<{ n: number }>(tx, same, [own.title, own.cause, own.openedBy, cases]))[0]?.n

const update = bulkUpdate("incidents.update", "incidents", columns, ["id", "n"])
/** Writes an incident as it now stands. */
export const saveIncident = (tx: Session, own: StoredIncident): Promise<number> =>
  send(tx, update, columns, [own])

const find = statement("incidents.find", `select ${incidentFields} from incidents i where i.id = $1`)
const hold = statement(
  "incidents.hold",
  `select ${incidentFields} from incidents i where i.id = $1 for update`,
)
/** An incident by its id. */
export const findIncident = async (session: Session, id: string): Promise<StoredIncident | null> =>
  (await run<StoredIncident>(session, find, [id]))[0] ?? null
/** An incident by its id, held until the transaction ends. */
export const holdIncident = async (tx: Session, id: string): Promise<StoredIncident | null> =>
  (await run<StoredIncident>(tx, hold, [id]))[0] ?? null

const open = statement(
  "incidents.open",
  `select ${incidentFields} from incidents i where i.closed_at is null order by i.opened_at, i.id for update`,
)
/** The incidents that are not over, the oldest first, held until the transaction ends. */
export const holdOpenIncidents = (tx: Session): Promise<StoredIncident[]> => run(tx, open)

const byNumber = statement("incidents.id_of", "select id from incidents where n = $1 or id = $2")
/** The id of an incident by its number `I-84` or its id. */
export async function findIncidentId(session: Session, text: string): Promise<string | null> {
  const number = /^I-?(\d{1,9})$/i.exec(text.trim())
  const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text : null
  if (number === null && id === null) return null
  return (
    (await run<{ id: string }>(session, byNumber, [number ? Number(number[1]) : null, id]))[0]?.id ?? null
  )
}

// ------------------------------------------------------------------ its acts

/** What is done once for many cases of an incident. */
export type StoredIncidentAct = {
  incident: string
  seq: number
  at: Instant
  act: IncidentDeed
  by: string
  staff: string | null
  actor: Actor
  /** what was asked; `before`: the incident as it was */
  data: Record<string, unknown>
  batch: string
  /** numbers of the cases that it is about, taken in this order; null: all that follow the incident */
  cases: string[] | null
  ofCases: number
  done: number
  refused: number
  state: "running" | "done" | "undone"
}
const actColumns: readonly Column<StoredIncidentAct>[] = [
  ["incident", "incident", "uuid"],
  ["seq", "seq", "int4"],
  ["at", "at", "instant"],
  ["act", "act", "text"],
  ["by_whom", "by", "text"],
  ["by_staff", "staff", "uuid"],
  ["actor", "actor", "json"],
  ["data", "data", "json"],
  ["batch", "batch", "uuid"],
  ["cases", "cases", "texts"],
  ["of_cases", "ofCases", "int4"],
  ["done", "done", "int4"],
  ["refused", "refused", "int4"],
  ["state", "state", "text"],
]
const actFields = (withCases: boolean): string =>
  actColumns
    .filter(([name]) => withCases || name !== "cases")
    .map(([name, field, kind]) => `${fetched("a", name, kind)} as "${field}"`)
    .join(", ")

const append = bulkInsert("incident_acts.append", "incident_acts", actColumns)
/** Writes an act of an incident down. */
export const appendIncidentAct = (tx: Session, act: StoredIncidentAct): Promise<number> =>
  send(tx, append, actColumns, [act])

const list = statement(
  "incident_acts.list",
  `select ${actFields(false)} from incident_acts a where a.incident = $1 order by a.seq`,
)
/** The acts of an incident, oldest first, without the cases that they name. */
export const listIncidentActs = (
  session: Session,
  incident: string,
): Promise<Omit<StoredIncidentAct, "cases">[]> => run(session, list, [incident])

const running = statement(
  "incident_acts.running",
  `select ${actFields(true)} from incident_acts a where a.incident = $1 and a.state = 'running' order by a.seq limit 1`,
)
/** The act of an incident that has to be carried out first. */
export const firstRunning = async (session: Session, incident: string): Promise<StoredIncidentAct | null> =>
  (await run<StoredIncidentAct>(session, running, [incident]))[0] ?? null

const unfinished = statement(
  "incident_acts.unfinished",
  `select a.incident, max(a.seq)::int as seq, max(a.at) as at from incident_acts a where a.state = 'running' group by a.incident`,
)
/** The incidents with acts that are not carried out yet, with the last such. */
export const listUnfinished = (session: Session): Promise<{ incident: string; seq: number; at: Instant }[]> =>
  run(session, unfinished)

const heldAct = statement(
  "incident_acts.hold",
  `select ${actFields(true)} from incident_acts a where a.incident = $1 and a.seq = $2 for update`,
)
/** An act of an incident, held until the transaction ends. */
export const holdIncidentAct = async (
  tx: Session,
  incident: string,
  seq: number,
): Promise<StoredIncidentAct | null> =>
  (await run<StoredIncidentAct>(tx, heldAct, [incident, seq]))[0] ?? null

const count = statement(
  "incident_acts.count",
  "update incident_acts set done = done + $3, refused = refused + $4, of_cases = greatest(of_cases, done + $3 + refused + $4) where incident = $1 and seq = $2",
)
/** Counts what an act did to some cases. */
export const countIncidentAct = (
  tx: Session,
  { incident, seq }: Pick<StoredIncidentAct, "incident" | "seq">,
  done: number,
  refused: number,
): Promise<number> => touch(tx, count, [incident, seq, done, refused])

const turn = statement(
  "incident_acts.turn",
  "update incident_acts set state = $3 where incident = $1 and seq = $2 and state <> $3",
)
/** Says how an act stands; answers whether it stood otherwise. */
export const turnIncidentAct = async (
  tx: Session,
  { incident, seq }: Pick<StoredIncidentAct, "incident" | "seq">,
  state: StoredIncidentAct["state"],
): Promise<boolean> => (await touch(tx, turn, [incident, seq, state])) > 0

/** A case that an act could not move. */
export type IncidentRefusal = {
  incident: string
  seq: number
  number: string
  code: string
  detail: string | null
}
const refusalColumns: readonly Column<IncidentRefusal>[] = [
  ["incident", "incident", "uuid"],
  ["seq", "seq", "int4"],
  ["number", "number", "text"],
  ["code", "code", "text"],
  ["detail", "detail", "text"],
]
const refuse = bulkInsert(
  "incident_refusals.add",
  "incident_refusals",
  refusalColumns,
  "on conflict do nothing",
)
/** Keeps why an act could not move some cases. */
export const addRefusals = (tx: Session, refusals: readonly IncidentRefusal[]): Promise<number> =>
  send(tx, refuse, refusalColumns, refusals)

const refusals = statement(
  "incident_refusals.list",
  "select number, code, detail from incident_refusals where incident = $1 and seq = $2 order by number limit 5000",
)
/** The cases that an act could not move, with why. */
export const listRefusals = (
  session: Session,
  incident: string,
  seq: number,
): Promise<Pick<IncidentRefusal, "number" | "code" | "detail">[]> => run(session, refusals, [incident, seq])
