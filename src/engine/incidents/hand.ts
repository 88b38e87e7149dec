import type { Actor } from "../../core/cases.ts"
import type { Instant } from "../../core/instants.ts"
import { Refusal } from "../../core/refusals.ts"
import type { StoredIncident, StoredIncidentAct } from "../../store/incidents.ts"
import { caseNumber, readCaseNumber } from "../../store/keys.ts"
import type { Session } from "../../store/statement.ts"
import type { EngineWorld } from "../world.ts"

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
export type Hand = {
  world: EngineWorld
  tx: Session
  at: Instant
  actor: Actor
  own: StoredIncident
  act: StoredIncidentAct
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
export const beforeOf = (own: StoredIncident) => Object.fromEntries(kept.map((field) => [field, own[field]]))

/** Names the cases that an act is about. */
export function nameCases(act: StoredIncidentAct, numbers: readonly string[]): void {
  const cases = [...new Set(numbers)].map((number) => {
    const place = readCaseNumber(number)
    if (place === null) throw new Refusal("not_found", `There is no case ${number}.`)
    return caseNumber(place.n, place.bucket)
  })
  if (cases.length > casesMax) throw new Refusal("bad_request", `An act names at most ${casesMax} cases.`)
  Object.assign(act, { cases, ofCases: cases.length })
}
