import type { Instant } from "../../core/instants.ts"
import { Refusal } from "../../core/refusals.ts"
import type { ReportFields } from "../../core/reports.ts"
import { casesOf } from "../../store/incidentCases.ts"
import { incidentPlace, type StoredIncident } from "../../store/incidents.ts"
import { reportsOf } from "../../store/reports.ts"
import type { Session } from "../../store/statement.ts"
import { archiveReport, type ReportSubject, returnReport, submitReport } from "../reports.ts"
import type { EngineWorld } from "../world.ts"
import type { IncidentInput } from "./hand.ts"

/** The report of an incident: one for all cases that follow it. */
export async function ofIncident(session: Session, own: StoredIncident): Promise<ReportSubject> {
  const place = incidentPlace(own)
  return { ...place, cases: await casesOf(session, own.id, false), incident: place.subject }
}

/** What an act does to the report of an incident; refused with every gap named where it is not complete. Answers the cause that was reported. */
export async function writeIncidentReport(
  world: EngineWorld,
  tx: Session,
  own: StoredIncident,
  input: Extract<IncidentInput, { act: "report" | "return" | "resolve" | "archive" }>,
  by: string,
  at: Instant,
): Promise<string | null> {
  const subject = await ofIncident(tx, own)
  // Nothing can be told of one whose cases all went elsewhere.
  if (subject.cases.length === 0 && input.act !== "return")
    throw new Refusal("illegal_move", "No case follows the incident any more; there is nothing to report.")
  if (input.act === "report") {
    const fields = (input.fields ?? {}) as ReportFields
    await submitReport(world, tx, subject, { form: input.form ?? "long", fields, by }, at)
    return (await reportsOf(tx, [subject]))[0]!.fields.cause ?? null
  }
  if (input.act === "return") await returnReport(tx, subject, { ...input, by }, at)
  else if (input.act === "archive") await archiveReport(world, tx, subject, by, at)
  return null
}
