import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { type Actor, departmentsOf } from "../core/cases.ts"
import { confirmMinutes, nextShiftMinutes } from "../core/handovers.ts"
import { isoOf, isoOrNull } from "../core/instants.ts"
import { Refusal } from "../core/refusals.ts"
import { giveHandover, keepDraft, mayConfirm, takeItems } from "../engine/handovers.ts"
import { namesOf } from "../store/assignees.ts"
import {
  findDraft,
  findHandover,
  type Handover,
  type HandoverItem,
  listHandovers,
  listItems,
  whoComes,
} from "../store/handovers.ts"
import { listDepartments, type Person } from "../store/people.ts"
import { listShifts } from "../store/rosters.ts"
import type { Session } from "../store/statement.ts"
import { actorOf } from "./cases/actor.ts"
import { instant } from "./cases/lists.ts"
import { type Names, personRef } from "./cases/rows.ts"
import type { HandoverRow, HandoverView, OwnWork, TakenView } from "./contract/handovers.ts"
import { inHand } from "./work.ts"
import type { World } from "./world.ts"

const minuteMs = 60_000
const words = z.string().trim().max(2000)
const draftBody = {
  department: z.string().max(40),
  note: words.default(""),
  notes: z.record(z.string().max(80), words).default({}),
}

/** Shift handovers: what one hands over, what the next shift confirms item by item, and those of before. */
export default async function handovers(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const tags = ["handovers"]
  const byId = z.object({ id: z.uuid() })
  const pool = world.db.pool

  app.get(
    "/api/v1/handovers/own",
    { schema: { tags, summary: "What I have in hand and could hand over, with what I began to write" } },
    async (request): Promise<OwnWork> => {
      const { who, actor } = await actorOf(world, request)
      const person = personOf(who.person)
      const now = await world.now()
      const [shift] = (await listShifts(pool, { from: now, to: now + 1 })).filter(
        ({ staff }) => staff === person.id,
      )
      const department = shift?.department ?? actor.departments[0] ?? person.department
      const draft = await findDraft(pool, person.id)
      const next =
        department == null
          ? []
          : await whoComes(pool, department, now, (shift?.to ?? now) + nextShiftMinutes * minuteMs)
      return {
        department: draft?.department ?? department ?? null,
        shiftEndsAt: isoOrNull(shift?.to),
        next: next
          .filter(({ id }) => id !== person.id)
          .map(({ from, ...each }) => ({ ...each, from: isoOf(from) })),
        items: await inHand(world, person),
        draft: draft ? { id: draft.id, note: draft.note, notes: draft.notes } : null,
        departments: [...departmentsOf(actor)],
      }
    },
  )

  app.put(
    "/api/v1/handovers/own",
    { schema: { tags, summary: "Keep what I began to write", body: z.object(draftBody) } },
    async (request) => {
      const { who, actor } = await actorOf(world, request)
      await refuseDepartment(pool, request.body.department, actor)
      return { id: await keepDraft(world, personOf(who.person).id, request.body) }
    },
  )

  app.post(
    "/api/v1/handovers",
    {
      schema: {
        tags,
        summary: "Hand my open work to the next shift; giving the same again changes nothing",
        body: z.object({
          ...draftBody,
          id: z.uuid().optional(),
          keep: z.array(z.string()).max(500).default([]),
        }),
      },
    },
    async (request): Promise<HandoverView> => {
      const { who, actor } = await actorOf(world, request)
      const person = personOf(who.person)
      const { id = null, department, note, notes, keep } = request.body
      await refuseDepartment(pool, department, actor)
      const rows = (await inHand(world, person)).filter((row) => !keep.includes(row.id))
      const items = rows.map((row) => ({
        kind: row.kind,
        subject: row.id.slice(row.kind.length + 1),
        title: row.title,
        number: row.number,
        link: row.link,
        dueAt: row.dueAt === null ? null : Date.parse(row.dueAt),
        note: notes[row.id] ?? "",
      }))
      const given = await giveHandover(world, { id, department, staff: person.id, note, items }, person)
      return viewOf(given, actor)
    },
  )

  app.get(
    "/api/v1/handovers",
    {
      schema: {
        tags,
        summary: "Handovers that were given, newest first",
        querystring: z.object({
          department: z.string().max(40).optional(),
          open: z.enum(["true"]).optional(),
          before: instant.optional(),
          limit: z.coerce.number().int().min(1).max(200).default(50),
        }),
      },
    },
    async (request): Promise<{ items: HandoverRow[] }> => {
      const { who, actor } = await actorOf(world, request)
      const { department, open, before, limit } = request.query
      const own = who.may("read", "case") ? null : [...departmentsOf(actor)]
      const departments = department === undefined ? own : [department]
      if (department !== undefined && own !== null && !own.includes(department))
        throw new Refusal("forbidden")
      const found = await listHandovers(pool, {
        departments,
        staff: department === undefined ? actor.id : null,
        open: open === "true",
        before: before ?? null,
        limit,
      })
      const { items, names } = await aboutOf(found)
      return { items: found.map((each) => rowOf(each, items.get(each.id) ?? [], names, actor)) }
    },
  )

  app.get(
    "/api/v1/handovers/:id",
    { schema: { tags, summary: "One handover with its items", params: byId } },
    async (request): Promise<HandoverView> => {
      const { who, actor } = await actorOf(world, request)
      const found = await findHandover(pool, request.params.id)
      if (!found || found.givenAt === null) throw new Refusal("not_found")
      const seen =
        who.may("read", "case") || found.fromStaff === actor.id || departmentsOf(actor).has(found.department)
      if (!seen) throw new Refusal("forbidden")
      return viewOf(found.id, actor)
    },
  )

  app.post(
    "/api/v1/handovers/:id/take",
    {
      schema: {
        tags,
        summary: "Confirm items of a handover, or all that wait: they are mine from then on",
        params: byId,
        body: z.object({
          items: z
            .array(z.object({ kind: z.string().max(20), subject: z.string().max(80) }))
            .max(500)
            .optional(),
        }),
      },
    },
    async (request): Promise<TakenView> => {
      const { actor } = await actorOf(world, request)
      const { id } = request.params
      const taken = await takeItems(world, id, request.body.items ?? null, actor)
      return { ...taken, handover: await viewOf(id, actor) }
    },
  )

  async function aboutOf(found: readonly Handover[]) {
    const all = await listItems(
      pool,
      found.map(({ id }) => id),
    )
    const items = new Map<string, HandoverItem[]>()
    for (const each of all) items.set(each.handover, [...(items.get(each.handover) ?? []), each])
    const people = [...found.map(({ fromStaff }) => fromStaff), ...all.map(({ takenBy }) => takenBy)]
    return { items, names: await namesOf(pool, people) }
  }

  async function viewOf(id: string, actor: Actor): Promise<HandoverView> {
    const found = (await findHandover(pool, id))!
    const { items, names } = await aboutOf([found])
    const own = items.get(id) ?? []
    return {
      ...rowOf(found, own, names, actor),
      confirmMinutes,
      items: own.map(({ handover: _, takenBy, takenAt, dueAt, ...each }) => ({
        ...each,
        dueAt: isoOrNull(dueAt),
        takenBy: personRef(names, takenBy),
        takenAt: isoOrNull(takenAt),
      })),
    }
  }
}

/** Whoever hands over is a person: a key has no shift. */
function personOf(person: Person | null): Person {
  if (person === null) throw new Refusal("forbidden", "Only a person hands over.")
  return person
}

/** Whoever runs the company hands over to any department that is open, everybody else to their own. */
async function refuseDepartment(session: Session, department: string, actor: Actor): Promise<void> {
  const runs = actor.roles.some(({ role }) => role === "owner" || role === "operations")
  const isOpen = (await listDepartments(session)).some(
    ({ id, closedAt }) => id === department && closedAt === null,
  )
  if (!isOpen || (!runs && !departmentsOf(actor).has(department))) throw new Refusal("unknown_department")
}

function rowOf(each: Handover, items: readonly HandoverItem[], names: Names, actor: Actor): HandoverRow {
  const count = (state: HandoverItem["state"]) => items.filter((item) => item.state === state).length
  const takers = new Set(items.flatMap(({ takenBy }) => (takenBy === null ? [] : [names.get(takenBy) ?? ""])))
  return {
    id: each.id,
    department: each.department,
    from: personRef(names, each.fromStaff)!,
    note: each.note,
    givenAt: isoOf(each.givenAt!),
    escalatedAt: isoOrNull(each.escalatedAt),
    closedAt: isoOrNull(each.closedAt),
    waiting: count("waiting"),
    taken: count("taken"),
    gone: count("gone"),
    takers: [...takers],
    mine: mayConfirm(each, actor),
  }
}
