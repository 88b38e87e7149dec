import { expect, it } from "vitest"
import { isoOf } from "./instants.ts"
import { readRoster, writeRoster } from "./rosters.ts"

const known = {
  people: [
    { id: "zhou", name: "周楠", department: "warehouse" },
    { id: "wang1", name: "王芳", department: "service" },
    { id: "wang2", name: "王芳", department: "warehouse" },
  ],
  departments: [
    { id: "warehouse", name: "仓储物流" },
    { id: "service", name: "客服" },
  ],
  timezone: "Asia/Shanghai",
  now: Date.parse("2026-12-30T04:00:00Z"),
}
const told = (table: string[][]) => {
  const { shifts, problems } = readRoster(table, known)
  return {
    shifts: shifts.map(({ staff, department, from, to }) => [staff, department, isoOf(from), isoOf(to)]),
    problems: problems.map(({ row, column, problem }) => [row, column, problem]),
  }
}

it("a night shift ends on the next day, and the year of a day is the nearest", () => {
  expect(
    told([
      ["姓名", "部门", "12/31 周四", "1月1日"],
      ["周楠", "仓储物流", "18:00-02:00", "9:00-12:00，13:00-18:00"],
    ]),
  ).toEqual({
    shifts: [
      ["zhou", "warehouse", "2026-12-31T10:00:00.000Z", "2026-12-31T18:00:00.000Z"],
      ["zhou", "warehouse", "2027-01-01T01:00:00.000Z", "2027-01-01T04:00:00.000Z"],
      ["zhou", "warehouse", "2027-01-01T05:00:00.000Z", "2027-01-01T10:00:00.000Z"],
    ],
    problems: [],
  })
})

it("days off are none, hours alone will do, a whole day may end at 24:00", () => {
  expect(
    told([["十二月班表"], ["姓名", "2026-12-30", "2026-12-31"], ["周楠", "休", "16-24"]]).shifts,
  ).toEqual([["zhou", "warehouse", "2026-12-31T08:00:00.000Z", "2026-12-31T16:00:00.000Z"]])
})

it("two people of one name are told apart by their department", () => {
  const table = [
    ["姓名", "部门", "12-31"],
    ["王芳", "客服", "9-18"],
    ["王芳", "", "9-18"],
  ]
  expect(told(table)).toEqual({
    shifts: [["wang1", "service", "2026-12-31T01:00:00.000Z", "2026-12-31T10:00:00.000Z"]],
    problems: [[2, 0, "two_people"]],
  })
})

it("what cannot be read is told by its cell", () => {
  expect(
    told([
      ["姓名", "部门", "12-31", "13-40"],
      ["谁", "客服", "9-18", ""],
      ["周楠", "美术", "9-18", ""],
      ["周楠", "", "早班", ""],
      ["周楠", "", "9-18，17-20", ""],
    ]).problems,
  ).toEqual([
    [0, 3, "bad_date"],
    [1, 0, "unknown_person"],
    [2, 1, "unknown_department"],
    [3, 2, "bad_time"],
    [4, 2, "overlaps"],
  ])
})

it("what is written of a week is read back as the same shifts", () => {
  const at = (text: string) => Date.parse(`${text}+08:00`)
  const shifts = [
    {
      staff: "zhou",
      department: "warehouse",
      from: at("2026-12-30T18:00:00"),
      to: at("2026-12-31T02:00:00"),
    },
    {
      staff: "zhou",
      department: "warehouse",
      from: at("2026-12-31T09:00:00"),
      to: at("2026-12-31T12:00:00"),
    },
    {
      staff: "zhou",
      department: "warehouse",
      from: at("2026-12-31T13:00:00"),
      to: at("2027-01-01T00:00:00"),
    },
    { staff: "wang1", department: "service", from: at("2027-01-01T07:00:00"), to: at("2027-01-01T15:30:00") },
  ]
  const table = writeRoster(known.people, shifts, {
    days: ["2026-12-30", "2026-12-31", "2027-01-01"].map((day) => at(`${day}T00:00:00`)),
    timezone: "Asia/Shanghai",
    heads: { name: "姓名", department: "部门" },
    departmentName: (id) => known.departments.find((each) => each.id === id)!.name,
  })
  expect(table[1]).toEqual(["周楠", "仓储物流", "18:00-02:00", "09:00-12:00, 13:00-24:00", ""])
  const read = readRoster(table, known)
  expect(read.problems).toEqual([])
  expect(read.shifts.map(({ staff, department, from, to }) => ({ staff, department, from, to }))).toEqual(
    shifts,
  )
})
