import type { FastifyInstance, FastifyRequest } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { type Actor, legalActs } from "../../core/cases.ts"
import { owedSteps } from "../../core/innerClocks.ts"
import { type Instant, isoOf, isoOrNull } from "../../core/instants.ts"
import { Refusal } from "../../core/refusals.ts"
import { clocksOf, openFiles } from "../../engine/cases/file.ts"
import { undoableUntil } from "../../engine/cases/undo.ts"
import { namesOf } from "../../store/assignees.ts"
import { findCase, type ListedCase } from "../../store/caseLists.ts"
import { type CaseEntry, readCases } from "../../store/cases.ts"
import { caseNumber, orderPlace } from "../../store/keys.ts"
import { findOrder } from "../../store/orders.ts"
import { reportsOf, type StoredReport } from "../../store/reports.ts"
import type { CaseEntryView, CaseView, EvidenceView, ReportView, ToldView } from "../contract/cases.ts"
import { rowsOf } from "../orders.ts"
import type { Who } from "../who.ts"
import type { World } from "../world.ts"
import { actorOf } from "./actor.ts"
import { caseRow, innerClockViews, type Names, owedView, personRef } from "./rows.ts"
import { admitReader } from "./subjects.ts"

/** One case with its line of time, its clocks and what is legal now. */
export default async function one(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  app.get(
    "/api/v1/cases/:id",
    { schema: { tags: ["cases"], summary: "One case", params: z.object({ id: z.string().max(64) }) } },
    async (request): Promise<CaseView> => {
      const { found, actor } = await caseFor(world, request, request.params.id)
      return caseView(world, found, actor)
    },
  )
}

/** A case for whoever asks, if they may see it. */
export async function caseFor(
  world: World,
  request: FastifyRequest,
  id: string,
): Promise<{ found: ListedCase; actor: Actor; who: Who }> {
  const { who, actor } = await actorOf(world, request)
  const found = await findCase(world.db, id)
  if (!found) throw new Refusal("not_found", "There is no case of this number.")
  await admitReader(
    world,
    { who, actor },
    {
      ...found,
      number: caseNumber(found.n, found.bucket),
      incident: null,
    },
  )
  return { found, actor, who }
}

/** A case whole. */
export async function caseView(world: World, found: ListedCase, actor: Actor): Promise<CaseView> {
  const session = world.db.pool
  const [now, book, cases, order] = await Promise.all([
    world.now(),
    world.ruleBook(session),
    readCases(session, [found]),
    findOrder(session, orderPlace(found)),
  ])
  const [file] = await openFiles(session, cases)
  const [written] = await reportsOf(session, [
    { bucket: found.bucket, subject: caseNumber(found.n, found.bucket) },
  ])
  const { clocks } = clocksOf(file!, book.rules(book.settings), now)
  const { log } = file!
  const names = await namesOf(session, [
    found.assignee,
    ...log.flatMap(({ data }) =>
      [data.by, data.person, data.fromPerson].map((each) => (isId(each) ? each : null)),
    ),
  ])
  const context = { names, policies: book.policies, now }
  return {
    ...caseRow(found, context),
    log: [opening(found), ...log.map((entry) => entryView(entry, log, names, now))],
    owedList: owedSteps(found, clocks).map((step) => owedView(step, { ...context, since: found.changedAt })),
    clocks: innerClockViews(clocks, book.policies),
    acts: legalActs(found, actor).map((each) => ({ ...each, needs: [...each.needs] })),
    ...said(log),
    report: reportView(written),
    successorOf: found.successorOf === null ? null : caseNumber(found.successorOf, found.bucket),
    orderView: order ? (await rowsOf(world, [order]))[0]! : null,
    serverTime: isoOf(now),
  }
}

const isId = (value: unknown): value is string => typeof value === "string" && /^[0-9a-f-]{36}$/.test(value)

/** The first entry of a case: the breach that opened it stands on its clock. */
function opening({ openedAt, breaches }: ListedCase): CaseEntryView {
  const first = breaches.find(({ firedAt }) => firedAt === openedAt)
  const data = first
    ? { clock: first.clock, basis: first.basis, round: first.round, dueAt: isoOf(first.dueAt) }
    : {}
  return {
    id: "opened",
    at: isoOf(openedAt),
    what: "opened",
    who: null,
    person: null,
    data,
    undoableUntil: null,
  }
}

/** Fields of entries that are instants. */
const instants = ["dueAt", "etaAt", "before", "at", "date"]

function entryView(entry: CaseEntry, log: CaseEntry[], names: Names, now: Instant): CaseEntryView {
  const { undo: _, ...data } = entry.data
  for (const field of instants) if (typeof data[field] === "number") data[field] = isoOf(data[field])
  if (isId(data.person)) data.personName = names.get(data.person) ?? null
  if (isId(data.fromPerson)) data.fromName = names.get(data.fromPerson) ?? null
  const until = undoableUntil(log, entry)
  return {
    id: entry.id,
    at: isoOf(entry.at),
    what: entry.what,
    who: entry.who,
    person: isId(data.by) ? personRef(names, data.by) : null,
    data,
    undoableUntil: until !== null && until > now ? isoOf(until) : null,
  }
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "")
const textOrNull = (value: unknown): string | null => (typeof value === "string" ? value : null)

/** What was last said of cause, plan, customer and report; what was undone was not said. */
function said(log: readonly CaseEntry[]): Pick<CaseView, "analysis" | "plan" | "told" | "handOnList"> {
  const undone = new Set(log.flatMap(({ what, data }) => (what === "undone" ? [data.of] : [])))
  const valid = log.filter(({ id }) => !undone.has(id))
  const last = (what: string) => valid.findLast((each) => each.what === what)
  const analysis = last("analyse")
  const plan = last("plan")
  const told = last("told")
  return {
    analysis: analysis
      ? {
          at: isoOf(analysis.at),
          by: analysis.who,
          cause: textOf(analysis.data.cause),
          text: textOf(analysis.data.text),
          evidence: (analysis.data.evidence ?? []) as EvidenceView[],
        }
      : null,
    plan: plan
      ? {
          at: isoOf(plan.at),
          by: plan.who,
          solved: plan.data.solved === true,
          etaAt: isoOrNull(plan.data.etaAt as Instant | null),
          reason: textOrNull(plan.data.reason),
          text: textOf(plan.data.text),
          changes: valid.filter(({ what, data }) => what === "plan" && data.again === true).length,
          missed: valid.some(
            ({ what, data, at }) => what === "overdue" && data.clock === "eta" && at >= plan.at,
          ),
        }
      : null,
    told: told
      ? {
          at: isoOf(told.at),
          by: told.who,
          how: told.data.how as ToldView["how"],
          text: textOf(told.data.text),
        }
      : null,
    // To a colleague of the same department is none.
    handOnList: valid
      .filter(({ what, data }) => what === "hand_on" && (data.newRound !== false || data.contested === true))
      .map(({ at, who, data }) => ({
        at: isoOf(at),
        from: textOrNull(data.from),
        to: textOf(data.proposed ?? data.department),
        by: who,
        reason: textOf(data.reason),
        note: textOrNull(data.note),
      })),
  }
}

/** The report of a case or an incident as it is written. */
export function reportView(report: StoredReport | undefined): ReportView | null {
  if (report === undefined) return null
  const { state, form, fields, savedAt, savedBy, submittedAt, returned } = report
  return {
    state,
    form,
    fields,
    savedAt: isoOf(savedAt),
    savedBy,
    submittedAt: isoOrNull(submittedAt),
    returned: returned && { ...returned, at: isoOf(returned.at) },
  }
}
