import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { type Instant, isoOf, isoOrNull, parseInstant } from "../core/instants.ts"
import { isWithin, mayGive, mayManage, reachOf, roles } from "../core/permissions.ts"
import { Refusal } from "../core/refusals.ts"
import { invite } from "../engine/inviting.ts"
import { changePerson } from "../engine/staffing.ts"
import { note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import { listGrants, listMemberships, type Stretch } from "../store/memberships.ts"
import {
  type Department,
  findPersonById,
  isHere,
  listDepartments,
  listOpenLinks,
  listPeople,
  makeLink,
  type Person,
  takeBackLink,
} from "../store/people.ts"
import type { InvitationRow, PersonRow, PersonState, PersonView, StretchView } from "./contract/people.ts"
import { require, type Who, whoIs } from "./who.ts"
import type { World } from "./world.ts"

const dayMs = 24 * 60 * 60_000
export const name = z.string().trim().min(1, "a name is needed").max(80)
export const email = z.email("an e-mail address is needed, such as chen@example.com").max(200)
const instant = z
  .string()
  .refine((text) => parseInstant(text) !== null, "an instant needs a date, a time and an offset")
  .transform((text) => parseInstant(text)!)
const held = z.object({ role: z.enum(roles), department: z.string().max(40).nullable().default(null) })
const roleList = z.array(held).min(1, "at least one role is needed").max(20)

/** What a link of an invitation holds. */
export type Invitation = {
  name: string
  email: string | null
  department?: string | null
  roles: z.infer<typeof roleList>
  expiresAt: number | null
  invitedBy: string
}

/** People: the list, one person, changes, invitations, and a way back in without a mail server. */
export default async function people(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const tags = ["people"]
  const one = z.object({ id: z.uuid() })
  const pool = world.db.pool

  app.get(
    "/api/v1/people",
    { schema: { tags, summary: "People, within the departments that the role reaches" } },
    async (request): Promise<{ items: PersonRow[] }> => {
      const who = await require(world, request, "read", "people")
      const [departments, all, at] = await Promise.all([listDepartments(pool), listPeople(pool), world.now()])
      const reach = reachOf(who.held, "read", "people", departments)
      return {
        items: all
          .filter((each) => each.id === who.person?.id || isWithin(reach, each.department))
          .map((each) => rowOf(each, who, departments, at)),
      }
    },
  )

  app.get(
    "/api/v1/colleagues",
    { schema: { tags, summary: "Who works here: names and departments, for whoever is signed in" } },
    async (request) => {
      if ((await whoIs(world, request)) === null) throw new Refusal("not_signed_in")
      const at = await world.now()
      return {
        items: (await listPeople(pool))
          .filter((each) => isHere(each, at))
          .map(({ id, name, department }) => ({ id, name, department })),
      }
    },
  )

  app.get(
    "/api/v1/people/:id",
    { schema: { tags, summary: "One person with the departments and roles of then", params: one } },
    async (request): Promise<PersonView> => {
      const who = await require(world, request, "read", "people")
      const departments = await listDepartments(pool)
      const person = await findPersonById(pool, request.params.id)
      if (!person) throw new Refusal("not_found")
      if (
        person.id !== who.person?.id &&
        !isWithin(reachOf(who.held, "read", "people", departments), person.department)
      )
        throw new Refusal("forbidden")
      return viewOf(world, person, who, departments)
    },
  )

  app.patch(
    "/api/v1/people/:id",
    {
      schema: {
        tags,
        summary: "Change a person: name, roles, department from a date, account that ends, leaving",
        params: one,
        body: z.object({
          name: name.optional(),
          roles: roleList.optional(),
          expiresAt: instant.nullable().optional(),
          leavesAt: instant.nullable().optional(),
          active: z.boolean().optional(),
          department: z.string().max(40).nullable().optional(),
          /** since when they are in the department; now unless said */
          since: instant.optional(),
        }),
      },
    },
    async (request): Promise<PersonView> => {
      const who = await require(world, request, "act", "people")
      const { department, since, ...change } = request.body
      const move = department === undefined ? undefined : { department, from: since ?? (await world.now()) }
      const changed = await changePerson(world, request.params.id, { ...change, move }, who)
      return viewOf(world, changed, who, await listDepartments(pool))
    },
  )

  app.post(
    "/api/v1/people/:id/reset",
    { schema: { tags, summary: "A one-time link that sets a new password, valid for a day", params: one } },
    async (request) => {
      const who = await require(world, request, "act", "people")
      const person = await findPersonById(pool, request.params.id)
      if (!person) throw new Refusal("not_found")
      if (!mayManage(who.held, person, await listDepartments(pool))) throw new Refusal("forbidden")
      const at = await world.now()
      const token = await transaction(world.db, async (tx) => {
        await note(
          tx,
          {
            who: who.name,
            what: "people.reset_link",
            subject: `staff/${person.id}`,
            after: { forHours: 24 },
          },
          at,
        )
        return makeLink(tx, "reset", { userId: person.authUserId, email: person.email }, at, dayMs)
      })
      return { link: `${world.config.publicUrl ?? ""}/reset/${token}`, token }
    },
  )

  app.get(
    "/api/v1/invitations",
    { schema: { tags, summary: "Invitations that can still be taken up" } },
    async (request): Promise<{ items: InvitationRow[] }> => {
      const who = await require(world, request, "read", "people")
      const reach = reachOf(who.held, "read", "people", await listDepartments(pool))
      const open = await listOpenLinks<Invitation>(pool, "invitation", await world.now())
      return {
        items: open
          .map(({ id, body, createdAt, expiresAt, uses, usesMax }) => ({
            id,
            name: body.name,
            roles: body.roles,
            department: departmentOf(body),
            invitedBy: body.invitedBy,
            createdAt: isoOf(createdAt),
            expiresAt: isoOf(expiresAt),
            uses,
            usesMax,
          }))
          .filter(({ department }) => isWithin(reach, department)),
      }
    },
  )

  app.post(
    "/api/v1/invitations",
    {
      schema: {
        tags,
        summary: "Invite somebody, or several, by a link",
        body: z.object({
          name: z.string().trim().max(80).default(""),
          email: email.optional(),
          department: z.string().max(40).nullable().default(null),
          roles: roleList,
          /** when the accounts made by it end */
          expiresAt: instant.optional(),
          uses: z.int().min(1).max(200).default(1),
          days: z.int().min(1).max(30).default(7),
        }),
      },
    },
    async (request) => {
      const who = await require(world, request, "act", "people")
      const departments = await listDepartments(pool)
      const { uses, days, expiresAt, ...body } = request.body
      if (body.name === "" && uses === 1)
        throw new Refusal("bad_request", "A link for one person needs their name.")
      const invitation: Invitation = {
        ...body,
        email: body.email ?? null,
        expiresAt: expiresAt ?? null,
        invitedBy: who.name,
      }
      refuseInvitation(invitation, who, departments)
      const after = { roles: body.roles, department: departmentOf(invitation), uses }
      const token = await invite(world, invitation, { uses, forMs: days * dayMs, after }, who.name)
      return { link: `${world.config.publicUrl ?? ""}/join/${token}`, token }
    },
  )

  app.delete(
    "/api/v1/invitations/:id",
    { schema: { tags, summary: "Take an invitation back", params: one } },
    async (request) => {
      const who = await require(world, request, "act", "people")
      const at = await world.now()
      await transaction(world.db, async (tx) => {
        const found = await takeBackLink<Invitation>(tx, "invitation", request.params.id)
        if (!found) throw new Refusal("not_found")
        refuseInvitation(found, who, await listDepartments(tx))
        await note(tx, { who: who.name, what: "people.uninvite", subject: found.name || "people" }, at)
      })
      return { done: true }
    },
  )
}

/** The department that an invitation leads to. */
const departmentOf = ({ department, roles }: Invitation): string | null =>
  department ?? roles.find((each) => each.department !== null)?.department ?? null

/** Refuses an invitation that whoever makes it may not make. */
export function refuseInvitation(
  invitation: Invitation,
  who: Pick<Who, "held">,
  departments: readonly Department[],
): void {
  for (const { role, department } of [
    ...invitation.roles,
    { role: null, department: departmentOf(invitation) },
  ])
    if (
      department === null
        ? role === "head"
        : !departments.some(({ id, closedAt }) => id === department && closedAt === null)
    )
      throw new Refusal("unknown_department", department ?? undefined)
  const may = invitation.roles.every((each) => mayGive(who.held, each, departments))
  if (!may || !isWithin(reachOf(who.held, "act", "people", departments), departmentOf(invitation)))
    throw new Refusal("forbidden")
}

const stateOf = (person: Person, at: Instant): PersonState =>
  !isHere(person, at)
    ? "gone"
    : person.leavesAt !== null
      ? "leaving"
      : person.expiresAt !== null
        ? "temporary"
        : "here"

function rowOf(person: Person, who: Who, departments: readonly Department[], at: Instant): PersonRow {
  const { id, name, email, active, department, roles } = person
  return {
    id,
    name,
    email,
    active,
    state: stateOf(person, at),
    expiresAt: isoOrNull(person.expiresAt),
    leavesAt: isoOrNull(person.leavesAt),
    department,
    since: isoOrNull(person.since),
    heads: departments.filter(({ head }) => head === id).map((each) => each.id),
    roles,
    mine: who.may("act", "people") && mayManage(who.held, person, departments),
  }
}

async function viewOf(
  world: World,
  person: Person,
  who: Who,
  departments: readonly Department[],
): Promise<PersonView> {
  const told = ({ department, role, from, to }: Stretch): StretchView => ({
    department,
    role,
    from: isoOf(from),
    to: isoOrNull(to),
  })
  return {
    ...rowOf(person, who, departments, await world.now()),
    departments: (await listMemberships(world.db.pool, person.id)).map(told),
    rolesHeld: (await listGrants(world.db.pool, person.id)).map(told),
  }
}
