import type { Role } from "./permissions.ts"
import { Refusal } from "./refusals.ts"

/** The states of a case, in the order of its way (DESIGN §7). */
export const caseStates = [
  "open",
  "assigned",
  "analysed",
  "planned",
  "resolved",
  "reported",
  "archived",
] as const
export type CaseState = (typeof caseStates)[number]

/** What people do to a case. */
export const caseActs = [
  "assign",
  "take",
  "hand_on",
  "cause",
  "analyse",
  "plan",
  "told",
  "resolve",
  "draft",
  "report",
  "return",
  "archive",
  "reopen",
] as const
export type CaseAct = (typeof caseActs)[number]

/** What no page offers for one case: what the engine does, and `hand_over`, which a confirmed handover or somebody's leaving brings. */
export type EngineAct = "open" | "breach_joins" | "fact_fell" | "withdraw" | "stands_again" | "hand_over"

/** In which part somebody has to do with a case. */
export type Party = "operations" | "head" | "assignee" | "member" | "service" | "engine"

/** What an act needs beside its name. */
export type Need = "department" | "reason" | "cause" | "plan" | "eta" | "fact" | "text" | "report" | "gaps"

/** A legal move. `contested`: only after a second hand-on (true), or only where operations need not decide (false). */
export type Move = {
  act: CaseAct | EngineAct
  from: readonly CaseState[]
  to: CaseState | "same"
  who: readonly Party[]
  needs: readonly Need[]
  contested?: boolean
}

const working: readonly CaseState[] = ["assigned", "analysed", "planned"]
const solvers: readonly Party[] = ["assignee", "member", "head", "operations"]

/** The table of legal moves (DESIGN §7), the usual next step of a state before its others. What stands in no row is not legal. */
export const moves: readonly Move[] = [
  { act: "assign", from: ["open"], to: "assigned", who: ["operations"], needs: ["department"] },
  {
    act: "assign",
    from: ["assigned"],
    to: "assigned",
    who: ["operations"],
    needs: ["department"],
    contested: true,
  },
  { act: "analyse", from: ["assigned"], to: "analysed", who: solvers, needs: ["cause"], contested: false },
  { act: "plan", from: ["analysed"], to: "planned", who: solvers, needs: ["plan"] },
  { act: "told", from: ["planned"], to: "same", who: ["service", ...solvers], needs: ["text"] },
  { act: "resolve", from: working, to: "resolved", who: solvers, needs: ["fact"] },
  { act: "plan", from: ["planned"], to: "planned", who: solvers, needs: ["eta", "reason"] },
  { act: "report", from: ["resolved"], to: "reported", who: solvers, needs: ["report"] },
  { act: "archive", from: ["reported"], to: "archived", who: ["operations"], needs: [] },
  { act: "return", from: ["reported"], to: "resolved", who: ["operations"], needs: ["gaps"] },
  {
    act: "hand_on",
    from: ["assigned", "analysed"],
    to: "assigned",
    who: ["assignee", "head", "operations"],
    needs: ["department", "reason"],
    contested: false,
  },
  {
    act: "take",
    from: [...working, "resolved"],
    to: "same",
    who: ["member", "head", "operations"],
    needs: [],
  },
  {
    act: "cause",
    from: ["open", ...working, "resolved"],
    to: "same",
    who: ["operations", "head", "assignee"],
    needs: ["cause"],
  },
  { act: "draft", from: [...working, "resolved"], to: "same", who: solvers, needs: [] },
  { act: "reopen", from: ["archived"], to: "assigned", who: ["operations"], needs: ["reason"] },

  {
    act: "hand_over",
    from: ["open", ...working, "resolved", "reported"],
    to: "same",
    who: ["engine", "member", "head", "operations"],
    needs: [],
  },
  { act: "open", from: [], to: "open", who: ["engine"], needs: [] },
  { act: "breach_joins", from: ["open", ...working], to: "same", who: ["engine"], needs: [] },
  { act: "breach_joins", from: ["resolved", "reported"], to: "assigned", who: ["engine"], needs: [] },
  { act: "fact_fell", from: ["resolved", "reported"], to: "assigned", who: ["engine"], needs: [] },
  {
    act: "withdraw",
    from: ["open", ...working, "resolved", "reported"],
    to: "archived",
    who: ["engine"],
    needs: [],
  },
  { act: "stands_again", from: ["archived"], to: "assigned", who: ["engine"], needs: [] },
]

/** What of a case decides on who may do what. */
export type CaseStand = {
  state: CaseState
  /** archived because its breaches were withdrawn */
  withdrawn: boolean
  /** handed on a second time: operations decides */
  contested: boolean
  department: string | null
  assignee: string | null
}

/** Who acts: a person, or a key (`id` null). */
export type Actor = {
  id: string | null
  name: string
  roles: readonly { role: Role; department: string | null }[]
  /** those that the person is a member of now */
  departments: readonly string[]
  /** the engine itself, doing what the policy lets it do */
  isEngine?: true
}

/** The departments that an actor works in: memberships, and those that their roles are for. */
export function departmentsOf({ roles, departments }: Actor): Set<string> {
  const own = new Set(departments)
  for (const { role, department } of roles) {
    if (department !== null) own.add(department)
    else if (role === "service" || role === "warehouse" || role === "operations") own.add(role)
  }
  return own
}

/** Whether somebody acts for operations in every case. */
export const runsOperations = ({ roles }: Pick<Actor, "roles">): boolean =>
  roles.some(
    ({ role, department }) =>
      role === "owner" || role === "operations" || (role === "head" && department === "operations"),
  )

/** In which parts an actor has to do with a case. */
export function partiesOf(actor: Actor, each: Pick<CaseStand, "department" | "assignee">): Set<Party> {
  const parties = new Set<Party>()
  const own = departmentsOf(actor)
  if (runsOperations(actor)) parties.add("operations")
  if (actor.roles.some(({ role, department }) => role === "head" && department === each.department))
    parties.add("head")
  if (actor.id !== null && actor.id === each.assignee) parties.add("assignee")
  if (each.department !== null && own.has(each.department)) parties.add("member")
  if (own.has("service")) parties.add("service")
  return parties
}

/** Whether somebody who may not read all cases may see this one: their own, or of their department. */
export const isTheirs = (actor: Actor, each: Pick<CaseStand, "department" | "assignee">): boolean =>
  ["head", "assignee", "member"].some((party) => partiesOf(actor, each).has(party as Party))

/** Whether somebody may write the report of a case or incident: those who solve it. */
export const mayReport = (actor: Actor, each: Pick<CaseStand, "department" | "assignee">): boolean =>
  solvers.some((party) => partiesOf(actor, each).has(party))

/** Whether an act is legal where a case stands, and somebody's to do. */
export const mayDo = (act: CaseAct, each: CaseStand, actor: Actor): boolean =>
  legalActs(each, actor).some((legal) => legal.act === act && legal.may)

/** The move that an act is from where a case stands, or null when it is not legal. */
export function moveOf(
  act: Move["act"],
  each: Pick<CaseStand, "state" | "withdrawn" | "contested">,
): Move | null {
  // What was archived as withdrawn has no breach to handle; only the engine brings it back.
  if (each.withdrawn && act !== "stands_again") return null
  return (
    moves.find(
      (move) =>
        move.act === act &&
        move.from.includes(each.state) &&
        (move.contested === undefined || each.state !== "assigned" || move.contested === each.contested),
    ) ?? null
  )
}

/** An act that is legal now, with what it needs, and whether the actor may do it. */
export type LegalAct = { act: CaseAct; may: boolean; needs: readonly Need[] }

/** The acts that are legal where a case stands, the usual next step first. */
export function legalActs(each: CaseStand, actor: Actor): LegalAct[] {
  const parties = partiesOf(actor, each)
  const legal: LegalAct[] = []
  for (const move of moves) {
    if (move.who.includes("engine") || legal.some(({ act }) => act === move.act)) continue
    if (moveOf(move.act, each) !== move) continue
    legal.push({
      act: move.act as CaseAct,
      may: move.who.some((party) => parties.has(party)),
      needs: move.needs,
    })
  }
  return legal
}

/** The move that somebody asks for. Refuses what is not legal now, saying what is, and what is not theirs to do. */
export function admitMove(act: Move["act"], each: CaseStand, actor: Actor): Move {
  const move = moveOf(act, each)
  if (move === null) {
    const legal = legalActs(each, actor).map((other) => other.act)
    const state = each.withdrawn
      ? "withdrawn"
      : each.contested
        ? "waiting for a decision of operations"
        : each.state
    throw new Refusal(
      "illegal_move",
      `The case is ${state}; legal now: ${legal.length > 0 ? legal.join(", ") : "nothing"}.`,
    )
  }
  const parties = partiesOf(actor, each)
  if (!move.who.some((party) => parties.has(party)))
    throw new Refusal("not_your_case", `This is for ${move.who.join(", ")}.`)
  return move
}
