import type { Instant } from "../../core/instants.ts"
import type { ActInput, Input } from "../../engine/cases/hand.ts"
import type { CaseFact, Entry, Kept } from "./life.ts"
import { causes, departments, type Worker } from "./staff.ts"

// The naive model of what people do to a case, written from DESIGN §7: from where an act is legal, for whom, what it needs, and what it leaves.

/** Somebody's act on a case; `fact`: whether the order says now that the case is solved, `other`: whether its order has another open case. */
export type Handling = {
  tag: number
  input: ActInput
  by: Worker
  version: number | undefined
  workers: readonly Worker[]
  fact: boolean
  other: boolean
  /** it is done once for all cases of an incident */
  isCommon?: boolean
}

/** How an act ended for a case: `done`, or why it was refused. */
export type Handled = { own: CaseFact; answer: string }

const working = ["assigned", "analysed", "planned"]
const solvers = ["assignee", "member", "head", "operations"]

/** Whether an act is legal where a case stands, and for whom. */
const rules: Readonly<Record<string, { when(own: CaseFact): boolean; who: readonly string[] }>> = {
  assign: {
    when: ({ state, contested }) => state === "open" || (state === "assigned" && contested),
    who: ["operations"],
  },
  analyse: { when: ({ state, contested }) => state === "assigned" && !contested, who: solvers },
  plan: { when: ({ state }) => state === "analysed" || state === "planned", who: solvers },
  told: { when: ({ state }) => state === "planned", who: ["service", ...solvers] },
  resolve: { when: ({ state }) => working.includes(state), who: solvers },
  report: { when: ({ state }) => state === "resolved", who: solvers },
  archive: { when: ({ state }) => state === "reported", who: ["operations"] },
  return: { when: ({ state }) => state === "reported", who: ["operations"] },
  hand_on: {
    when: ({ state, contested }) => state === "analysed" || (state === "assigned" && !contested),
    who: ["assignee", "head", "operations"],
  },
  take: {
    when: ({ state }) => working.includes(state) || state === "resolved",
    who: ["member", "head", "operations"],
  },
  cause: {
    when: ({ state }) => state === "open" || working.includes(state) || state === "resolved",
    who: ["operations", "head", "assignee"],
  },
  reopen: { when: ({ state }) => state === "archived", who: ["operations"] },
}

/** In which parts somebody has to do with a case. */
export function partsOf(
  { id, department, role }: Worker,
  own: Pick<CaseFact, "department" | "assignee">,
): string[] {
  const isHere = own.department === department
  return [
    ...(role === "operations" ? ["operations"] : []),
    ...(role === "head" && isHere ? ["head"] : []),
    ...(id === own.assignee ? ["assignee"] : []),
    ...(isHere ? ["member"] : []),
    ...(department === "service" ? ["service"] : []),
  ]
}

export const isLegal = (act: string, own: CaseFact): boolean => !own.withdrawn && rules[act]!.when(own)
export const may = (act: string, by: Worker, own: CaseFact): boolean =>
  partsOf(by, own).some((part) => rules[act]!.who.includes(part))

/** Every way in which an act may end at an instant. Where nobody is named, anybody of the department may get the case; whether a report is complete is left to its own tests. */
export function handled(own: CaseFact, asked: Handling, at: Instant): Handled[] {
  const refused = (answer: string): Handled[] => [{ own, answer }]
  const { input, by, version, other } = asked
  if (version !== undefined && version !== own.version) return refused("stale_version")
  if (input.act === "reopen" && other) return refused("illegal_move")
  if (!isLegal(input.act, own)) return refused("illegal_move")
  if (!may(input.act, by, own)) return refused("not_your_case")
  const ends = end(own, asked, at)
  if (typeof ends === "string") return refused(ends)
  const handled = ends.map((next) => ({ own: written(own, next, asked, at), answer: "done" }))
  return input.act === "report" ? [...handled, ...refused("report_incomplete")] : handled
}

/** What an act makes of a case, each way in which it may; or why not. */
function end(own: CaseFact, asked: Handling, at: Instant): CaseFact[] | string {
  const { input, by, fact } = asked
  if (input.act === "assign") return assigned(own, asked, input)
  if (input.act === "hand_on") return handedOn(own, asked, input)
  if (input.act === "take") return [{ ...own, assignee: by.id }]
  if (input.act === "cause") return input.cause in causes ? [{ ...own, cause: input.cause }] : "unknown_cause"
  if (input.act === "analyse") {
    if (input.text.trim() === "") return "text_needed"
    return input.cause in causes ? [{ ...own, cause: input.cause, state: "analysed" }] : "unknown_cause"
  }
  if (input.act === "plan") {
    if (input.solved) return fact ? [{ ...own, state: "resolved", isResolved: true }] : "fact_needed"
    if (input.etaAt === undefined || input.etaAt <= at) return "eta_in_past"
    if (!input.reason?.trim()) return "reason_needed"
    const etaChanges = own.etaChanges + (own.state === "planned" ? 1 : 0)
    return [{ ...own, state: "planned", etaAt: input.etaAt, etaChanges }]
  }
  if (input.act === "told") return input.text.trim() === "" ? "text_needed" : [own]
  if (input.act === "resolve")
    return fact && input.fact === undefined
      ? [{ ...own, state: "resolved", isResolved: true }]
      : "fact_needed"
  // The case goes by the cause that its report names.
  if (input.act === "report")
    return [{ ...own, state: "reported", cause: (input.fields?.cause as string | undefined) ?? own.cause }]
  const lacksReport = !asked.isCommon && !hasOwnReport(own)
  if (input.act === "return") {
    if (input.gaps.length === 0) return "gaps_needed"
    // What an incident reported is given back there, unless the case goes its own way now.
    const follows = own.incident !== null && !own.exempt
    return lacksReport && follows ? "report_not_submitted" : [{ ...own, state: "resolved" }]
  }
  if (input.act === "archive") {
    if (own.cause === null || own.cause === "undetermined") return "report_incomplete"
    if (lacksReport) return "report_not_submitted"
    return [{ ...own, state: "archived", archivedAt: at }]
  }
  if (input.act === "reopen") {
    if (input.reason.trim() === "") return "reason_needed"
    const reopened = own.reopened + 1
    return [{ ...own, state: "assigned", archivedAt: null, isResolved: false, contested: false, reopened }]
  }
  throw new Error(`nobody does ${input.act} here`)
}

/** Whether a report of the case alone was handed in last. */
const hasOwnReport = ({ log }: CaseFact): boolean =>
  log.findLast(({ what, isCommon }) => !isCommon && ["report", "return", "archive"].includes(what))?.what ===
  "report"

/** Whoever gets a case of a department: the person named, or anybody of it. */
const receivers = (workers: readonly Worker[], department: string, person: string | undefined): string[] =>
  person !== undefined
    ? [person]
    : workers.filter((each) => each.department === department).map(({ id }) => id)

function assigned(
  own: CaseFact,
  { workers }: Handling,
  { department, person, cause = own.cause ?? undefined }: Input<"assign">,
): CaseFact[] | string {
  if (cause !== undefined && !(cause in causes)) return "unknown_cause"
  const worker = workers.find(({ id }) => id === person)
  if (department === undefined && person !== undefined && !worker) return "unknown_person"
  const byCause = cause === undefined ? undefined : causes[cause]
  const named = department ?? worker?.department ?? byCause
  if (named === undefined || !departments.includes(named)) return "unknown_department"
  if (person !== undefined && !worker) return "unknown_person"
  return receivers(workers, named, person).map((assignee) => ({
    ...own,
    state: "assigned",
    department: named,
    assignee,
    cause: cause ?? null,
    contested: false,
  }))
}

/** Handed on to another department a second time, operations has to decide; to a colleague it is no new round. */
function handedOn(
  own: CaseFact,
  { workers, by }: Handling,
  { department, person, reason }: Input<"hand_on">,
): CaseFact[] | string {
  if (reason.trim() === "") return "reason_needed"
  const worker = workers.find(({ id }) => id === person)
  if (department === undefined && person !== undefined && !worker) return "unknown_person"
  const to = department ?? worker?.department ?? own.department!
  if (!departments.includes(to)) return "unknown_department"
  if (to === own.department) {
    if (person === undefined || person === own.assignee || !worker) return "unknown_person"
    return [{ ...own, assignee: person }]
  }
  const isDecided = by.role === "operations" && own.department !== "operations"
  const handOns = own.handOns + (isDecided ? 0 : 1)
  const contested = !isDecided && handOns >= 2
  if (!contested && person !== undefined && !worker) return "unknown_person"
  const now = contested ? "operations" : to
  return receivers(workers, now, contested ? undefined : person).map((assignee) => ({
    ...own,
    state: "assigned",
    department: now,
    assignee,
    handOns,
    contested,
  }))
}

/** A case after an act, with what is written down of it. */
function written(
  before: CaseFact,
  next: CaseFact,
  { tag, input, by, fact, isCommon }: Handling,
  at: Instant,
): CaseFact {
  const isDone = ["resolved", "reported", "archived"].includes(next.state)
  const deeds: string[] = [input.act]
  if (input.act === "plan" && input.solved) deeds.push("resolve")
  if (input.act === "report" && next.cause !== before.cause) deeds.push("cause")
  const entries = deeds.map(
    (what): Entry => ({
      what,
      who: by.name,
      at,
      act: tag,
      by: by.id,
      was: keptOf(before),
      data: dataOf(what, input, before, next),
      ...(isCommon ? { isCommon } : {}),
    }),
  )
  return {
    ...next,
    version: before.version + 1,
    isResolvable: isDone ? false : fact,
    log: inOrder([...before.log, ...entries]),
  }
}

/** What of an act the clocks of its case hear. */
function dataOf(what: string, input: ActInput, before: CaseFact, next: CaseFact): Record<string, unknown> {
  if (what === "plan") return { etaAt: input.act === "plan" && !input.solved ? input.etaAt : null }
  if (what === "told") return { etaAt: before.etaAt }
  const { department, contested } = next
  const isColleague = department === before.department && next.handOns === before.handOns
  return { department, contested, newRound: !contested && !isColleague }
}

/** What is kept of a case before something is done to it. */
export const keptOf = (kept: CaseFact): Kept => ({
  state: kept.state,
  department: kept.department,
  assignee: kept.assignee,
  cause: kept.cause,
  contested: kept.contested,
  handOns: kept.handOns,
  etaAt: kept.etaAt,
  etaChanges: kept.etaChanges,
  isResolved: kept.isResolved,
  isResolvable: kept.isResolvable,
  incident: kept.incident,
  incidentSeq: kept.incidentSeq,
  exempt: kept.exempt,
})

/** A log is told by instants: of acts and engines whose clocks differ, the earlier stands first. */
export const inOrder = (log: readonly Entry[]): Entry[] => [...log].sort((one, other) => one.at - other.at)

// ------------------------------------------------------------------ taking back

const takenBackMs = 10 * 60_000
const canBeTakenBack = ["assign", "take", "hand_on", "cause", "analyse", "plan", "resolve"]
/** What the engine does that stands in the way of taking back what came before. */
const moving = ["reworked", "withdrawn", "reopened"]

/** How taking an act back ends for a case: for ten minutes, by who did it or by operations, while nothing that still stands was done to the case since. */
export function takenBack(own: CaseFact, tag: number, by: Worker, at: Instant): Handled {
  const first = own.log.find((each) => each.act === tag)!
  if (!canBeTakenBack.includes(first.what) || isOverlaid(own, tag) || first.at + takenBackMs < at)
    return { own, answer: "not_undoable" }
  if (first.by !== by.id && by.role !== "operations") return { own, answer: "not_your_case" }
  return { own: restored(own, tag, by, at), answer: "done" }
}

/** Whether an act upon a case was taken back already, or something that still stands was done to it since. */
export function isOverlaid({ log }: CaseFact, tag: number): boolean {
  const isUndone = ({ act }: Entry) => act !== null && log.some(({ undid }) => undid === act)
  const stands = (each: Entry) =>
    each.act !== tag &&
    each.what !== "undone" &&
    !isUndone(each) &&
    (each.who !== null || moving.includes(each.what))
  const place = log.findIndex((each) => each.act === tag)
  return isUndone(log[place]!) || log.slice(place + 1).some(stands)
}

/** A case as it was before an act, with what is written down of that. */
export function restored(own: CaseFact, tag: number, by: Worker, at: Instant): CaseFact {
  const deeds = own.log.filter(({ act }) => act === tag)
  const undone = deeds.map((): Entry => ({ what: "undone", who: by.name, at, act: null, undid: tag }))
  return { ...own, ...deeds[0]!.was!, version: own.version + 1, log: inOrder([...own.log, ...undone]) }
}
