import type { FastifyInstance, FastifyRequest } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { wallOf } from "../core/dates.ts"
import { type Instant, isoOf, isoOrNull } from "../core/instants.ts"
import { isWithin, mayManage, reachOf } from "../core/permissions.ts"
import { Refusal } from "../core/refusals.ts"
import { dayStart } from "../core/wallTime.ts"
import { handOverAll, proposeTakers } from "../engine/leaving.ts"
import { namesOf } from "../store/assignees.ts"
import { countCases, listCases } from "../store/caseLists.ts"
import { caseNumber } from "../store/keys.ts"
import { findCompany, findPersonById, listDepartments, type Person } from "../store/people.ts"
import {
  type HandOnRow,
  listHandOns,
  listLateSteps,
  listMetSteps,
  recordMax,
  type StepRow,
} from "../store/record.ts"
import { instant } from "./cases/lists.ts"
import { caseRows, type Names, personRef } from "./cases/rows.ts"
import type { HandOnRowView, InHandView, RecordView, StepView } from "./contract/record.ts"
import { require, whoIs } from "./who.ts"
import { inHand } from "./work.ts"
import type { World } from "./world.ts"

const dayMs = 24 * 60 * 60_000
const spanMs = 28 * dayMs

/** A person's record from facts, what they have in hand, and handing that over when they leave. */
export default async function record(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const tags = ["people"]
  const byId = z.object({ id: z.union([z.uuid(), z.literal("me")]) })
  const pool = world.db.pool

  app.get(
    "/api/v1/people/:id/record",
    {
      schema: {
        tags,
        summary: "What a person has in hand, handed on, did in time and late; four weeks unless said",
        params: byId,
        querystring: z.object({ from: instant.optional(), to: instant.optional() }),
      },
    },
    async (request): Promise<RecordView> => {
      const person = await seen(request)
      const now = await world.now()
      const zone = (await findCompany(pool))?.timezone ?? world.config.timezone
      const to = request.query.to ?? now + 1
      const from = request.query.from ?? weekOf(to - spanMs, zone)
      const [open, handOns, late, met] = await Promise.all([
        countCases(world.db, { now, assignee: person.id, state: "unarchived" }),
        listHandOns(pool, person.id, from, to),
        listLateSteps(pool, person.id, from, to),
        listMetSteps(pool, person.id, from, to),
      ])
      const names = await namesOf(
        pool,
        handOns.flatMap(({ fromPerson, person }) => [fromPerson, person]),
      )
      const steps = {
        late: late.map((each) => stepView(each, zone)),
        met: met.map((each) => stepView(each, zone)),
      }
      const isBy = (each: HandOnRow) => each.by === person.id || each.fromPerson === person.id
      return {
        person: { id: person.id, name: person.name, department: person.department },
        from: isoOf(from),
        to: isoOf(to),
        open,
        handedOn: handOns.filter(isBy).map((each) => handOnView(each, names)),
        received: handOns
          .filter((each) => each.person === person.id && !isBy(each))
          .map((each) => handOnView(each, names)),
        ...steps,
        weeks: weeksOf(steps),
        cut: [handOns, late, met].some(({ length }) => length === recordMax),
      }
    },
  )

  app.get(
    "/api/v1/people/:id/in-hand",
    { schema: { tags, summary: "What a person has in hand, each with who would take it", params: byId } },
    async (request): Promise<InHandView> => {
      const person = await seen(request)
      const now = await world.now()
      const filter = { now, assignee: person.id, state: "unarchived" }
      const [cases, proposed, work] = await Promise.all([
        listCases(world.db, filter, { limit: 500, after: null, sort: "owed" }),
        proposeTakers(pool, person.id, now),
        inHand(world, person),
      ])
      const rows = await caseRows(world, cases, now)
      const to = new Map(proposed.map((each) => [each.number, each.to]))
      return {
        items: rows.map(({ number, product, order, state, department, owed }) => ({
          number,
          title: product ?? order.orderNo,
          state,
          department,
          dueAt: owed?.dueAt ?? null,
          to: to.get(number) ?? null,
        })),
        others: work.filter(({ kind }) => kind !== "case").length,
        goesAt: isoOrNull(person.leavesAt ?? person.expiresAt),
      }
    },
  )

  app.post(
    "/api/v1/people/:id/hand-over",
    {
      schema: {
        tags,
        summary:
          "Hand over everything that a person has in hand: to those chosen, else by the rules of assignment",
        params: z.object({ id: z.uuid() }),
        body: z.object({
          choices: z
            .array(z.object({ number: z.string().max(20), person: z.uuid() }))
            .max(5000)
            .default([]),
        }),
      },
    },
    async (request) => {
      const who = await require(world, request, "act", "people")
      const person = await findPersonById(pool, request.params.id)
      if (!person) throw new Refusal("not_found")
      if (!mayManage(who.held, person, await listDepartments(pool))) throw new Refusal("forbidden")
      const { choices } = request.body
      const chosen = await Promise.all(
        [...new Set(choices.map((each) => each.person))].map((id) => findPersonById(pool, id)),
      )
      if (chosen.some((each) => !each?.active || each.id === person.id)) throw new Refusal("unknown_person")
      const moved = await handOverAll(
        world,
        person.id,
        { id: who.person?.id ?? null, name: who.name },
        new Map(choices.map((each) => [each.number, each.person])),
      )
      const left = await countCases(world.db, {
        now: await world.now(),
        assignee: person.id,
        state: "unarchived",
      })
      return { moved, left }
    },
  )

  /** A person whose record whoever asks may see: oneself, or people within reach. */
  async function seen(request: FastifyRequest<{ Params: { id: string } }>): Promise<Person> {
    const who = await whoIs(world, request)
    if (who === null) throw new Refusal("not_signed_in")
    const { id } = request.params
    if (who.person !== null && (id === "me" || id === who.person.id)) return who.person
    if (id === "me") throw new Refusal("forbidden", "A key has no record.")
    const person = await findPersonById(pool, id)
    if (!person) throw new Refusal("not_found")
    const reach = reachOf(who.held, "read", "people", await listDepartments(pool))
    if (!who.may("read", "people") || !isWithin(reach, person.department)) throw new Refusal("forbidden")
    return person
  }
}

/** The instant at which the week of an instant began. */
function weekOf(at: Instant, zone: string): Instant {
  const back = (wallOf(at, zone).weekday + 6) % 7
  return dayStart(dayStart(at, zone) - back * dayMs + dayMs / 2, zone)
}

const stepView = ({ bucket, n, kind, dueAt, closedAt }: StepRow, zone: string): StepView => ({
  number: caseNumber(n, bucket),
  kind: kind as StepView["kind"],
  dueAt: isoOrNull(dueAt),
  closedAt: isoOrNull(closedAt),
  week: isoOf(weekOf(closedAt ?? dueAt ?? 0, zone)),
})

const handOnView = (each: HandOnRow, names: Names): HandOnRowView => ({
  number: caseNumber(each.n, each.bucket),
  at: isoOf(each.at),
  by: each.who,
  from: { department: each.from, person: personRef(names, each.fromPerson) },
  to: { department: each.department, person: personRef(names, each.person) },
  reason: each.reason,
  note: each.note,
  contested: each.contested,
})

function weeksOf({ met, late }: Record<"met" | "late", readonly StepView[]>): RecordView["weeks"] {
  const weeks = [...new Set([...met, ...late].map(({ week }) => week))].sort()
  const count = (steps: readonly StepView[], of: string) => steps.filter(({ week }) => week === of).length
  return weeks.map((week) => ({ week, met: count(met, week), late: count(late, week) }))
}
