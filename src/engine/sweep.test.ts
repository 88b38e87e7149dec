import { afterAll, beforeAll, expect, it } from "vitest"
import { type Rehearsal, rehearse } from "../testing/rehearsal.ts"
import { told } from "../testing/told.ts"
import { record } from "./record.ts"
import { sweep } from "./sweep.ts"

const hour = 3_600_000
const now = Date.UTC(2026, 10, 24, 2)
let stage: Rehearsal
beforeAll(async () => {
  stage = await rehearse(now)
})
afterAll(() => stage.close())

it("the sweep finds the one order whose stored clock is not what the judge says, and goes on round and round", async () => {
  await record(
    stage.world,
    Array.from({ length: 25 }, (_, i) => told(`${i}`, "paid", now - hour, { channel: "own" })),
  )
  expect(await sweep(stage.world, 10)).toMatchObject({ rounds: 0, compared: 10, differing: 0 })
  await sweep(stage.world, 10)
  expect(await sweep(stage.world, 10)).toMatchObject({ rounds: 1, compared: 25, differing: 0 })
  await stage.db.pool.query(
    "update clocks set due_at = due_at + interval '1 minute' where kind = 'ship' and subject_id = (select id from orders where order_no = '7')",
  )
  for (const _ of [1, 2, 3]) await sweep(stage.world, 10)
  const { differing, found } = await sweep(stage.world, 10)
  expect(differing).toBe(1)
  expect(found).toMatchObject([{ order: "own/s1/7" }])
})
