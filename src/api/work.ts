import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { departmentsOf } from "../core/cases.ts"
import { isoOf } from "../core/instants.ts"
import { listHomes } from "../store/assignees.ts"
import type { Person } from "../store/people.ts"
import { actorOf } from "./cases/actor.ts"
import type { WorkCounts, WorkList, WorkRow, WorkScope } from "./contract/work.ts"
import { whoOf } from "./who.ts"
import { owedCases } from "./work/cases.ts"
import { handovers } from "./work/handovers.ts"
import { openHelp } from "./work/help.ts"
import { owedIncidents } from "./work/incidents.ts"
import { mentions } from "./work/mentions.ts"
import { type WorkAsking, type WorkSource, workScopes } from "./work/source.ts"
import { openWarnings } from "./work/warnings.ts"
import type { World } from "./world.ts"

/** Where work comes from; whoever adds a kind adds a file beside these and a line here. */
const sources: readonly WorkSource[] = [owedCases, owedIncidents, openWarnings, openHelp, mentions, handovers]

const query = z.object({
  scope: z.enum(workScopes).default("mine"),
  limit: z.coerce.number().int().min(1).max(500).default(200),
})

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
      const whole = actor.roles.some(({ role }) => role === "owner")
      const departments = whole ? null : [...departmentsOf(actor)]
      const found = await gather({ world, who, actor, departments, scope, limit, now })
      const items = found
        .flatMap((each) => each.items)
        .sort(byDue)
        .slice(0, limit)
      const count = (of: WorkScope) => found.reduce((sum, { counts }) => sum + counts[of], 0)
      const counts = Object.fromEntries(workScopes.map((of) => [of, count(of)])) as WorkCounts
      return {
        items,
        counts: { ...counts, over: items.filter(({ state }) => state === "over").length },
        whole,
        serverTime: isoOf(now),
      }
    },
  )
}

/** Asks every source. */
const gather = (asking: WorkAsking) => Promise.all(sources.map((source) => source(asking)))

/** What somebody has in hand and could hand over: all of their work but handovers that wait for them. */
export async function inHand(world: World, person: Person): Promise<WorkRow[]> {
  const who = whoOf(person)
  const { id, name, roles } = person
  const now = await world.now()
  const [home] = await listHomes(world.db.pool, [id], now)
  const actor = { id, name, roles, departments: home?.departments ?? [] }
  const departments = [...departmentsOf(actor)]
  const found = await gather({ world, who, actor, departments, scope: "mine", limit: 500, now })
  return found
    .flatMap(({ items }) => items)
    .filter(({ kind }) => kind !== "handover")
    .sort(byDue)
}

/** What is due first first, of equal ones what stands for most orders; what has no limit last. */
const byDue = (one: WorkRow, other: WorkRow): number => {
  const [due, otherDue] = [dueOf(one), dueOf(other)]
  if (due !== otherDue) return due - otherDue
  return other.count - one.count || (one.id < other.id ? -1 : 1)
}
const dueOf = ({ dueAt }: WorkRow): number => (dueAt === null ? Infinity : Date.parse(dueAt))
