import type { FastifyRequest } from "fastify"
import type { Actor } from "../../core/cases.ts"
import { incidentNumber, isUndoable, legalIncidentActs } from "../../core/incidents.ts"
import { type Instant, isoOf, isoOrNull } from "../../core/instants.ts"
import { Refusal } from "../../core/refusals.ts"
import { namesOf } from "../../store/assignees.ts"
import { believedOf, deadlinesOf, draftsOf } from "../../store/incidentCases.ts"
import {
  findIncident,
  findIncidentId,
  incidentPlace,
  listIncidentActs,
  type StoredIncident,
  type StoredIncidentAct,
} from "../../store/incidents.ts"
import { reportsOf } from "../../store/reports.ts"
import { actorOf } from "../cases/actor.ts"
import { reportView } from "../cases/one.ts"
import { admitReader } from "../cases/subjects.ts"
import type { EvidenceView, ToldHow } from "../contract/cases.ts"
import type { IncidentActView, IncidentView } from "../contract/incidents.ts"
import type { World } from "../world.ts"
import { incidentRows } from "./rows.ts"

/** How many acts and deadlines a page shows. */
const shownMax = 500

/** An incident for whoever asks, if they may see it: all who read cases, those whose it is or who have one of its cases, and those who are named in it. */
export async function incidentFor(
  world: World,
  request: FastifyRequest,
  number: string,
): Promise<{ own: StoredIncident; actor: Actor }> {
  const asking = await actorOf(world, request)
  const { pool } = world.db
  const id = await findIncidentId(pool, number)
  const own = id === null ? null : await findIncident(pool, id)
  if (own === null) throw new Refusal("not_found", "There is no incident of this number.")
  const { bucket, subject } = incidentPlace(own)
  const { department, owner: assignee } = own
  await admitReader(world, asking, { bucket, number: subject, incident: own.id, department, assignee })
  return { own, actor: asking.actor }
}

/** An incident whole; what grows with its cases is counted, not listed. */
export async function incidentView(world: World, own: StoredIncident, actor: Actor): Promise<IncidentView> {
  const { pool } = world.db
  const now = await world.now()
  const isOpen = own.closedAt === null
  const [[found], acts, [report], drafts, believed, deadlines, into] = await Promise.all([
    incidentRows(world, [own], now),
    listIncidentActs(pool, own.id),
    reportsOf(pool, [incidentPlace(own)]),
    isOpen ? draftsOf(pool, own.id) : [],
    isOpen && own.etaAt !== null ? believedOf(pool, own.id) : [],
    isOpen ? deadlinesOf(pool, own.id, now) : [],
    own.mergedInto === null ? null : findIncident(pool, own.mergedInto),
  ])
  const names = await namesOf(pool, [
    own.owner,
    ...acts.map(({ data }) => (typeof data.person === "string" ? data.person : null)),
  ])
  return {
    ...found!.row,
    acts: acts
      .slice(-shownMax)
      .map((act) => actView(act, acts, names))
      .reverse(),
    legal: legalIncidentActs(own, actor),
    ...written(own),
    report: reportView(report),
    owedList: found!.owedList,
    drafts,
    believed: believed.map(({ etaAt, count }) => ({ etaAt: isoOrNull(etaAt), count })),
    deadlines: {
      at: deadlines.slice(0, shownMax).map(isoOf),
      missed: own.etaAt === null ? 0 : deadlines.filter((at) => at < own.etaAt!).length,
    },
    mergedInto: into && incidentNumber(into.n),
    serverTime: isoOf(now),
  }
}

function actView(
  act: Omit<StoredIncidentAct, "cases">,
  all: readonly Omit<StoredIncidentAct, "cases">[],
  names: ReadonlyMap<string, string>,
): IncidentActView {
  const { before: _, otherBefore: __, other: ___, batch: ____, ...data } = act.data
  if (typeof data.etaAt === "number") data.etaAt = isoOf(data.etaAt)
  if (typeof data.person === "string") data.personName = names.get(data.person) ?? null
  return {
    seq: act.seq,
    at: isoOf(act.at),
    act: act.act as IncidentActView["act"],
    by: act.actor.isEngine ? null : act.by,
    data,
    done: act.done,
    of: act.ofCases,
    refused: act.refused,
    state: act.state,
    undoable: isUndoable(act, all),
  }
}

/** What was written once for all. */
function written({
  analysis,
  plan,
  told,
  etaChanges,
}: StoredIncident): Pick<IncidentView, "analysis" | "plan" | "told"> {
  return {
    analysis: analysis && {
      at: isoOf(analysis.at),
      by: analysis.by,
      cause: analysis.cause as string,
      text: analysis.text as string,
      evidence: (analysis.evidence ?? []) as EvidenceView[],
    },
    plan: plan && {
      at: isoOf(plan.at),
      by: plan.by,
      solved: false,
      etaAt: isoOrNull(plan.etaAt as Instant),
      reason: plan.reason as string,
      text: plan.text as string,
      changes: etaChanges,
      missed: false,
    },
    told: told && {
      at: isoOf(told.at),
      by: told.by,
      how: told.how as ToldHow,
      text: told.text as string,
    },
  }
}
