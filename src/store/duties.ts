import type { Instant } from "../core/instants.ts"
import type { Place } from "./keys.ts"
import { run, type Session, statement } from "./statement.ts"
import type { StuckRow } from "./stuck.ts"

/** What has a clock but no order (ENGINE §2): a request for help. Its bucket is that of its own id. */
export type StoredDuty = Place & {
  kind: string
  version: number
  /** when something happens to it next; null: never again */
  nextAt: Instant | null
  stuck: StuckRow["stuck"] | null
}

const fields = `bucket, kind, id, version, next_at as "nextAt", stuck`
const add = statement(
  "duties.add",
  "insert into duties (bucket, kind, id, version, next_at) values ($1, $2, $3, 1, to_timestamp($4::float8 / 1000))",
)
const hold = statement(
  "duties.hold",
  `select ${fields} from duties where bucket = $1 and kind = $2 and id = $3 for update`,
)
const claim = statement(
  "duties.claim",
  `select ${fields} from duties where bucket between $1 and $2 and next_at <= to_timestamp($3::float8 / 1000)
   order by next_at limit $4 for no key update skip locked`,
)
const due = statement(
  "duties.due",
  "select exists (select from duties where bucket between $1 and $2 and next_at <= to_timestamp($3::float8 / 1000)) as due",
)
const appoint = statement(
  "duties.appoint",
  `update duties set version = version + 1, next_at = to_timestamp($4::float8 / 1000), stuck = $5::jsonb
   where bucket = $1 and kind = $2 and id = $3`,
)

/** Keeps a new duty with the instant at which something happens to it first. */
export const addDuty = (
  tx: Session,
  { bucket, kind, id, nextAt }: Pick<StoredDuty, "bucket" | "kind" | "id" | "nextAt">,
): Promise<unknown[]> => run(tx, add, [bucket, kind, id, nextAt])
/** Locks a duty, so that a tick and an act on it queue; null where there is none. */
export const holdDuty = async (
  tx: Session,
  { bucket, kind, id }: Pick<StoredDuty, "bucket" | "kind" | "id">,
): Promise<StoredDuty | null> => (await run<StoredDuty>(tx, hold, [bucket, kind, id]))[0] ?? null
/** Takes the duties of some buckets whose next instant has come; what somebody else holds is left to them. */
export const claimDuties = (
  tx: Session,
  { from, to, now, limit }: { from: number; to: number; now: Instant; limit: number },
): Promise<StoredDuty[]> => run(tx, claim, [from, to, now, limit])
/** Whether a duty of some buckets is due. */
export const isDutyDue = async (session: Session, from: number, to: number, now: Instant): Promise<boolean> =>
  (await run<{ due: boolean }>(session, due, [from, to, now]))[0]!.due
/** Writes when to look at a duty next, and why it cannot be looked at (null: it can). */
export const appointDuty = (
  tx: Session,
  { bucket, kind, id }: Pick<StoredDuty, "bucket" | "kind" | "id">,
  nextAt: Instant | null,
  stuck: StuckRow["stuck"] | null = null,
): Promise<unknown[]> =>
  run(tx, appoint, [bucket, kind, id, nextAt, stuck === null ? null : JSON.stringify(stuck)])
