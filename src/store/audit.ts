import { createHash } from "node:crypto"
import type { Deed } from "../core/deeds.ts"
import type { Instant } from "../core/instants.ts"
import { canonical, type Json } from "../core/json.ts"
import { newId } from "./keys.ts"
import { run, type Session, statement } from "./statement.ts"

/** A change by a person or a key. */
export type Act = { who: string; what: Deed; subject: string; before?: Json; after?: Json }
type Row = {
  id: string
  at: Instant
  who: string
  what: string
  subject: string
  before: Json
  after: Json
  number: number | null
  hash: Buffer | null
}

const add = statement(
  "audit.add",
  `insert into audit (id, at, who, what, subject, before, after)
   values ($1, to_timestamp($2::float8 / 1000), $3, $4, $5, $6::jsonb, $7::jsonb)`,
)
const unchained = statement(
  "audit.unchained",
  "select id, at, who, what, subject, before, after from audit where number is null order by at, id limit 1000",
)
const last = statement(
  "audit.last",
  "select number, hash from audit where number is not null order by number desc limit 1",
)
const chain = statement(
  "audit.chain",
  "update audit set number = $2, hash = $3 where id = $1 and number is null",
)
const lock = statement("audit.lock", "select pg_advisory_xact_lock(7300002)")
const walk = statement(
  "audit.walk",
  "select id, at, who, what, subject, before, after, number, hash from audit where number > $1 order by number limit 5000",
)

/** Notes a change, in the transaction of the change. */
export async function note(tx: Session, act: Act, at: Instant): Promise<void> {
  const json = (value: Json | undefined) => (value === undefined ? null : JSON.stringify(value))
  await run(tx, add, [newId(at), at, act.who, act.what, act.subject, json(act.before), json(act.after)])
}

const list = statement(
  "audit.list",
  `select id, at, who, what, subject, before, after from audit
   where ($1::text is null or subject = $1)
     and ($2::text is null or who ilike $2 or what ilike $2 or subject ilike $2)
     and ($3::uuid is null or (at, id) < (select a.at, a.id from audit a where a.id = $3))
   order by at desc, id desc limit $4`,
)
/** Changes, newest first: of one subject, or with a word in them, those before a row of this list. */
export const listAudit = (
  session: Session,
  {
    subject,
    q,
    before,
    limit,
  }: { subject?: string | undefined; q?: string | undefined; before?: string | undefined; limit: number },
): Promise<Omit<Row, "number" | "hash">[]> =>
  run(session, list, [
    subject ?? null,
    q ? `%${q.replaceAll(/[\\%_]/g, "\\$&")}%` : null,
    before ?? null,
    limit,
  ])

function hashOf(row: Row, number: number, previous: Buffer): Buffer {
  const { id, at, who, what, subject, before, after } = row
  return createHash("sha256")
    .update(previous)
    .update(canonical({ id, at, who, what, subject, before, after, number }))
    .digest()
}
const genesis: Buffer = Buffer.alloc(32)

/** Chains what was noted: each row's hash covers the row before. One writer at a time. Answers how many were chained. */
export async function chainAudit(tx: Session): Promise<number> {
  await run(tx, lock)
  const rows = await run<Row>(tx, unchained)
  if (rows.length === 0) return 0
  const [end] = await run<{ number: number; hash: Buffer }>(tx, last)
  let number = end?.number ?? 0
  let hash: Buffer = end?.hash ?? genesis
  for (const row of rows) {
    number += 1
    hash = hashOf(row, number, hash)
    await run(tx, chain, [row.id, number, hash])
  }
  return rows.length
}

/** Walks the chain; answers how many rows hold, and the first number that does not. */
export async function verifyAudit(session: Session): Promise<{ rows: number; brokenAt: number | null }> {
  let previous: Buffer = genesis
  let rows = 0
  for (let from = 0; ; ) {
    const page = await run<Row & { number: number; hash: Buffer }>(session, walk, [from])
    if (page.length === 0) return { rows, brokenAt: null }
    for (const row of page) {
      if (row.number !== rows + 1 || !hashOf(row, row.number, previous).equals(row.hash))
        return { rows, brokenAt: rows + 1 }
      previous = row.hash
      rows += 1
      from = row.number
    }
  }
}
