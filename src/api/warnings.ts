import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { isoOf, isoOrNull } from "../core/instants.ts"
import { Refusal } from "../core/refusals.ts"
import { inEvery } from "../core/words.ts"
import { compose, isTakeable, pathOf } from "../engine/alerts/compose.ts"
import { readingOf } from "../engine/alerts/settings.ts"
import { releaseWarning, takeWarning } from "../engine/alerts/warnings.ts"
import { type Alert, findAlert, listWarnings, standingOf } from "../store/alerts.ts"
import { subjectKindOf } from "../store/outbox.ts"
import { findName, nameOfDepartment } from "../store/staffNames.ts"
import type { WarningRow } from "./contract/alerts.ts"
import { require, type Who } from "./who.ts"
import type { World } from "./world.ts"

const dayMs = 24 * 60 * 60_000
const byId = z.object({ id: z.uuid() })

/** Warnings: who owns them, taking one, and how they ended. */
export default async function warnings(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const tags = ["alerts"]

  app.get(
    "/api/v1/warnings",
    {
      schema: {
        tags,
        summary: "Warnings that run or ended within a day; those that nobody took come first",
        querystring: z.object({
          department: z.string().max(40).optional(),
          mine: z.enum(["true", "false"]).optional(),
        }),
      },
    },
    async (request): Promise<{ items: WarningRow[] }> => {
      const who = await require(world, request, "read", "order")
      const { department, mine } = request.query
      const found = await listWarnings(
        world.db.pool,
        department === undefined ? null : [department],
        (await world.now()) - dayMs,
      )
      const rows = await Promise.all(found.map((each) => warningRow(world, each, who)))
      return { items: mine === "true" ? rows.filter((row) => row.mine) : rows }
    },
  )
  app.get(
    "/api/v1/alerts/:id",
    { schema: { tags, summary: "One alert: what it says now, and who has it", params: byId } },
    async (request): Promise<WarningRow & { takeable: boolean }> => {
      const who = await require(world, request, "read", "order")
      const alert = await findAlert(world.db.pool, request.params.id)
      if (!alert) throw new Refusal("not_found")
      return { ...(await warningRow(world, alert, who)), takeable: isTakeable(alert) }
    },
  )
  app.post(
    "/api/v1/warnings/:id/take",
    { schema: { tags, summary: "Take a warning, which stops its way to the head", params: byId } },
    async (request): Promise<WarningRow> => {
      const who = await require(world, request, "read", "order")
      if (who.person === null) throw new Refusal("forbidden", "Only a person takes a warning.")
      return warningRow(world, await takeWarning(world, request.params.id, who.person), who)
    },
  )
  app.post(
    "/api/v1/warnings/:id/release",
    { schema: { tags, summary: "Let go of a warning that one took", params: byId } },
    async (request): Promise<WarningRow> => {
      const who = await require(world, request, "read", "order")
      if (who.person === null) throw new Refusal("forbidden", "Only a person takes a warning.")
      return warningRow(world, await releaseWarning(world, request.params.id, who.person), who)
    },
  )
}

/** A warning as pages show it. */
export async function warningRow(world: World, alert: Alert, who: Who): Promise<WarningRow> {
  const { pool } = world.db
  const reading = await readingOf(world, pool, await world.now())
  const composed = alert.endedAt === null ? await compose(world, pool, alert, [], reading) : null
  const standing =
    alert.endedAt !== null || alert.clock === null
      ? { open: 0, saved: alert.saved ?? 0, lost: alert.lost ?? 0 }
      : await standingOf(pool, alert, subjectKindOf(alert.clock))
  const person = async (id: string | null) =>
    id === null ? null : { id, name: (await findName(pool, id)) ?? "" }
  const own = who.person?.id ?? ""
  return {
    id: alert.id,
    code: alert.code,
    department: alert.department,
    departmentName: await nameOfDepartment(pool, alert.department),
    title: composed ? inEvery((language) => composed.say(language).title) : alert.title,
    said: composed && inEvery((language) => composed.say(language).phone),
    path: pathOf(alert),
    at: isoOf(alert.createdAt),
    firstDueAt: isoOrNull(composed?.firstDueAt),
    total: alert.about.length,
    ...standing,
    owner: await person(alert.owner),
    takenBy: await person(alert.takenBy),
    takenAt: isoOrNull(alert.takenAt),
    escalatesAt: alert.takenBy === null ? isoOrNull(alert.escalatesAt) : null,
    escalatedAt: isoOrNull(alert.escalatedAt),
    endedAt: isoOrNull(alert.endedAt),
    mine: [alert.owner, alert.takenBy].includes(own),
  }
}
