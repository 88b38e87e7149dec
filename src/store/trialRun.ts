import type { Instant } from "../core/instants.ts"
import { findSetting, saveSetting } from "./settings.ts"
import { run, type Session, statement } from "./statement.ts"

/** The trial run (试运行) of a company: since when, who began it, and when and by whom it was ended. What fell late within it scores nobody. */
export type TrialRun = { since: Instant; by: string; until: Instant | null; endedBy: string | null }

const name = "trial_run"
/** The trial run, running or over; null for a company that never had one. */
export const findTrialRun = (session: Session): Promise<TrialRun | null> => findSetting(session, name)
/** Writes the trial run. */
export const saveTrialRun = (tx: Session, trial: TrialRun, at: Instant): Promise<unknown[]> =>
  saveSetting(tx, name, trial, at)

/** Whether the trial run is on: operations alone is alerted, nobody is scored, cases are marked. */
export async function isTrialRun(session: Session): Promise<boolean> {
  const trial = await findTrialRun(session)
  return trial !== null && trial.until === null
}

const cases = statement(
  "trial_run.cases",
  `select count(*)::int as opened, (count(*) filter (where archived_at is null))::int as open from cases where trial`,
)
/** How many cases were opened during a trial run, and how many of them are not archived. */
export const countTrialCases = async (session: Session): Promise<{ opened: number; open: number }> =>
  (await run<{ opened: number; open: number }>(session, cases))[0]!

const staffed = statement(
  "trial_run.departments",
  "select count(distinct department)::int as n from memberships where to_at is null and department <> 'operations'",
)
/** How many departments beside operations have people. */
export const countStaffedDepartments = async (session: Session): Promise<number> =>
  (await run<{ n: number }>(session, staffed))[0]!.n
