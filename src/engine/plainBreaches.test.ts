import { afterAll, beforeAll, expect, it } from "vitest"
import { parseInstant } from "../core/instants.ts"
import { everyRun } from "../store/keys.ts"
import { type Rehearsal, rehearse } from "../testing/rehearsal.ts"
import { readCounts } from "../testing/simulator/counts.ts"
import { told } from "../testing/told.ts"
import { record } from "./record.ts"
import { type Ticked, tick } from "./tick.ts"

const at = (text: string) => parseInstant(text)!
const start = at("2026-11-02T10:00:00+08:00")
let foreseeing: Rehearsal
let judging: Rehearsal
beforeAll(async () => {
  ;[foreseeing, judging] = await Promise.all([rehearse(start), rehearse(start)])
})
afterAll(() => Promise.all([foreseeing.close(), judging.close()]))

/** Everything that a breach may have changed, as rows; counts added up. */
async function rowsOf({ db }: Rehearsal): Promise<unknown[]> {
  const texts = [
    "select to_jsonb(a) as a from agenda a order by id",
    "select to_jsonb(c) as c from clocks c order by subject_id, kind, basis, round",
    "select to_jsonb(c) as c from cases c order by bucket, n",
    `select kind, department, standard, clock, basis, level, window_at, value::jsonb as about from outbox cross join json_array_elements(about) order by 1, 4, 6, 8`,
  ]
  const rows = await Promise.all(texts.map(async (text) => (await db.pool.query(text)).rows))
  return [...rows, await readCounts(db.pool)]
}

/** Ticks both worlds at an instant, the judging one without what it foresees; answers what the foreseeing one did. */
async function tickBoth(now: string): Promise<Ticked> {
  for (const stage of [foreseeing, judging]) stage.now = at(now)
  await judging.db.pool.query("update agenda set breaks_at = null")
  const [one, other] = [await tick(foreseeing.world, everyRun), await tick(judging.world, everyRun)]
  const told = ({ claimed, warned, breached, cases, lagsMs }: Ticked) => ({
    claimed,
    warned,
    breached,
    lagsMs,
    cases: cases.toSorted(),
  })
  expect(told(one)).toEqual(told(other))
  expect(await rowsOf(foreseeing)).toEqual(await rowsOf(judging))
  return one
}

it("a breach with a warning of another clock beside it leaves the very rows that a judgement leaves", async () => {
  const orders = ["one", "two", "three"].map((orderNo) => told(orderNo, "paid", "2026-11-02T10:00:00+08:00"))
  const prepared = told("done", "prepared", "2026-11-02T11:00:00+08:00")
  for (const stage of [foreseeing, judging])
    await record(stage.world, [...orders, told("done", "paid", "2026-11-02T10:00:00+08:00"), prepared])
  expect((await tickBoth("2026-11-02T22:00:00+08:00")).warned).toBe(3)
  expect((await tickBoth("2026-11-03T08:00:00+08:00")).warned).toBe(3)
  const due = "2026-11-03T10:00:00.001+08:00"
  // Half of the 48 hours is over when the 24 are: what was foreseen says so.
  const { rows } = await foreseeing.db.pool.query(
    "select breaks_at, breaks_as::jsonb #>> '{warns,level}' as level from agenda where breaks_kind = 'prepare'",
  )
  expect(rows).toEqual(Array(3).fill({ breaks_at: at(due), level: "50%" }))
  expect(await tickBoth(due)).toMatchObject({ claimed: 4, warned: 4, breached: 3, lagsMs: [1, 1, 1] })
  const { rows: clocks } = await foreseeing.db.pool.query(
    "select kind, state, effects, fired, breach_standing from clocks where subject_id = (select id from orders where order_no = 'two') order by 1",
  )
  const half = at("2026-11-03T10:00:00+08:00")
  expect(clocks).toMatchObject([
    { kind: "prepare", state: "over", breach_standing: true },
    { kind: "ship", state: "running", effects: 1, fired: [["50%", half, half + 1]], breach_standing: null },
  ])
  expect((await tickBoth("2026-11-04T06:00:00+08:00")).warned).toBe(4)
  expect((await tickBoth("2026-11-04T10:00:00.001+08:00")).breached).toBe(4)
})

it("a tick at the very instant of the warning warns, and the breach comes a millisecond later", async () => {
  for (const stage of [foreseeing, judging]) {
    stage.now = at("2026-11-05T10:00:00+08:00")
    await record(stage.world, [told("late", "paid", "2026-11-05T10:00:00+08:00")])
  }
  await tickBoth("2026-11-06T08:00:00+08:00")
  expect(await tickBoth("2026-11-06T10:00:00+08:00")).toMatchObject({ warned: 1, breached: 0 })
  expect(await tickBoth("2026-11-06T10:00:00.001+08:00")).toMatchObject({ warned: 0, breached: 1 })
})
