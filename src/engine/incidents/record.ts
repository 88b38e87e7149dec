import type { Actor } from "../../core/cases.ts"
import { admitIncidentAct, incidentNumber } from "../../core/incidents.ts"
import type { Instant } from "../../core/instants.ts"
import type { Json } from "../../core/json.ts"
import { Refusal } from "../../core/refusals.ts"
import { appendActs, listDone } from "../../store/acts.ts"
import { note } from "../../store/audit.ts"
import { transaction } from "../../store/database.ts"
import {
  appendIncidentAct,
  findIncidentId,
  holdIncident,
  incidentPlace,
  listIncidentActs,
  type StoredIncident,
  type StoredIncidentAct,
  saveIncident,
} from "../../store/incidents.ts"
import { newId } from "../../store/keys.ts"
import type { Session } from "../../store/statement.ts"
import type { EngineWorld } from "../world.ts"
import { carryQueue } from "./carry.ts"
import { beforeOf, type Hand, type IncidentAsker, type IncidentInput } from "./hand.ts"
import { doIt } from "./meaning.ts"

/** Does an act once for all cases of an incident: what it means for the incident at once, its cases by a job. Answers where to go on: the incident, of a split and a merge the other one. */
export async function actOnIncident(
  world: EngineWorld,
  number: string,
  input: IncidentInput,
  asker: IncidentAsker,
): Promise<string> {
  const { told, answer } = await transaction(world.db, async (tx) => {
    const own = await held(tx, number)
    const { bucket } = incidentPlace(own)
    if (asker.actId !== undefined && (await listDone(tx, [{ bucket, id: own.id }], asker.actId)).has(own.id))
      return { told: [], answer: incidentNumber(own.n) }
    if (asker.version !== undefined && asker.version !== own.version) throw new Refusal("stale_version")
    admitIncidentAct(input.act, own, asker.actor)
    // A merge is an act of the incident that stays.
    const into = input.act === "merge" ? await mergedInto(tx, own, input.into, asker.actor) : own
    const at = await world.instant(tx)
    const hand = handOf(world, tx, at, asker.actor, into, input)
    const other = await doIt(hand, input, own)
    await appendIncidentAct(tx, hand.act)
    await saveIncident(
      tx,
      Object.assign(into, { version: into.version + 1, changedAt: at, seq: hand.act.seq }),
    )
    await world.jobs.send(tx, carryQueue, { incident: into.id }, { key: into.id })
    await note(
      tx,
      {
        who: asker.actor.name,
        what: `incident.${input.act}`,
        subject: incidentNumber(own.n),
        before: hand.act.data.before as Json,
        after: { ...input, ...("cases" in input ? { cases: input.cases.slice(0, 200) } : {}) } as Json,
      },
      at,
    )
    if (asker.actId !== undefined)
      await appendActs(tx, [
        { bucket, subject: own.id, actId: asker.actId, at, answer: { seq: hand.act.seq } },
      ])
    const told = [own, into, ...(other ? [other] : [])].map(({ n }) => incidentNumber(n))
    return { told: [...new Set(told)], answer: incidentNumber((other ?? into).n) }
  })
  if (told.length > 0) world.changed({ incidents: told })
  return answer
}

/** The act as it is written down, with how the incident was before. */
function handOf(
  world: EngineWorld,
  tx: Session,
  at: Instant,
  actor: Actor,
  own: StoredIncident,
  { act, ...data }: IncidentInput,
): Hand {
  const { cases: _, ...said } = data as Record<string, unknown>
  const row: StoredIncidentAct = {
    incident: own.id,
    seq: own.seq + 1,
    at,
    act,
    by: actor.name,
    staff: actor.id,
    actor,
    data: { ...said, before: beforeOf(own) },
    batch: newId(at),
    cases: null,
    ofCases: 0,
    done: 0,
    refused: 0,
    state: "running",
  }
  return { world, tx, at, actor, own, act: row }
}

/** The incident that another becomes part of, held. */
async function mergedInto(
  tx: Session,
  own: StoredIncident,
  number: string,
  actor: Actor,
): Promise<StoredIncident> {
  const into = await held(tx, number)
  if (into.id === own.id) throw new Refusal("illegal_move", "An incident cannot become part of itself.")
  admitIncidentAct("add", into, actor)
  if ((await listIncidentActs(tx, own.id)).some(({ state }) => state === "running"))
    throw new Refusal("illegal_move", "An act of it is still being carried out; wait until it is done.")
  return into
}

async function held(tx: Session, number: string): Promise<StoredIncident> {
  const id = await findIncidentId(tx, number)
  const own = id === null ? null : await holdIncident(tx, id)
  if (own === null) throw new Refusal("not_found", "There is no incident of this number.")
  return own
}
