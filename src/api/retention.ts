import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { isoOrNull } from "../core/instants.ts"
import { retentionDaysMax, retentionDaysMin } from "../core/retention.ts"
import { findBackupSettings } from "../engine/backup/nightly.ts"
import { changeRetention, findRetention, findRetentionRun } from "../engine/receivers/retention.ts"
import type { RetentionView } from "./contract/receivers.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

/** For how long receivers are kept. */
export default async function retention(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const tags = ["settings"]

  app.get(
    "/api/v1/retention",
    { schema: { tags, summary: "For how long receivers of finished orders are kept" } },
    async (request): Promise<RetentionView> => {
      await require(world, request, "read", "settings")
      return view(world)
    },
  )

  app.put(
    "/api/v1/retention",
    {
      schema: {
        tags,
        summary: "Change for how long receivers of finished orders are kept; null: for ever",
        body: z.object({ days: z.number().int().min(retentionDaysMin).max(retentionDaysMax).nullable() }),
      },
    },
    async (request): Promise<RetentionView> => {
      const who = await require(world, request, "act", "settings")
      await changeRetention(world, request.body, who.name)
      return view(world)
    },
  )
}

async function view(world: World): Promise<RetentionView> {
  const { pool } = world.db
  const run = await findRetentionRun(pool)
  return {
    ...(await findRetention(pool)),
    run: run && { orders: run.orders, endedAt: isoOrNull(run.endedAt) },
    backupDays: (await findBackupSettings(pool)).keepDays,
  }
}
