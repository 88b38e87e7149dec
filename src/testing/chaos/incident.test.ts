import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { afterAll, beforeAll, expect, it } from "vitest"
import type { CaseCounts, CasesPage } from "../../api/contract/cases.ts"
import type { IncidentView } from "../../api/contract/incidents.ts"
import type { Board } from "../../api/contract.ts"
import { type Database, openDatabase } from "../../store/database.ts"
import { instantNow } from "../../store/orders.ts"
import { makeKey, saveDepartment } from "../../store/people.ts"
import { recountAll } from "../recount.ts"
import { cloneDatabase } from "../rehearsal.ts"
import { Fleet, type Member } from "./fleet.ts"

const hour = 3_600_000
const total = 500
const data = mkdtempSync(join(tmpdir(), "zs-incident-kill-"))
let database: Awaited<ReturnType<typeof cloneDatabase>>
let db: Database
let fleet: Fleet
let server: Member
let key: string

beforeAll(async () => {
  database = await cloneDatabase()
  db = openDatabase(database.url, { max: 4 })
  fleet = new Fleet(database.url, data)
  server = fleet.start("web,engine,jobs")
  await until(() => server.url !== null)
  const now = await instantNow(db.pool)
  key = await makeKey(db.pool, { name: "p", role: "operations", source: "p" }, now)
  for (const id of ["operations", "service", "warehouse", "purchasing"])
    await saveDepartment(db.pool, { id, name: id, parent: null })
  const paid = Array.from({ length: total }, (_, i) => ({
    channel: "douyin",
    shop: "s1",
    orderNo: `N${10_000 + i}`,
    type: "paid",
    at: new Date(now - 25 * hour).toISOString(),
    order: { items: [{ line: "1", sku: `S${i}`, name: "四件套" }] },
  }))
  await ask("/api/v1/order-events", paid)
  await until(async () => (await ask<CaseCounts>("/api/v1/cases/counts")).total === total)
})
afterAll(async () => {
  await fleet?.end("SIGKILL")
  await db?.close()
  await database?.drop()
  rmSync(data, { recursive: true, force: true })
})

async function until(isSo: () => boolean | Promise<boolean>, seconds = 90, everyMs = 100): Promise<void> {
  for (let waited = 0; waited < seconds * 1000; waited += everyMs) {
    if (await isSo()) return
    await pause(everyMs)
  }
  throw new Error("it did not come to that")
}
/** Asks the server; with a payload it posts. */
async function ask<Body = IncidentView>(path: string, payload?: object): Promise<Body> {
  const answer = await fetch(`${server.url}${path}`, {
    headers: { "x-api-key": key, ...(payload ? { "content-type": "application/json" } : {}) },
    ...(payload ? { method: "POST", body: JSON.stringify(payload) } : {}),
  })
  const body = await answer.json()
  if (!answer.ok) throw new Error(JSON.stringify(body))
  return body as Body
}
/** How far the newest act of the incident is, as the database has it. */
const newest = async (): Promise<{ act: string; state: string; done: number; refused: number }> =>
  (
    await db.pool.query(
      "select act, state, done, refused from incident_acts order by incident, seq desc limit 1",
    )
  ).rows[0]
const isDone = async () => (await newest()).state === "done"
const act = (input: object) => ask("/api/v1/incidents/I-1/acts", { ...input, actId: crypto.randomUUID() })

/** Whether a batch has written what customers are told and has not ended. */
const isWriting = async (): Promise<boolean> =>
  (
    await db.pool.query(
      `select exists (select from pg_locks where database = (select oid from pg_database where datname = current_database())
         and relation = 'notices'::regclass and mode = 'RowExclusiveLock' and granted) as so`,
    )
  ).rows[0].so

/** Does an act for all cases, kills the server amid them in the midst of a transaction, and waits until the one that is started in its place has carried it to its end. */
async function killedAmid(input: object): Promise<void> {
  const { starts } = server
  await act(input)
  await until(async () => (await newest()).done > 0 && (await isWriting()), 60, 1)
  server.kill()
  await until(() => server.url === null)
  const { state, done } = await newest()
  expect(state).toBe("running")
  expect(done).toBeLessThan(total)
  await until(() => server.url !== null)
  expect(server.starts).toBe(starts + 1)
  await until(isDone)
  expect(await newest()).toMatchObject({ done: total, refused: 0 })
}
/** How many entries of a kind the courses of cases have, and of how many cases. */
async function entries(what: string): Promise<{ all: number; cases: number }> {
  const { rows } = await db.pool.query(
    "select count(*)::int as all, count(distinct (bucket, case_n))::int as cases from case_log where what = $1",
    [what],
  )
  return rows[0]
}
const each = { all: total, cases: total }

it("an act for 500 cases whose server is killed amid them reaches each exactly once, and every count agrees", async () => {
  const cases = (await ask<CasesPage>("/api/v1/cases?limit=500")).items.map(({ number }) => number)
  await ask("/api/v1/incidents", { title: "断货", cases })
  await until(isDone)
  await act({ act: "assign", department: "warehouse", cause: "stock_out" })
  await until(isDone)
  await act({ act: "analyse", cause: "stock_out", text: "卖空了" })
  await until(isDone)
  const etaAt = new Date(Date.now() + 20 * hour).toISOString()
  await killedAmid({ act: "plan", etaAt, reason: "补货在路上" })
  expect(await entries("plan")).toEqual(each)
  await killedAmid({ act: "told", how: "chat" })
  expect(await entries("told")).toEqual(each)

  const { rows } = await db.pool.query(
    `select (select count(*)::int from cases where state = 'planned' and eta_at = $1) as planned,
       (select count(*)::int from notices where state = 'told') as told, (select count(*)::int from notices) as notices,
       (select count(*)::int from clocks where subject_kind = 'case' and kind = 'tell') as tells,
       (select count(*)::int from clocks where subject_kind = 'case' and kind = 'tell' and outcome = 'met') as met`,
    [etaAt],
  )
  expect(rows[0]).toEqual({ planned: total, told: total, notices: total, tells: total, met: total })
  const view = await ask("/api/v1/incidents/I-1")
  expect(view.byState).toEqual([{ state: "planned", count: total }])
  expect(view.believed).toEqual([{ etaAt, count: total }])
  const counts = await ask<CaseCounts>("/api/v1/cases/counts?incident=I-1&told=current")
  expect([counts.total, counts.byState]).toEqual([total, [{ state: "planned", count: total }]])
  const board = await ask<Board>("/api/v1/board")
  expect(board.cases.byState).toEqual([{ state: "planned", count: total }])
  const [kept, counted] = await recountAll(db)
  expect(kept).toEqual(counted)
})
