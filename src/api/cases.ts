import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { isoOf, isoOrNull } from "../core/instants.ts"
import { Refusal } from "../core/refusals.ts"
import { stateOf } from "../engine/casework.ts"
import { type CaseCursor, countCases, findCase, type ListedCase, listCases } from "../store/caseLists.ts"
import { listCaseLog } from "../store/cases.ts"
import { caseNumber, orderPlace } from "../store/keys.ts"
import { findOrder } from "../store/orders.ts"
import type { CaseRow, CaseState, CaseView, Page } from "./contract.ts"
import { rowsOf } from "./orders.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

const empty = (value: unknown) => (value === "" ? undefined : value)
const text = z.preprocess(empty, z.string().max(200).optional())
const query = z.object({
  state: z.preprocess(
    empty,
    z
      .enum(["open", "assigned", "analysed", "planned", "resolved", "reported", "archived", "withdrawn"])
      .optional(),
  ),
  department: text,
  cause: text,
  channel: text,
  shop: text,
  basis: text,
  clock: text,
  alert: z.preprocess(empty, z.uuid().optional()),
  q: text,
  sort: z.preprocess(empty, z.enum(["openedAt", "-openedAt"]).default("-openedAt")),
  limit: z.preprocess(empty, z.coerce.number().int().min(1).max(500).default(50)),
  cursor: text,
})

/** Cases: the list, and one with its log. */
export default async function cases(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()

  app.get(
    "/api/v1/cases",
    { schema: { tags: ["cases"], summary: "Cases of orders that broke a promise", querystring: query } },
    async (request): Promise<Page<CaseRow>> => {
      await require(world, request, "read", "case")
      const { limit, cursor, sort, ...filter } = request.query
      const page = { limit: limit + 1, after: readCursor(cursor), newestFirst: sort === "-openedAt" }
      const [found, total] = await Promise.all([
        listCases(world.db, filter, page),
        countCases(world.db, filter),
      ])
      const shown = found.slice(0, limit)
      const last = shown.at(-1)
      const next =
        found.length > limit && last
          ? writeCursor({ at: last.openedAt, bucket: last.bucket, n: last.n })
          : null
      return { items: shown.map(caseRow), next, total }
    },
  )

  app.get(
    "/api/v1/cases/:id",
    { schema: { tags: ["cases"], summary: "One case", params: z.object({ id: z.string().max(64) }) } },
    async (request): Promise<CaseView> => {
      await require(world, request, "read", "case")
      const found = await findCase(world.db, request.params.id)
      if (!found) throw new Refusal("not_found", "There is no case of this number.")
      const order = await findOrder(world.db.pool, orderPlace(found))
      const log = await listCaseLog(world.db.pool, found)
      return {
        ...caseRow(found),
        log: [opening(found), ...log].map((entry) => ({ ...entry, at: isoOf(entry.at) })),
        orderView: order ? (await rowsOf(world, [order]))[0]! : null,
      }
    },
  )
}

/** The first entry of a case: the breach that opened it stands on its clock. */
function opening({ openedAt, breaches }: ListedCase) {
  const first = breaches.find(({ firedAt }) => firedAt === openedAt)
  const data = first ? { clock: first.clock, basis: first.basis, round: first.round, dueAt: first.dueAt } : {}
  return { at: openedAt, what: "opened", who: null, data }
}

function caseRow(each: ListedCase): CaseRow {
  const standing = each.breaches.filter(({ withdrawnAt }) => withdrawnAt === null)
  const worst = standing[0]
  return {
    id: caseNumber(each.n, each.bucket),
    number: caseNumber(each.n, each.bucket),
    order: { channel: each.channel, shop: each.shop, orderNo: each.orderNo },
    product: each.product,
    breaches: each.breaches.map(({ clock, basis, round, dueAt, withdrawnAt }) => ({
      clock,
      basis,
      round,
      dueAt: isoOf(dueAt),
      withdrawnAt: isoOrNull(withdrawnAt),
    })) as CaseRow["breaches"],
    state: stateOf(each) as CaseState,
    department: each.department,
    assignee: each.assignee,
    cause: each.cause,
    incident: each.incident,
    openedAt: isoOf(each.openedAt),
    lateFrom: worst ? isoOf(worst.dueAt) : null,
    lateUntil: worst ? isoOrNull(worst.closedAt) : null,
    owed: each.archivedAt === null && each.state === "open" ? { what: "assign", dueAt: null } : null,
  }
}

const cursorSchema = z.object({ at: z.number(), bucket: z.number(), n: z.number() })
const writeCursor = (cursor: CaseCursor): string => Buffer.from(JSON.stringify(cursor)).toString("base64url")
function readCursor(text: string | undefined): CaseCursor | null {
  if (!text) return null
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")))
  } catch {
    throw new Refusal("bad_cursor")
  }
}
