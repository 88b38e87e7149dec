import { expect, it } from "vitest"
import { readStaff } from "./staffTable.ts"

const known = {
  departments: [
    { id: "warehouse", name: "仓储物流" },
    { id: "service", name: "客服" },
  ],
  offset: "+08:00",
}
const head = ["姓名", "邮箱", "部门", "角色", "到期"]

it("several roles a person; those of a department are held for the row's", () => {
  expect(
    readStaff([head, ["周楠", "Zhou@Example.com", "仓储物流", "仓储、监督小组", "2026-12-31"]], known),
  ).toEqual({
    people: [
      {
        row: 1,
        name: "周楠",
        email: "zhou@example.com",
        department: "warehouse",
        roles: [
          { role: "warehouse", department: "warehouse" },
          { role: "supervisor", department: null },
        ],
        expiresAt: Date.parse("2027-01-01T00:00:00+08:00"),
      },
    ],
    problems: [],
  })
})

it("no role is to look only, no date is for good, empty rows are none", () => {
  const { people } = readStaff([["名单"], ["姓名"], ["", ""], ["许静"]], known)
  expect(people).toMatchObject([{ name: "许静", roles: [{ role: "viewer" }], expiresAt: null }])
})

it("what cannot be read is told by its cell, each once", () => {
  const rows = [
    ["", "a@b.cn", "", "", ""],
    ["甲", "not mail", "", "", ""],
    ["乙", "a@b.cn", "", "", ""],
    ["丙", "", "美术", "", ""],
    ["丁", "", "", "店长", ""],
    ["戊", "", "", "主管", ""],
    ["己", "", "", "", "明年"],
  ]
  expect(
    readStaff([head, ...rows], known).problems.map(({ row, column, problem }) => [row, column, problem]),
  ).toEqual([
    [1, 0, "name_missing"],
    [2, 1, "bad_email"],
    [3, 1, "email_twice"],
    [4, 2, "unknown_department"],
    [5, 3, "unknown_role"],
    [6, 3, "unknown_role"],
    [7, 4, "bad_date"],
  ])
})
