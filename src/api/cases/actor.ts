import type { FastifyRequest } from "fastify"
import { type Actor, departmentsOf } from "../../core/cases.ts"
import { Refusal } from "../../core/refusals.ts"
import { listHomes } from "../../store/assignees.ts"
import type { CaseFilter } from "../../store/caseLists.ts"
import { type Who, whoIs } from "../who.ts"
import type { World } from "../world.ts"

/** Who asks about cases: every active person may, about their own and their departments' (DESIGN §9); a key by its role. */
export async function actorOf(world: World, request: FastifyRequest): Promise<{ who: Who; actor: Actor }> {
  const who = await whoIs(world, request)
  if (who === null) throw new Refusal("not_signed_in")
  if (who.person === null) {
    if (!who.may("read", "case")) throw new Refusal("forbidden")
    return {
      who,
      actor: { id: null, name: who.name, roles: [{ role: who.key.role, department: null }], departments: [] },
    }
  }
  const { id, name, roles } = who.person
  const [home] = await listHomes(world.db.pool, [id], await world.now())
  return { who, actor: { id, name, roles, departments: home?.departments ?? [] } }
}

/** What of the cases somebody may see: all, or their own and those of their departments. */
export function sightOf({ who, actor }: { who: Who; actor: Actor }): CaseFilter["seenBy"] {
  if (who.may("read", "case")) return undefined
  return { staff: actor.id, departments: [...departmentsOf(actor)] }
}
