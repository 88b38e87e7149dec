import { createHash } from "node:crypto"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openSignIn } from "../api/signIn.ts"
import { countUnfired } from "../store/clocks.ts"
import { countOverdueNext } from "../store/engines.ts"
import { type Rehearsal, rehearse } from "../testing/rehearsal.ts"
import { day } from "./calendar.ts"
import { found } from "./found.ts"
import { passTime } from "./history.ts"
import { type Plan, planOf } from "./plan.ts"

const now = Date.UTC(2026, 2, 11, 6, 32)

async function lived(plan: Plan): Promise<Rehearsal> {
  const stage = await rehearse(now)
  const secret = "a secret that is long enough for tests"
  const signIn = openSignIn(stage.db.url, { secret, baseUrl: "http://localhost:7300", trusted: [] })
  const people = await found({ db: stage.db, signIn }, plan.from, now)
  await passTime(stage.world, plan, async () => now, { people })
  await signIn.close()
  return stage
}

/** What the engine made of it, ids and all. */
async function digest({ db }: Rehearsal): Promise<string> {
  const { rows } = await db.pool.query(
    `select c.bucket, c.subject_kind, c.subject_id, c.kind, c.basis, c.state, c.due_at, c.closed_at, c.breach_due_at, c.breach_fired_at, c.fired, c.case_n
     from clocks c order by 1, 2, 3, 4, 5, c.round`,
  )
  return createHash("sha256").update(JSON.stringify(rows)).digest("hex")
}

describe("the sample company's past", () => {
  const plan = planOf({ seed: "qingheli", now, days: 5, size: 0.2 })
  let stage: Rehearsal
  beforeAll(async () => {
    stage = await lived(plan)
  })
  afterAll(() => stage.close())

  it("is fired by the engine: nothing is owed, some promises broke, each with its case", async () => {
    expect(await countUnfired(stage.db.pool, now)).toBe(0)
    expect(await countOverdueNext(stage.db.pool, now)).toBe(0)
    const { rows } = await stage.db.pool.query(
      `select count(*) filter (where breach_standing) as breaches, count(distinct (bucket, case_n)) filter (where case_n is not null) as numbers,
         (select count(*) from cases) as cases from clocks`,
    )
    expect(Number(rows[0].breaches)).toBeGreaterThan(3)
    expect(rows[0].numbers).toBe(rows[0].cases)
  })

  it("has reports whose actions are owned by people, by their names", async () => {
    const { rows } = await stage.db.pool.query(
      `select distinct action ->> 'owner' as owner, exists (select from staff s where s.name = action ->> 'owner') as known
       from report_archive r, jsonb_array_elements(r.document #> '{fields,prevention}') action where r.subject not like 'I-%'`,
    )
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.filter(({ known }) => !known)).toEqual([])
  })

  it("has people who took their cases up: some are archived with a report, others stand where people are", async () => {
    const { rows } = await stage.db.pool.query("select state, count(*)::int as n from cases group by state")
    const byState = Object.fromEntries(rows.map(({ state, n }) => [state, n]))
    expect(byState.archived).toBeGreaterThan(0)
    expect(Object.keys(byState).length).toBeGreaterThan(2)
    const old = await stage.db.pool.query(
      "select count(*)::int as n from cases where state = 'open' and opened_at < to_timestamp($1)",
      [(now - day) / 1000],
    )
    expect(old.rows[0].n).toBe(0)
  })

  it("comes out the same again", async () => {
    const again = await lived(plan)
    expect(await digest(again)).toBe(await digest(stage))
    await again.close()
  })
})
