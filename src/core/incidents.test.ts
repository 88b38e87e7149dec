import { describe, expect, it } from "vitest"
import type { Actor } from "./cases.ts"
import { admitIncidentAct, caseStepsOf, isUndoable, legalIncidentActs, type PastAct } from "./incidents.ts"

const actor = (id: string, role: Actor["roles"][number] | null, departments: string[] = []): Actor => ({
  id,
  name: id,
  roles: role ? [role] : [],
  departments,
})
const shen = actor("shen", { role: "operations", department: null })
const he = actor("he", null, ["purchasing"])
const head = actor("head", { role: "head", department: "purchasing" })
const chen = actor("chen", { role: "service", department: null })
const stranger = actor("li", null, ["warehouse"])
const incident = { state: "open" as const, department: "purchasing", owner: null }

describe("what is legal for an incident", () => {
  it.each([
    ["open", "analyse resolve assign add leave exempt split merge rename undo"],
    ["analysed", "plan resolve assign add leave exempt split merge rename undo"],
    ["planned", "resolve told plan add leave exempt split merge rename undo"],
    ["resolved", "report resolve add leave exempt split merge rename undo"],
    ["reported", "archive return leave exempt rename undo"],
    ["archived", ""],
    ["dissolved", ""],
  ] as const)("%s: %s", (state, acts) => {
    const legal = legalIncidentActs({ ...incident, state }, shen)
    expect(legal.map(({ act }) => act).join(" ")).toBe(acts)
    expect(legal.every(({ may }) => may)).toBe(true)
  })

  it.each([
    ["a member of its department", he, "analyse leave exempt rename undo resolve"],
    ["its head", head, "analyse resolve assign add leave exempt split merge rename undo"],
    ["customer service", chen, "undo"],
    ["somebody else", stranger, ""],
  ] as const)("%s may do their part of it", (_, who, acts) => {
    const may = legalIncidentActs(incident, who)
      .filter((each) => each.may)
      .map(({ act }) => act)
    expect(may.sort()).toEqual(acts.split(" ").filter(Boolean).sort())
  })

  it("what is not legal is refused with what is, what is not theirs as that", () => {
    expect(() => admitIncidentAct("archive", incident, shen)).toThrow(/not possible/)
    expect(() => admitIncidentAct("assign", incident, he)).toThrow(/somebody else/)
    expect(() => admitIncidentAct("told", { ...incident, state: "planned" }, chen)).not.toThrow()
  })
})

describe("what of an incident can be taken back", () => {
  const acts = (...all: [act: string, state?: PastAct["state"]][]): PastAct[] =>
    all.map(([act, state = "done"], i) => ({ seq: i + 1, act, state }))
  const undoable = (all: PastAct[]) => all.filter((each) => isUndoable(each, all)).map(({ seq }) => seq)

  it.each([
    ["the last step, and who was brought in", acts(["gather"], ["analyse"], ["plan"]), [1, 3]],
    ["the step before one that was taken back", acts(["gather"], ["analyse"], ["plan", "undone"]), [1, 2]],
    ["one that is still running", acts(["plan", "running"]), [1]],
    ["nothing once customers were told", acts(["analyse"], ["plan"], ["told"]), []],
    ["a name, but not one that was changed again", acts(["rename"], ["rename"]), [2]],
    ["who left, whatever came after", acts(["leave"], ["analyse"], ["archive"]), [1]],
  ])("%s", (_, all, expected) => {
    expect(undoable(all)).toEqual(expected)
  })
})

describe("what an act of an incident is for one of its cases", () => {
  const each = (
    state: "open" | "assigned" | "analysed" | "planned" | "resolved",
    department: string | null,
  ) => ({
    state,
    department,
    contested: false,
  })
  const by = { to: "purchasing", runsOperations: true }
  it.each([
    ["assign", each("open", null), by, ["assign"]],
    ["assign", each("assigned", "purchasing"), by, null],
    ["assign", each("assigned", "warehouse"), by, ["assign"]],
    ["analyse", each("open", null), by, ["assign", "analyse"]],
    ["analyse", each("open", null), { ...by, runsOperations: false }, ["analyse"]],
    ["analyse", each("assigned", "purchasing"), by, ["analyse"]],
    ["plan", each("planned", "purchasing"), by, ["plan"]],
    ["resolve", each("resolved", "purchasing"), by, null],
    ["resolve", each("planned", "purchasing"), by, ["resolve"]],
  ] as const)("%s of a case %o", (act, stand, actor, expected) => {
    expect(caseStepsOf(act, stand, actor)).toEqual(expected)
  })
})
