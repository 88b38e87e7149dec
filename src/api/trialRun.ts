import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { isoOrNull } from "../core/instants.ts"
import { slotOf } from "../core/rollups.ts"
import { setTrialRun } from "../engine/trialRun.ts"
import { readTallies } from "../store/rollups.ts"
import { countStaffedDepartments, countTrialCases, findTrialRun } from "../store/trialRun.ts"
import type { TrialRunView } from "./contract/trialRun.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

/** The trial run: whether it is on, what ending it changes, and the button. */
export default async function trialRun(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const about = { tags: ["operation"] }

  app.get(
    "/api/v1/trial-run",
    { schema: { ...about, summary: "Is the company only trying it out" } },
    async (request): Promise<TrialRunView> => {
      await require(world, request, "read", "policy")
      return view(world)
    },
  )

  app.put(
    "/api/v1/trial-run",
    { schema: { ...about, summary: "Begin or end the trial run", body: z.object({ on: z.boolean() }) } },
    async (request): Promise<TrialRunView> => {
      const who = await require(world, request, "act", "settings")
      await setTrialRun(world, { on: request.body.on, by: who.name })
      return view(world)
    },
  )
}

async function view(world: World): Promise<TrialRunView> {
  const { pool } = world.db
  const trial = await findTrialRun(pool)
  const counts = trial ? await readTallies(pool, ["fired", "warning"], slotOf(trial.since)) : []
  const sum = (topic: string) =>
    counts.filter((each) => each.topic === topic).reduce((n, each) => n + each.n, 0)
  return {
    on: trial !== null && trial.until === null,
    since: isoOrNull(trial?.since ?? null),
    by: trial?.by ?? null,
    until: isoOrNull(trial?.until ?? null),
    endedBy: trial?.endedBy ?? null,
    cases: await countTrialCases(pool),
    warnings: sum("warning"),
    breaches: sum("fired"),
    departments: await countStaffedDepartments(pool),
  }
}
