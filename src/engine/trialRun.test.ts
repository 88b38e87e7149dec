import { afterAll, beforeAll, expect, it } from "vitest"
import { transaction } from "../store/database.ts"
import { runCount } from "../store/keys.ts"
import { findTrialRun, isTrialRun } from "../store/trialRun.ts"
import { type Rehearsal, rehearse } from "../testing/rehearsal.ts"
import { record } from "./record.ts"
import { tick } from "./tick.ts"
import { beginTrialRun, setTrialRun } from "./trialRun.ts"

const hour = 3_600_000
let stage: Rehearsal
beforeAll(async () => {
  stage = await rehearse(Date.parse("2026-11-24T02:00:00Z"))
})
afterAll(() => stage.close())

/** An order paid 60 hours ago: its clocks are over. */
async function breach(orderNo: string): Promise<void> {
  const key = { channel: "own", shop: "main", orderNo }
  await record(stage.world, [
    { key, event: { type: "paid", at: stage.now - 60 * hour, source: "erp", eventId: orderNo } },
  ])
  for (let run = 0; run < runCount; run++) while ((await tick(stage.world, run)).claimed > 0);
}
const marks = async () =>
  (
    await stage.db.pool.query(
      "select o.order_no as no, c.trial from cases c join orders o on o.bucket = c.bucket and o.id = c.order_id order by 1",
    )
  ).rows

it("a company that never had one is not in a trial run", async () => {
  expect(await isTrialRun(stage.db.pool)).toBe(false)
})

it("cases opened while it is on are marked, those opened after its end are not", async () => {
  await transaction(stage.db, (tx) => beginTrialRun(tx, "沈一诺", stage.now))
  await breach("in")
  stage.now += hour
  await setTrialRun(stage.world, { on: false, by: "顾言" })
  await breach("out")
  expect(await marks()).toEqual([
    { no: "in", trial: true },
    { no: "out", trial: false },
  ])
  expect(await findTrialRun(stage.db.pool)).toEqual({
    since: stage.now - hour,
    by: "沈一诺",
    until: stage.now,
    endedBy: "顾言",
  })
})

it("ends once, with who did it in the audit trail", async () => {
  await setTrialRun(stage.world, { on: false, by: "somebody else" })
  const { rows } = await stage.db.pool.query("select who, what from audit order by at, id")
  expect(rows).toEqual([
    { who: "沈一诺", what: "trial_run.begin" },
    { who: "顾言", what: "trial_run.end" },
  ])
})
