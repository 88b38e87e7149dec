import type { Instant } from "../core/instants.ts"
import { run, type Session, statement, touch } from "./statement.ts"

/** A file of a thread; its bytes lie on the shelf under its SHA-256, once for all threads. */
export type StoredAttachment = {
  bucket: number
  subject: string
  sha256: string
  name: string
  type: string
  bytes: number
}
/** A file as words refer to it. */
export type AttachmentRef = Pick<StoredAttachment, "sha256" | "name" | "type" | "bytes">

const fields = "bucket, subject, sha256, name, type, bytes"
const add = statement(
  "attachments.add",
  `insert into attachments (${fields}, stored_at, stored_by) values ($1, $2, $3, $4, $5, $6, to_timestamp($7::float8 / 1000), $8)
   on conflict (bucket, subject, sha256) do nothing`,
)
const find = statement(
  "attachments.find",
  `select ${fields} from attachments where bucket = $1 and subject = $2 and sha256 = any($3::text[])`,
)
const say = statement(
  "attachments.say",
  "update attachments set said = true where bucket = $1 and subject = $2 and sha256 = any($3::text[])",
)
const drop = statement(
  "attachments.drop",
  "delete from attachments where bucket = $1 and subject = $2 and sha256 = $3 and not said",
)
const unsaid = statement(
  "attachments.unsaid",
  `select ${fields} from attachments where not said and stored_at < to_timestamp($1::float8 / 1000) order by stored_at limit 500`,
)
const used = statement(
  "attachments.used",
  "select exists (select from attachments where sha256 = $1) as used",
)
const hold = statement("attachments.hold", "select pg_advisory_xact_lock(hashtextextended($1, 7300016))")

/** Notes a file of a thread; the same one again changes nothing. */
export const addAttachment = (
  tx: Session,
  each: StoredAttachment,
  by: { who: string; at: Instant },
): Promise<number> =>
  touch(tx, add, [each.bucket, each.subject, each.sha256, each.name, each.type, each.bytes, by.at, by.who])
/** Those of some files that are a thread's own. */
export const findAttachments = (
  session: Session,
  { bucket, subject }: Pick<StoredAttachment, "bucket" | "subject">,
  sha256s: readonly string[],
): Promise<StoredAttachment[]> => run(session, find, [bucket, subject, sha256s])
/** Marks files as said, so that they stay. */
export const keepSaid = (
  tx: Session,
  { bucket, subject }: Pick<StoredAttachment, "bucket" | "subject">,
  sha256s: readonly string[],
): Promise<number> => touch(tx, say, [bucket, subject, sha256s])
/** Forgets a file that nothing was said with. */
export const dropAttachment = (tx: Session, each: StoredAttachment): Promise<number> =>
  touch(tx, drop, [each.bucket, each.subject, each.sha256])
/** Files that were uploaded before an instant and that nothing was said with. */
export const listUnsaid = (session: Session, before: Instant): Promise<StoredAttachment[]> =>
  run(session, unsaid, [before])
/** Whether a content belongs to any thread. */
export const isKept = async (session: Session, sha256: string): Promise<boolean> =>
  (await run<{ used: boolean }>(session, used, [sha256]))[0]!.used
/** Makes this transaction the only one that notes or forgets a content. */
export const holdContent = (tx: Session, sha256: string): Promise<unknown[]> => run(tx, hold, [sha256])
