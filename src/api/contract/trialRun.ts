/** GET /api/v1/trial-run: whether the company only tries it out, and what would change if it ended now. */
export type TrialRunView = {
  on: boolean
  since: string | null
  by: string | null
  until: string | null
  endedBy: string | null
  /** cases opened during it, and those of them that are not archived */
  cases: { opened: number; open: number }
  /** warnings and breaches that took effect during it */
  warnings: number
  breaches: number
  /** departments with people, which are alerted once it has ended */
  departments: number
}
