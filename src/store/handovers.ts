import type { Instant } from "../core/instants.ts"
import type { Words } from "../core/words.ts"
import { run, type Session, statement } from "./statement.ts"

/** Open work handed from one person to the next shift of a department; without `givenAt` a draft. */
export type Handover = {
  id: string
  department: string
  fromStaff: string
  note: string
  /** of a draft: notes by item */
  notes: Record<string, string>
  givenAt: Instant | null
  escalatedAt: Instant | null
  closedAt: Instant | null
}
export type ItemState = "waiting" | "taken" | "gone"
/** One thing of a handover: a kind of work and what it is about (a case's number, an id). */
export type HandoverItem = {
  handover: string
  kind: string
  subject: string
  title: string | Words
  number: string
  link: string
  dueAt: Instant | null
  note: string
  state: ItemState
  takenBy: string | null
  takenAt: Instant | null
}
export type NewItem = Pick<HandoverItem, "kind" | "subject" | "title" | "number" | "link" | "dueAt" | "note">
/** How many items of a handover stand how. */
export type ItemCounts = { waiting: number; taken: number; gone: number }

const at = (place: number) => `to_timestamp($${place}::float8 / 1000)`
const fields = `h.id, h.department, h.from_staff as "fromStaff", h.note, h.notes, h.given_at as "givenAt",
  h.escalated_at as "escalatedAt", h.closed_at as "closedAt"`
const itemFields = `i.handover, i.kind, i.subject, i.title, i.number, i.link, i.due_at as "dueAt", i.note, i.state,
  i.taken_by as "takenBy", i.taken_at as "takenAt"`

const draft = statement(
  "handovers.draft",
  `select ${fields} from handovers h where h.from_staff = $1 and h.given_at is null`,
)
const saveDraftRow = statement(
  "handovers.save_draft",
  `insert into handovers (id, department, from_staff, note, notes) values ($1, $2, $3, $4, $5::jsonb)
   on conflict (from_staff) where given_at is null do update set department = excluded.department, note = excluded.note,
     notes = excluded.notes returning id`,
)
const give = statement(
  "handovers.give",
  `update handovers set department = $2, note = $3, notes = '{}', given_at = ${at(4)},
     closed_at = case when $5::boolean then ${at(4)} end where id = $1 and given_at is null returning id`,
)
const addItems = statement(
  "handover_items.add",
  `insert into handover_items (handover, kind, subject, title, number, link, due_at, note)
   select $1, k.kind, k.subject, k.title::jsonb, k.number, k.link, to_timestamp(k.due / 1000), k.note
   from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::float8[], $8::text[])
     as k(kind, subject, title, number, link, due, note) on conflict do nothing`,
)
const one = statement("handovers.one", `select ${fields} from handovers h where h.id = $1`)
const held = statement("handovers.hold", `select ${fields} from handovers h where h.id = $1 for update`)
const items = statement(
  "handover_items.of",
  `select ${itemFields} from handover_items i where i.handover = any($1::uuid[]) order by i.due_at nulls last, i.kind, i.subject`,
)
const settle = statement(
  "handover_items.settle",
  `update handover_items set state = $4, taken_by = $5, taken_at = ${at(6)}
   where handover = $1 and (kind, subject) in (select * from unnest($2::text[], $3::text[])) and state = 'waiting' returning kind, subject`,
)
const close = statement(
  "handovers.close",
  `update handovers h set closed_at = ${at(2)} where h.id = $1 and h.closed_at is null and h.given_at is not null
     and not exists (select from handover_items i where i.handover = h.id and i.state = 'waiting') returning h.id`,
)
const listed = statement(
  "handovers.list",
  `select ${fields} from handovers h where h.given_at is not null and ($1::text[] is null or h.department = any($1) or h.from_staff = $5)
     and ($2::boolean is false or h.closed_at is null) and ($3::float8 is null or h.given_at < ${at(3)})
   order by h.given_at desc, h.id limit $4`,
)
const unconfirmed = statement(
  "handovers.unconfirmed",
  `select ${fields} from handovers h where h.closed_at is null and h.given_at <= ${at(1)} and h.escalated_at is null order by h.given_at limit 50`,
)
const escalate = statement(
  "handovers.escalate",
  `update handovers set escalated_at = ${at(2)} where id = $1 and escalated_at is null and closed_at is null returning id`,
)

/** What somebody began to hand over. */
export const findDraft = async (session: Session, staff: string): Promise<Handover | undefined> =>
  (await run<Handover>(session, draft, [staff]))[0]
/** Keeps a draft; answers its id, which stays the same until it is given. */
export const saveDraft = async (
  tx: Session,
  each: Pick<Handover, "id" | "department" | "fromStaff" | "note" | "notes">,
): Promise<string> =>
  (
    await run<{ id: string }>(tx, saveDraftRow, [
      each.id,
      each.department,
      each.fromStaff,
      each.note,
      JSON.stringify(each.notes),
    ])
  )[0]!.id
/** Gives a draft with its items; false when it was given already. */
export async function giveDraft(
  tx: Session,
  { id, department, note }: Pick<Handover, "id" | "department" | "note">,
  all: readonly NewItem[],
  now: Instant,
): Promise<boolean> {
  if ((await run(tx, give, [id, department, note, now, all.length === 0])).length === 0) return false
  await run(tx, addItems, [
    id,
    all.map(({ kind }) => kind),
    all.map(({ subject }) => subject),
    all.map(({ title }) => JSON.stringify(title)),
    all.map(({ number }) => number),
    all.map(({ link }) => link),
    all.map(({ dueAt }) => dueAt),
    all.map((each) => each.note),
  ])
  return true
}
export const findHandover = async (session: Session, id: string): Promise<Handover | undefined> =>
  (await run<Handover>(session, one, [id]))[0]
/** The same, held until the transaction ends. */
export const holdHandover = async (tx: Session, id: string): Promise<Handover | undefined> =>
  (await run<Handover>(tx, held, [id]))[0]
/** The items of some handovers, what is due first first. */
export const listItems = (session: Session, handovers: readonly string[]): Promise<HandoverItem[]> =>
  run(session, items, [handovers])
/** Notes what became of items that waited; answers how many still did. */
export const settleItems = async (
  tx: Session,
  handover: string,
  some: readonly Pick<HandoverItem, "kind" | "subject">[],
  { state, by, at: now }: { state: ItemState; by: string | null; at: Instant },
): Promise<number> =>
  (
    await run(tx, settle, [
      handover,
      some.map(({ kind }) => kind),
      some.map(({ subject }) => subject),
      state,
      by,
      now,
    ])
  ).length
/** Closes a handover of which nothing waits any more; answers whether it did so now. */
export const closeHandover = async (tx: Session, id: string, now: Instant): Promise<boolean> =>
  (await run(tx, close, [id, now])).length > 0
/** Handovers that were given, newest first: of some departments (null: all) or by a person, those still open or all. */
export const listHandovers = (
  session: Session,
  {
    departments,
    staff,
    open,
    before,
    limit,
  }: {
    departments: readonly string[] | null
    staff: string | null
    open: boolean
    before: Instant | null
    limit: number
  },
): Promise<Handover[]> => run(session, listed, [departments, open, before, limit, staff])
/** Handovers given before an instant of which something still waits and no head has heard. */
export const listUnconfirmed = (session: Session, before: Instant): Promise<Handover[]> =>
  run(session, unconfirmed, [before])
/** Notes that the head heard of a handover; false when somebody did so already. */
export const escalateHandover = async (tx: Session, id: string, now: Instant): Promise<boolean> =>
  (await run(tx, escalate, [id, now])).length > 0

// ------------------------------------------------------------------ what moves besides cases

const moveAlert = statement(
  "handovers.move_alert",
  `update alerts set taken_by = $3, taken_at = ${at(4)} where id = $1 and ended_at is null
     and coalesce(taken_by, owner) = $2 returning id`,
)
const moveHelp = statement(
  "handovers.move_help",
  `update help_requests set to_person = case when to_person = $2 then $3 else to_person end
   where id = $1 and state = 'asked' returning id`,
)
const moveIncident = statement(
  "handovers.move_incident",
  `update incidents set owner = $3, version = version + 1, changed_at = ${at(4)}
   where n = $1 and owner = $2 and closed_at is null returning id`,
)
/** Brings a warning that somebody is to handle to another; false when it is no longer theirs. */
export const moveWarning = async (
  tx: Session,
  id: string,
  from: string,
  to: string,
  now: Instant,
): Promise<boolean> => (await run(tx, moveAlert, [id, from, to, now])).length > 0
/** Brings a question that somebody is to answer to another; one to their department was for whoever is on duty anyway. False when it was answered. */
export const moveHelpRequest = async (tx: Session, id: string, from: string, to: string): Promise<boolean> =>
  (await run(tx, moveHelp, [id, from, to])).length > 0
/** Brings an incident that somebody has to another. */
export const moveIncidentTo = async (
  tx: Session,
  n: number,
  from: string,
  to: string,
  now: Instant,
): Promise<boolean> => (await run(tx, moveIncident, [n, from, to, now])).length > 0

// ------------------------------------------------------------------ shifts that end

/** Somebody whose shift ends with work in hand. */
export type EndingShift = { id: string; staff: string; department: string; to: Instant; open: number }
const ending = statement(
  "shifts.ending",
  `update shifts h set reminded_at = ${at(1)}
   from (select h.id, (select count(*)::int from cases c where c.assignee = h.staff::text and c.archived_at is null
       and c.owed is not null and c.owed not in ('tell', 'archive')) as open from shifts h
     where h.to_at > ${at(1)} and h.to_at <= ${at(2)} and h.reminded_at is null
       and not exists (select from shifts n where n.staff = h.staff and n.from_at >= h.to_at and n.from_at <= h.to_at + interval '1 hour')
       and not exists (select from handovers g where g.from_staff = h.staff and g.given_at > h.from_at)) k
   where h.id = k.id and k.open > 0 returning h.id, h.staff, h.department, h.to_at as "to", k.open`,
)
/** Marks the shifts that end before an instant and whose people still have open work as reminded, each once; answers them. */
export const takeEndingShifts = (tx: Session, now: Instant, before: Instant): Promise<EndingShift[]> =>
  run(tx, ending, [now, before])

const starting = statement(
  "shifts.starting",
  `select distinct on (s.id) s.id, s.name, h.from_at as "from" from shifts h join staff s on s.id = h.staff
   where h.department = $1 and h.to_at > ${at(2)} and h.from_at <= ${at(3)} and s.active
     and coalesce(s.expires_at, 'infinity') > ${at(2)} and coalesce(s.leaves_at, 'infinity') > ${at(2)}
     and not exists (select from leaves l where l.staff = s.id and l.from_at <= greatest(h.from_at, ${at(2)})
       and coalesce(l.to_at, 'infinity') > greatest(h.from_at, ${at(2)}))
   order by s.id, h.from_at`,
)
/** Who is on duty for a department at an instant or begins before another, and is not on leave then. */
export const whoComes = (
  session: Session,
  department: string,
  now: Instant,
  before: Instant,
): Promise<{ id: string; name: string; from: Instant }[]> => run(session, starting, [department, now, before])
