import { afterAll, beforeAll, expect, it } from "vitest"
import type { Actor } from "../core/cases.ts"
import type { Instant } from "../core/instants.ts"
import type { Role } from "../core/permissions.ts"
import { addWindow, saveStock } from "../store/declared.ts"
import { caseNumber, newId } from "../store/keys.ts"
import { proposalsOf } from "../store/proposals.ts"
import { caseOf, type TestOrder, tellOrders, tickAll } from "../testing/cases.ts"
import { type Rehearsal, rehearse } from "../testing/rehearsal.ts"
import { on } from "../testing/week.ts"
import { performActs } from "./cases/perform.ts"
import { undoActs } from "./cases/undo.ts"
import { decideCauses, groupsForIncidents, startProposing } from "./proposing.ts"

let stage: Rehearsal
let round: ReturnType<typeof startProposing>
const hour = 3_600_000
const paid = on("Mon 10:00")

const order = (
  orderNo: string,
  sku: string,
  more: Partial<TestOrder> & { details?: object } = {},
): TestOrder => ({
  orderNo,
  order: {
    warehouse: "一仓",
    carrier: "圆通",
    items: [{ line: "1", sku, name: `商品 ${sku}`, quantity: 1 }],
    receiver: { province: "广东", city: "广州" },
    ...more.details,
  },
  events: more.events ?? [["paid", paid]],
})
/** Orders that went as usual, so that the warehouse has a usual pace: twelve paid each hour of three days, prepared four hours later. */
const usual = Array.from({ length: 72 * 12 }, (_, i) => {
  const at: Instant = on("Tue 05:00") - Math.floor(i / 12) * hour
  const details = { receiver: { province: "浙江" } }
  return order(`usual-${i}`, "OTHER", {
    details,
    events: [
      ["paid", at],
      ["prepared", at + 4 * hour],
      ["shipped", at + 8 * hour],
    ],
  })
})

beforeAll(async () => {
  stage = await rehearse(on("Mon 09:00"))
  stage.now = on("Tue 10:30")
  await tellOrders(stage, [
    ...usual,
    ...Array.from({ length: 30 }, (_, i) => order(`out-${i}`, "QH-2041")),
    order("typhoon", "A", {
      events: [
        ["paid", paid],
        ["promise_changed", on("Mon 15:00"), { promisedShipAt: "2026-11-27T10:00:00+08:00", cause: "台风" }],
      ],
    }),
    order("refund", "B", {
      events: [
        ["paid", paid],
        ["refund_requested", on("Tue 09:00")],
      ],
    }),
    order("review", "B", {
      events: [
        ["paid", paid],
        ["held", on("Mon 11:00"), { reason: "platform", hold: "review" }],
        ["released", on("Mon 23:00"), { hold: "review" }],
      ],
    }),
    order("nothing", "C"),
  ])
  await saveStock(stage.db.pool, [
    {
      sku: "QH-2041",
      warehouse: "一仓",
      at: on("Mon 21:03"),
      onHand: 0,
      locked: 0,
      blocked: null,
      counted: null,
      inbound: [],
      recordedAt: stage.now,
      recordedBy: "test",
    },
  ])
  await addWindow(stage.db.pool, {
    id: newId(stage.now),
    kind: "weather",
    name: "台风红色预警",
    about: null,
    regions: ["广东省"],
    fromAt: on("Mon 12:00"),
    toAt: on("Tue 12:00"),
    proof: "粤应急 2026-31",
    declaredAt: stage.now,
    declaredBy: "沈一诺",
    endedBy: null,
    withdrawnAt: null,
    withdrawnBy: null,
  })
  await tickAll(stage)
  round = startProposing(stage.world)
  await round()
})
afterAll(() => stage.close())

const proposal = async (orderNo: string) =>
  (await proposalsOf(stage.db.pool, [await caseOf(stage, orderNo)]))[0]!

it("a stock-out is proposed with its evidence and applied by itself", async () => {
  const { cause, confidence, state, proposals, sku } = await proposal("out-7")
  expect({ cause, confidence, state, sku }).toEqual({
    cause: "stock_out",
    confidence: 83,
    state: "applied",
    sku: "QH-2041",
  })
  expect(proposals[0]!.for.map(({ signal }) => signal)).toEqual([
    "sellable_zero",
    "no_inbound",
    "not_prepared_at_due",
  ])
  expect(await caseOf(stage, "out-7")).toMatchObject({ cause: "stock_out", state: "open" })
})

it("its lateness is split between purchasing and the warehouse, and adds up", async () => {
  const { split } = await proposal("out-7")
  expect(split).toEqual({
    latenessMs: hour / 2,
    notCounted: [],
    parts: [{ stage: "goods", department: "purchasing", party: null, ms: hour / 2 }],
  })
})

it("a typhoon over the receiver with the platform's word is applied", async () => {
  expect(await proposal("typhoon")).toMatchObject({
    cause: "severe_weather",
    confidence: 75,
    state: "applied",
  })
})

it("what facts do not show waits for operations", async () => {
  expect(await proposal("nothing")).toMatchObject({ state: "waiting", asks: expect.any(String) })
  expect((await caseOf(stage, "nothing")).cause).toBeNull()
})

it("an order that joins late is looked at once, and again only after a while", async () => {
  expect((await round()).looked).toBe(0)
  stage.now += 20 * 60_000
  const again = await round()
  expect(again.looked).toBeGreaterThan(0)
  expect(again.applied).toEqual([])
})

it("thirty cases of one SKU are a group for an incident", async () => {
  expect(
    (await groupsForIncidents(stage.world, stage.db.pool, stage.now))
      .filter(({ kind }) => kind === "sku")
      .map(({ cause, value, cases }) => [cause, value, cases]),
  ).toEqual([["stock_out", "QH-2041", 30]])
})

const actor = (name: string, role: Role): Actor => ({
  id: null,
  name,
  roles: [{ role, department: null }],
  departments: [],
})
const operations = actor("沈一诺", "operations")

it("a cause that was said and taken back is proposed and waits again", async () => {
  const { bucket, n } = await caseOf(stage, "nothing")
  const number = caseNumber(n, bucket)
  const input = { act: "cause" as const, cause: "pick_error", reason: "several" }
  const somebody = { ...operations, id: newId(stage.now) }
  const { batch } = await performActs(stage.world, [{ number, input }], { actor: somebody })
  expect(await proposal("nothing")).toMatchObject({ state: "overruled" })
  await undoActs(stage.world, batch, somebody)
  expect(await caseOf(stage, "nothing")).toMatchObject({ cause: null })
  expect(await proposal("nothing")).toMatchObject({ state: "waiting", decidedBy: null, reason: null })
})

it("another cause needs a reason; confirmed or overruled, it is no longer proposed over", async () => {
  const place = await caseOf(stage, "nothing")
  await expect(
    decideCauses(stage.world, { cases: [place] }, { cause: "pick_error" }, operations),
  ).rejects.toThrow(/Say why/)
  const done = await decideCauses(
    stage.world,
    { cases: [place] },
    { cause: "pick_error", reason: "not_in_facts", note: "仓库电话里说的" },
    operations,
  )
  expect(done.decided).toBe(1)
  expect(await caseOf(stage, "nothing")).toMatchObject({ cause: "pick_error" })
  expect(await proposal("nothing")).toMatchObject({
    state: "overruled",
    decidedBy: "沈一诺",
    reason: "not_in_facts",
  })
  stage.now += 20 * 60_000
  await round()
  expect(await proposal("nothing")).toMatchObject({ state: "overruled" })
  const out = await caseOf(stage, "out-1")
  expect((await decideCauses(stage.world, { cases: [out] }, {}, operations)).cases).toHaveLength(1)
  expect(await proposal("out-1")).toMatchObject({ state: "confirmed" })
})

it("a cause is decided by those who may say it, and not after the report was handed in", async () => {
  const place = await caseOf(stage, "out-2")
  const decide = (by: Actor) =>
    decideCauses(stage.world, { cases: [place] }, { cause: "pick_error", reason: "several" }, by)
  await expect(decide(actor("陈露", "service"))).rejects.toMatchObject({ code: "not_your_case" })
  for (const state of ["reported", "archived"]) {
    await stage.db.pool.query(
      "update cases set state = $3, archived_at = case when $3 = 'archived' then now() end where bucket = $1 and n = $2",
      [place.bucket, place.n, state],
    )
    await expect(decide(operations)).rejects.toMatchObject({ code: "illegal_move" })
  }
  expect(await caseOf(stage, "out-2")).toMatchObject({ cause: "stock_out" })
  expect(await proposal("out-2")).toMatchObject({ state: "applied" })
})
