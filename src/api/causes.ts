import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { causeOf, type Evidence, type Taxonomy } from "../core/causes.ts"
import { isoOf, isoOrNull } from "../core/instants.ts"
import type { LatenessSplit } from "../core/lateness.ts"
import { Refusal } from "../core/refusals.ts"
import { fillWords } from "../core/saying.ts"
import { partOf } from "../engine/parts.ts"
import { decideCauses, decideMax, groupsForIncidents, proposalFor, splitNow } from "../engine/proposing.ts"
import { causesAt } from "../engine/publishing.ts"
import { departmentNamed } from "../engine/reporting.ts"
import { transaction } from "../store/database.ts"
import type { CasePlace } from "../store/evidence.ts"
import { caseNumber, readCaseNumber } from "../store/keys.ts"
import { findCompany } from "../store/people.ts"
import { waitingByCause } from "../store/proposals.ts"
import { actorOf } from "./cases/actor.ts"
import type {
  CausesView,
  EvidenceOfCase,
  FactView,
  ProposalsView,
  ReasonView,
  SplitView,
} from "./contract/causes.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

const caseId = z.object({ id: z.string().max(64) })
const decision = z.object({
  cases: z.array(z.string().max(64)).min(1).max(decideMax).optional(),
  waitingFor: z.string().max(64).optional(),
  cause: z.string().max(64).optional(),
  reason: z.string().max(64).optional(),
  note: z.string().trim().max(500).optional(),
})

/** Causes with their evidence: the list, what was proposed of a case, and what operations decides. */
export default async function causes(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const { pool } = world.db

  app.get(
    "/api/v1/causes",
    { schema: { tags: ["causes"], summary: "The company's causes" } },
    async (request): Promise<CausesView> => {
      await require(world, request, "read", "case")
      const { version, part } = await causesAt(world, pool, await world.now())
      return {
        version,
        causes: part.causes.map(
          ({
            code,
            class: of,
            group,
            name,
            definition,
            department,
            customerReason,
            firstQuestions,
            typicalPlans,
          }) => ({
            code,
            class: of,
            group,
            name,
            definition,
            department,
            customerReason,
            firstQuestions,
            typicalPlans: typicalPlans.map(({ kind, text }) => ({ kind, text })),
          }),
        ),
        classes: part.classes.map(({ code, name }) => ({ code, name })),
        groups: part.groups,
        fallback: {
          code: part.fallback.code,
          name: part.fallback.name,
          customerReason: part.fallback.customerReason,
        },
        threshold: part.thresholds.apply,
      }
    },
  )

  app.get(
    "/api/v1/reasons/:list",
    {
      schema: {
        tags: ["causes"],
        summary: "Reasons that an act can name",
        params: z.object({ list: z.string().max(64) }),
      },
    },
    async (request): Promise<ReasonView[]> => {
      await require(world, request, "read", "case")
      const { part } = await partOf(pool, "reasons")
      const found = part.lists.find(({ code }) => code === request.params.list)
      if (!found) throw new Refusal("not_found")
      return found.reasons.map(({ code, label, help, needsNote }) => ({ code, label, help, needsNote }))
    },
  )

  app.get(
    "/api/v1/cases/:id/evidence",
    {
      schema: {
        tags: ["causes"],
        summary: "What facts say of a case's cause, and whose hours its lateness is",
        params: caseId,
      },
    },
    async (request): Promise<EvidenceOfCase> => {
      await require(world, request, "read", "case")
      const place = placeOf(request.params.id)
      const [{ part: taxonomy }, zone, found] = await Promise.all([
        partOf(pool, "causes"),
        zoneOf(world),
        transaction(world.db, async (tx) => {
          const proposal = await proposalFor(world, tx, place)
          return (
            proposal && { ...proposal, split: await splitNow(world, tx, proposal, await world.instant(tx)) }
          )
        }),
      ])
      if (!found)
        throw new Refusal("not_found", "There is no case of this number, or its order was never paid.")
      return {
        case: caseNumber(place.n, place.bucket),
        madeAt: isoOf(found.madeAt),
        state: found.state,
        asks: found.asks,
        stale: found.stale,
        decidedAt: isoOrNull(found.decidedAt),
        decidedBy: found.decidedBy,
        reason: found.reason,
        note: found.note,
        proposals: found.proposals.map((each) => ({
          cause: each.cause,
          name: causeOf(taxonomy, each.cause)?.name ?? taxonomy.fallback.name,
          confidence: each.confidence,
          for: each.for.flatMap((fact) => factView(fact, taxonomy, zone)),
          against: each.against.flatMap((fact) => factView(fact, taxonomy, zone)),
        })),
        split: splitView(found.split),
      }
    },
  )

  app.get(
    "/api/v1/proposals",
    { schema: { tags: ["causes"], summary: "What waits for a decision on its cause" } },
    async (request): Promise<ProposalsView> => {
      await require(world, request, "read", "case")
      const [{ part }, waiting, groups] = await Promise.all([
        partOf(pool, "causes"),
        waitingByCause(pool),
        groupsForIncidents(world, pool, await world.now()),
      ])
      const nameOf = (cause: string | null) => causeOf(part, cause)?.name ?? part.fallback.name
      return {
        waiting: waiting.map((each) => ({ ...each, name: nameOf(each.cause) })),
        groups: groups.map(({ cause, kind, value, cases, confidence }) => ({
          cause,
          kind,
          value,
          cases,
          confidence,
          name: nameOf(cause),
        })),
      }
    },
  )

  app.post(
    "/api/v1/proposals/decide",
    { schema: { tags: ["causes"], summary: "Confirm causes, or give others with a reason", body: decision } },
    async (request) => {
      await require(world, request, "act", "case")
      const { actor } = await actorOf(world, request)
      const { cases, waitingFor, cause, reason, note } = request.body
      if ((cases === undefined) === (waitingFor === undefined))
        throw new Refusal("bad_request", "Name either the cases, or the cause that they wait for.")
      await needNote(world, "overrule_cause", reason, note)
      const about = cases ? { cases: cases.map(placeOf) } : { waitingFor: waitingFor! }
      const decided = {
        ...(cause ? { cause } : {}),
        ...(reason ? { reason } : {}),
        ...(note ? { note } : {}),
      }
      return decideCauses(world, about, decided, actor)
    },
  )
}

/** Refuses a reason that is not in its list, and one that needs a word and has none. */
async function needNote(
  world: World,
  list: string,
  reason: string | undefined,
  note: string | undefined,
): Promise<void> {
  if (reason === undefined) return
  const { part } = await partOf(world.db.pool, "reasons")
  const found = part.lists.find(({ code }) => code === list)?.reasons.find(({ code }) => code === reason)
  if (!found) throw new Refusal("bad_request", `There is no reason ${reason}.`)
  if (found.needsNote && (note ?? "").length < part.noteMinLength) throw new Refusal("reason_needed")
}

/** Where a case is stored, by its number. */
export function placeOf(number: string): CasePlace {
  const place = readCaseNumber(number)
  if (!place) throw new Refusal("not_found", "There is no case of this number.")
  return place
}

/** The company's zone. */
export const zoneOf = async (world: World): Promise<string> =>
  (await findCompany(world.db.pool))?.timezone ?? world.config.timezone

/** A fact as a sentence in every language, with where it was read; nothing for a signal that the causes no longer have. */
export function factView(fact: Evidence, taxonomy: Taxonomy, zone: string): FactView[] {
  const signal = taxonomy.signals.find(({ code }) => code === fact.signal)
  if (!signal) return []
  return [
    {
      signal: fact.signal,
      sentence: fillWords(signal.say, fact.values, zone),
      source: taxonomy.sources.find(({ code }) => code === signal.source)!.name,
      weight: fact.weight,
      points: fact.points,
    },
  ]
}

/** Whose hours a lateness is, as the API tells it. */
export const splitView = ({ latenessMs, parts, notCounted }: LatenessSplit): SplitView => ({
  latenessMs,
  parts: parts.map((part) => ({
    ...part,
    name: part.department === null ? null : departmentNamed(part.department),
  })),
  notCounted: notCounted.map((each) => ({
    ...each,
    from: isoOf(each.from),
    to: Number.isFinite(each.to) ? isoOf(each.to) : null,
  })),
})
