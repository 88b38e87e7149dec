import type { FastifyRequest } from "fastify"
import { type Actor, departmentsOf, isTheirs } from "../../core/cases.ts"
import { Refusal } from "../../core/refusals.ts"
import { hasCaseOf } from "../../store/incidentCases.ts"
import { findSubject, isNamed, type Subject } from "../../store/subjects.ts"
import type { Who } from "../who.ts"
import type { World } from "../world.ts"
import { actorOf, sightOf } from "./actor.ts"

/** What a thread can be about, as its address says. */
export const abouts = ["cases", "incidents"] as const

/** A case or an incident for whoever asks, if they may see it. */
export async function subjectFor(
  world: World,
  request: FastifyRequest,
  number: string,
): Promise<{ subject: Subject; actor: Actor; who: Who }> {
  const { who, actor } = await actorOf(world, request)
  const subject = await findSubject(world.db.pool, number)
  if (!subject) throw new Refusal("not_found", "There is no case or incident of this number.")
  await admitReader(world, { who, actor }, subject)
  return { subject, actor, who }
}

/** Refuses who may not see a case or an incident: all who read cases may, those whose it is (of an incident also those who have one of its cases), and those who are named in it (DESIGN §9). */
export async function admitReader(
  world: World,
  { who, actor }: { who: Who; actor: Actor },
  subject: Omit<Subject, "kind">,
): Promise<void> {
  const sight = sightOf({ who, actor })
  if (sight === undefined || isTheirs(actor, subject)) return
  if (subject.incident !== null && (await hasCaseOf(world.db.pool, subject.incident, sight))) return
  const named = { staff: actor.id, departments: [...departmentsOf(actor)] }
  if (!(await isNamed(world.db.pool, subject, named))) throw new Refusal("forbidden")
}
