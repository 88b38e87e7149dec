import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { isoOf } from "../../core/instants.ts"
import { Refusal } from "../../core/refusals.ts"
import { stateOf } from "../../engine/cases/counting.ts"
import type { ActInput } from "../../engine/cases/hand.ts"
import { type Done, performAct, performActs } from "../../engine/cases/perform.ts"
import { undoActs, undoable, undoMs } from "../../engine/cases/undo.ts"
import { listCandidates, namesOf } from "../../store/assignees.ts"
import { findCase } from "../../store/caseLists.ts"
import { findBatch } from "../../store/cases.ts"
import type { Assignee, BulkAnswer, CaseState, CaseView } from "../contract/cases.ts"
import type { World } from "../world.ts"
import { actorOf } from "./actor.ts"
import { instant } from "./lists.ts"
import { caseFor, caseView } from "./one.ts"
import { personRef } from "./rows.ts"

const id = z.string().min(1).max(64)
const words = z.string().max(4_000)
const code = z.string().min(1).max(64)
const person = z.uuid()
const form = z.enum(["short", "long"])
const fields = z.record(z.string().max(64), z.unknown())
const evidence = z.strictObject({
  signal: code.nullable(),
  text: words.nullable(),
  agreed: z.boolean(),
  data: z.record(z.string(), z.unknown()).optional(),
})
const act = <Name extends ActInput["act"], Shape extends z.ZodRawShape>(name: Name, shape: Shape) =>
  z.object({ act: z.literal(name), ...shape })

/** What each act takes beside its name. */
export const actInput = z.discriminatedUnion("act", [
  act("assign", { department: code.optional(), person: person.optional(), cause: code.optional() }),
  act("take", {}),
  act("hand_on", {
    department: code.optional(),
    person: person.optional(),
    reason: code,
    note: words.optional(),
  }),
  act("cause", { cause: code, reason: code.optional(), note: words.optional() }),
  act("analyse", { cause: code, text: words, evidence: z.array(evidence).max(50).optional() }),
  act("plan", {
    solved: z.boolean().optional(),
    etaAt: instant.optional(),
    reason: words.optional(),
    text: words.optional(),
  }),
  act("told", { how: z.enum(["notice", "chat", "phone"]), text: words }),
  act("resolve", { fact: code.optional() }),
  act("draft", { form, fields }),
  act("report", { form: form.optional(), fields: fields.optional() }),
  act("return", { gaps: z.array(code).max(50), note: words.optional() }),
  act("archive", {}),
  act("reopen", { reason: words }),
])
const actBody = z.intersection(
  actInput,
  z.object({ version: z.int().optional(), actId: z.string().min(1).max(100).optional() }),
)

/** Acts on cases: one, many at once, and taking them back. */
export default async function acts(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()

  app.post(
    "/api/v1/cases/:id/acts",
    {
      schema: { tags: ["cases"], summary: "Do something to a case", params: z.object({ id }), body: actBody },
    },
    async (request): Promise<CaseView> => {
      const { actor } = await caseFor(world, request, request.params.id)
      const { version, actId, ...input } = request.body
      await performAct(world, { number: request.params.id, input, version }, { actor, actId })
      return caseView(world, (await findCase(world.db, request.params.id))!, actor)
    },
  )

  app.post(
    "/api/v1/cases/bulk",
    {
      schema: {
        tags: ["cases"],
        summary: "Do the same to many cases",
        body: z.object({
          ids: z.array(id).min(1).max(500),
          input: actInput,
          actId: z.string().min(1).max(100).optional(),
        }),
      },
    },
    async (request): Promise<BulkAnswer> => {
      const { actor } = await actorOf(world, request)
      const { ids, input, actId } = request.body
      const { batch, at, done } = await performActs(
        world,
        [...new Set(ids)].map((number) => ({ number, input })),
        { actor, actId },
      )
      const until = undoable.has(input.act) && done.some(({ ok }) => ok) ? isoOf(at + undoMs) : null
      return { batch, undoableUntil: until, ...(await itemsOf(world, done)) }
    },
  )

  app.post(
    "/api/v1/cases/undo",
    {
      schema: {
        tags: ["cases"],
        summary: "Take back what one act did",
        body: z.union([z.object({ batch: z.uuid() }), z.object({ id, entry: z.uuid() })]),
      },
    },
    async (request): Promise<BulkAnswer> => {
      const { actor } = await actorOf(world, request)
      const { body } = request
      const batch = "batch" in body ? body.batch : await batchOf(world, body)
      const { done } = await undoActs(world, batch, actor)
      return { batch, undoableUntil: null, ...(await itemsOf(world, done)) }
    },
  )

  app.get(
    "/api/v1/cases/assignees",
    {
      schema: {
        tags: ["cases"],
        summary: "Whom an assignment to a department reaches, the first one first",
        querystring: z.object({ department: code }),
      },
    },
    async (request): Promise<Assignee[]> => {
      await actorOf(world, request)
      const found = await listCandidates(world.db.pool, [request.query.department], await world.now())
      return found
        .map(({ id, name, department, onDuty, isHead, open }) => ({
          id,
          name,
          department,
          onDuty,
          isHead,
          open,
        }))
        .sort((one, other) => Number(other.onDuty) - Number(one.onDuty) || one.open - other.open)
    },
  )
}

async function batchOf(world: World, { id, entry }: { id: string; entry: string }): Promise<string> {
  const found = await findCase(world.db, id)
  const batch = found && (await findBatch(world.db.pool, found, entry))
  if (!batch) throw new Refusal("not_undoable")
  return batch
}

async function itemsOf(
  world: World,
  done: readonly Done[],
): Promise<Pick<BulkAnswer, "items" | "done" | "refused">> {
  const names = await namesOf(
    world.db.pool,
    done.map((each) => (each.ok ? each.own.assignee : null)),
  )
  const items = done.map((each): BulkAnswer["items"][number] =>
    each.ok
      ? {
          id: each.number,
          ok: true,
          state: stateOf(each.own) as CaseState,
          department: each.own.department,
          assignee: personRef(names, each.own.assignee),
        }
      : { id: each.number, ok: false, code: each.code, detail: each.detail },
  )
  const good = items.filter(({ ok }) => ok).length
  return { items, done: good, refused: items.length - good }
}
