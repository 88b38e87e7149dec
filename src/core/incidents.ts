import { type Actor, type CaseState, caseStates, type Party, partiesOf } from "./cases.ts"
import { Refusal } from "./refusals.ts"

/** The states of an incident, in the order of its way; one whose cases all went elsewhere is dissolved. */
export const incidentStates = [
  "open",
  "analysed",
  "planned",
  "resolved",
  "reported",
  "archived",
  "dissolved",
] as const
export type IncidentState = (typeof incidentStates)[number]

/** What people do to an incident. */
export const incidentActs = [
  "assign",
  "analyse",
  "plan",
  "told",
  "resolve",
  "report",
  "archive",
  "return",
  "add",
  "leave",
  "exempt",
  "merge",
  "split",
  "rename",
  "undo",
] as const
export type IncidentAct = (typeof incidentActs)[number]

/** What the cases of an incident share. */
export type Shared = {
  kind: "sku" | "warehouse" | "carrier" | "liveSession" | "outage" | "other"
  value: string
  name: string | null
}

type Move = { act: IncidentAct; from: readonly IncidentState[]; who: readonly Party[] }
const solvers: readonly Party[] = ["assignee", "member", "head", "operations"]
const leaders: readonly Party[] = ["head", "operations"]
const alive: readonly IncidentState[] = ["open", "analysed", "planned", "resolved", "reported"]

/** The table of legal moves, the usual next step of a state before its others. A member is one of its department, the assignee its owner. */
const moves: readonly Move[] = [
  { act: "analyse", from: ["open"], who: solvers },
  { act: "plan", from: ["analysed"], who: solvers },
  { act: "resolve", from: ["planned"], who: solvers },
  { act: "told", from: ["planned"], who: ["service", ...solvers] },
  { act: "plan", from: ["planned"], who: solvers },
  { act: "report", from: ["resolved"], who: solvers },
  { act: "archive", from: ["reported"], who: ["operations"] },
  { act: "return", from: ["reported"], who: ["operations"] },
  { act: "resolve", from: ["open", "analysed", "resolved"], who: solvers },
  { act: "assign", from: ["open", "analysed"], who: leaders },
  { act: "add", from: ["open", "analysed", "planned", "resolved"], who: leaders },
  { act: "leave", from: alive, who: solvers },
  { act: "exempt", from: alive, who: solvers },
  { act: "split", from: ["open", "analysed", "planned", "resolved"], who: leaders },
  { act: "merge", from: ["open", "analysed", "planned", "resolved"], who: leaders },
  { act: "rename", from: alive, who: solvers },
  { act: "undo", from: alive, who: ["service", ...solvers] },
]

/** What of an incident decides on who may do what. */
export type IncidentStand = { state: IncidentState; department: string | null; owner: string | null }

const partiesIn = ({ department, owner }: IncidentStand, actor: Actor): Set<Party> =>
  partiesOf(actor, { department, assignee: owner })

/** The acts that are legal where an incident stands, and whether the actor may do them, the usual next step first. */
export function legalIncidentActs(each: IncidentStand, actor: Actor): { act: IncidentAct; may: boolean }[] {
  const parties = partiesIn(each, actor)
  const legal: { act: IncidentAct; may: boolean }[] = []
  for (const { act, from, who } of moves)
    if (from.includes(each.state) && !legal.some((other) => other.act === act))
      legal.push({ act, may: who.some((party) => parties.has(party)) })
  return legal
}

/** Refuses an act that is not legal where an incident stands, saying what is, and one that is not theirs to do. */
export function admitIncidentAct(act: IncidentAct, each: IncidentStand, actor: Actor): void {
  const legal = legalIncidentActs(each, actor)
  const found = legal.find((other) => other.act === act)
  if (found === undefined)
    throw new Refusal(
      "illegal_move",
      `The incident is ${each.state}; legal now: ${legal.map((other) => other.act).join(", ") || "nothing"}.`,
    )
  if (!found.may) throw new Refusal("not_your_case")
}

/** Acts that bring an incident further: each is written once and done to every case that follows it. */
export const steps: ReadonlySet<string> = new Set([
  "assign",
  "analyse",
  "plan",
  "told",
  "resolve",
  "report",
  "return",
  "archive",
])

const undoableActs: ReadonlySet<string> = new Set([
  "gather",
  "add",
  "leave",
  "exempt",
  "split",
  "merge",
  "rename",
  "assign",
  "analyse",
  "plan",
  "resolve",
])

/** An act as the rules of undoing see it. */
export type PastAct = { seq: number; act: string; state: "running" | "done" | "undone" }

/** Whether an act can be taken back: what customers were told, what was handed in and what was archived stays; of the steps only the last. */
export const isUndoable = (act: PastAct, all: readonly PastAct[]): boolean =>
  undoableActs.has(act.act) &&
  act.state !== "undone" &&
  !all.some(
    (other) =>
      other.seq > act.seq &&
      other.state !== "undone" &&
      (steps.has(act.act) ? steps.has(other.act) : act.act === "rename" && other.act === "rename"),
  )

/** What an act of an incident is for one of its cases. */
export type CaseStep = "assign" | "analyse" | "plan" | "told" | "resolve" | "report" | "return" | "archive"

/** Up to which state a case that is behind catches up with its incident before an act is done to it: its department has received the incident. */
const catchingUp: Partial<Record<string, CaseState>> = {
  analyse: "assigned",
  plan: "analysed",
  told: "planned",
  resolve: "assigned",
  join: "planned",
}

/** The steps by which a case that is behind catches up with what its incident has already, before `act` is done to it. */
export function catchUpSteps(
  act: string,
  state: CaseState,
  has: { department: boolean; analysis: boolean; plan: boolean },
): CaseStep[] {
  const steps: CaseStep[] = []
  const upTo = caseStates.indexOf(catchingUp[act] ?? "open")
  let at = state
  if (at === "open" && upTo >= 1 && has.department && (act !== "join" || has.analysis)) {
    steps.push("assign")
    at = "assigned"
  }
  if (at === "assigned" && upTo >= 2 && has.analysis) {
    steps.push("analyse")
    at = "analysed"
  }
  if (at === "analysed" && upTo >= 3 && has.plan) steps.push("plan")
  return steps
}

/** Whether a case has been there already, so that an act of its incident leaves it as it is. */
export function isPast(
  act: string,
  { state, department, contested }: { state: CaseState; department: string | null; contested: boolean },
  to: string | null,
): boolean {
  if (act === "assign") return state !== "open" && !contested && department === to
  return act === "resolve" && (state === "resolved" || state === "reported")
}

/** The number of an incident as people read it. */
export const incidentNumber = (n: number): string => `I-${n}`
