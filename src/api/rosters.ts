import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { type Instant, isoOf, isoOrNull, parseInstant } from "../core/instants.ts"
import { isWithin, reachOf } from "../core/permissions.ts"
import { Refusal } from "../core/refusals.ts"
import { readRoster } from "../core/rosters.ts"
import { firstTemplates, type ShiftTemplate, shiftTemplatesSchema } from "../core/shiftTemplates.ts"
import { movedByDays } from "../core/wallTime.ts"
import type { Language } from "../core/words.ts"
import {
  changeShift,
  copyShifts,
  putLeave,
  putShifts,
  removeLeave,
  removeShifts,
  saveTemplates,
} from "../engine/rostering.ts"
import { findCompany, isHere, listDepartments, listPeople } from "../store/people.ts"
import { headOf, listLeaves, listShifts, whoIsOnDuty } from "../store/rosters.ts"
import { findSetting } from "../store/settings.ts"
import type { RosterDepartment, RosterTableView, RosterView } from "./contract/rosters.ts"
import { require, type Who, whoIs } from "./who.ts"
import type { World } from "./world.ts"

const instant = z
  .string()
  .refine((text) => parseInstant(text) !== null, "an instant needs a date, a time and an offset")
  .transform((text) => parseInstant(text)!)
const department = z.string().max(40)
const spanMaxMs = 62 * 24 * 60 * 60_000

/** Rosters: who is on duty when, leaves, copying a week, a week from a table. */
export default async function rosters(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const tags = ["rosters"]
  const one = z.object({ id: z.uuid() })
  const pool = world.db.pool
  const departmentsOf = async ({ held }: Who): Promise<RosterDepartment[]> => {
    const [all, at] = await Promise.all([listDepartments(pool), world.now()])
    const reach = reachOf(held, "act", "people", all)
    return Promise.all(
      all
        .filter(({ closedAt }) => closedAt === null)
        .map(async ({ id, name }) => ({
          id,
          name,
          mine: isWithin(reach, id),
          head: await headOf(pool, id, at),
          onDuty: (await whoIsOnDuty(pool, id, at)).map((each) => ({ ...each, until: isoOf(each.until) })),
        })),
    )
  }
  const templatesOf = async () =>
    (await findSetting<ShiftTemplate[]>(pool, "shift-templates")) ??
    firstTemplates(((await findCompany(pool))?.language as Language) ?? "zh-Hans")
  const zone = async () => (await findCompany(pool))?.timezone ?? world.config.timezone

  app.get(
    "/api/v1/rosters",
    {
      schema: {
        tags,
        summary: "Shifts and leaves that touch a span of at most two months",
        querystring: z.object({ from: instant, to: instant, department: department.optional() }),
      },
    },
    async (request): Promise<RosterView> => {
      const who = await require(world, request, "read", "case")
      const { from, to } = request.query
      if (to <= from || to - from > spanMaxMs) throw new Refusal("bad_request", "At most 62 days.")
      const [people, shifts, leaves, departments, templates] = await Promise.all([
        listPeople(pool),
        listShifts(pool, request.query),
        listLeaves(pool, request.query),
        departmentsOf(who),
        templatesOf(),
      ])
      return {
        departments,
        templates,
        timezone: await zone(),
        people: people
          .filter((each) => isHere(each, from) || shifts.some(({ staff }) => staff === each.id))
          .map(({ id, name, department }) => ({ id, name, department })),
        shifts: shifts.map(({ from, to, ...each }) => ({ ...each, from: isoOf(from), to: isoOf(to) })),
        leaves: leaves.map(({ from, to, ...each }) => ({ ...each, from: isoOf(from), to: isoOrNull(to) })),
      }
    },
  )

  app.get(
    "/api/v1/on-duty",
    {
      schema: {
        tags,
        summary: "Who is on duty for a department at an instant, and whom work falls to when nobody is",
        querystring: z.object({ department, at: instant.optional() }),
      },
    },
    async (request) => {
      await require(world, request, "read", "case")
      const at: Instant = request.query.at ?? (await world.now())
      const found = await whoIsOnDuty(pool, request.query.department, at)
      return {
        at: isoOf(at),
        items: found.map((each) => ({ ...each, until: isoOf(each.until) })),
        head: await headOf(pool, request.query.department, at),
      }
    },
  )

  app.post(
    "/api/v1/rosters/shifts",
    {
      schema: {
        tags,
        summary: "Put people on duty; all of it or nothing",
        body: z.object({
          shifts: z
            .array(z.object({ staff: z.uuid(), department, from: instant, to: instant }))
            .min(1)
            .max(5000),
          replace: z.boolean().default(false),
        }),
      },
    },
    async (request) => {
      const who = await require(world, request, "act", "people")
      return putShifts(world, request.body.shifts, who, request.body)
    },
  )

  app.put(
    "/api/v1/rosters/templates",
    {
      schema: {
        tags,
        summary: "Keep the shifts that are put again and again",
        body: z.object({ templates: shiftTemplatesSchema }),
      },
    },
    async (request) => {
      const who = await require(world, request, "act", "people")
      await saveTemplates(world, request.body.templates, who)
      return { templates: request.body.templates }
    },
  )

  app.put(
    "/api/v1/rosters/shifts/:id",
    {
      schema: {
        tags,
        summary: "Give a shift other hours or another department",
        params: one,
        body: z.object({ department: department.optional(), from: instant, to: instant }),
      },
    },
    async (request) => {
      const who = await require(world, request, "act", "people")
      await changeShift(world, request.params.id, request.body, who)
      return { done: true }
    },
  )

  app.delete(
    "/api/v1/rosters/shifts/:id",
    { schema: { tags, summary: "Take a shift away", params: one } },
    async (request) => {
      const who = await require(world, request, "act", "people")
      if ((await removeShifts(world, [request.params.id], who)) === 0) throw new Refusal("not_found")
      return { done: true }
    },
  )

  app.post(
    "/api/v1/rosters/shifts/remove",
    {
      schema: {
        tags,
        summary: "Take shifts away, all of them or none",
        body: z.object({ ids: z.array(z.uuid()).min(1).max(5000) }),
      },
    },
    async (request) => {
      const who = await require(world, request, "act", "people")
      return { removed: await removeShifts(world, request.body.ids, who) }
    },
  )

  app.post(
    "/api/v1/rosters/copy",
    {
      schema: {
        tags,
        summary: "Put the shifts of a span again, some days later, at the same time of day",
        body: z.object({
          department: department.nullable().default(null),
          from: instant,
          to: instant,
          days: z.int().min(1).max(366),
        }),
      },
    },
    async (request) => {
      const who = await require(world, request, "act", "people")
      const { days, ...span } = request.body
      const timezone = await zone()
      return copyShifts(world, { ...span, move: (at) => movedByDays(at, days, timezone) }, who)
    },
  )

  app.post(
    "/api/v1/rosters/table",
    {
      schema: {
        tags,
        summary: "Read a week from a table: names down, days across; nothing happens unless carryOut is set",
        body: z.object({
          table: z
            .array(z.array(z.string().max(200)).max(80))
            .min(1)
            .max(2000),
          carryOut: z.boolean().default(false),
        }),
      },
    },
    async (request): Promise<RosterTableView> => {
      const who = await require(world, request, "act", "people")
      const at = await world.now()
      const [people, departments, timezone] = await Promise.all([
        listPeople(pool),
        listDepartments(pool),
        zone(),
      ])
      const read = readRoster(request.body.table, {
        people: people.filter((each) => isHere(each, at)),
        departments: departments.filter(({ closedAt }) => closedAt === null),
        timezone,
        now: at,
      })
      const done =
        request.body.carryOut && read.problems.length === 0 && read.shifts.length > 0
          ? await putShifts(world, read.shifts, who, { replace: true })
          : null
      return {
        shifts: read.shifts.map(({ from, to, ...each }) => ({ ...each, from: isoOf(from), to: isoOf(to) })),
        problems: read.problems,
        done,
      }
    },
  )

  app.post(
    "/api/v1/rosters/leaves",
    {
      schema: {
        tags,
        summary: "Note that somebody is not there; one may do so for oneself",
        body: z.object({
          staff: z.uuid(),
          from: instant,
          to: instant.nullable().default(null),
          reason: z.string().trim().max(200).default(""),
        }),
      },
    },
    async (request) => {
      const who = await whoIs(world, request)
      if (who === null) throw new Refusal("not_signed_in")
      return { id: await putLeave(world, request.body, { ...who, id: who.person?.id ?? null }) }
    },
  )

  app.delete(
    "/api/v1/rosters/leaves/:id",
    { schema: { tags, summary: "Take a leave away", params: one } },
    async (request) => {
      const who = await whoIs(world, request)
      if (who === null) throw new Refusal("not_signed_in")
      await removeLeave(world, request.params.id, { ...who, id: who.person?.id ?? null })
      return { done: true }
    },
  )
}
