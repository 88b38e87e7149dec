import { randomBytes } from "node:crypto"
import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { isoOrNull } from "../core/instants.ts"
import { readStaff } from "../core/staffTable.ts"
import { offsetAt } from "../core/wallTime.ts"
import { note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import { addPerson, findCompany, listDepartments, makeLink } from "../store/people.ts"
import type { StaffTableView } from "./contract/people.ts"
import { type Invitation, refuseInvitation } from "./people.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

const weekMs = 7 * 24 * 60 * 60_000

/** People from a table: read first, then taken in; whoever has an address has an account at once, the others get an invitation. */
export default async function staffTable(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  app.post(
    "/api/v1/people/table",
    {
      schema: {
        tags: ["people"],
        summary: "Read people from a table; nothing happens unless carryOut is set and no cell is wrong",
        body: z.object({
          table: z
            .array(z.array(z.string().max(200)).max(40))
            .min(1)
            .max(2000),
          carryOut: z.boolean().default(false),
        }),
      },
    },
    async (request): Promise<StaffTableView> => {
      const who = await require(world, request, "act", "people")
      const { table, carryOut } = request.body
      const at = await world.now()
      const departments = await listDepartments(world.db.pool)
      const timezone = (await findCompany(world.db.pool))?.timezone ?? world.config.timezone
      const read = readStaff(table, {
        departments: departments.filter(({ closedAt }) => closedAt === null),
        offset: offsetAt(at, timezone),
      })
      const invitations = read.people.map(
        (each): Invitation => ({
          name: each.name,
          email: each.email,
          department: each.department,
          roles: each.roles,
          expiresAt: each.expiresAt,
          invitedBy: who.name,
        }),
      )
      for (const each of invitations) refuseInvitation(each, who, departments)
      const isDone = carryOut && read.problems.length === 0
      const links = isDone ? await Promise.all(invitations.map((each) => letIn(world, each, at))) : []
      return {
        people: read.people.map(({ expiresAt, ...each }, i) => ({
          ...each,
          expiresAt: isoOrNull(expiresAt),
          ...(links[i] ?? { path: null, known: false }),
        })),
        problems: read.problems,
        done: isDone,
      }
    },
  )
}

/** Lets one person in: with an address as an account and a link to set the password, else by an invitation. `known`: the address signs in already. */
async function letIn(
  world: World,
  invitation: Invitation,
  at: number,
): Promise<{ path: string | null; known: boolean }> {
  const { name, email } = invitation
  const password = randomBytes(24).toString("base64url")
  const authUserId = email === null ? null : await world.signIn.add({ name, email, password })
  if (email !== null && authUserId === null) return { path: null, known: true }
  return transaction(world.db, async (tx) => {
    if (authUserId !== null) await addPerson(tx, { ...invitation, authUserId, email: email! }, at)
    await note(
      tx,
      {
        who: invitation.invitedBy,
        what: authUserId === null ? "people.invite" : "people.add",
        subject: name,
        after: { roles: invitation.roles, department: invitation.department ?? null },
      },
      at,
    )
    const path =
      authUserId === null
        ? `/join/${await makeLink(tx, "invitation", invitation, at, weekMs)}`
        : `/reset/${await makeLink(tx, "reset", { userId: authUserId, email }, at, weekMs)}`
    return { path, known: false }
  })
}
