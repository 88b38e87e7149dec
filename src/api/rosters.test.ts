import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { transaction } from "../store/database.ts"
import { addPerson, saveDepartment } from "../store/people.ts"
import { headOf, whoIsOnDuty } from "../store/rosters.ts"
import { type House, openHouse } from "../testing/house.ts"
import { openStaffed } from "../testing/staffed.ts"
import type { RosterView } from "./contract/rosters.ts"

const at = (text: string) => Date.parse(`${text}+08:00`)
let house: House
let key: string
const people: Record<string, string> = {}
beforeAll(async () => {
  house = await openHouse(at("2026-11-03T12:00:00"))
  key = await house.key("administration")
  await transaction(house.stage.db, async (tx) => {
    for (const [id, name, parent] of [
      ["warehouse", "仓储物流", null],
      ["night", "夜班组", "warehouse"],
      ["service", "客服", null],
    ] as const)
      await saveDepartment(tx, { id, name, parent })
    for (const [name, department] of [
      ["周楠", "warehouse"],
      ["蒋伟", "night"],
      ["许静", "service"],
    ] as const)
      people[name] = await addPerson(
        tx,
        {
          authUserId: name,
          name,
          email: `${name}@example.com`,
          expiresAt: null,
          roles: [{ role: "warehouse", department }],
        },
        house.stage.now,
      )
  })
})
afterAll(() => house.close())

const post = (url: string, payload: object, as = key) => house.ask(as, { method: "POST", url, payload })
const shift = (name: string, department: string, from: string, to: string) => ({
  staff: people[name],
  department,
  from: `${from}+08:00`,
  to: `${to}+08:00`,
})
const onDuty = async (department: string, when: string) =>
  (await whoIsOnDuty(house.stage.db.pool, department, at(when))).map(({ name }) => name)

describe("a roster", () => {
  it("knows who is on duty across midnight", async () => {
    const answer = await post("/api/v1/rosters/shifts", {
      shifts: [
        shift("周楠", "warehouse", "2026-11-03T09:00:00", "2026-11-03T18:00:00"),
        shift("蒋伟", "night", "2026-11-03T18:00:00", "2026-11-04T02:00:00"),
      ],
    })
    expect(answer).toMatchObject({ status: 200, body: { added: 2, removed: 0 } })
    expect(await onDuty("night", "2026-11-04T01:59:59")).toEqual(["蒋伟"])
    expect(await onDuty("night", "2026-11-04T02:00:00")).toEqual([])
    expect(await onDuty("warehouse", "2026-11-03T08:59:59")).toEqual([])
    expect(await onDuty("warehouse", "2026-11-03T09:00:00")).toEqual(["周楠"])
  })

  it("puts nobody on two shifts at once, and nobody on one of 25 hours", async () => {
    const double = shift("周楠", "warehouse", "2026-11-03T17:00:00", "2026-11-03T20:00:00")
    expect((await post("/api/v1/rosters/shifts", { shifts: [double] })).body).toMatchObject({
      code: "shift_overlaps",
    })
    const twice = shift("许静", "service", "2026-11-05T09:00:00", "2026-11-05T18:00:00")
    expect((await post("/api/v1/rosters/shifts", { shifts: [twice, twice] })).body).toMatchObject({
      code: "shift_overlaps",
    })
    const long = shift("许静", "service", "2026-11-05T09:00:00", "2026-11-06T10:00:00")
    expect((await post("/api/v1/rosters/shifts", { shifts: [long] })).body).toMatchObject({
      code: "bad_shift",
    })
  })

  it("leaves out who is away, and falls to the head of the department or the one above", async () => {
    const leave = await post("/api/v1/rosters/leaves", {
      staff: people.周楠,
      from: "2026-11-03T14:00:00+08:00",
      to: "2026-11-03T15:00:00+08:00",
      reason: "看牙",
    })
    expect(leave.status).toBe(200)
    expect(await onDuty("warehouse", "2026-11-03T14:30:00")).toEqual([])
    expect(await onDuty("warehouse", "2026-11-03T15:00:00")).toEqual(["周楠"])
    const { pool } = house.stage.db
    expect(await headOf(pool, "night", at("2026-11-03T14:30:00"))).toBeNull()
    await post("/api/v1/departments", { id: "warehouse", name: "仓储物流", head: people.周楠 })
    expect(await headOf(pool, "night", at("2026-11-03T14:30:00"))).toMatchObject({ name: "周楠" })
    // A head who is away is asked only where nobody else is head.
    await post("/api/v1/departments", { id: "night", name: "夜班组", parent: "warehouse", head: people.蒋伟 })
    const off = await post("/api/v1/rosters/leaves", {
      staff: people.蒋伟,
      from: "2026-11-03T14:30:00+08:00",
      reason: "病假",
    })
    expect(await headOf(pool, "night", at("2026-11-03T14:29:59"))).toMatchObject({ name: "蒋伟" })
    expect(await headOf(pool, "night", at("2026-11-03T15:00:00"))).toMatchObject({ name: "周楠" })
    expect(await headOf(pool, "night", at("2026-11-03T14:30:00"))).toMatchObject({ name: "蒋伟" })
    for (const { body } of [leave, off])
      await house.ask(key, { method: "DELETE", url: `/api/v1/rosters/leaves/${body.id}` })
    expect(await onDuty("warehouse", "2026-11-03T14:30:00")).toEqual(["周楠"])
  })

  it("is copied to the next week, without those who are on duty then already", async () => {
    await post("/api/v1/rosters/shifts", {
      shifts: [shift("周楠", "warehouse", "2026-11-10T06:00:00", "2026-11-10T10:00:00")],
    })
    const copied = await post("/api/v1/rosters/copy", {
      from: "2026-11-02T00:00:00+08:00",
      to: "2026-11-09T00:00:00+08:00",
      days: 7,
    })
    expect(copied.body).toMatchObject({ added: 1, left: 1 })
    expect(await onDuty("night", "2026-11-11T01:00:00")).toEqual(["蒋伟"])
  })

  it("has shifts that get other hours, and several that are taken away at once", async () => {
    const put = await post("/api/v1/rosters/shifts", {
      shifts: [
        shift("周楠", "warehouse", "2026-11-12T09:00:00", "2026-11-12T12:00:00"),
        shift("周楠", "warehouse", "2026-11-12T13:00:00", "2026-11-12T18:00:00"),
      ],
    })
    const [first, second] = put.body.ids as string[]
    const hours = (from: string, to: string) =>
      house.ask(key, {
        method: "PUT",
        url: `/api/v1/rosters/shifts/${first}`,
        payload: { from: `${from}+08:00`, to: `${to}+08:00` },
      })
    expect((await hours("2026-11-12T09:00:00", "2026-11-12T14:00:00")).body).toMatchObject({
      code: "shift_overlaps",
    })
    expect((await hours("2026-11-12T08:00:00", "2026-11-12T12:30:00")).status).toBe(200)
    expect(await onDuty("warehouse", "2026-11-12T08:30:00")).toEqual(["周楠"])
    const { body } = await house.ask<RosterView>(key, {
      url: "/api/v1/rosters?from=2026-11-12T00:00:00Z&to=2026-11-13T00:00:00Z",
    })
    const ids = body.shifts.map(({ id }) => id)
    expect(ids).toContain(second)
    expect((await post("/api/v1/rosters/shifts/remove", { ids })).body).toEqual({ removed: ids.length })
    expect((await post("/api/v1/rosters/shifts/remove", { ids })).body).toEqual({ removed: 0 })
    expect(await onDuty("warehouse", "2026-11-12T08:30:00")).toEqual([])
  })

  it("has templates, which the company names as it likes", async () => {
    const url = "/api/v1/rosters?from=2026-11-12T00:00:00Z&to=2026-11-13T00:00:00Z"
    const templates = async () => (await house.ask<RosterView>(key, { url })).body.templates
    expect((await templates()).map(({ name }) => name)).toEqual(["早班", "中班", "夜班"])
    const keep = (templates: object[]) =>
      house.ask(key, { method: "PUT", url: "/api/v1/rosters/templates", payload: { templates } })
    expect((await keep([{ name: "大夜", from: "22:00", to: "06:00" }])).status).toBe(200)
    expect((await keep([{ name: "无", from: "22:00", to: "22:00" }])).status).toBe(400)
    expect((await templates()).map(({ name }) => name)).toEqual(["大夜"])
  })

  it("is read from a table; nothing happens before it is carried out, nor while a cell is wrong", async () => {
    const table = [
      ["姓名", "11/16", "11/17"],
      ["许静", "18:00-02:00", "休"],
    ]
    const preview = await post("/api/v1/rosters/table", { table })
    expect(preview.body).toMatchObject({
      problems: [],
      done: null,
      shifts: [{ staff: people.许静, to: "2026-11-16T18:00:00.000Z" }],
    })
    expect(await onDuty("service", "2026-11-17T01:00:00")).toEqual([])
    const wrong = [...table, ["谁", "9-18", ""]]
    expect((await post("/api/v1/rosters/table", { table: wrong, carryOut: true })).body).toMatchObject({
      done: null,
      problems: [{ row: 2, problem: "unknown_person" }],
    })
    for (const removed of [0, 1])
      expect((await post("/api/v1/rosters/table", { table, carryOut: true })).body).toMatchObject({
        done: { added: 1, removed },
      })
    expect(await onDuty("service", "2026-11-17T01:00:00")).toEqual(["许静"])
  })

  it("ends with the person who leaves", async () => {
    const left = await house.ask(key, {
      method: "PATCH",
      url: `/api/v1/people/${people.许静}`,
      payload: { leavesAt: "2026-11-16T20:00:00+08:00" },
    })
    expect(left).toMatchObject({ status: 200, body: { state: "leaving" } })
    expect(await onDuty("service", "2026-11-16T19:59:00")).toEqual(["许静"])
    expect(await onDuty("service", "2026-11-16T20:00:00")).toEqual([])
    const after = shift("许静", "service", "2026-11-18T09:00:00", "2026-11-18T18:00:00")
    expect((await post("/api/v1/rosters/shifts", { shifts: [after] })).body).toMatchObject({
      code: "bad_shift",
    })
  })
})

it("a head changes the roster of the own department and no other, and everybody sees it", async () => {
  const now = at("2026-11-03T12:00:00")
  const company = await openStaffed(now, [
    ["周楠", "warehouse", "warehouse", "head"],
    ["蒋伟", "warehouse", "warehouse"],
    ["许静", "service", "service"],
  ])
  const put = (name: string, staff: string, department: string) =>
    company.as(name, "/api/v1/rosters/shifts", {
      shifts: [
        { staff: company.ids[staff], department, from: "2026-11-04T01:00:00Z", to: "2026-11-04T10:00:00Z" },
      ],
    })
  expect((await put("周楠", "蒋伟", "warehouse")).status).toBe(200)
  expect((await put("周楠", "许静", "service")).status).toBe(403)
  expect((await put("蒋伟", "蒋伟", "warehouse")).status).toBe(403)
  const seen = await company.as<RosterView>(
    "许静",
    "/api/v1/rosters?from=2026-11-03T00:00:00Z&to=2026-11-05T00:00:00Z",
  )
  expect(seen.body.shifts).toHaveLength(1)
  expect(seen.body.departments.map(({ id, mine, head }) => [id, mine, head?.name ?? null])).toEqual([
    ["service", false, null],
    ["warehouse", false, "周楠"],
  ])
  await company.close()
})
