import { afterAll, beforeAll, expect, it } from "vitest"
import { alertAll } from "../testing/alerting.ts"
import { tellOrders } from "../testing/cases.ts"
import { openStaffed, type Staffed } from "../testing/staffed.ts"
import type { WarningRow } from "./contract/alerts.ts"
import type { CaseRow, CasesPage } from "./contract/cases.ts"
import type { WorkList, WorkScope } from "./contract/work.ts"

const minute = 60_000
const hour = 60 * minute
const start = Date.parse("2026-11-02T02:00:00Z")
let house: Staffed
let cases: CaseRow[] = []
beforeAll(async () => {
  house = await openStaffed(start, [
    ["顾言", "administration", "owner"],
    ["林越", "operations", "operations", "head"],
    ["周楠", "warehouse", "warehouse", "head"],
    ["蒋伟", "warehouse", "warehouse"],
  ])
  await tellOrders(
    house.stage,
    Array.from({ length: 3 }, (_, i) => ({
      orderNo: `N${i}`,
      events: [["paid", start] as [string, number]],
    })),
  )
  house.stage.now = start + 24 * hour + 1
  await house.tickAll()
  cases = (await house.as<CasesPage>("林越", "/api/v1/cases?sort=openedAt")).body.items
  const input = { act: "assign", department: "warehouse", person: house.ids.蒋伟 }
  await house.as("林越", "/api/v1/cases/bulk", { ids: cases.map(({ id }) => id), input })
}, 60_000)
afterAll(() => house.close())

const work = async (name: string, scope: WorkScope) =>
  (await house.as<WorkList>(name, `/api/v1/work?scope=${scope}`)).body

it("everybody has what they hold, a department what it owes, an owner what the whole company does", async () => {
  const counts = async (name: string) => {
    const { counts, whole } = await work(name, "mine")
    return { mine: counts.mine, department: counts.department, whole }
  }
  expect(await counts("蒋伟")).toEqual({ mine: 3, department: 3, whole: false })
  expect(await counts("周楠")).toEqual({ mine: 0, department: 3, whole: false })
  expect(await counts("林越")).toMatchObject({ mine: 0, whole: false })
  expect(await counts("顾言")).toEqual({ mine: 0, department: 3, whole: true })
  expect((await work("顾言", "department")).items).toHaveLength(3)
})

it("words that name somebody are theirs to answer, and are so no more once they did", async () => {
  const url = `/api/v1/cases/${cases[0]!.id}/messages`
  await house.as("林越", url, { text: "什么时候能发？", people: [house.ids.蒋伟] })
  await house.as("林越", url, { text: "仓里谁看一下", departments: ["warehouse"] })
  const replies = async (name: string, scope: WorkScope) =>
    (await work(name, scope)).items
      .filter(({ kind }) => kind === "reply")
      .map(({ title, number }) => [title, number])
  expect(await replies("蒋伟", "mine")).toEqual([["林越: 什么时候能发？", cases[0]!.number]])
  expect(await replies("周楠", "department")).toEqual([["林越: 仓里谁看一下", cases[0]!.number]])
  house.stage.now += minute
  await house.as("蒋伟", url, { text: "今晚" })
  expect(await replies("蒋伟", "mine")).toEqual([])
  expect(await replies("周楠", "department")).toEqual([])
})

it("the page of an alert about a step of cases lists those cases", async () => {
  house.stage.now = start + 24 * hour + 52 * minute
  await house.tickAll()
  house.stage.now += minute / 4
  await alertAll(house.world)
  const { rows } = await house.stage.db.pool.query<{ id: string }>(
    "select id from alerts where clock = 'analyse' order by created_at desc limit 1",
  )
  const listed = await house.as<CasesPage>("周楠", `/api/v1/cases?alert=${rows[0]!.id}`)
  expect(listed.body.items.map(({ number }) => number).sort()).toEqual(
    cases.map(({ number }) => number).sort(),
  )
  expect((await house.as<WarningRow>("周楠", `/api/v1/alerts/${rows[0]!.id}`)).body.total).toBe(3)
})
