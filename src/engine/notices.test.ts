import { afterAll, beforeAll, expect, it } from "vitest"
import { transaction } from "../store/database.ts"
import type { CasePlace } from "../store/evidence.ts"
import { caseNumber } from "../store/keys.ts"
import { noticesOf } from "../store/notices.ts"
import { caseOf, tellOrders, tickAll } from "../testing/cases.ts"
import { type Rehearsal, rehearse } from "../testing/rehearsal.ts"
import { on } from "../testing/week.ts"
import { composeNotice, type Heard, tellByActs } from "./notices.ts"

let stage: Rehearsal
let place: CasePlace

beforeAll(async () => {
  stage = await rehearse(on("Mon 09:00"))
  stage.now = on("Tue 10:30")
  const order = {
    items: [
      { line: "1", sku: "QH-2041", name: "奶油风四件套" },
      { line: "2", sku: "B", name: "枕套" },
    ],
  }
  await tellOrders(stage, [
    { orderNo: "6931048820157743125", order, events: [["paid", on("Mon 10:00")]] },
    { orderNo: "ship-1", channel: "tiktok_shop", order, events: [["paid", on("Mon 10:00")]] },
  ])
  await tickAll(stage)
  place = await caseOf(stage, "6931048820157743125")
  await stage.db.pool.query("update cases set cause = 'stock_out'")
})
afterAll(() => stage.close())

/** An act a second after the one before: of one instant their order would be chance. */
const act = (own: { state?: string; etaAt: number | null }, input: Heard["act"]) => {
  stage.now += 1000
  const state = own.etaAt === null ? "analysed" : "planned"
  return transaction(stage.db, (tx) =>
    tellByActs(stage.world, tx, [{ own: { ...place, state, ...own }, act: input }], "陈露", stage.now),
  )
}
const told = async () =>
  (await noticesOf(stage.db.pool, [place])).map(({ template, state, text }) => [template, state, text])

it("a date given drafts the message in the customer's words, with the cause's reason and both dates", async () => {
  await act({ etaAt: null }, { act: "plan", etaAt: on("Wed 18:00") })
  const [notice] = await noticesOf(stage.db.pool, [place])
  expect(notice).toMatchObject({
    template: "delay_new_date",
    language: "zh-Hans",
    state: "drafted",
    fact: `${caseNumber(place.n, place.bucket)}:eta:${on("Wed 18:00")}`,
  })
  expect(notice!.texts.chat).toBe(
    "您好，您订的奶油风四件套等 2 件要晚一点寄出。您订的这款卖得比预计快，新的一批正在赶来。现在定在 11月25日 18:00 前发出，抱歉让您久等。不方便等的话，回我一声，换款、退款都可以。",
  )
  expect(notice!.texts.email.body).toContain("订单尾号 743125")
  // Preparing is late; what the customer was promised is the shipment, 48 hours after payment.
  expect(notice!.texts.email.body).toContain("原定 11月25日 10:00 前寄出")
})

it("the same date again is one message; another takes its place until it was told", async () => {
  await act({ etaAt: null }, { act: "plan", etaAt: on("Wed 18:00") })
  expect(await told()).toEqual([["delay_new_date", "drafted", null]])
  await act({ etaAt: on("Wed 18:00") }, { act: "plan", etaAt: on("Thu 18:00") })
  expect(await told()).toEqual([
    ["delay_new_date", "superseded", null],
    ["delay_new_date", "drafted", null],
  ])
})

it("what was told is kept with its words, and never changes", async () => {
  await act({ etaAt: null }, { act: "told", how: "chat", text: "周四 18:00 前发，久等了" })
  await act({ etaAt: null }, { act: "plan", etaAt: on("Thu 18:00") })
  expect((await told()).at(-1)).toEqual(["delay_new_date", "told", "周四 18:00 前发，久等了"])
})

it("a date that was missed asks for the message that says so", async () => {
  stage.now = on("Thu 19:00")
  await act({ etaAt: on("Thu 18:00") }, { act: "plan", etaAt: on("Fri 18:00") })
  expect((await told()).at(-1)?.slice(0, 2)).toEqual(["date_missed_again", "drafted"])
})

it("a date that was kept is not called missed when the case comes back", async () => {
  stage.now = on("Fri 19:00")
  await act({ state: "analysed", etaAt: on("Fri 18:00") }, { act: "plan", etaAt: on("Sat 18:00") })
  expect((await told()).at(-1)?.slice(0, 2)).toEqual(["delay_new_date", "drafted"])
})

it("customers of an English channel are told in English", async () => {
  const other = await caseOf(stage, "ship-1", "tiktok_shop")
  const { texts, language } = await composeNotice(stage.db.pool, other, {
    template: "delay_new_date",
    newDate: on("Wed 18:00"),
  })
  expect(language).toBe("en")
  expect(texts.chat).toMatch(
    /^Hello, your 奶油风四件套 and 1 more will be late\. This item sold faster .* It now leaves by 25 Nov 18:00/,
  )
})
