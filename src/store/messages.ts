import type { Instant } from "../core/instants.ts"
import type { AttachmentRef } from "./attachments.ts"
import { run, type Session, statement } from "./statement.ts"

/** Words about a case or an incident; its subject is its number. */
export type StoredMessage = {
  bucket: number
  subject: string
  id: string
  at: Instant
  author: string | null
  authorName: string
  department: string | null
  visibility: "internal" | "customer"
  body: string
  proposal: boolean
  mentions: { people: string[]; departments: string[] }
  attachments: AttachmentRef[]
  /** the request for help that these words make */
  help: string | null
  /** the one that they answer */
  answers: string | null
}

const add = statement(
  "messages.add",
  `insert into messages (bucket, subject, id, at, author, author_name, department, visibility, body, proposal, mentions, attachments, help, answers)
   values ($1, $2, $3, to_timestamp($4::float8 / 1000), $5, $6, $7, $8, $9, $10, $11::jsonb, $12::jsonb, $13, $14)`,
)
/** Writes words down. */
export const addMessage = (tx: Session, each: StoredMessage): Promise<unknown[]> =>
  run(tx, add, [
    each.bucket,
    each.subject,
    each.id,
    each.at,
    each.author,
    each.authorName,
    each.department,
    each.visibility,
    each.body,
    each.proposal,
    JSON.stringify(each.mentions),
    JSON.stringify(each.attachments),
    each.help,
    each.answers,
  ])

const list = statement(
  "messages.list",
  `select bucket, subject, id, at, author, author_name as "authorName", department, visibility, body, proposal, mentions, attachments, help, answers
   from messages where bucket = $1 and subject = $2 and visibility = $3 order by at, id limit 1000`,
)
/** A thread, oldest first; customers' words and internal ones never share one. */
export const listMessages = (
  session: Session,
  bucket: number,
  subject: string,
  visibility: StoredMessage["visibility"] = "internal",
): Promise<StoredMessage[]> => run(session, list, [bucket, subject, visibility])

const members = statement(
  "messages.members",
  `select distinct s.id from staff s left join memberships m on m.staff = s.id and m.from_at <= to_timestamp($2::float8 / 1000)
     and coalesce(m.to_at, 'infinity') > to_timestamp($2::float8 / 1000)
   where s.active and (m.department = any($1::text[]) or s.id = any($3::uuid[]))`,
)
/** Whom a mention reaches: people who work here, and those of departments. */
export const reachedBy = async (
  session: Session,
  { people, departments }: StoredMessage["mentions"],
  at: Instant,
): Promise<string[]> =>
  (await run<{ id: string }>(session, members, [departments, at, people])).map(({ id }) => id)

/** Words that wait for an answer of somebody: they are named, or a department of theirs is. */
export type Unanswered = Pick<
  StoredMessage,
  "id" | "at" | "subject" | "authorName" | "body" | "department"
> & {
  named: boolean
}
// What was handed over to somebody is theirs to answer, and no longer that of whoever handed it over.
const unanswered = statement(
  "messages.unanswered",
  `select m.id, m.at, m.subject, m.author_name as "authorName", m.body, m.department, m.named from (
     select *, (mentions @> jsonb_build_object('people', jsonb_build_array($1::text)) and not exists (select from handover_items i
         join handovers h on h.id = i.handover where i.kind = 'reply' and i.subject = messages.id::text and i.state = 'taken'
           and h.from_staff = $1::uuid))
       or exists (select from handover_items i where i.kind = 'reply' and i.subject = messages.id::text and i.taken_by = $1::uuid) as named
     from messages where visibility = 'internal' and at >= to_timestamp($3::float8 / 1000)) m
   where (m.named or m.mentions -> 'departments' ?| $2::text[]) and m.author is distinct from $1::uuid
     and not exists (select from messages later where later.bucket = m.bucket and later.subject = m.subject and later.at > m.at
       and (later.author = $1::uuid or not m.named and later.department = any($2::text[])))
   order by m.at limit 200`,
)
/** The words since an instant that name somebody or their departments and that they have not answered in the thread since. */
export const listUnanswered = (
  session: Session,
  { staff, departments }: { staff: string; departments: readonly string[] },
  since: Instant,
): Promise<Unanswered[]> => run(session, unanswered, [staff, departments, since])
