import type { Instant } from "../core/instants.ts"
import type { Language, Words } from "../core/words.ts"
import { bulkInsert, type Column, fetched, parameters, send, unnested } from "./bulk.ts"
import type { CasePlace } from "./evidence.ts"
import type { Place } from "./keys.ts"
import { arraysOf, places } from "./orders.ts"
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
     drafted_at = excluded.drafted_at, drafted_by = excluded.drafted_by, state = 'drafted', error = null
   where notices.state <> 'told'`,
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

/** A message that a customer was told. */
export type ToldNotice = { orderId: string; toldAt: Instant; channel: string | null; text: string | null }
const toldOf = statement(
  "notices.told_of",
  `select n.order_id as "orderId", n.told_at as "toldAt", n.channel, n.text from notices n
   join cases c on c.bucket = n.bucket and c.n = n.case_n
   join ${places} on c.bucket = k.bucket and c.order_id = k.id where n.told_at is not null order by n.told_at, n.id`,
)
/** What customers were told of orders, oldest first. */
export const listTold = (session: Session, orders: readonly Place[]): Promise<ToldNotice[]> =>
  run(session, toldOf, arraysOf(orders))

const one = statement("notices.one", `select ${selected} from notices n where n.bucket = $1 and n.id = $2`)
/** A message by its id. */
export const findNotice = async (
  session: Session,
  bucket: number,
  id: string,
): Promise<StoredNotice | null> => (await run<StoredNotice>(session, one, [bucket, id]))[0] ?? null

const hold = statement(
  "notices.hold",
  `select ${selected} from notices n where n.bucket = $1 and n.id = $2 for update`,
)
/** A message by its id, held until the transaction ends. */
export const holdNotice = async (
  tx: Session,
  { bucket, id }: Pick<StoredNotice, "bucket" | "id">,
): Promise<StoredNotice | null> => (await run<StoredNotice>(tx, hold, [bucket, id]))[0] ?? null

const fail = statement(
  "notices.fail",
  "update notices set state = 'failed', error = $3 where bucket = $1 and id = $2 and state in ('drafted', 'failed')",
)
/** Notes why a message did not leave by itself; it stays ready for a person. */
export const failNotice = (
  tx: Session,
  { bucket, id }: Pick<StoredNotice, "bucket" | "id">,
  error: string,
): Promise<number> => touch(tx, fail, [bucket, id, error])

type Telling = { bucket: number; fact: string; channel: string; text: string }
const telling: readonly Column<Telling>[] = [
  ["bucket", "bucket", "int2"],
  ["fact", "fact", "text"],
  ["channel", "channel", "text"],
  ["text", "text", "text"],
]
const tell = statement(
  "notices.tell",
  `update notices n set state = 'told', told_at = to_timestamp($5::float8 / 1000), told_by = $6, channel = k.channel, text = k.text, error = null
   from ${unnested(telling)} where n.bucket = k.bucket and n.fact = k.fact and n.state <> 'told'`,
)
/** Marks messages as told, each with the text that was told; what was told before stays as it was. */
export const tellNotices = (
  tx: Session,
  told: readonly Telling[],
  by: string | null,
  at: Instant,
): Promise<number> =>
  told.length === 0 ? Promise.resolve(0) : touch(tx, tell, [...parameters(telling, told), at, by])

type Fresh = Pick<StoredNotice, "bucket" | "caseN" | "fact">
const fresh: readonly Column<Fresh>[] = [
  ["bucket", "bucket", "int2"],
  ["case_n", "caseN", "int4"],
  ["fact", "fact", "text"],
]
const supersede = statement(
  "notices.supersede",
  `update notices n set state = 'superseded' from ${unnested(fresh)}
   where n.bucket = k.bucket and n.case_n = k.case_n and n.state in ('drafted', 'failed') and n.template = any($4::text[]) and n.fact <> k.fact`,
)
/** Sets drafts of cases aside that a newer message of theirs takes the place of. */
export const supersedeNotices = (
  tx: Session,
  newer: readonly Fresh[],
  templates: readonly string[],
): Promise<number> => touch(tx, supersede, [...parameters(fresh, newer), templates as string[]])
