import type { Instant } from "../../core/instants.ts"
import type { IncidentInput } from "../../engine/incidents/hand.ts"
import { partsOf } from "./handling.ts"
import { causes, departments, type Worker } from "./staff.ts"

// The naive model of an incident: the plain list of what was done to it, and what that makes of it, told from the beginning each time.
// What an act means for one case: `members.ts`.

/** Something that was done once for the cases of an incident. */
export type IncidentAct = {
  seq: number
  tag: number
  by: Worker
  at: Instant
  input: IncidentInput | { act: "gather" }
  /** the cases that it names, each as `order which`; null: all that follow the incident */
  cases: ReadonlySet<string> | null
  state: "running" | "done" | "undone"
  /** whoever of the department got the incident, where nobody was named */
  got: string | null
  /** whether its cases were reached while nothing else went on */
  isAlone: boolean
}
/** What happened to an incident, one after the other: an act, or that one has reached all of its cases (`solved`: none of them waits for its fact any more). */
export type Turn = { act: number } | { finished: number; solved: boolean }
/** An incident. */
export type Incident = {
  id: string
  n: number
  title: string
  cause: string | null
  openedAt: Instant
  openedBy: string
  acts: readonly IncidentAct[]
  course: readonly Turn[]
}
/** How an incident stands. */
export type Standing = {
  version: number
  title: string
  state: string
  cause: string | null
  department: string | null
  owner: string | null
  etaAt: Instant | null
  etaChanges: number
  analysis: { cause: string; text: string } | null
  plan: { etaAt: Instant; reason: string } | null
  told: string | null
  closedAt: Instant | null
}

/** Acts that bring an incident further, for every case that follows it. */
const steps = ["assign", "analyse", "plan", "told", "resolve", "report", "return", "archive"]
export const isStep = ({ input }: IncidentAct): boolean => steps.includes(input.act)

/** The acts that stand after some turns: those that were not taken back in them. */
function standing(incident: Incident, turns: readonly Turn[]): IncidentAct[] {
  const done = turns.flatMap((turn) => ("act" in turn ? [actOf(incident, turn.act)] : []))
  const back = done.flatMap(({ input }) => (input.act === "undo" ? [input.seq] : []))
  return done.filter(({ seq }) => !back.includes(seq))
}

export const actOf = ({ acts }: Incident, seq: number): IncidentAct => acts.find((each) => each.seq === seq)!

/** How an incident stands after some turns. */
export function standingAfter(
  incident: Incident,
  turns: readonly Turn[],
  workers: readonly Worker[],
): Standing {
  const stands = standing(incident, turns)
  let now: Standing = {
    version: 1 + turns.length,
    title: incident.title,
    state: "open",
    cause: incident.cause,
    department: incident.cause === null ? null : causes[incident.cause]!,
    owner: null,
    etaAt: null,
    etaChanges: 0,
    analysis: null,
    plan: null,
    told: null,
    closedAt: null,
  }
  for (const turn of turns) {
    const act = stands.find(({ seq }) => seq === ("act" in turn ? turn.act : turn.finished))
    if (act === undefined) continue
    if ("act" in turn) now = { ...now, ...doneTo(now, act, workers) }
    else if (turn.solved && now.closedAt === null && now.state !== "reported") now.state = "resolved"
  }
  return now
}

/** What an act makes of an incident. */
function doneTo(
  now: Standing,
  { input, at, got }: IncidentAct,
  workers: readonly Worker[],
): Partial<Standing> {
  if (input.act === "assign") {
    const cause = input.cause ?? now.cause
    return { cause, department: departmentOf(now, input, workers), owner: input.person ?? got }
  }
  if (input.act === "analyse") {
    const { cause, text } = input
    return {
      cause,
      state: "analysed",
      analysis: { cause, text },
      department: now.department ?? causes[cause]!,
    }
  }
  if (input.act === "plan") {
    const { etaAt, reason } = input
    const etaChanges = now.etaChanges + (now.etaAt === null ? 0 : 1)
    return { state: "planned", etaAt, etaChanges, plan: { etaAt, reason } }
  }
  if (input.act === "told") return { told: input.text ?? "" }
  if (input.act === "rename") return { title: input.title }
  if (input.act === "report") return { state: "reported", cause: input.fields!.cause as string }
  if (input.act === "return") return { state: "resolved" }
  if (input.act === "archive") return { state: "archived", closedAt: at }
  return {}
}

/** Where an incident goes: what is named, where the person works, or where its cause belongs. */
function departmentOf(
  { cause }: Standing,
  input: Extract<IncidentInput, { act: "assign" }>,
  workers: readonly Worker[],
): string | null {
  const person = workers.find(({ id }) => id === input.person)
  const byCause = input.cause ?? cause
  return input.department ?? person?.department ?? (byCause === null ? null : (causes[byCause] ?? null))
}

// ------------------------------------------------------------------ what is refused

const solvers = ["assignee", "member", "head", "operations"]
const leaders = ["head", "operations"]
const before = ["open", "analysed", "planned", "resolved"]
const alive = [...before, "reported"]
/** From where an act is legal, and for whom. */
const rules: Readonly<
  Record<IncidentInput["act"], readonly [from: readonly string[], who: readonly string[]]>
> = {
  assign: [["open", "analysed"], leaders],
  analyse: [["open"], solvers],
  plan: [["analysed", "planned"], solvers],
  told: [["planned"], ["service", ...solvers]],
  resolve: [before, solvers],
  report: [["resolved"], solvers],
  archive: [["reported"], ["operations"]],
  return: [["reported"], ["operations"]],
  add: [before, leaders],
  split: [before, leaders],
  merge: [before, leaders],
  leave: [alive, solvers],
  exempt: [alive, solvers],
  rename: [alive, solvers],
  undo: [alive, ["service", ...solvers]],
}
const canBeTakenBack = ["gather", "add", "leave", "exempt", "rename", "assign", "analyse", "plan", "resolve"]

export const isLegalFor = (act: IncidentInput["act"], { state }: Standing): boolean =>
  rules[act][0].includes(state)
export const mayDo = (act: IncidentInput["act"], by: Worker, { department, owner }: Standing): boolean =>
  partsOf(by, { department, assignee: owner }).some((part) => rules[act][1].includes(part))

/** What is asked of an incident. */
export type IncidentAsked = {
  input: IncidentInput
  by: Worker
  version: number | undefined
  workers: readonly Worker[]
}

/** How an act ends upon an incident after some turns, at an instant: every answer that it may get. `cases`: whether any follows it. */
export function answersAfter(
  incident: Incident,
  turns: readonly Turn[],
  { input, by, version, workers }: IncidentAsked,
  at: Instant,
  cases: "some" | "none" | "unknown" = "unknown",
): string[] {
  const now = standingAfter(incident, turns, workers)
  if (version !== undefined && version !== now.version) return ["stale_version"]
  if (!isLegalFor(input.act, now)) return ["illegal_move"]
  if (!mayDo(input.act, by, now)) return ["not_your_case"]
  const isBlank = (text: string | undefined) => (text ?? "").trim() === ""
  if (input.act === "assign") {
    if (input.cause !== undefined && !(input.cause in causes)) return ["unknown_cause"]
    if (input.department !== undefined && !departments.includes(input.department))
      return ["unknown_department"]
    if (input.person !== undefined && !workers.some(({ id }) => id === input.person))
      return ["unknown_person"]
    return departmentOf(now, input, workers) === null ? ["unknown_department"] : ["done"]
  }
  if (input.act === "analyse") {
    if (isBlank(input.text)) return ["text_needed"]
    return input.cause in causes ? ["done"] : ["unknown_cause"]
  }
  if (input.act === "plan") {
    if (input.etaAt <= at) return ["eta_in_past"]
    return isBlank(input.reason) ? ["reason_needed"] : ["done"]
  }
  if (input.act === "leave" || input.act === "exempt")
    return isBlank(input.reason) ? ["reason_needed"] : ["done"]
  if (input.act === "rename") return isBlank(input.title) ? ["text_needed"] : ["done"]
  // Nothing is told of one that no case follows; whether a report is complete is left to its own tests.
  if (input.act === "report" || input.act === "archive") {
    const answers = cases === "none" ? [] : ["done", "report_incomplete"]
    return cases === "some" ? answers : [...answers, "illegal_move"]
  }
  if (input.act === "undo") return [undoneAfter(incident, turns, input.seq, by, now)]
  return ["done"]
}

/** Whether an act can be taken back after some turns: of the steps only the last; by who did it, or by who leads. */
function undoneAfter(
  incident: Incident,
  turns: readonly Turn[],
  seq: number,
  by: Worker,
  now: Standing,
): string {
  const stands = standing(incident, turns)
  const own = stands.find((each) => each.seq === seq)
  if (own === undefined || !canBeTakenBack.includes(own.input.act)) return "not_undoable"
  const isOverlaid = (each: IncidentAct) =>
    each.seq > seq && (isStep(own) ? isStep(each) : own.input.act === "rename" && each.input.act === "rename")
  if (stands.some(isOverlaid)) return "not_undoable"
  const isTheirs = own.by.id === by.id
  const leads = partsOf(by, { department: now.department, assignee: now.owner }).some((part) =>
    leaders.includes(part),
  )
  return isTheirs || leads ? "done" : "not_your_case"
}
