import { afterAll, beforeAll, expect, it } from "vitest"
import { cloneDatabase } from "../testing/rehearsal.ts"
import { type Database, openDatabase, transaction } from "./database.ts"

let db: Database
let drop: () => Promise<void>
beforeAll(async () => {
  const clone = await cloneDatabase()
  drop = clone.drop
  db = openDatabase(clone.url, { max: 2 })
})
afterAll(async () => {
  await db.close()
  await drop()
})

it("an act whose session ended while it was thinking, as that of a frozen process does, is done again in another", async () => {
  const sessions: number[] = []
  const answer = await transaction(db, async (tx) => {
    const { rows } = await tx.query("select pg_backend_pid() as pid")
    const { pid } = rows[0] as { pid: number }
    sessions.push(pid)
    if (sessions.length === 1) {
      await db.beats.query("select pg_terminate_backend($1, 5000)", [pid])
      // The end of a session is heard of before the act speaks again.
      await expect
        .poll(() =>
          tx.query("select 1").then(
            () => "heard",
            (error: Error) => error.message,
          ),
        )
        .toMatch(/not queryable/)
    }
    return tx.query("select 7 as n").then((result) => (result.rows[0] as { n: number }).n)
  })
  expect(answer).toBe(7)
  expect(new Set(sessions).size).toBe(2)
})

it("sessions of acts neither wait long for a lock nor hold one while nobody speaks", async () => {
  const guards = await transaction(
    db,
    async (tx) => {
      const { rows } = await tx.query(
        "select current_setting('lock_timeout') as lock, current_setting('idle_in_transaction_session_timeout') as idle",
      )
      return rows[0]
    },
    2,
  )
  expect(guards).toEqual({ lock: "2s", idle: "5s" })
})

it("an act is done again where the statement behind a failed one is heard of first", async () => {
  let tries = 0
  const answer = await transaction(db, async (tx) => {
    if (++tries > 1) return "done"
    await Promise.all([tx.query("select 1 / 0").catch(() => "not heard yet"), tx.query("select 1")])
    return "not here"
  })
  expect([answer, tries]).toEqual(["done", 2])
})
