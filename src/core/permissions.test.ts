import { expect, it } from "vitest"
import { type Held, isWithin, mayGive, mayManage, reachOf, rulesOf } from "./permissions.ts"

const departments = [
  { id: "operations", parent: null },
  { id: "warehouse", parent: null },
  { id: "warehouse-night", parent: "warehouse" },
  { id: "service", parent: null },
]
const whole = (role: Held["role"]): Held => ({ role, department: null })
const head: Held[] = [{ role: "head", department: "warehouse" }]

it("a head's permission reaches the department and those below it, no other", () => {
  const reach = reachOf(head, "act", "people", departments)
  expect(["warehouse", "warehouse-night", "service", null].map((each) => isWithin(reach, each))).toEqual([
    true,
    true,
    false,
    false,
  ])
  expect(rulesOf(["head"])).toContainEqual({ action: "act", subject: "people" })
})

it("a head for no department reaches nobody; administration reaches all", () => {
  expect(reachOf([whole("head")], "act", "people", departments)).toEqual(new Set())
  expect(reachOf([...head, whole("administration")], "act", "people", departments)).toBe("all")
})

it.each<[by: Held[], given: Held, may: boolean]>([
  [[whole("owner")], whole("owner"), true],
  [[whole("administration")], whole("owner"), false],
  [[whole("administration")], { role: "head", department: "service" }, true],
  [head, { role: "warehouse", department: "warehouse" }, true],
  [head, { role: "warehouse", department: "service" }, false],
  [head, whole("warehouse"), false],
  [head, { role: "administration", department: "warehouse" }, false],
  [[whole("viewer")], whole("viewer"), false],
])("%j gives %j: %s", (by, given, may) => expect(mayGive(by, given, departments)).toBe(may))

it("nobody lets back in whom they could not have let in", () => {
  const packer = { department: "warehouse", roles: [{ role: "warehouse", department: "warehouse" } as Held] }
  expect(mayManage(head, packer, departments)).toBe(true)
  expect(mayManage(head, { ...packer, roles: [whole("owner")] }, departments)).toBe(false)
  expect(mayManage([whole("administration")], { ...packer, roles: [whole("owner")] }, departments)).toBe(
    false,
  )
})
