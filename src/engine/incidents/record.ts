import { type Actor, partiesOf } from "../../core/cases.ts"
import { admitIncidentAct, incidentNumber, isUndoable } from "../../core/incidents.ts"
import type { Instant } from "../../core/instants.ts"
import type { Json } from "../../core/json.ts"
import { Refusal } from "../../core/refusals.ts"
import { appendActs, listDone } from "../../store/acts.ts"
import { note } from "../../store/audit.ts"
import { listBatch } from "../../store/cases.ts"
import { transaction } from "../../store/database.ts"
import { casesOf, countFollowing } from "../../store/incidentCases.ts"
import {
  appendIncidentAct,
  findIncidentId,
  holdIncident,
  holdIncidentAct,
  incidentPlace,
  insertIncident,
  listIncidentActs,
  lockIncidents,
  type StoredIncident,
  type StoredIncidentAct,
  saveIncident,
  turnIncidentAct,
} from "../../store/incidents.ts"
import { caseNumber, newId, readCaseNumber } from "../../store/keys.ts"
import type { Session } from "../../store/statement.ts"
import { readStaffing } from "../cases/staffing.ts"
import type { EngineWorld } from "../world.ts"
import { carryQueue } from "./carry.ts"
import { writeIncidentReport } from "./report.ts"

/** What somebody asks to be done to an incident; instants are milliseconds. */
export type IncidentInput =
  | { act: "add"; cases: string[] }
  | { act: "leave" | "exempt"; cases: string[]; reason: string }
  | { act: "merge"; into: string }
  | { act: "split"; cases: string[]; title: string }
  | { act: "rename"; title: string }
  | {
      act: "assign"
      department?: string | undefined
      person?: string | undefined
      cause?: string | undefined
    }
  | { act: "analyse"; cause: string; text: string; evidence?: unknown[] | undefined }
  | { act: "plan"; etaAt: Instant; reason: string; text?: string | undefined }
  | { act: "told"; how: "notice" | "chat" | "phone"; text?: string | undefined }
  | { act: "resolve" | "archive" }
  | { act: "report"; form?: "short" | "long" | undefined; fields?: Record<string, unknown> | undefined }
  | { act: "return"; gaps: string[]; note?: string | undefined }
  | { act: "undo"; seq: number }

/** Who asks; `version` is what they saw, `actId` makes a repetition harmless. */
export type IncidentAsker = { actor: Actor; version?: number | undefined; actId?: string | undefined }

/** The most cases that one act names. */
export const casesMax = 5000

/** An incident in the hands of a transaction: as it is, as it will be, and what is written down of the act. */
type Hand = {
  world: EngineWorld
  tx: Session
  at: Instant
  actor: Actor
  own: StoredIncident
  act: StoredIncidentAct
}

/** Does an act once for all cases of an incident: what it means for the incident at once, its cases by a job. Answers where to go on: the incident, of a split and a merge the other one. */
export async function actOnIncident(
  world: EngineWorld,
  number: string,
  input: IncidentInput,
  asker: IncidentAsker,
): Promise<string> {
  const { told, answer } = await transaction(world.db, async (tx) => {
    const own = await held(tx, number)
    const { bucket } = incidentPlace(own)
    if (asker.actId !== undefined && (await listDone(tx, [{ bucket, id: own.id }], asker.actId)).has(own.id))
      return { told: [], answer: incidentNumber(own.n) }
    if (asker.version !== undefined && asker.version !== own.version) throw new Refusal("stale_version")
    admitIncidentAct(input.act, own, asker.actor)
    // A merge is an act of the incident that stays.
    const into = input.act === "merge" ? await mergedInto(tx, own, input.into, asker.actor) : own
    const at = await world.instant(tx)
    const hand = handOf(world, tx, at, asker.actor, into, input)
    const other = await doIt(hand, input, own)
    await appendIncidentAct(tx, hand.act)
    await saveIncident(
      tx,
      Object.assign(into, { version: into.version + 1, changedAt: at, seq: hand.act.seq }),
    )
    await world.jobs.send(tx, carryQueue, { incident: into.id }, { key: into.id })
    await note(
      tx,
      {
        who: asker.actor.name,
        what: `incident.${input.act}`,
        subject: incidentNumber(own.n),
        before: hand.act.data.before as Json,
        after: { ...input, ...("cases" in input ? { cases: input.cases.slice(0, 200) } : {}) } as Json,
      },
      at,
    )
    if (asker.actId !== undefined)
      await appendActs(tx, [
        { bucket, subject: own.id, actId: asker.actId, at, answer: { seq: hand.act.seq } },
      ])
    const told = [own, into, ...(other ? [other] : [])].map(({ n }) => incidentNumber(n))
    return { told: [...new Set(told)], answer: incidentNumber((other ?? into).n) }
  })
  if (told.length > 0) world.changed({ incidents: told })
  return answer
}

async function held(tx: Session, number: string): Promise<StoredIncident> {
  const id = await findIncidentId(tx, number)
  const own = id === null ? null : await holdIncident(tx, id)
  if (own === null) throw new Refusal("not_found", "There is no incident of this number.")
  return own
}

/** The act as it is written down, with how the incident was before. */
function handOf(
  world: EngineWorld,
  tx: Session,
  at: Instant,
  actor: Actor,
  own: StoredIncident,
  { act, ...data }: IncidentInput,
): Hand {
  const { cases: _, ...said } = data as Record<string, unknown>
  const row: StoredIncidentAct = {
    incident: own.id,
    seq: own.seq + 1,
    at,
    act,
    by: actor.name,
    staff: actor.id,
    actor,
    data: { ...said, before: beforeOf(own) },
    batch: newId(at),
    cases: null,
    ofCases: 0,
    done: 0,
    refused: 0,
    state: "running",
  }
  return { world, tx, at, actor, own, act: row }
}

const kept = [
  "title",
  "state",
  "cause",
  "department",
  "owner",
  "etaAt",
  "etaChanges",
  "analysis",
  "plan",
  "told",
  "closedAt",
  "mergedInto",
] as const
/** What acts change of an incident, kept so that it can be taken back. */
const beforeOf = (own: StoredIncident) => Object.fromEntries(kept.map((field) => [field, own[field]]))

/** What an act means for the incident itself, and for which cases it is; answers the other incident of a split. */
async function doIt(hand: Hand, input: IncidentInput, asked: StoredIncident): Promise<StoredIncident | null> {
  const { tx, own, act, at, actor } = hand
  const written = { at, by: actor.name, staff: actor.id }
  switch (input.act) {
    case "add":
      name(act, input.cases)
      return null
    case "leave":
    case "exempt":
      if (input.reason.trim() === "") throw new Refusal("reason_needed")
      name(act, input.cases)
      return null
    case "split":
      return split(hand, input.cases, input.title)
    case "merge":
      await absorb(hand, asked)
      return null
    case "rename":
      if (input.title.trim() === "") throw new Refusal("text_needed", "Give it a name.")
      own.title = input.title.trim()
      name(act, [])
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
    case "archive":
      await writeIncidentReport(hand.world, tx, own, input, actor.name, at)
      if (input.act === "report") own.state = "reported"
      else if (input.act === "return") own.state = "resolved"
      else Object.assign(own, { state: "archived", closedAt: at })
      break
    case "undo":
      await takeBack(hand, input.seq)
      return null
  }
  act.ofCases = await countFollowing(tx, own.id)
  return null
}

/** Names the cases that an act is about. */
function name(act: StoredIncidentAct, numbers: readonly string[]): void {
  const cases = [...new Set(numbers)].map((number) => {
    const place = readCaseNumber(number)
    if (place === null) throw new Refusal("not_found", `There is no case ${number}.`)
    return caseNumber(place.n, place.bucket)
  })
  if (cases.length > casesMax) throw new Refusal("bad_request", `An act names at most ${casesMax} cases.`)
  Object.assign(act, { cases, ofCases: cases.length })
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
  name(act, cases)
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

/** The incident that another becomes part of, held. */
async function mergedInto(
  tx: Session,
  own: StoredIncident,
  number: string,
  actor: Actor,
): Promise<StoredIncident> {
  const into = await held(tx, number)
  if (into.id === own.id) throw new Refusal("illegal_move", "An incident cannot become part of itself.")
  admitIncidentAct("add", into, actor)
  if ((await listIncidentActs(tx, own.id)).some(({ state }) => state === "running"))
    throw new Refusal("illegal_move", "An act of it is still being carried out; wait until it is done.")
  return into
}

/** Takes all cases of another incident in, which is dissolved by that. */
async function absorb({ tx, own, act, at }: Hand, other: StoredIncident): Promise<void> {
  const all = await casesOf(tx, other.id, true)
  name(
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
    Object.assign(own, target.act === "rename" ? { title: before!.title } : rest)
  }
  if (typeof other === "string") {
    const parted = (await holdIncident(tx, other))!
    const restored =
      target.act === "split" ? { state: "dissolved" as const, closedAt: at, mergedInto: own.id } : otherBefore
    await saveIncident(tx, { ...Object.assign(parted, restored), version: parted.version + 1, changedAt: at })
  }
  Object.assign(act.data, { batch: target.batch, of: target.act })
  name(
    act,
    (await listBatch(tx, target.batch)).map(({ bucket, n }) => caseNumber(n, bucket)),
  )
}
