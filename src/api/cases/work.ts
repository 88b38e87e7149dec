import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { type Actor, departmentsOf, legalActs } from "../../core/cases.ts"
import { type Instant, isoOf } from "../../core/instants.ts"
import { listWarnings } from "../../store/alerts.ts"
import { countOwed, type ListedCase, listOwed } from "../../store/caseLists.ts"
import type { CaseRow, WorkList, WorkRow } from "../contract/cases.ts"
import { warningRow } from "../warnings.ts"
import type { Who } from "../who.ts"
import type { World } from "../world.ts"
import { actorOf } from "./actor.ts"
import { caseRows, dueStateOf } from "./rows.ts"

const dayMs = 24 * 60 * 60_000
const query = z.object({
  scope: z.enum(["mine", "department", "followed"]).default("mine"),
  limit: z.coerce.number().int().min(1).max(500).default(200),
})
type Scope = z.infer<typeof query>["scope"]

/** Everything that somebody has to do, in one list, what is due first first. */
export default async function work(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  app.get(
    "/api/v1/work",
    {
      schema: { tags: ["cases"], summary: "What I have to do, what is due first first", querystring: query },
    },
    async (request): Promise<WorkList> => {
      const { who, actor } = await actorOf(world, request)
      const { scope, limit } = request.query
      const now = await world.now()
      const by = { staff: actor.id, departments: [...departmentsOf(actor)] }
      const [cases, warnings, counts] = await Promise.all([
        casesOf(world, actor, { ...by, scope }, limit, now),
        scope === "followed" ? [] : warningsOf(world, who, by, scope, now),
        countOwed(world.db, by),
      ])
      const items = [...cases, ...warnings].sort(byDue).slice(0, limit)
      const own = warnings.length
      return {
        items,
        counts: {
          mine: counts.mine + (scope === "mine" ? own : 0),
          department: counts.department + (scope === "department" ? own : 0),
          followed: scope === "followed" ? items.length : 0,
          over: items.filter(({ state }) => state === "over").length,
        },
        serverTime: isoOf(now),
      }
    },
  )
}

/** What is due first first; what has no limit last. */
const byDue = (one: WorkRow, other: WorkRow): number =>
  (one.dueAt === null ? Infinity : Date.parse(one.dueAt)) -
    (other.dueAt === null ? Infinity : Date.parse(other.dueAt)) || (one.id < other.id ? -1 : 1)

async function casesOf(
  world: World,
  actor: Actor,
  by: Parameters<typeof listOwed>[1],
  limit: number,
  now: Instant,
): Promise<WorkRow[]> {
  const found = await listOwed(world.db, by, limit)
  const rows = await caseRows(world, found, now)
  return rows.map((row, i) => workRow(row, found[i]!, actor))
}

function workRow(row: CaseRow, each: ListedCase, actor: Actor): WorkRow {
  const owed = row.owed!
  return {
    id: `case ${row.number}`,
    kind: "case",
    what: owed.what,
    number: row.number,
    title: row.product ?? row.order.orderNo,
    detail: row.order.orderNo,
    cause: row.cause,
    link: `/cases/${row.number}`,
    count: 1,
    department: owed.department,
    person: owed.person,
    startAt: owed.startAt,
    nearAt: owed.nearAt,
    dueAt: owed.dueAt,
    state: owed.state,
    caseRef: {
      id: row.id,
      version: row.version,
      state: row.state,
      acts: legalActs(each, actor)
        .filter(({ may }) => may)
        .map(({ act }) => act),
    },
  }
}

/** Warnings that run: those that one owns or took, or those of one's departments. */
async function warningsOf(
  world: World,
  who: Who,
  by: { staff: string | null; departments: readonly string[] },
  scope: Scope,
  now: Instant,
): Promise<WorkRow[]> {
  if (by.departments.length === 0) return []
  const found = (await listWarnings(world.db.pool, [...by.departments], now - dayMs)).filter(
    ({ endedAt }) => endedAt === null,
  )
  const rows = await Promise.all(found.slice(0, 50).map((each) => warningRow(world, each, who)))
  return rows
    .filter(({ mine, takenBy }) => (scope === "mine" ? mine : !takenBy))
    .map((row): WorkRow => {
      const dueAt = row.firstDueAt
      const due = dueAt === null ? null : Date.parse(dueAt)
      return {
        id: `warning ${row.id}`,
        kind: "warning",
        what: "warning",
        number: "",
        title: row.title,
        detail: row.said,
        cause: null,
        link: row.path,
        count: row.total,
        department: row.department,
        person: row.takenBy ?? row.owner,
        startAt: row.at,
        nearAt: row.at,
        dueAt,
        state: dueStateOf(due, Date.parse(row.at), now),
        caseRef: null,
      }
    })
}
