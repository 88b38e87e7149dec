import { afterAll, beforeAll, expect, it } from "vitest"
import { transaction } from "../store/database.ts"
import { everyRun } from "../store/keys.ts"
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

/** Two orders: one is over when it is first heard of, one becomes so as time passes. */
async function breach(orderNo: string): Promise<void> {
  const paid = (no: string, hoursAgo: number) => ({
    key: { channel: "own", shop: "main", orderNo: no },
    event: { type: "paid" as const, at: stage.now - hoursAgo * hour, source: "erp", eventId: no },
  })
  await record(stage.world, [paid(`${orderNo} at once`, 60), paid(`${orderNo} later`, 20)])
  for (const hours of [0, 3, 2]) {
    stage.now += hours * hour
    while ((await tick(stage.world, everyRun)).claimed > 0);
  }
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
  const since = stage.now
  await transaction(stage.db, (tx) => beginTrialRun(tx, "沈一诺", since))
  await breach("in")
  const until = stage.now
  await setTrialRun(stage.world, { on: false, by: "顾言" })
  await breach("out")
  expect(await marks()).toEqual([
    { no: "in at once", trial: true },
    { no: "in later", trial: true },
    { no: "out at once", trial: false },
    { no: "out later", trial: false },
  ])
  expect(await findTrialRun(stage.db.pool)).toEqual({
    since,
    by: "沈一诺",
    until,
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

it("a case that opens in its time, with nothing else about its order, is marked too", async () => {
  await setTrialRun(stage.world, { on: true, by: "沈一诺" })
  const key = { channel: "own", shop: "main", orderNo: "in time" }
  const event = { type: "paid", at: stage.now, source: "erp", eventId: "in time" } as const
  await record(stage.world, [{ key, event }])
  // Its warnings fire each in their time, so that nothing but the breach is left to happen.
  for (const passed of [12 * hour, 10 * hour, 2 * hour, 1]) {
    stage.now += passed
    while ((await tick(stage.world, everyRun)).claimed > 0);
  }
  expect((await marks()).find(({ no }) => no === "in time")).toEqual({ no: "in time", trial: true })
})
