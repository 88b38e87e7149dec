import type { Actor } from "../../core/cases.ts"
import { incidentNumber } from "../../core/incidents.ts"
import type { Instant } from "../../core/instants.ts"
import { Refusal } from "../../core/refusals.ts"
import type { StoredIncident } from "../../store/incidents.ts"
import { type CaseFile, enter } from "../cases/file.ts"
import { keptOf } from "../cases/perform.ts"

/** How a case comes into an incident, leaves it, or goes its own way in it. */
type Change = {
  what: "incident_joined" | "incident_left" | "incident_exempt"
  into: StoredIncident | null
  /** the last act that it has taken then */
  seq: number
  exempt: boolean
  reason?: string | null
}

/** Who did it, under which name of the act, and when. */
export type Doing = { actor: Actor; batch: string; at: Instant }

/** Changes to which incident a case belongs, and writes it into its course. */
function change(
  file: CaseFile,
  { what, into, seq, exempt, reason }: Change,
  about: StoredIncident,
  by: Doing,
): void {
  const undo = keptOf(file.own)
  Object.assign(file.own, { incident: into?.id ?? null, incidentSeq: seq, exempt })
  const { actor, batch, at } = by
  const data = {
    incident: incidentNumber(about.n),
    title: about.title,
    ...(reason ? { reason, text: reason } : {}),
    by: actor.id,
    undo,
  }
  enter(file, [{ what, who: actor.isEngine ? null : actor.name, data }], at, batch)
}

/** Brings a case into an incident; refuses one that is archived, or that another incident has, unless it comes from there. */
export function joinIncident(
  file: CaseFile,
  into: StoredIncident,
  { seq, from = null }: { seq: number; from?: string | null },
  by: Doing,
): void {
  const { own } = file
  if (own.archivedAt !== null) throw new Refusal("illegal_move", "The case is archived.")
  if (own.incident !== null && own.incident !== into.id && own.incident !== from)
    throw new Refusal("illegal_move", "The case belongs to another incident.")
  // Who was taken out by hand is not gathered again, but may be brought back by hand.
  if (own.exempt && own.incident === null && by.actor.isEngine)
    throw new Refusal("illegal_move", "The case was taken out by hand.")
  change(file, { what: "incident_joined", into, seq, exempt: false }, into, by)
}

/** Takes a case out of its incident; it is not gathered again. */
export function leaveIncident(file: CaseFile, from: StoredIncident, reason: string, by: Doing): void {
  refuseStranger(file, from)
  change(file, { what: "incident_left", into: null, seq: 0, exempt: true, reason }, from, by)
}

/** Lets a case of an incident go its own way: what is done for all is not done to it any more. */
export function exemptCase(file: CaseFile, of: StoredIncident, seq: number, reason: string, by: Doing): void {
  refuseStranger(file, of)
  change(file, { what: "incident_exempt", into: of, seq, exempt: true, reason }, of, by)
}

function refuseStranger({ own }: CaseFile, of: StoredIncident): void {
  if (own.incident !== of.id) throw new Refusal("illegal_move", "The case does not belong to the incident.")
}
