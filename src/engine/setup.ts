import type { Instant } from "../core/instants.ts"
import { note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import { findSetting, saveSetting } from "../store/settings.ts"
import type { Session } from "../store/statement.ts"
import type { EngineWorld } from "./world.ts"

/** The steps of the first-run path in their order, with how long each takes, seconds. */
export const setupSteps = [
  { id: "company", seconds: 20 },
  { id: "shops", seconds: 60 },
  { id: "departments", seconds: 30 },
  { id: "people", seconds: 60 },
  { id: "warehouses", seconds: 60 },
  { id: "types", seconds: 30 },
  { id: "import", seconds: 60 },
] as const
export type SetupStep = (typeof setupSteps)[number]["id"]

/** How far the path was walked; a step that is neither done nor skipped is open. */
export type Setup = {
  startedAt: Instant
  finishedAt: Instant | null
  steps: Partial<Record<SetupStep, "done" | "skipped">>
}
const name = "setup"

/** How far setup has come, or null where a company was made without it. */
export const findSetup = (session: Session): Promise<Setup | null> => findSetting<Setup>(session, name)

/** Begins the path in the transaction that makes the company. */
export const beginSetup = (tx: Session, at: Instant): Promise<unknown> =>
  saveSetting(tx, name, { startedAt: at, finishedAt: null, steps: {} }, at)

/** Marks steps done or skipped, or the whole path as finished; any step can be taken up again. */
export async function advanceSetup(
  world: EngineWorld,
  change: { steps?: Setup["steps"] | undefined; finished?: boolean | undefined },
  by: { name: string },
): Promise<void> {
  await transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const before = (await findSetup(tx)) ?? { startedAt: at, finishedAt: null, steps: {} }
    const finishedAt = change.finished === undefined ? before.finishedAt : change.finished ? at : null
    const after: Setup = { ...before, finishedAt, steps: { ...before.steps, ...change.steps } }
    await saveSetting(tx, name, after, at)
    if (change.finished && before.finishedAt === null)
      await note(tx, { who: by.name, what: "setup.finish", subject: "company", after: after.steps }, at)
  })
}
