import { type InnerEvent, nearAtOf } from "../../core/innerClocks.ts"
import type { Instant } from "../../core/instants.ts"
import type { Rules } from "../../core/judge.ts"
import { nextOf } from "../../core/stored.ts"
import type { StoredClock } from "../../store/clocks.ts"
import type { StoredHelp } from "../../store/help.ts"
import { type InnerRows, innerRows } from "../innerRows.ts"

/** What happened to a request, as its clock hears it. */
function eventsOf({ at, state, answeredAt, charged }: StoredHelp): InnerEvent[] {
  const asked = { type: "asked", at, department: charged }
  return state === "asked" ? [asked] : [asked, { type: state, at: answeredAt! }]
}

/** The answer clock of a request at an instant, with what took effect of it. */
export const helpRows = (
  help: StoredHelp,
  rows: readonly StoredClock[],
  rules: Rules,
  at: Instant,
): InnerRows =>
  innerRows(
    { bucket: help.bucket, subjectKind: "duty", subjectId: help.id, caseN: null },
    { events: eventsOf(help), rows },
    rules,
    at,
  )

/** When an answer is due and near; Infinity where the policy sets no limit. */
export function dueOf({ clocks }: InnerRows): { dueAt: Instant; nearAt: Instant } {
  const clock = clocks.find(({ kind }) => kind === "answer")
  return { dueAt: clock?.dueAt ?? Infinity, nearAt: (clock && nearAtOf(clock)) ?? Infinity }
}

/** When something happens to a request next; null: never again. */
export function nextInstantOf(
  { state, escalatesAt }: StoredHelp,
  rows: InnerRows,
  at: Instant,
): Instant | null {
  const passing = { now: at, recheckAt: null, graceMs: 0, mode: "live", greatestToldAt: null } as const
  const next = Math.min(nextOf(rows.clocks, passing) ?? Infinity, state === "asked" ? escalatesAt : Infinity)
  return next === Infinity ? null : next
}

/** A request that nobody answered goes on to the next head when as much time has passed again as there was to answer. */
export const escalationAfter = ({ at, dueAt }: Pick<StoredHelp, "at" | "dueAt">, now: Instant): Instant =>
  dueAt === Infinity ? Infinity : now + Math.max(60_000, dueAt - at)
