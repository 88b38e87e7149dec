import { type CaseStep, catchUpSteps, incidentNumber, isPast } from "../../core/incidents.ts"
import type { Instant } from "../../core/instants.ts"
import { Refusal } from "../../core/refusals.ts"
import type { StoredIncident, StoredIncidentAct } from "../../store/incidents.ts"
import { casePlace } from "../../store/keys.ts"
import { noticesOf } from "../../store/notices.ts"
import type { Session } from "../../store/statement.ts"
import type { CaseDesk } from "../cases/desk.ts"
import type { CaseFile } from "../cases/file.ts"
import type { ActInput } from "../cases/hand.ts"
import { perform } from "../cases/perform.ts"
import type { Staffing } from "../cases/staffing.ts"
import { takeBackAll } from "../cases/undo.ts"
import type { Heard } from "../notices.ts"
import { takeBackDecisions } from "../proposing.ts"
import type { EngineWorld } from "../world.ts"
import { exemptCase, joinIncident, leaveIncident } from "./membership.ts"

/** An act of an incident with everything that doing it to one of its cases needs. */
export type Applying = {
  world: EngineWorld
  tx: Session
  desk: CaseDesk
  act: StoredIncidentAct
  own: StoredIncident
  /** where a split leads, or where a merge comes from */
  other: StoredIncident | null
  staffing: Staffing
  /** what lies ready for the customers, by the id of the case's clocks */
  drafts: ReadonlyMap<string, string>
  /** gathers what the customers hear */
  heard: Heard[]
}

/** The messages that lie ready for the customers of cases, as said in a chat. */
export async function readDrafts(tx: Session, { files }: CaseDesk): Promise<Map<string, string>> {
  const drafts = new Map<string, string>()
  const cases = files.map(({ own }) => ({ bucket: own.bucket, n: own.n }))
  for (const { bucket, caseN, state, texts } of await noticesOf(tx, cases))
    if (state === "drafted" || state === "failed") drafts.set(casePlace({ bucket, n: caseN! }).id, texts.chat)
  return drafts
}

/** Does an act of an incident to one of its cases; refuses with why. The case counts as having taken it either way. */
export async function applyTo(file: CaseFile, applying: Applying): Promise<void> {
  const { act, own, other, desk } = applying
  const { seq, actor, batch, data } = act
  const by = { actor, batch, at: instantFor(file, act.at) }
  switch (act.act) {
    case "gather":
    case "add":
      joinIncident(file, own, { seq }, by)
      return takeOver(file, applying)
    case "merge":
      joinIncident(file, own, { seq, from: other!.id }, by)
      return takeOver(file, applying)
    case "split":
      return joinIncident(file, other!, { seq: other!.seq, from: own.id }, by)
    case "leave":
      return leaveIncident(file, own, data.reason as string, by)
    case "exempt":
      return exemptCase(file, own, seq, data.reason as string, by)
    case "undo":
      takeBackAll(file, data.batch as string, actor, desk.at, incidentNumber(own.n))
      if (file.own.cause !== file.before.cause) await takeBackDecisions(applying.tx, [file.own])
      // What a person took out again is not gathered again.
      if (file.own.incident === null) file.own.exempt = true
      return
    default:
      return step(file, applying)
  }
}

/** A case's clocks stop at the instant of the act, however late its turn comes and whatever broke meanwhile; never before what was done to it last. */
const instantFor = ({ own }: CaseFile, at: Instant): Instant => Math.max(at, own.changedAt)

/** An act that brings the incident further, to one case; what is behind catches up first. */
async function step(file: CaseFile, applying: Applying): Promise<void> {
  const { act, own } = applying
  const name = act.act as CaseStep
  const wasOpen = file.own.state === "open"
  await catchUp(file, name, applying)
  if (isPast(name, file.own, own.department)) return
  const { cause } = act.data
  // Each case goes by the cause that was reported for all.
  if (
    name === "report" &&
    typeof cause === "string" &&
    cause !== file.own.cause &&
    file.own.state === "resolved"
  )
    await performStep(file, { act: "cause", cause }, applying, true)
  await performStep(file, inputOf(name, file, applying), applying)
  if (name === "assign" && wasOpen) await takeOver(file, applying)
}

/** Takes over what the incident has already, as far as it fits where the case stands; what does not fit is left to whoever has the case. */
async function takeOver(file: CaseFile, applying: Applying): Promise<void> {
  try {
    await catchUp(file, "join", applying)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}

async function catchUp(file: CaseFile, act: string, applying: Applying): Promise<void> {
  const { department, analysis, plan } = applying.own
  const has = { department: department !== null, analysis: analysis !== null, plan: plan !== null }
  for (const each of catchUpSteps(act, file.own.state, has))
    await performStep(file, inputOf(each, file, applying), applying, true)
}

async function performStep(
  file: CaseFile,
  input: ActInput,
  { world, tx, desk, act, own, staffing, heard }: Applying,
  takesOver = false,
): Promise<void> {
  const at = instantFor(file, act.at)
  const incident = incidentNumber(own.n)
  // A case that joins takes over what others wrote, whoever brings it in.
  const roles = takesOver ? [{ role: "operations" as const, department: null }] : act.actor.roles
  const actor = { ...act.actor, roles }
  await perform(world, tx, { desk, file, input, actor, staffing, batch: act.batch, incident, at, heard })
}

function inputOf(
  act: CaseStep,
  file: CaseFile,
  { own, act: { act: name, data }, drafts }: Applying,
): ActInput {
  switch (act) {
    case "assign": {
      const cause = (name === "analyse" ? (data.cause as string) : own.cause) ?? undefined
      return {
        act,
        ...(cause === undefined ? {} : { cause }),
        ...(own.department === null ? {} : { department: own.department }),
        ...(own.owner === null ? {} : { person: own.owner }),
      }
    }
    case "analyse": {
      const { cause, text, evidence } = (name === "analyse" ? data : own.analysis!) as Record<string, unknown>
      return { act, cause: cause as string, text: text as string, evidence: evidence as unknown[] }
    }
    case "plan": {
      const { etaAt, reason, text } = (name === "plan" ? data : own.plan!) as Record<string, unknown>
      return { act, etaAt: etaAt as Instant, reason: reason as string, text: text as string | undefined }
    }
    case "told":
      return {
        act,
        how: data.how as "chat",
        text: (data.text as string | undefined) ?? drafts.get(casePlace(file.own).id) ?? "",
      }
    case "return":
      return { act, gaps: data.gaps as string[], note: data.note as string | undefined }
    default:
      return { act }
  }
}
