import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { isoOf, isoOrNull } from "../core/instants.ts"
import { Refusal } from "../core/refusals.ts"
import { slotOf } from "../core/rollups.ts"
import { dayStart } from "../core/wallTime.ts"
import { findRecount } from "../engine/doctor/recount.ts"
import { lookAgain } from "../engine/stuck.ts"
import { findSweep } from "../engine/sweep.ts"
import { nextInstant } from "../store/agenda.ts"
import { note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import { listBeats } from "../store/engines.ts"
import { bucketCount } from "../store/keys.ts"
import { findCompany } from "../store/people.ts"
import { readTallies } from "../store/rollups.ts"
import { countOutbox, listStuck } from "../store/stuck.ts"
import type { EnginePage } from "./contract/engine.ts"
import { engineView } from "./engine.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

const everyBucket = Array.from({ length: bucketCount }, (_, bucket) => bucket)

/** The page of the engine, and its two buttons: look again at what is stuck, send again what is dead. */
export default async function enginePage(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const about = { tags: ["operation"] }

  app.get(
    "/api/v1/engine/page",
    { schema: { ...about, summary: "Everything that the engine's page shows" } },
    async (request): Promise<EnginePage> => {
      await require(world, request, "read", "settings")
      return view(world)
    },
  )

  app.post(
    "/api/v1/engine/look-again",
    { schema: { ...about, summary: "Judge the stuck orders again now" } },
    async (request): Promise<{ orders: number }> => {
      const who = await require(world, request, "act", "order")
      return { orders: await lookAgain(world, who.name) }
    },
  )

  app.post(
    "/api/v1/engine/letters/:id/again",
    { schema: { ...about, summary: "Try a dead job again", params: z.object({ id: z.uuid() }) } },
    async (request): Promise<{ done: true }> => {
      const who = await require(world, request, "act", "settings")
      const { id } = request.params
      if (!(await world.jobs.revive(id))) throw new Refusal("not_found")
      await transaction(world.db, async (tx) =>
        note(tx, { who: who.name, what: "letter.again", subject: `job/${id}` }, await world.instant(tx)),
      )
      return { done: true }
    },
  )
}

async function view(world: World): Promise<EnginePage> {
  const { pool } = world.db
  const now = await world.now()
  const timezone = (await findCompany(pool))?.timezone ?? world.config.timezone
  const fired = await readTallies(pool, ["fired", "warning"], slotOf(dayStart(now, timezone)))
  const open = await readTallies(pool, ["open"])
  const sum = (counts: typeof fired, is: (each: (typeof fired)[number]) => boolean) =>
    counts.filter(is).reduce((n, each) => n + each.n, 0)
  const [sweep, recount] = [await findSweep(pool), await findRecount(pool)]
  return {
    ...(await engineView(world)),
    asOf: isoOf(now),
    beats: Object.fromEntries((await listBeats(pool)).map(({ id, beats }) => [id, beats.map(isoOf)])),
    today: {
      warnings: sum(fired, ({ topic }) => topic === "warning"),
      breaches: sum(fired, ({ topic }) => topic === "fired"),
    },
    paused: sum(open, ({ parts }) => parts[2] === "paused"),
    unconfirmed: sum(open, ({ parts }) => parts[2] === "unconfirmed"),
    nextAt: isoOrNull(await nextInstant(pool, everyBucket)),
    stuckOrders: (await listStuck(pool)).map(({ stuck, nextAt, ...order }) => ({
      ...order,
      error: stuck.error,
      since: isoOf(stuck.since),
      tries: stuck.tries,
      nextAt: isoOrNull(nextAt),
    })),
    outbox: await countOutbox(pool),
    queues: await world.jobs.queued(),
    letters: (await world.jobs.dead(50)).map((each) => ({ ...each, diedAt: isoOf(each.diedAt) })),
    sweep: sweep && {
      at: isoOf(sweep.at),
      orders: sweep.compared,
      differing: sweep.found.map(({ order }) => order),
    },
    recount: recount && { ...recount, at: isoOf(recount.at) },
  }
}
