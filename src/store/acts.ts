import type { Instant } from "../core/instants.ts"
import { bulkInsert, type Column, send } from "./bulk.ts"
import { run, type Session, statement } from "./statement.ts"

/** An act of a person under its own id: the same id again answers what the first did. */
export type StoredAct = {
  bucket: number
  subject: string
  actId: string
  at: Instant
  answer: Record<string, unknown>
}

const columns: readonly Column<StoredAct>[] = [
  ["bucket", "bucket", "int2"],
  ["subject", "subject", "uuid"],
  ["act_id", "actId", "text"],
  ["at", "at", "instant"],
  ["answer", "answer", "json"],
]
const insert = bulkInsert("acts.append", "acts", columns)
/** Keeps acts that were done. */
export const appendActs = (tx: Session, acts: readonly StoredAct[]): Promise<number> =>
  send(tx, insert, columns, acts)

const done = statement(
  "acts.done",
  `select a.subject from acts a join unnest($1::int2[], $2::uuid[]) as k(bucket, id) on a.bucket = k.bucket and a.subject = k.id
   where a.act_id = $3`,
)
/** To which subjects an act was done already, by their ids. */
export async function listDone(
  tx: Session,
  subjects: readonly { bucket: number; id: string }[],
  actId: string,
): Promise<Set<string>> {
  const rows = await run<{ subject: string }>(tx, done, [
    `{${subjects.map((each) => each.bucket).join(",")}}`,
    `{${subjects.map((each) => each.id).join(",")}}`,
    actId,
  ])
  return new Set(rows.map(({ subject }) => subject))
}

const answer = statement(
  "acts.answer",
  "select answer from acts where bucket = $1 and subject = $2 and act_id = $3",
)
/** What an act was answered, or null when it was not done yet. */
export const findAct = async (
  session: Session,
  { bucket, id }: { bucket: number; id: string },
  actId: string,
): Promise<StoredAct["answer"] | null> =>
  (await run<Pick<StoredAct, "answer">>(session, answer, [bucket, id, actId]))[0]?.answer ?? null
