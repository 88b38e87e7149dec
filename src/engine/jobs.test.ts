import { afterAll, beforeAll, expect, it } from "vitest"
import { transaction } from "../store/database.ts"
import { type Rehearsal, rehearse } from "../testing/rehearsal.ts"
import { type Jobs, openJobs, queue } from "./jobs.ts"

let stage: Rehearsal
beforeAll(async () => {
  stage = await rehearse(0)
})
afterAll(() => stage.close())

const silent = { error() {}, info() {} }
const zone = async () => "Asia/Shanghai"
const opened: Jobs[] = []
const worker = () => {
  const jobs = openJobs(stage.db)
  opened.push(jobs)
  return jobs
}
afterAll(() => Promise.all(opened.map((each) => each.stop())))

it("a job is there if and only if the transaction that sent it was kept", async () => {
  const greet = queue<{ name: string }>("test.greet")
  const jobs = worker()
  const done: string[] = []
  const kept = new Promise<void>((resolve) => {
    jobs.on(greet, async ({ name }) => {
      done.push(name)
      if (name === "kept") resolve()
    })
  })
  await expect(
    transaction(stage.db, async (tx) => {
      await stage.world.jobs.send(tx, greet, { name: "lost" })
      throw new Error("the act failed")
    }),
  ).rejects.toThrow("the act failed")
  await transaction(stage.db, (tx) => stage.world.jobs.send(tx, greet, { name: "kept" }))
  await jobs.start(silent, zone)
  await kept
  expect(done).toEqual(["kept"])
})

it("with a key one job waits at a time, and an id is never queued twice", async () => {
  const slow = queue<{ n: number }>("test.slow")
  const id = "00000000-0000-7000-8000-000000000001"
  const sent = await transaction(stage.db, async (tx) => [
    await stage.world.jobs.send(tx, slow, { n: 1 }, { key: "a" }),
    await stage.world.jobs.send(tx, slow, { n: 2 }, { key: "a" }),
    await stage.world.jobs.send(tx, slow, { n: 3 }, { key: "b" }),
    await stage.world.jobs.send(tx, slow, { n: 4 }, { id }),
    await stage.world.jobs.send(tx, slow, { n: 5 }, { id }),
    await stage.world.jobs.send(tx, slow, { n: 6 }),
    await stage.world.jobs.send(tx, slow, { n: 7 }),
  ])
  expect(sent.map((each) => each !== null)).toEqual([true, false, true, true, false, true, true])
  expect(sent[3]).toBe(id)
})

it("a job that fails at every try lies among the dead with its error, and can be revived", async () => {
  const broken = queue<{ n: number }>("test.broken", { retries: 0 })
  const jobs = worker()
  let mended = false
  const tries: boolean[] = []
  jobs.on(broken, async () => {
    tries.push(mended)
    if (!mended) throw new Error("the disk is full")
  })
  await jobs.start(silent, zone)
  await transaction(stage.db, (tx) => jobs.send(tx, broken, { n: 1 }))
  await expect
    .poll(() => jobs.dead(), { timeout: 10_000 })
    .toMatchObject([{ queue: "test.broken", error: "the disk is full", data: { n: 1 } }])
  mended = true
  expect(await jobs.revive((await jobs.dead())[0]!.id)).toBe(true)
  await expect.poll(() => tries, { timeout: 10_000 }).toEqual([false, true])
  expect(await jobs.dead()).toEqual([])
})
