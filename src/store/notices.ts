import type { Instant } from "../core/instants.ts"
import type { Language, Words } from "../core/words.ts"
import { bulkInsert, type Column, fetched, parameters, send, unnested } from "./bulk.ts"
import type { CasePlace } from "./evidence.ts"
import { run, type Session, statement, touch } from "./statement.ts"

/** A message to a customer. Each fact is told once: `fact` names it. */
export type StoredNotice = {
  bucket: number
  fact: string
  id: string
  caseN: number | null
  orderId: string
  template: string
  language: Language
  /** the message by channel, with what may be sent by e-mail beside */
  texts: NoticeTexts
  state: "drafted" | "sending" | "told" | "failed" | "superseded"
  draftedAt: Instant
  draftedBy: string | null
  toldAt: Instant | null
  toldBy: string | null
  channel: string | null
  text: string | null
  error: string | null
}
/** One message as each channel carries it. */
export type NoticeTexts = {
  chat: string
  sms: string
  email: { subject: string; body: string }
  portal: string
  caution: Words | null
}

const columns: readonly Column<StoredNotice>[] = [
  ["bucket", "bucket", "int2"],
  ["fact", "fact", "text"],
  ["id", "id", "uuid"],
  ["case_n", "caseN", "int4"],
  ["order_id", "orderId", "uuid"],
  ["template", "template", "text"],
  ["language", "language", "text"],
  ["texts", "texts", "json"],
  ["state", "state", "text"],
  ["drafted_at", "draftedAt", "instant"],
  ["drafted_by", "draftedBy", "text"],
  ["told_at", "toldAt", "instant"],
  ["told_by", "toldBy", "text"],
  ["channel", "channel", "text"],
  ["text", "text", "text"],
  ["error", "error", "text"],
]
const selected = columns.map(([name, field, kind]) => `${fetched("n", name, kind)} as "${field}"`).join(", ")

const draft = bulkInsert(
  "notices.draft",
  "notices",
  columns,
  `on conflict (bucket, fact) do update set texts = excluded.texts, language = excluded.language, template = excluded.template,
     drafted_at = excluded.drafted_at, drafted_by = excluded.drafted_by where notices.state = 'drafted'`,
)
/** Keeps drafts; what was told already stays as it was told. */
export const draftNotices = (tx: Session, notices: readonly StoredNotice[]): Promise<number> =>
  send(tx, draft, columns, notices)

const placeColumns: readonly Column<CasePlace>[] = [
  ["bucket", "bucket", "int2"],
  ["n", "n", "int4"],
]
const ofCases = statement(
  "notices.of_cases",
  `select ${selected} from notices n join ${unnested(placeColumns)} on n.bucket = k.bucket and n.case_n = k.n order by n.drafted_at, n.id`,
)
/** The messages of cases, oldest first. */
export const noticesOf = (session: Session, cases: readonly CasePlace[]): Promise<StoredNotice[]> =>
  cases.length === 0 ? Promise.resolve([]) : run(session, ofCases, parameters(placeColumns, cases))

const one = statement("notices.one", `select ${selected} from notices n where n.bucket = $1 and n.id = $2`)
/** A message by its id. */
export const findNotice = async (
  session: Session,
  bucket: number,
  id: string,
): Promise<StoredNotice | null> => (await run<StoredNotice>(session, one, [bucket, id]))[0] ?? null

const tell = statement(
  "notices.tell",
  `update notices set state = 'told', told_at = to_timestamp($3::float8 / 1000), told_by = $4, channel = $5, text = $6, error = null
   where bucket = $1 and fact = $2 and state <> 'told'`,
)
/** Marks a message as told, with the text that was told; answers whether it was not before. */
export const tellNotice = async (
  tx: Session,
  { bucket, fact }: Pick<StoredNotice, "bucket" | "fact">,
  told: { at: Instant; by: string | null; channel: string; text: string },
): Promise<boolean> => (await touch(tx, tell, [bucket, fact, told.at, told.by, told.channel, told.text])) > 0

const supersede = statement(
  "notices.supersede",
  `update notices set state = 'superseded' where bucket = $1 and case_n = $2 and state in ('drafted', 'failed') and template = any($3::text[]) and fact <> $4`,
)
/** Sets drafts of a case aside that a newer message takes the place of. */
export const supersedeNotices = (
  tx: Session,
  { bucket, n }: CasePlace,
  templates: readonly string[],
  except: string,
): Promise<number> => touch(tx, supersede, [bucket, n, templates as string[], except])
