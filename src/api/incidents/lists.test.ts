import { afterAll, beforeAll, expect, it } from "vitest"
import { carryOut } from "../../engine/incidents/carry.ts"
import { tellOrders } from "../../testing/cases.ts"
import { openStaffed, type Staffed } from "../../testing/staffed.ts"
import type { CaseCounts, CasesPage } from "../contract/cases.ts"
import type { IncidentView } from "../contract/incidents.ts"

const start = Date.parse("2026-11-02T02:00:00Z")
const hour = 3_600_000
const total = 20
let house: Staffed
let cases: string[]

beforeAll(async () => {
  house = await openStaffed(start, [["沈一诺", "operations", "owner"]])
  // One after the other, so that each is due at an instant of its own.
  const orders = Array.from({ length: total }, (_, i) => ({
    orderNo: String(100 + i),
    events: [["paid", start - 25 * hour + i * 1000] as [string, number]],
  }))
  await tellOrders(house.stage, orders)
  await house.tickAll()
  cases = (await list("sort=openedAt")).items.map(({ number }) => number)
})
afterAll(() => house.close())

const get = async <Body>(url: string) => (await house.as<Body>("沈一诺", url)).body
const list = (query: string) =>
  get<CasesPage>(`/api/v1/cases?${query.includes("limit") ? "" : "limit=500&"}${query}`)
const counts = (query: string) => get<CaseCounts>(`/api/v1/cases/counts?${query}`)
async function post(url: string, payload: object): Promise<IncidentView> {
  const { status, body } = await house.as<IncidentView>("沈一诺", url, payload)
  expect(status).toBe(200)
  await carryOut(house.world, body.id)
  return body
}
const act = (payload: object, number = "I-1") => post(`/api/v1/incidents/${number}/acts`, payload)
/** The rows of the list by groups, a few a page: what they stand for and how many they are. */
async function groups(query = ""): Promise<string[]> {
  const rows: string[] = []
  for (let cursor = ""; ; ) {
    const page = await list(`group=incident&sort=owed&limit=3&${query}&cursor=${cursor}`)
    rows.push(
      ...page.items.map(
        (each) => `${each.exempt ? "alone" : (each.incident?.number ?? "alone")} ${each.size}`,
      ),
    )
    if (page.next === null) {
      expect(page.lines).toBe(rows.length)
      expect(page.total).toBe((await list(query)).items.length)
      expect(page.total).toBe((await counts(query)).total)
      return rows
    }
    cursor = page.next
  }
}
const sizes = (rows: readonly string[]) => rows.filter((row) => row !== "alone 1").sort()

it("cases of an incident are one row of the list by groups, and its counts stay those of cases", async () => {
  expect(await groups()).toHaveLength(total)
  await post("/api/v1/incidents", { title: "断货", cases: cases.slice(0, 8) })
  await post("/api/v1/incidents", { title: "系统", cases: cases.slice(8, 12) })
  const rows = await groups()
  expect(rows).toHaveLength(total - 10)
  expect(sizes(rows)).toEqual(["I-1 8", "I-2 4"])
  expect(sizes(await groups(`q=${100}`))).toEqual(["I-1 1"])
})

it("what goes its own way stands for itself", async () => {
  await act({ act: "exempt", cases: [cases[0]!], reason: "客户已经接受" })
  expect(sizes(await groups())).toEqual(["I-1 7", "I-2 4"])
  const inside = await list("incident=I-1&exempt=false")
  expect(inside.items).toHaveLength(7)
})

it("the row of a group is that of its cases which is due first", async () => {
  const [first] = (await list("incident=I-1&exempt=false&sort=owed")).items
  const page = await list("group=incident&sort=owed")
  const row = page.items.find(({ incident, exempt }) => incident?.number === "I-1" && !exempt)
  expect(row).toMatchObject({ number: first!.number, size: 7 })
})

it("open cases are chosen and added, and are one group with it", async () => {
  const free = await list("incident=none&state=unarchived")
  expect(free.items).toHaveLength(total - 12)
  await act({ act: "add", cases: free.items.slice(0, 3).map(({ number }) => number) })
  expect(sizes(await groups())).toEqual(["I-1 10", "I-2 4"])
})

it("of each order it is known which date its customer was told, and every number opens its rows", async () => {
  await act({ act: "assign", department: "operations", cause: "stock_out" })
  await act({ act: "analyse", cause: "stock_out", text: "卖空了" })
  const early = new Date(house.stage.now + 20 * hour).toISOString()
  const late = new Date(house.stage.now + 40 * hour).toISOString()
  await act({ act: "plan", etaAt: early, reason: "补货" })
  const told = async () =>
    Object.fromEntries(
      await Promise.all(
        (["current", "outdated", "nothing"] as const).map(async (each) => [
          each,
          (await list(`incident=I-1&told=${each}`)).items.map(({ believes }) => believes?.etaAt ?? null),
        ]),
      ),
    ) as Record<string, (string | null)[]>
  expect((await told()).nothing).toHaveLength(10)
  await act({ act: "told", how: "chat" })
  expect(await told()).toMatchObject({ current: Array(10).fill(early), outdated: [], nothing: [] })
  house.stage.now += hour
  await act({ act: "plan", etaAt: late, reason: "车晚了" })
  expect(await told()).toMatchObject({ current: [], outdated: Array(10).fill(early), nothing: [] })
  const [one] = (await list("incident=I-1&told=outdated")).items
  expect(one!.believes).toMatchObject({ how: "chat", by: "沈一诺" })
  await house.as("沈一诺", `/api/v1/cases/${one!.number}/acts`, {
    act: "told",
    how: "phone",
    text: "后天到",
    version: one!.version,
  })
  const last = await told()
  expect([last.current, last.outdated!.length]).toEqual([[late], 9])
  const { believed } = await get<IncidentView>("/api/v1/incidents/I-1")
  expect(believed).toEqual([
    { etaAt: late, count: 1 },
    { etaAt: early, count: 9 },
  ])
})
