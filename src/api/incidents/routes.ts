import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { partiesOf } from "../../core/cases.ts"
import { incidentStates } from "../../core/incidents.ts"
import { isoOf } from "../../core/instants.ts"
import { Refusal } from "../../core/refusals.ts"
import { openIncident } from "../../engine/incidents/gather.ts"
import { casesMax } from "../../engine/incidents/hand.ts"
import { actOnIncident } from "../../engine/incidents/record.ts"
import { countIncidents, listIncidents } from "../../store/incidentCases.ts"
import { findIncident, findIncidentId, listRefusals } from "../../store/incidents.ts"
import { numberMax } from "../../store/keys.ts"
import { actorOf, sightOf } from "../cases/actor.ts"
import { instant } from "../cases/lists.ts"
import type { IncidentRefusal, IncidentsPage, IncidentView } from "../contract/incidents.ts"
import { counted } from "../places.ts"
import type { World } from "../world.ts"
import { incidentFor, incidentView } from "./one.ts"
import { incidentRows } from "./rows.ts"

const empty = (value: unknown) => (value === "" ? undefined : value)
const number = z.object({ number: z.string().min(1).max(64) })
const words = z.string().max(4_000)
const title = z.string().max(80)
const code = z.string().min(1).max(64)
const cases = z.array(code).min(1).max(casesMax)
const actId = z.string().min(1).max(100).optional()
const evidence = z.strictObject({
  signal: code.nullable(),
  text: words.nullable(),
  agreed: z.boolean(),
  data: z.record(z.string(), z.unknown()).optional(),
})
const act = <Name extends string, Shape extends z.ZodRawShape>(name: Name, shape: Shape) =>
  z.object({ act: z.literal(name), ...shape })

const input = z.discriminatedUnion("act", [
  act("add", { cases }),
  act("leave", { cases, reason: words }),
  act("exempt", { cases, reason: words }),
  act("merge", { into: code }),
  act("split", { cases, title }),
  act("rename", { title }),
  act("assign", { department: code.optional(), person: z.uuid().optional(), cause: code.optional() }),
  act("analyse", { cause: code, text: words, evidence: z.array(evidence).max(50).optional() }),
  act("plan", { etaAt: instant, reason: words, text: words.optional() }),
  act("told", { how: z.enum(["notice", "chat", "phone"]), text: words.optional() }),
  act("resolve", {}),
  act("report", {
    form: z.enum(["short", "long"]).optional(),
    fields: z.record(z.string().max(64), z.unknown()).optional(),
  }),
  act("return", { gaps: z.array(code).min(1).max(50), note: words.optional() }),
  act("archive", {}),
  act("undo", { seq: z.int().min(1).max(numberMax) }),
])
const query = z.object({
  state: z.preprocess(empty, z.enum([...incidentStates, "unarchived"]).optional()),
  q: z.preprocess(empty, z.string().max(200).optional()),
  limit: z.preprocess(empty, z.coerce.number().int().min(1).max(200).default(50)),
  cursor: z.preprocess(empty, counted.optional()),
})

/** Incidents: the list, one whole, opening one by hand, and what is done once for all of its cases. */
export default async function incidents(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const tags = ["incidents"]

  app.get(
    "/api/v1/incidents",
    { schema: { tags, summary: "Incidents: one cause behind many cases", querystring: query } },
    async (request): Promise<IncidentsPage> => {
      const asking = await actorOf(world, request)
      const { state, q, limit, cursor } = request.query
      const now = await world.now()
      const filter = { state, q, seenBy: sightOf(asking) }
      const [found, total] = await Promise.all([
        listIncidents(world.db, filter, { limit: limit + 1, before: cursor ?? null }),
        countIncidents(world.db, filter),
      ])
      const shown = found.slice(0, limit)
      return {
        items: (await incidentRows(world, shown, now)).map(({ row }) => row),
        next: found.length > limit ? String(shown.at(-1)!.n) : null,
        total,
        serverTime: isoOf(now),
      }
    },
  )

  app.post(
    "/api/v1/incidents",
    {
      // A thousand numbers of cases and more.
      bodyLimit: 2 ** 20,
      schema: {
        tags,
        summary: "Gather cases into a new incident by hand",
        body: z.object({ title, cases, cause: code.optional(), actId }),
      },
    },
    async (request): Promise<IncidentView> => {
      const { actor } = await actorOf(world, request)
      const parties = partiesOf(actor, { department: null, assignee: null })
      const leads = actor.roles.some(({ role }) => role === "head")
      if (!parties.has("operations") && !leads) throw new Refusal("forbidden")
      const opened = await openIncident(world, request.body, actor)
      const own = await findIncident(world.db.pool, (await findIncidentId(world.db.pool, opened))!)
      return incidentView(world, own!, actor)
    },
  )

  app.get(
    "/api/v1/incidents/:number",
    { schema: { tags, summary: "One incident", params: number } },
    async (request): Promise<IncidentView> => {
      const { own, actor } = await incidentFor(world, request, request.params.number)
      return incidentView(world, own, actor)
    },
  )

  app.post(
    "/api/v1/incidents/:number/acts",
    {
      bodyLimit: 2 ** 20,
      schema: {
        tags,
        summary: "Do something once for all cases of an incident",
        params: number,
        body: z.intersection(input, z.object({ version: z.int().optional(), actId })),
      },
    },
    async (request): Promise<IncidentView> => {
      const { own, actor } = await incidentFor(world, request, request.params.number)
      const { version, actId: id, ...asked } = request.body
      const answer = await actOnIncident(world, own.id, asked, { actor, version, actId: id })
      const shown = await findIncident(world.db.pool, (await findIncidentId(world.db.pool, answer))!)
      return incidentView(world, shown!, actor)
    },
  )

  app.get(
    "/api/v1/incidents/:number/acts/:seq/refused",
    {
      schema: {
        tags,
        summary: "The cases that an act could not move, with why",
        params: number.extend({ seq: counted }),
      },
    },
    async (request): Promise<IncidentRefusal[]> => {
      const { own } = await incidentFor(world, request, request.params.number)
      return listRefusals(world.db.pool, own.id, request.params.seq)
    },
  )
}
