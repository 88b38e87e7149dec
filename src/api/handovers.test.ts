import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { escalateHandovers, remindOfHandovers } from "../engine/handovers.ts"
import { settleLeavers } from "../engine/leaving.ts"
import { tellOrders } from "../testing/cases.ts"
import { openStaffed, type Staffed } from "../testing/staffed.ts"
import type { Bell } from "./contract/alerts.ts"
import type { CasesPage, CaseView } from "./contract/cases.ts"
import type { HandoverRow, HandoverView, OwnWork, TakenView } from "./contract/handovers.ts"
import type { InHandView, RecordView } from "./contract/record.ts"
import type { WorkList } from "./contract/work.ts"

const minute = 60_000
const hour = 60 * minute
const start = Date.parse("2026-11-02T02:00:00Z")
const opened = start + 24 * hour + 1
let house: Staffed
let numbers: string[] = []
beforeAll(async () => {
  house = await openStaffed(start, [
    ["顾言", "administration", "owner"],
    ["林越", "operations", "operations"],
    ["周楠", "warehouse", "head", "warehouse"],
    ["蒋伟", "warehouse", "warehouse"],
    ["马小满", "warehouse", "warehouse"],
    ["唐敏", "warehouse", "warehouse"],
    ["许静", "service", "service"],
  ])
  const shift = (name: string, from: number, to: number) => ({
    staff: house.ids[name],
    department: "warehouse",
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
  })
  await house.as("顾言", "/api/v1/rosters/shifts", {
    shifts: [
      shift("蒋伟", opened - 4 * hour, opened + 2 * hour),
      shift("马小满", opened + 2 * hour, opened + 10 * hour),
      shift("唐敏", opened + 2 * hour, opened + 10 * hour),
    ],
  })
  await house.as("顾言", "/api/v1/rosters/leaves", {
    staff: house.ids.唐敏,
    from: new Date(opened + hour).toISOString(),
    to: null,
    reason: "病假",
  })
  await tellOrders(
    house.stage,
    Array.from({ length: 6 }, (_, i) => ({
      orderNo: `N${i}`,
      events: [["paid", start] as [string, number]],
    })),
  )
  house.stage.now = opened
  await house.tickAll()
  const { body } = await house.as<CasesPage>("林越", "/api/v1/cases?sort=openedAt")
  numbers = body.items.map(({ number }) => number)
  await house.as("林越", "/api/v1/cases/bulk", {
    ids: numbers,
    input: { act: "assign", department: "warehouse", person: house.ids.蒋伟 },
  })
  const url = `/api/v1/cases/${numbers[0]}/messages`
  await house.as("林越", url, { text: "今晚能发吗", people: [house.ids.蒋伟] })
}, 60_000)
afterAll(() => house.close())

const caseOf = async (number: string) => (await house.as<CaseView>("林越", `/api/v1/cases/${number}`)).body
const bell = async (name: string) =>
  (await house.as<Bell>(name, "/api/v1/bell")).body.items.map(({ kind }) => kind)

describe("a shift's handover", () => {
  let given: HandoverView
  it("lists what somebody has in hand, keeps what they begin to write, and reminds them before the shift ends", async () => {
    const own = (await house.as<OwnWork>("蒋伟", "/api/v1/handovers/own")).body
    expect(own.items.map(({ kind }) => kind).sort()).toEqual([...Array(6).fill("case"), "reply"])
    expect([own.department, own.shiftEndsAt, own.draft]).toEqual([
      "warehouse",
      new Date(opened + 2 * hour).toISOString(),
      null,
    ])
    expect(own.next.map(({ name }) => name)).toEqual(["马小满"])
    const draft = {
      department: "warehouse",
      note: "打包线修好了",
      notes: { [`case ${numbers[0]}`]: "客户很急" },
    }
    await house.as("蒋伟", "/api/v1/handovers/own", draft, "PUT")
    expect((await house.as<OwnWork>("蒋伟", "/api/v1/handovers/own")).body.draft).toMatchObject({
      note: "打包线修好了",
    })
    expect(await remindOfHandovers(house.world)).toBe(0)
    house.stage.now = opened + 2 * hour - 10 * minute
    await house.tickAll()
    expect(await remindOfHandovers(house.world)).toBe(1)
    expect(await remindOfHandovers(house.world)).toBe(0)
    expect(await bell("蒋伟")).toContain("handover_due")
  })

  it("is given once, and is work for who is on duty then and not on leave", async () => {
    const { draft } = (await house.as<OwnWork>("蒋伟", "/api/v1/handovers/own")).body
    const body = { ...draft, department: "warehouse", keep: [`case ${numbers[5]}`] }
    given = (await house.as<HandoverView>("蒋伟", "/api/v1/handovers", body)).body
    expect([given.waiting, given.note]).toEqual([6, "打包线修好了"])
    expect(given.items.find(({ subject }) => subject === numbers[0])?.note).toBe("客户很急")
    const again = (await house.as<HandoverView>("蒋伟", "/api/v1/handovers", body)).body
    expect([again.id, again.waiting]).toEqual([given.id, 6])
    expect(await bell("马小满")).toEqual(["handover_given"])
    expect(await bell("唐敏")).toEqual([])
    house.stage.now = opened + 2 * hour
    const mine = async (name: string) =>
      (await house.as<WorkList>(name, "/api/v1/work?scope=mine")).body.items.filter(
        ({ kind }) => kind === "handover",
      ).length
    expect([await mine("马小满"), await mine("周楠"), await mine("许静")]).toEqual([1, 0, 0])
  })

  it("moves what the next shift confirms, item by item, without a new round of any clock, and says so in the case's course", async () => {
    const take = (name: string, items?: object[]) =>
      house.as<TakenView>(name, `/api/v1/handovers/${given.id}/take`, items ? { items } : {})
    expect((await take("许静")).status).toBe(403)
    const clocks = (await caseOf(numbers[0]!)).clocks
    const one = [{ kind: "case", subject: numbers[0] }]
    expect((await take("马小满", one)).body).toMatchObject({ taken: 1, gone: 0, refused: [] })
    const view = await caseOf(numbers[0]!)
    expect([view.assignee?.name, view.state, view.handOns]).toEqual(["马小满", "assigned", 0])
    expect(view.clocks.map(({ kind, round }) => [kind, round])).toEqual(
      clocks.map(({ kind, round }) => [kind, round]),
    )
    expect(view.log.at(-1)).toMatchObject({
      what: "hand_over",
      who: "马小满",
      data: { fromName: "蒋伟", note: "客户很急", why: "shift" },
    })
    expect((await take("马小满", one)).body).toMatchObject({ taken: 0, gone: 0 })
    expect((await caseOf(numbers[0]!)).log.filter(({ what }) => what === "hand_over")).toHaveLength(1)

    const reply = [{ kind: "reply", subject: given.items.find(({ kind }) => kind === "reply")!.subject }]
    expect((await take("马小满", reply)).body.taken).toBe(1)
    const replies = async (name: string) =>
      (await house.as<WorkList>(name, "/api/v1/work?scope=mine")).body.items.filter(
        ({ kind }) => kind === "reply",
      )
    expect([(await replies("马小满")).length, (await replies("蒋伟")).length]).toEqual([1, 0])
  })

  it("goes to the head when nobody confirms in time; what waits stays with whoever handed it over", async () => {
    await house.as("林越", `/api/v1/cases/${numbers[1]}/acts`, { act: "take" })
    expect(await escalateHandovers(house.world)).toBe(0)
    house.stage.now += 31 * minute
    expect(await escalateHandovers(house.world)).toBe(1)
    expect(await escalateHandovers(house.world)).toBe(0)
    expect(await bell("周楠")).toContain("handover_waiting")
    expect((await caseOf(numbers[2]!)).assignee?.name).toBe("蒋伟")
    const seen = (await house.as<HandoverView>("周楠", `/api/v1/handovers/${given.id}`)).body
    expect([seen.waiting, seen.taken, seen.gone, seen.escalatedAt !== null]).toEqual([3, 2, 1, true])
  })

  it("is confirmed as a whole, and stands in the history", async () => {
    const { body } = await house.as<TakenView>("周楠", `/api/v1/handovers/${given.id}/take`, {})
    expect(body).toMatchObject({ taken: 3, handover: { waiting: 0, taken: 5, gone: 1 } })
    expect(body.handover.closedAt).not.toBeNull()
    expect(await bell("蒋伟")).toContain("handover_taken")
    expect((await caseOf(numbers[5]!)).assignee?.name).toBe("蒋伟")
    const history = (await house.as<{ items: HandoverRow[] }>("周楠", "/api/v1/handovers")).body.items
    expect(history.map(({ from, takers }) => [from.name, takers.sort()])).toEqual([
      ["蒋伟", ["周楠", "马小满"].sort()],
    ])
  })

  it("goes to a department that there is", async () => {
    const body = { department: "nowhere" }
    for (const [url, method] of [
      ["/api/v1/handovers", "POST"],
      ["/api/v1/handovers/own", "PUT"],
    ] as const)
      expect(await house.as("林越", url, body, method)).toMatchObject({
        status: 422,
        body: { code: "unknown_department" },
      })
  })
})

describe("a person's record", () => {
  it("tells from facts what they did in time, late and handed on, each number with its rows", async () => {
    const reason = { act: "hand_on", department: "service", reason: "cause_elsewhere" }
    await house.as("蒋伟", `/api/v1/cases/${numbers[5]}/acts`, reason)
    await house.as("许静", `/api/v1/cases/${numbers[5]}/acts`, { ...reason, department: "warehouse" })
    const { body } = await house.as<RecordView>("蒋伟", "/api/v1/people/me/record")
    expect(body.handedOn.map(({ number, contested }) => [number, contested])).toEqual([[numbers[5], false]])
    await house.tickAll()
    const after = (await house.as<RecordView>("周楠", `/api/v1/people/${house.ids.蒋伟}/record`)).body
    const { body: list } = await house.as<CasesPage>(
      "林越",
      `/api/v1/cases?assignee=${house.ids.蒋伟}&state=unarchived`,
    )
    expect(after.open).toBe(list.total)
    const overdue = await house.stage.db.pool.query(
      "select from case_log where what = 'overdue' and data ->> 'person' = $1",
      [house.ids.蒋伟],
    )
    expect(after.late.length).toBe(overdue.rowCount)
    expect(after.late.length).toBeGreaterThan(0)
    expect(after.weeks.reduce((sum, { late }) => sum + late, 0)).toBe(after.late.length)
    const passed = (await house.as<RecordView>("顾言", `/api/v1/people/${house.ids.许静}/record`)).body
    expect(passed.handedOn.map(({ contested }) => contested)).toEqual([true])
    expect((await house.as("许静", `/api/v1/people/${house.ids.蒋伟}/record`)).status).toBe(403)
  })
})

describe("whoever leaves", () => {
  it("sees their work proposed to who is on duty with the least of it, and handed over in one press", async () => {
    const holder = house.ids.周楠
    const before = (await house.as<InHandView>("顾言", `/api/v1/people/${holder}/in-hand`)).body
    expect(before.items.length).toBe(3)
    expect(new Set(before.items.map(({ to }) => to?.name))).toEqual(new Set(["马小满"]))
    expect((await house.as("蒋伟", `/api/v1/people/${holder}/hand-over`, {})).status).toBe(403)
    const choices = [{ number: before.items[0]!.number, person: house.ids.蒋伟 }]
    const done = await house.as("顾言", `/api/v1/people/${holder}/hand-over`, { choices })
    expect(done.body).toEqual({ moved: 3, left: 0 })
    expect((await caseOf(choices[0]!.number)).assignee?.name).toBe("蒋伟")
    expect((await caseOf(before.items[1]!.number)).log.at(-1)).toMatchObject({
      what: "hand_over",
      who: "顾言",
      data: { personName: "马小满", fromName: "周楠", why: "leaver" },
    })
  })

  it("leaves nothing behind at the last day: work goes on by the rules, they head nothing, their sign-in has ended", async () => {
    const leavesAt = new Date(house.stage.now + hour).toISOString()
    for (const name of ["周楠", "马小满"])
      await house.as("顾言", `/api/v1/people/${house.ids[name]}`, { leavesAt }, "PATCH")
    expect(await settleLeavers(house.world)).toBe(0)
    house.stage.now += hour
    expect((await house.as("马小满", "/api/v1/handovers/own")).status).toBe(401)
    expect(await settleLeavers(house.world)).toBe(2)
    expect(await settleLeavers(house.world)).toBe(0)
    const { rows } = await house.stage.db.pool.query<{ assignee: string | null; department: string }>(
      "select assignee, department from cases where archived_at is null and department = 'warehouse' and not contested",
    )
    // Nobody is on duty any more and nobody heads it: it is the department's as a whole.
    expect(
      rows.every(
        ({ assignee }) => assignee === null || assignee === house.ids.蒋伟 || assignee === house.ids.林越,
      ),
    ).toBe(true)
    expect(await bell("顾言")).toContain("headless")
    const { rows: heads } = await house.stage.db.pool.query("select from departments where head is not null")
    expect(heads).toEqual([])
    const { rows: sessions } = await house.stage.db.pool.query(
      'select from auth_sessions e join staff s on s.auth_user_id = e."userId" where s.id = any($1::uuid[])',
      [[house.ids.周楠, house.ids.马小满]],
    )
    expect(sessions).toEqual([])
  })
})

it("a handover that is given or confirmed several times at once is one", async () => {
  const body = { id: randomUUID(), department: "warehouse" }
  const give = () => house.as<HandoverView>("蒋伟", "/api/v1/handovers", body)
  const again = await Promise.all([give(), give(), give()])
  expect(again.map(({ status, body }) => [status, body.id])).toEqual(Array(3).fill([200, body.id]))
  const take = () => house.as<TakenView>("林越", `/api/v1/handovers/${body.id}/take`, {})
  const taken = await Promise.all([take(), take(), take()])
  expect(taken.map(({ body }) => body.taken + body.gone).sort()).toEqual([0, 0, again[0]!.body.waiting])
  const { rows } = await house.stage.db.pool.query(
    "select what from audit where subject = $1 and what like 'handover.%' order by what",
    [`handover/${body.id}`],
  )
  expect(rows).toEqual([{ what: "handover.give" }, { what: "handover.take" }])
})
