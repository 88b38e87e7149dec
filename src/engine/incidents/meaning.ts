import { partiesOf } from "../../core/cases.ts"
import { incidentNumber, isUndoable } from "../../core/incidents.ts"
import { Refusal } from "../../core/refusals.ts"
import { listBatch } from "../../store/cases.ts"
import { casesOf, countFollowing } from "../../store/incidentCases.ts"
import {
  holdIncident,
  holdIncidentAct,
  insertIncident,
  listIncidentActs,
  lockIncidents,
  type StoredIncident,
  saveIncident,
  turnIncidentAct,
} from "../../store/incidents.ts"
import { caseNumber, newId } from "../../store/keys.ts"
import { readStaffing } from "../cases/staffing.ts"
import { beforeOf, type Hand, type IncidentInput, nameCases } from "./hand.ts"
import { writeIncidentReport } from "./report.ts"

/** What an act means for the incident itself, and for which cases it is; answers the other incident of a split. */
export async function doIt(
  hand: Hand,
  input: IncidentInput,
  asked: StoredIncident,
): Promise<StoredIncident | null> {
  const { tx, own, act, at, actor } = hand
  const written = { at, by: actor.name, staff: actor.id }
  switch (input.act) {
    case "add":
      nameCases(act, input.cases)
      return null
    case "leave":
    case "exempt":
      if (input.reason.trim() === "") throw new Refusal("reason_needed")
      nameCases(act, input.cases)
      return null
    case "split":
      return split(hand, input.cases, input.title)
    case "merge":
      await absorb(hand, asked)
      return null
    case "rename":
      if (input.title.trim() === "") throw new Refusal("text_needed", "Give it a name.")
      own.title = input.title.trim()
      nameCases(act, [])
      return null
    case "assign":
      await assignTo(hand, input)
      break
    case "analyse": {
      if (input.text.trim() === "") throw new Refusal("text_needed")
      const { cause, text, evidence = [] } = input
      await knowsCause(hand, cause)
      own.department ??= (await staffingOf(hand, [cause])).receives(cause)
      Object.assign(own, {
        cause,
        state: "analysed",
        analysis: { ...written, cause, text: text.trim(), evidence },
      })
      break
    }
    case "plan": {
      const { etaAt, reason, text = "" } = input
      if (etaAt <= at) throw new Refusal("eta_in_past")
      if (reason.trim() === "") throw new Refusal("reason_needed", "Say why it takes until then.")
      if (own.etaAt !== null) own.etaChanges += 1
      Object.assign(own, {
        state: "planned",
        etaAt,
        plan: { ...written, etaAt, reason: reason.trim(), text: text.trim() },
      })
      break
    }
    case "told":
      own.told = { ...written, how: input.how, text: input.text?.trim() ?? "" }
      break
    case "resolve":
      break
    case "report":
    case "return":
    case "archive": {
      const cause = await writeIncidentReport(hand.world, tx, own, input, actor.name, at)
      if (cause !== null) {
        own.cause = cause
        act.data.cause = cause
      }
      if (input.act === "report") own.state = "reported"
      else if (input.act === "return") own.state = "resolved"
      else Object.assign(own, { state: "archived", closedAt: at })
      break
    }
    case "undo":
      await takeBack(hand, input.seq)
      return null
  }
  act.ofCases = await countFollowing(tx, own.id)
  return null
}

const staffingOf = ({ tx, at }: Hand, causes: string[], departments: string[] = [], people: string[] = []) =>
  readStaffing(tx, { departments: ["operations", ...departments], causes, people }, at)

async function knowsCause(hand: Hand, cause: string): Promise<void> {
  if (!(await staffingOf(hand, [])).knowsCause(cause)) throw new Refusal("unknown_cause")
}

/** Gives an incident to a department and a person of it; its cases that nobody has go there too. */
async function assignTo(
  hand: Hand,
  {
    department,
    person,
    cause,
  }: { department?: string | undefined; person?: string | undefined; cause?: string | undefined },
): Promise<void> {
  const { own, act } = hand
  if (cause !== undefined) {
    await knowsCause(hand, cause)
    own.cause = cause
  }
  const staffing = await staffingOf(
    hand,
    own.cause === null ? [] : [own.cause],
    department === undefined ? [] : [department],
    person === undefined ? [] : [person],
  )
  if (department !== undefined && !staffing.knows(department)) throw new Refusal("unknown_department")
  if (person !== undefined && staffing.person(person) === undefined) throw new Refusal("unknown_person")
  const home = person === undefined ? undefined : staffing.person(person)!.departments[0]
  const named = department ?? home ?? (own.cause === null ? undefined : staffing.receives(own.cause))
  if (named === undefined) throw new Refusal("unknown_department", "Name a department, a person or a cause.")
  own.department = staffing.landing(named)
  own.owner = person ?? staffing.pick(own.department)?.id ?? null
  Object.assign(act.data, { department: own.department, person: own.owner })
}

/** Parts some cases from an incident: a new one, which has what was written until then. */
async function split(hand: Hand, cases: readonly string[], title: string): Promise<StoredIncident> {
  const { tx, own, act, at, actor } = hand
  if (title.trim() === "") throw new Refusal("text_needed", "Give it a name.")
  nameCases(act, cases)
  await lockIncidents(tx)
  const other = await insertIncident(tx, {
    ...own,
    id: newId(at),
    version: 1,
    title: title.trim(),
    openedAt: at,
    openedBy: actor.name,
    changedAt: at,
    seq: 0,
  })
  Object.assign(act.data, { other: other.id, number: incidentNumber(other.n), title: other.title })
  return other
}

/** Takes all cases of another incident in, which is dissolved by that. */
async function absorb({ tx, own, act, at }: Hand, other: StoredIncident): Promise<void> {
  const all = await casesOf(tx, other.id, true)
  nameCases(
    act,
    all.map(({ bucket, n }) => caseNumber(n, bucket)),
  )
  Object.assign(act.data, {
    other: other.id,
    number: incidentNumber(other.n),
    title: other.title,
    otherBefore: beforeOf(other),
  })
  Object.assign(other, { state: "dissolved", closedAt: at, mergedInto: own.id })
  await saveIncident(tx, { ...other, version: other.version + 1, changedAt: at })
}

/** Takes an act back: the incident at once, its cases by the job, where nothing was done since. */
async function takeBack({ tx, own, act, at, actor }: Hand, seq: number): Promise<void> {
  const all = await listIncidentActs(tx, own.id)
  const target = await holdIncidentAct(tx, own.id, seq)
  if (target === null || !isUndoable(target, all)) throw new Refusal("not_undoable")
  const isTheirs = target.staff === null ? target.by === actor.name : target.staff === actor.id
  const parties = partiesOf(actor, { department: own.department, assignee: own.owner })
  if (!isTheirs && !parties.has("operations") && !parties.has("head")) throw new Refusal("not_your_case")
  // From here on no further case takes it; those that have are read afterwards.
  await turnIncidentAct(tx, target, "undone")
  const { before, other, otherBefore } = target.data as Record<string, Record<string, unknown> | undefined>
  if (target.cases === null || target.act === "rename") {
    const { title: _, ...rest } = before!
    // Resolved since then by the job of an earlier act, it stays so.
    if (own.state === "resolved" && target.act !== "resolve" && target.act !== "return")
      rest.state = own.state
    Object.assign(own, target.act === "rename" ? { title: before!.title } : rest)
  }
  if (typeof other === "string") {
    const parted = (await holdIncident(tx, other))!
    const restored =
      target.act === "split" ? { state: "dissolved" as const, closedAt: at, mergedInto: own.id } : otherBefore
    await saveIncident(tx, { ...Object.assign(parted, restored), version: parted.version + 1, changedAt: at })
  }
  Object.assign(act.data, { batch: target.batch, of: target.act })
  nameCases(
    act,
    (await listBatch(tx, target.batch)).map(({ bucket, n }) => caseNumber(n, bucket)),
  )
}
