import type { FastifyInstance, FastifyRequest } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { caseStates } from "../../core/cases.ts"
import { type Instant, isoOf, parseInstant } from "../../core/instants.ts"
import { Refusal } from "../../core/refusals.ts"
import { namesOf } from "../../store/assignees.ts"
import {
  type CaseCursor,
  type CaseFilter,
  type CaseSort,
  countCaseGroups,
  countCases,
  countCasesBy,
  cursorOf,
  listCaseGroups,
  listCases,
} from "../../store/caseLists.ts"
import { findIncidentId } from "../../store/incidents.ts"
import type { CaseCounts, CasesPage } from "../contract/cases.ts"
import { counted, placeAt, placeBucket } from "../places.ts"
import type { World } from "../world.ts"
import { actorOf, sightOf } from "./actor.ts"
import { caseRows, personRef } from "./rows.ts"

const empty = (value: unknown) => (value === "" ? undefined : value)
const text = z.preprocess(empty, z.string().max(200).optional())
/** An instant in a query or body. */
export const instant = z.string().transform((each, context): Instant => {
  const at = parseInstant(each)
  if (at === null)
    context.addIssue({
      code: "custom",
      message: "expected an instant with an offset, such as 2026-11-24T10:00:00+08:00",
    })
  return at ?? 0
})
const optional = z.preprocess(empty, instant.optional())
const filterSchema = {
  state: z.preprocess(empty, z.enum([...caseStates, "withdrawn", "unarchived"]).optional()),
  department: text,
  assignee: text,
  cause: text,
  proposed: text,
  incident: text,
  exempt: z.preprocess(empty, z.enum(["true", "false"]).optional()),
  told: z.preprocess(empty, z.enum(["current", "outdated", "nothing"]).optional()),
  owed: text,
  due: z.preprocess(empty, z.enum(["running", "near", "paused", "over"]).optional()),
  owedBefore: optional,
  handOns: z.preprocess(empty, z.coerce.number().int().min(0).max(1000).optional()),
  resolvable: z.preprocess(empty, z.enum(["true"]).optional()),
  channel: text,
  shop: text,
  basis: text,
  clock: text,
  openedFrom: optional,
  openedTo: optional,
  archivedFrom: optional,
  archivedTo: optional,
  alert: z.preprocess(empty, z.uuid().optional()),
  q: text,
}
const listQuery = z.object({
  ...filterSchema,
  sort: z.preprocess(empty, z.enum(["owed", "openedAt", "-openedAt"]).default("-openedAt")),
  group: z.preprocess(empty, z.enum(["incident"]).optional()),
  limit: z.preprocess(empty, z.coerce.number().int().min(1).max(500).default(50)),
  cursor: text,
})

/** Lists of cases, and how many of them there are by everything that narrows them. */
export default async function lists(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()

  app.get(
    "/api/v1/cases",
    { schema: { tags: ["cases"], summary: "Cases of orders that broke a promise", querystring: listQuery } },
    async (request): Promise<CasesPage> => {
      const { limit, cursor, sort, group, ...query } = request.query
      const filter = await filterOf(world, request, query)
      const place = { limit: limit + 1, after: readCursor(cursor), sort }
      const [found, total, lines] = await Promise.all([
        (group ? listCaseGroups : listCases)(world.db, filter, place),
        countCases(world.db, filter),
        group ? countCaseGroups(world.db, filter) : null,
      ])
      const shown = found.slice(0, limit)
      const last = shown.at(-1)
      return {
        items: await caseRows(world, shown, filter.now),
        next: found.length > limit && last ? writeCursor(cursorOf(last, sort as CaseSort)) : null,
        total,
        ...(lines === null ? {} : { lines }),
        serverTime: isoOf(filter.now),
      }
    },
  )

  app.get(
    "/api/v1/cases/counts",
    {
      schema: {
        tags: ["cases"],
        summary: "How many cases a list has, by everything that narrows it",
        querystring: z.object(filterSchema),
      },
    },
    async (request): Promise<CaseCounts> => {
      const filter = await filterOf(world, request, request.query)
      const by = (group: Parameters<typeof countCasesBy>[2]) => countCasesBy(world.db, filter, group)
      const [total, state, department, assignee, cause, owed, due] = await Promise.all([
        countCases(world.db, filter),
        by("state"),
        by("department"),
        by("assignee"),
        by("cause"),
        by("owed"),
        by("due"),
      ])
      const names = await namesOf(
        world.db.pool,
        assignee.map(({ value }) => value),
      )
      return {
        total,
        byState: state.map(({ value, count }) => ({ state: value, count })),
        byDepartment: department.map(({ value, count }) => ({ department: value, count })),
        byAssignee: assignee.map(({ value, count }) => ({ assignee: personRef(names, value), count })),
        byCause: cause.map(({ value, count }) => ({ cause: value, count })),
        byOwed: owed.map(({ value, count }) => ({ owed: value, count })),
        byDue: due.map(({ value, count }) => ({ due: value, count })),
      } as CaseCounts
    },
  )
}

type Query = z.infer<z.ZodObject<typeof filterSchema>>

/** What a query narrows the list by, for whoever asks. */
async function filterOf(world: World, request: FastifyRequest, query: Query): Promise<CaseFilter> {
  const asking = await actorOf(world, request)
  const { assignee, incident, resolvable, exempt, ...rest } = query
  const filter: CaseFilter = {
    ...rest,
    now: await world.now(),
    seenBy: sightOf(asking),
    resolvable: resolvable === "true",
    exempt: exempt === undefined ? undefined : exempt === "true",
  }
  if (assignee) filter.assignee = assignee === "me" ? (asking.actor.id ?? "nobody") : assignee
  if (incident)
    filter.incident =
      incident === "none"
        ? incident
        : ((await findIncidentId(world.db.pool, incident)) ?? "00000000-0000-0000-0000-000000000000")
  return filter
}

const cursorSchema = z.object({ at: placeAt.nullable(), bucket: placeBucket, n: counted })
const writeCursor = ({ at, ...rest }: CaseCursor): string =>
  Buffer.from(JSON.stringify({ at: at === Infinity ? null : at, ...rest })).toString("base64url")
function readCursor(text: string | undefined): CaseCursor | null {
  if (!text) return null
  try {
    const { at, ...rest } = cursorSchema.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")))
    return { at: at ?? Infinity, ...rest }
  } catch {
    throw new Refusal("bad_cursor")
  }
}
