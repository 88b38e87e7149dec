import { describe, expect, it } from "vitest"
import type { Actor } from "./cases.ts"
import {
  admitIncidentAct,
  catchUpSteps,
  isPast,
  isUndoable,
  legalIncidentActs,
  type PastAct,
} from "./incidents.ts"

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

describe("a case that is behind", () => {
  const all = { department: true, analysis: true, plan: true }
  it.each([
    ["analyse", "open", all, "assign"],
    ["analyse", "open", { ...all, department: false }, ""],
    ["analyse", "assigned", all, ""],
    ["plan", "open", all, "assign analyse"],
    ["plan", "assigned", { ...all, analysis: false }, ""],
    ["told", "open", all, "assign analyse plan"],
    ["told", "analysed", all, "plan"],
    ["resolve", "open", all, "assign"],
    ["join", "open", all, "assign analyse plan"],
    ["join", "open", { ...all, analysis: false, plan: false }, ""],
    ["join", "planned", all, ""],
    ["assign", "open", all, ""],
    ["archive", "open", all, ""],
  ] as const)("%s of one that is %s, where the incident has %o: %s first", (act, state, has, steps) => {
    expect(catchUpSteps(act, state, has).join(" ")).toBe(steps)
  })

  it.each([
    ["assign", "assigned", "purchasing", true],
    ["assign", "assigned", "warehouse", false],
    ["assign", "open", null, false],
    ["resolve", "resolved", "purchasing", true],
    ["resolve", "planned", "purchasing", false],
    ["plan", "planned", "purchasing", false],
  ] as const)("%s leaves one that is %s at %s as it is: %s", (act, state, department, expected) => {
    expect(isPast(act, { state, department, contested: false }, "purchasing")).toBe(expected)
  })
})
