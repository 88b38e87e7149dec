import type { Instant } from "../core/instants.ts"
import type { JsonObject } from "../core/json.ts"
import { newId } from "./keys.ts"
import { run, type Session, statement, touch } from "./statement.ts"

/** Something that one person is told: a kind, whose words stand under `bell.<kind>`, its values and where it leads. */
export type StaffNotice = {
  id: string
  kind: string
  data: JsonObject
  link: string | null
  createdAt: Instant
  readAt: Instant | null
}

const at = (place: number) => `to_timestamp($${place}::float8 / 1000)`
const add = statement(
  "staff_notices.add",
  `insert into staff_notices (id, staff, kind, data, link, created_at)
   select k.id, k.staff, $3, $4::jsonb, $5, ${at(6)} from unnest($1::uuid[], $2::uuid[]) as k(id, staff)
   join staff s on s.id = k.staff`,
)
const list = statement(
  "staff_notices.list",
  `select id, kind, data, link, created_at as "createdAt", read_at as "readAt" from staff_notices
   where staff = $1 and ($2::float8 is null or (created_at, id) < (${at(2)}, $3::uuid)) order by created_at desc, id desc limit $4`,
)
const count = statement(
  "staff_notices.unread",
  "select count(*)::int as n from staff_notices where staff = $1 and read_at is null",
)
const read = statement(
  "staff_notices.read",
  `update staff_notices set read_at = ${at(3)} where staff = $1 and read_at is null and ($2::uuid[] is null or id = any($2))`,
)
const unread = statement(
  "staff_notices.unread_one",
  "update staff_notices set read_at = null where staff = $1 and id = $2",
)
const forget = statement("staff_notices.forget", `delete from staff_notices where created_at < ${at(1)}`)

/** Tells people something; whoever does not exist is left out. */
export const addStaffNotices = (
  tx: Session,
  staff: readonly string[],
  notice: { kind: string; data?: JsonObject; link?: string | null },
  now: Instant,
): Promise<unknown[]> =>
  run(tx, add, [
    staff.map(() => newId(now)),
    staff,
    notice.kind,
    JSON.stringify(notice.data ?? {}),
    notice.link ?? null,
    now,
  ])
/** What one person was told, the latest first. */
export const listStaffNotices = (
  session: Session,
  staff: string,
  page: { after: { at: Instant; id: string } | null; limit: number },
): Promise<StaffNotice[]> =>
  run(session, list, [staff, page.after?.at ?? null, page.after?.id ?? null, page.limit])
/** How much of it is unread. */
export const countUnread = async (session: Session, staff: string): Promise<number> =>
  (await run<{ n: number }>(session, count, [staff]))[0]!.n
/** Marks some as read, or all (null). */
export const markRead = (
  tx: Session,
  staff: string,
  ids: readonly string[] | null,
  now: Instant,
): Promise<number> => touch(tx, read, [staff, ids, now])
/** Marks one as unread again. */
export const markUnread = (tx: Session, staff: string, id: string): Promise<number> =>
  touch(tx, unread, [staff, id])
/** Forgets what is older than an instant. */
export const forgetStaffNotices = (tx: Session, before: Instant): Promise<number> =>
  touch(tx, forget, [before])
