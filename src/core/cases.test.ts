import { describe, expect, it } from "vitest"
import {
  type Actor,
  admitMove,
  type CaseAct,
  type CaseStand,
  type CaseState,
  caseActs,
  caseStates,
  legalActs,
  moveOf,
  moves,
} from "./cases.ts"
import { Refusal } from "./refusals.ts"

const stand = (state: CaseState, more: Partial<CaseStand> = {}): CaseStand => ({
  state,
  withdrawn: false,
  contested: false,
  department: "warehouse",
  assignee: "zhou",
  ...more,
})
const person = (id: string, role: Actor["roles"][number] | null, departments: string[] = []): Actor => ({
  id,
  name: id,
  roles: role ? [role] : [],
  departments,
})
const operations = person("shen", { role: "operations", department: null })

describe("a case", () => {
  it.each([
    // from        legal acts, the next step first
    ["open", "assign cause"],
    ["assigned", "analyse resolve hand_on take cause draft"],
    ["analysed", "plan resolve hand_on take cause draft"],
    ["planned", "told resolve plan take cause draft"],
    ["resolved", "report take cause draft"],
    ["reported", "archive return"],
    ["archived", "reopen"],
  ] as [CaseState, string][])("%s: %s", (state, acts) => {
    const legal = legalActs(stand(state), operations)
    expect(legal.map(({ act }) => act).join(" ")).toBe(acts)
  })

  it.each([
    ["open", "assign", "assigned"],
    ["assigned", "hand_on", "assigned"],
    ["assigned", "analyse", "analysed"],
    ["analysed", "hand_on", "assigned"],
    ["analysed", "plan", "planned"],
    ["planned", "plan", "planned"],
    ["planned", "told", "same"],
    ["assigned", "resolve", "resolved"],
    ["resolved", "report", "reported"],
    ["reported", "return", "resolved"],
    ["reported", "archive", "archived"],
    ["archived", "reopen", "assigned"],
    ["resolved", "breach_joins", "assigned"],
    ["reported", "fact_fell", "assigned"],
    ["analysed", "breach_joins", "same"],
    ["planned", "withdraw", "archived"],
  ] as const)("%s, %s → %s", (from, act, to) => {
    expect(moveOf(act, stand(from))?.to).toBe(to)
  })

  it("handed on a second time waits for operations, who alone assign it", () => {
    const contested = stand("assigned", { contested: true, department: "operations", assignee: null })
    expect(legalActs(contested, operations).map(({ act }) => act)).toEqual([
      "assign",
      "resolve",
      "take",
      "cause",
      "draft",
    ])
    expect(moveOf("assign", stand("assigned"))).toBeNull()
  })

  it("once withdrawn is brought back by the engine alone", () => {
    const withdrawn = stand("archived", { withdrawn: true })
    expect(legalActs(withdrawn, operations)).toEqual([])
    expect(moveOf("stands_again", withdrawn)?.to).toBe("assigned")
  })

  it("refuses what is not legal and says what is", () => {
    const refused = () => admitMove("archive", stand("analysed"), operations)
    expect(refused).toThrow(Refusal)
    try {
      refused()
    } catch (error) {
      expect((error as Refusal).code).toBe("illegal_move")
      expect((error as Refusal).detail).toBe(
        "The case is analysed; legal now: plan, resolve, hand_on, take, cause, draft.",
      )
    }
  })

  it.each([
    // who                                                             may, of all that is legal when the warehouse has it
    ["operations", operations, "analyse resolve hand_on take cause draft"],
    ["its person", person("zhou", null), "analyse resolve hand_on cause draft"],
    ["a colleague", person("li", null, ["warehouse"]), "analyse resolve take draft"],
    [
      "the head",
      person("jiang", { role: "head", department: "warehouse" }),
      "analyse resolve hand_on take cause draft",
    ],
    ["another head", person("he", { role: "head", department: "purchasing" }), ""],
    ["customer service", person("chen", { role: "service", department: null }), ""],
    ["a viewer", person("wang", { role: "viewer", department: null }), ""],
  ])("with the warehouse: %s", (_, actor, acts) => {
    const may = legalActs(stand("assigned"), actor).filter((each) => each.may)
    expect(may.map(({ act }) => act).join(" ")).toBe(acts)
  })

  it("customer service tells the customer whoever has the case", () => {
    const chen = person("chen", { role: "service", department: null })
    expect(admitMove("told", stand("planned"), chen).to).toBe("same")
    expect(() => admitMove("plan", stand("planned"), chen)).toThrow(/somebody else/)
  })

  it("every act of people stands in the table, and leads from every state before archived on to archived", () => {
    for (const act of caseActs)
      expect(
        moves.some((move) => move.act === act),
        act,
      ).toBe(true)
    const reach = (from: CaseState, seen: CaseState[] = []): boolean =>
      from === "archived" ||
      (!seen.includes(from) &&
        caseActs.some((act: CaseAct) => {
          const to = moveOf(act, stand(from))?.to
          return to !== undefined && to !== "same" && to !== from && reach(to, [...seen, from])
        }))
    for (const state of caseStates) expect(reach(state), state).toBe(true)
  })
})
