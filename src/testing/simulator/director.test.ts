import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import { copyInto, sendCopy } from "../../store/copying.ts"
import { type Database, openDatabase, transaction } from "../../store/database.ts"
import { cloneDatabase } from "../rehearsal.ts"
import type { Fault } from "./actor.ts"
import { Chance } from "./chance.ts"
import { Course } from "./course.ts"
import { direct } from "./director.ts"

let db: Database
let drop: () => Promise<void>
beforeAll(async () => {
  const { url, ...clone } = await cloneDatabase()
  drop = clone.drop
  db = openDatabase(url)
  await db.pool.query("create table shelves (id int primary key, n int not null default 0)")
})
afterAll(async () => {
  await db.close()
  await drop()
})
beforeEach(() => db.pool.query("truncate shelves; insert into shelves values (1), (2)"))

/** One transaction that takes the shelves in this order, after so many slow looks at nothing. */
const taking =
  (shelves: readonly number[], { looks = 0, lockSeconds = 10 } = {}) =>
  (own: Database) =>
    transaction(
      own,
      async (tx) => {
        for (const shelf of shelves) {
          await tx.query("update shelves set n = n + 1 where id = $1", [shelf])
          for (let i = 0; i < looks; i++) await tx.query("select pg_sleep(0.02)")
        }
      },
      lockSeconds,
    )

/** Lets acts go on under a seed; answers the course that they took and what was noted of it. */
async function take(seed: number, acts: readonly ((own: Database) => Promise<void>)[], fault?: Fault) {
  const course = new Course()
  const noted: string[] = []
  const parts = acts.map((act, i) => ({ act, fault: i === 0 && fault ? fault : null }))
  const stage = {
    db,
    chance: new Chance(seed),
    course,
    note: (what: string) => void noted.push(what),
  }
  const endings = await direct(stage, parts)
  const { rows } = await db.pool.query<{ n: number }>("select n from shelves order by id")
  return { endings, noted, shelves: rows.map(({ n }) => n), digest: course.digest }
}

it("no clock ends a wait for a lock, however short its time", async () => {
  // Whoever comes second waits far longer than a millisecond.
  const slow = taking([1], { looks: 10, lockSeconds: 0.001 })
  const { endings, noted } = await take(3, [slow, slow])
  expect(noted).toEqual([])
  expect(endings).toEqual([
    { done: undefined, statements: 13 },
    { done: undefined, statements: 13 },
  ])
})

it("acts that embrace are parted by the seed, and the one that is sent away tries again", async () => {
  for (let seed = 1; seed <= 8; seed++) {
    const { noted, shelves, digest } = await take(seed, [taking([1, 2]), taking([2, 1])])
    expect(shelves).toEqual([2, 2])
    await db.pool.query("update shelves set n = 0")
    expect((await take(seed, [taking([1, 2]), taking([2, 1])])).digest).toBe(digest)
    await db.pool.query("update shelves set n = 0")
    if (noted.includes("deadlocks")) return
  }
  throw new Error("no seed let them embrace")
})

it("some waits take too long by chance, and the act is tried again", async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const { noted, shelves } = await take(seed, [taking([1], { looks: 1 }), taking([1]), taking([1])])
    expect(shelves[0]).toBe(3)
    await db.pool.query("update shelves set n = 0")
    if (noted.includes("waits that took too long")) return
  }
  throw new Error("no wait took too long")
})

it("of those whom one step lets go on, the seed says who comes first", async () => {
  const digests = new Set<string>()
  for (let i = 0; i < 20; i++) {
    digests.add((await take(5, Array(6).fill(taking([1])))).digest)
    await db.pool.query("update shelves set n = 0")
  }
  expect(digests.size).toBe(1)
})

it("a process that is killed while others wait for its locks lets them go on", async () => {
  for (let seed = 1; seed <= 4; seed++) {
    const fault: Fault = { at: 2, when: "after", how: "killed" }
    const { endings, shelves } = await take(seed, [taking([1]), taking([1]), taking([1])], fault)
    expect(endings.map((each) => "done" in each)).toEqual([false, true, true])
    expect(shelves[0]).toBe(2)
    await db.pool.query("update shelves set n = 0")
  }
})

it("a COPY that waits for a lock stands aside like any other statement", async () => {
  const copy = copyInto<{ id: number }>("shelves", [["id", "id", "int4"]])
  const adding = (own: Database) => transaction(own, (tx) => sendCopy(tx, copy, [{ id: 3 }]))
  const { endings } = await take(3, [adding, adding])
  const failed = endings.flatMap((each) =>
    "failed" in each ? [(each.failed as { code?: string }).code] : [],
  )
  // Whoever came second waited for the first, whose row was there then.
  expect(failed).toEqual(["23505"])
})
