import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { transaction } from "../store/database.ts"
import { addPerson, saveDepartment } from "../store/people.ts"
import { headOf, whoIsOnDuty } from "../store/rosters.ts"
import { type House, openHouse } from "../testing/house.ts"

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
    await house.ask(key, { method: "DELETE", url: `/api/v1/rosters/leaves/${leave.body.id}` })
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
    expect(copied.body).toEqual({ added: 1, left: 1 })
    expect(await onDuty("night", "2026-11-11T01:00:00")).toEqual(["蒋伟"])
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
