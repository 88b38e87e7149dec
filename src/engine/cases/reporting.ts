import { Refusal } from "../../core/refusals.ts"
import type { FormCode, ReportFields } from "../../core/reports.ts"
import type { Words } from "../../core/words.ts"
import { reportsOf } from "../../store/reports.ts"
import type { Session } from "../../store/statement.ts"
import {
  archiveReport,
  ofCase,
  type ReportSubject,
  returnReport,
  saveDraft,
  submitReport,
} from "../reports.ts"
import type { EngineWorld } from "../world.ts"
import { nameCause } from "./assignment.ts"
import type { Deed } from "./file.ts"
import { type ActInput, deed, go, type Hand, type Perform } from "./hand.ts"

/** Keeps a report as far as it is written; what is written stands in the report itself. */
export const draft: Perform<"draft"> = () => []

/** Hands the report in. */
export const report: Perform<"report"> = (hand) => {
  go(hand)
  return [deed(hand, "report", {})]
}

/** Gives a report back with what it lacks; its clock starts again. */
export const giveBack: Perform<"return"> = (hand, { gaps, note }) => {
  if (gaps.length === 0) throw new Refusal("gaps_needed")
  go(hand)
  return [deed(hand, "return", { gaps, note: note ?? null })]
}

const open: Words = {
  "zh-Hans": "原因还没定，定了再归档。",
  "zh-Hant": "原因還沒定，定了再歸檔。",
  en: "The cause is still open; name one before it is archived.",
}
/** Archives a reported case. Its cause is known by then. */
export const archive: Perform<"archive"> = (hand) => {
  const { own, at, staffing } = hand
  if (staffing.isUndetermined(own.cause))
    throw new Refusal("report_incomplete", open.en, [
      { field: "cause", message: "cause_undetermined", says: open },
    ])
  own.archivedAt = at
  go(hand)
  return [deed(hand, "archive", {})]
}

/** Opens an archived case again: the department has it, as a new round. */
export const reopen: Perform<"reopen"> = (hand, { reason }) => {
  const { own, staffing } = hand
  if (reason.trim() === "") throw new Refusal("reason_needed")
  own.department ??= staffing.landing("operations")
  Object.assign(own, { archivedAt: null, resolvedBy: null, contested: false, reopened: own.reopened + 1 })
  go(hand)
  return [deed(hand, "reopen", { reason: reason.trim(), department: own.department })]
}

/**
 * What an act does to the report of its case; refused before anything is written, with every gap named where it is not complete.
 * Answers what the report changed of the case: it goes by the cause that was reported.
 */
export async function writeReport(
  world: EngineWorld,
  tx: Session,
  hand: Hand,
  input: ActInput,
): Promise<Deed[]> {
  const { own, actor, at } = hand
  const subject = ofCase(own)
  const by = actor.name
  if (input.act === "draft") await saveDraft(tx, subject, { ...written(input), by }, at)
  else if (input.act === "report") {
    await submitReport(world, tx, subject, { ...written(input), by }, at)
    const { cause, causeReason } = (await reportsOf(tx, [subject]))[0]!.fields
    if (cause && cause !== own.cause)
      return nameCause(hand, { act: "cause", cause, note: causeReason ?? undefined })
  } else if (input.act === "return") {
    // What left the incident that reported it has no report of its own to give back: it is for its department to write one.
    const follows = own.incident !== null && !own.exempt
    if (follows || (await isHandedIn(tx, subject))) await returnReport(tx, subject, { ...input, by }, at)
  } else if (input.act === "archive") await archiveReport(world, tx, subject, by, at)
  return []
}

const isHandedIn = async (tx: Session, subject: ReportSubject): Promise<boolean> =>
  (await reportsOf(tx, [subject]))[0]?.state === "submitted"

const written = ({
  form,
  fields,
}: {
  form?: FormCode | undefined
  fields?: Record<string, unknown> | undefined
}) => ({
  form: form ?? "short",
  fields: (fields ?? {}) as ReportFields,
})
