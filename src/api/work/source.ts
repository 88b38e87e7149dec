import type { Actor } from "../../core/cases.ts"
import type { Instant } from "../../core/instants.ts"
import type { WorkCounts, WorkRow, WorkScope } from "../contract/work.ts"
import type { Who } from "../who.ts"
import type { World } from "../world.ts"

export const workScopes = ["mine", "department", "followed"] as const satisfies readonly WorkScope[]

/** Who asks for work, and which of it; `departments` null stands for all of them. */
export type WorkAsking = {
  world: World
  who: Who
  actor: Actor
  departments: readonly string[] | null
  scope: WorkScope
  limit: number
  now: Instant
}

/** One kind of work: its rows of the scope asked for, and how many there are in each scope. */
export type WorkSource = (asking: WorkAsking) => Promise<{ items: WorkRow[]; counts: WorkCounts }>

/** Shares rows that were all read into scopes: the counts of each, and those asked for. */
export function sharedOut<Row>(
  rows: readonly Row[],
  isIn: (row: Row, scope: WorkScope) => boolean,
  scope: WorkScope,
): { rows: Row[]; counts: WorkCounts } {
  const of = (each: WorkScope) => rows.filter((row) => isIn(row, each))
  const counts = Object.fromEntries(workScopes.map((each) => [each, of(each).length])) as WorkCounts
  return { rows: of(scope), counts }
}
