import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { perMinute, robotKinds, stillCounted } from "../core/alerts/robots.ts"
import { isoOf, isoOrNull } from "../core/instants.ts"
import { Refusal } from "../core/refusals.ts"
import { dayStart } from "../core/wallTime.ts"
import { keptDays } from "../engine/alerts/messenger.ts"
import { exampleCard, latestCard } from "../engine/alerts/preview.ts"
import {
  putAlertSettings,
  putMailServer,
  putRobot,
  removeRobot,
  retryDelivery,
  testRobot,
} from "../engine/alerts/robots.ts"
import { alertSettings, escalateMinutesOf, mailServer, readingOf } from "../engine/alerts/settings.ts"
import {
  countDeliveries,
  type Delivery,
  type ListedDelivery,
  lastDeliveries,
  listDeliveries,
} from "../store/deliveries.ts"
import { findRobot, listRobots } from "../store/robots.ts"
import { headOf } from "../store/rosters.ts"
import type {
  AlertSettingsView,
  CardPreview,
  DeadJobRow,
  DeliveryCounts,
  DeliveryRow,
  RobotRow,
} from "./contract/alerts.ts"
import type { Page } from "./contract.ts"
import { readPlace, writePlace } from "./places.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

const dayMs = 24 * 60 * 60_000
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "expected a time such as 22:00")
const named = z.string().trim().min(1).max(80)
const department = z.string().regex(/^[a-z0-9-]{1,40}$/, "lower-case letters, digits and hyphens")
const robotBody = z.object({
  kind: z.enum(robotKinds),
  name: named,
  department,
  codes: z.array(z.string().max(40)).max(40).default([]),
  warehouses: z.array(z.string().max(80)).max(40).default([]),
  address: z.string().trim().min(1).max(1_000).optional(),
  secret: z.string().trim().max(200).nullable().optional(),
  keyword: z.string().trim().max(40).nullable().default(null),
  quiet: z.object({ from: time, to: time }).nullable().default(null),
  active: z.boolean().default(true),
})
const mailBody = z.object({
  host: z.string().trim().min(1).max(200),
  port: z.int().min(1).max(65_535),
  secure: z.boolean(),
  user: z.string().trim().max(200).nullable(),
  password: z.string().max(200).optional(),
  from: z.string().trim().min(3).max(200),
})
const empty = (value: unknown) => (value === "" ? undefined : value)
const listQuery = z.object({
  state: z.preprocess(empty, z.enum(["waiting", "sending", "sent", "dropped", "dead"]).optional()),
  robot: z.preprocess(empty, z.uuid().optional()),
  limit: z.preprocess(empty, z.coerce.number().int().min(1).max(500).default(50)),
  cursor: z.preprocess(empty, z.string().max(200).optional()),
})
const byId = z.object({ id: z.uuid() })

/** Robots, what was sent through them, and how the company wants to be alerted. */
export default async function robots(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const tags = ["alerts"]
  const { pool } = world.db

  app.get(
    "/api/v1/robots",
    { schema: { tags, summary: "Robots of groups, and lists of mail addresses" } },
    async (request): Promise<{ items: RobotRow[] }> => {
      await require(world, request, "read", "settings")
      return { items: await rowsOf(world) }
    },
  )
  app.post(
    "/api/v1/robots",
    {
      schema: { tags, summary: "Add a robot; its address and secret are never shown again", body: robotBody },
    },
    async (request) => {
      const who = await require(world, request, "act", "settings")
      return { id: await putRobot(world, null, request.body, who.name) }
    },
  )
  app.put(
    "/api/v1/robots/:id",
    { schema: { tags, summary: "Change a robot", params: byId, body: robotBody } },
    async (request) => {
      const who = await require(world, request, "act", "settings")
      return { id: await putRobot(world, request.params.id, request.body, who.name) }
    },
  )
  app.delete(
    "/api/v1/robots/:id",
    { schema: { tags, summary: "Take a robot away", params: byId } },
    async (request) => {
      const who = await require(world, request, "act", "settings")
      await removeRobot(world, request.params.id, who.name)
      return { done: true }
    },
  )
  app.post(
    "/api/v1/robots/:id/test",
    { schema: { tags, summary: "Send a test card now", params: byId } },
    async (request) => {
      const who = await require(world, request, "act", "settings")
      const { id } = request.params
      return outcomeOf(await testRobot(world, id, { id: who.person?.id ?? null, name: who.name }))
    },
  )
  app.get(
    "/api/v1/robots/:id/preview",
    { schema: { tags, summary: "The latest card of a robot, or an example", params: byId } },
    async (request): Promise<CardPreview> => {
      await require(world, request, "read", "settings")
      const robot = await findRobot(pool, request.params.id)
      if (!robot) throw new Refusal("not_found")
      const reading = await readingOf(world, pool, await world.now())
      const { card, at, example } =
        (await latestCard(world, pool, robot, reading)) ?? exampleCard(world, reading)
      return { card, at: isoOf(at), example }
    },
  )

  app.get(
    "/api/v1/deliveries",
    { schema: { tags, summary: "What was sent, the latest first", querystring: listQuery } },
    async (request): Promise<Page<DeliveryRow>> => {
      await require(world, request, "read", "settings")
      const { state = null, robot = null, limit, cursor } = request.query
      const found = await listDeliveries(pool, {
        state,
        robot,
        since: (await world.now()) - keptDays * dayMs,
        after: readPlace(cursor),
        limit: limit + 1,
      })
      const shown = found.slice(0, limit)
      const last = shown.at(-1)
      return {
        items: shown.map(deliveryRow),
        next: found.length > limit && last ? writePlace(last) : null,
      }
    },
  )
  app.get(
    "/api/v1/deliveries/counts",
    { schema: { tags, summary: "How many were sent today, wait and were given up" } },
    async (request): Promise<DeliveryCounts> => {
      await require(world, request, "read", "settings")
      const { at, zone } = await readingOf(world, pool, await world.now())
      return countDeliveries(pool, dayStart(at, zone))
    },
  )
  app.post(
    "/api/v1/deliveries/:id/retry",
    { schema: { tags, summary: "Send again what was given up", params: byId } },
    async (request) => {
      // Operations may send again what it may not configure.
      const who = await require(world, request, "read", "settings")
      return outcomeOf(await retryDelivery(world, request.params.id, who.name))
    },
  )

  app.get(
    "/api/v1/alert-settings",
    { schema: { tags, summary: "When warnings go to the head, the digest, the mail server" } },
    async (request): Promise<AlertSettingsView> => {
      await require(world, request, "read", "settings")
      const server = await mailServer(pool)
      const { password = null, ...mail } = server ?? {}
      return {
        ...(await alertSettings(pool)),
        mail: server && { ...(mail as Omit<typeof server, "password">), hasPassword: password !== null },
      }
    },
  )
  app.put(
    "/api/v1/alert-settings",
    {
      schema: {
        tags,
        summary: "Change when warnings go to the head, and when the digest comes",
        body: z.object({
          escalateMinutes: z.record(z.union([z.literal("*"), department]), z.int().min(0).max(1_440)),
          digestAt: time.nullable(),
        }),
      },
    },
    async (request) => {
      const who = await require(world, request, "act", "settings")
      await putAlertSettings(world, request.body, who.name)
      return { done: true }
    },
  )
  app.put(
    "/api/v1/alert-settings/mail",
    { schema: { tags, summary: "Name the mail server, or none (null)", body: mailBody.nullable() } },
    async (request) => {
      const who = await require(world, request, "act", "settings")
      await putMailServer(world, request.body, who.name)
      return { done: true }
    },
  )

  app.get(
    "/api/v1/jobs/dead",
    { schema: { tags: ["operation"], summary: "Jobs that failed at every try" } },
    async (request): Promise<{ items: DeadJobRow[] }> => {
      await require(world, request, "read", "settings")
      const dead = await world.jobs.dead()
      return { items: dead.map(({ diedAt, data, ...each }) => ({ ...each, at: isoOf(diedAt) })) }
    },
  )
  app.post(
    "/api/v1/jobs/:id/revive",
    { schema: { tags: ["operation"], summary: "Give a dead job its tries again", params: byId } },
    async (request) => {
      await require(world, request, "act", "settings")
      if (!(await world.jobs.revive(request.params.id))) throw new Refusal("not_found")
      return { done: true }
    },
  )
}

async function rowsOf(world: World): Promise<RobotRow[]> {
  const { pool } = world.db
  const at = await world.now()
  const [all, lasts, settings] = await Promise.all([
    listRobots(pool),
    lastDeliveries(pool),
    alertSettings(pool),
  ])
  const heads = new Map<string, string | null>()
  for (const { department } of all)
    if (!heads.has(department)) heads.set(department, (await headOf(pool, department, at))?.name ?? null)
  return all.map((robot) => {
    const last = lasts.find((each) => each.robot === robot.id)
    const { id, kind, name, department, codes, warehouses, shown, keyword, quietFrom, quietTo, active } =
      robot
    return {
      id,
      kind,
      name,
      department,
      codes,
      warehouses,
      shown,
      keyword,
      active,
      secretAt: isoOrNull(robot.secretAt),
      quiet: quietFrom !== null && quietTo !== null ? { from: quietFrom, to: quietTo } : null,
      minute: { posted: stillCounted(kind, robot.posted, at).length, most: perMinute(kind) },
      blockedUntil: robot.blockedUntil !== null && robot.blockedUntil > at ? isoOf(robot.blockedUntil) : null,
      lastSentAt: isoOrNull(last?.sentAt),
      dead: last?.dead ?? 0,
      waiting: last?.waiting ?? 0,
      escalateMinutes: escalateMinutesOf(settings, department),
      head: heads.get(department) ?? null,
    }
  })
}

/** How one message went, for whoever pressed the button. */
const outcomeOf = ({ id, state, why, code, message, tookMs }: Delivery) => ({
  id,
  state,
  why,
  platform: code === null ? null : { code, message: message ?? "" },
  tookMs,
})

const deliveryRow = (each: ListedDelivery): DeliveryRow => ({
  id: each.id,
  at: isoOf(each.createdAt),
  robot: { id: each.robot, name: each.robotName },
  code: each.alertCode,
  said: each.said,
  state: each.state,
  gathered: each.gathered,
  tries: each.tries,
  why: each.why,
  platform: each.code === null ? null : { code: each.code, message: each.message ?? "" },
  dueAt: isoOrNull(each.dueAt),
  sentAt: isoOrNull(each.sentAt),
  tookMs: each.tookMs,
  instead: each.insteadName,
})
