import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { isoOf, isoOrNull } from "../core/instants.ts"
import { changeDepartment, endDepartment } from "../engine/staffing.ts"
import { readContent, type Said } from "../files/content.ts"
import { listDepartments, listPeople } from "../store/people.ts"
import { whoIsOnDuty } from "../store/rosters.ts"
import type { DepartmentRow } from "./contract/people.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

/** What content/departments.json says of a department. */
type Proposed = {
  code: string
  name: Said
  kind: "regulation" | "usual" | "optional" | "group"
  owns: Said[]
  suggestedRoles: string[]
  rosterHint: { hint: Said }
}
const proposed = readContent<{ departments: Proposed[] }>("departments").departments

/** The departments that a company starts with: the three of the regulation, and administration. */
export const firstDepartments = (language: keyof Said) =>
  proposed
    .filter(({ kind }) => kind === "regulation")
    .map(({ code, name }, i) => ({ id: code, name: name[language], parent: null, position: i + 1 }))

/** Departments: the company's own, and those that are proposed. */
export default async function departments(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const id = z.string().regex(/^[a-z0-9-]{1,40}$/, "lower-case letters, digits and hyphens")
  const tags = ["people"]

  app.get(
    "/api/v1/departments",
    { schema: { tags, summary: "Departments, with who heads them and who is on duty" } },
    async (request): Promise<{ items: DepartmentRow[] }> => {
      await require(world, request, "read", "case")
      const { pool } = world.db
      const [all, people, at] = await Promise.all([listDepartments(pool), listPeople(pool), world.now()])
      return {
        items: await Promise.all(
          all.map(async ({ closedAt, ...each }) => ({
            ...each,
            closedAt: isoOrNull(closedAt),
            headName: people.find(({ id }) => id === each.head)?.name ?? null,
            people: people.filter(({ active, department }) => active && department === each.id).length,
            onDuty: (await whoIsOnDuty(pool, each.id, at)).map((one) => ({
              ...one,
              until: isoOf(one.until),
            })),
          })),
        ),
      }
    },
  )

  app.get(
    "/api/v1/departments/proposed",
    { schema: { tags, summary: "Departments that a company of this trade has, in three languages" } },
    async (request) => {
      await require(world, request, "read", "people")
      return {
        items: proposed.map(({ code, name, kind, owns, rosterHint, suggestedRoles }) => ({
          id: code,
          name,
          kind,
          owns,
          hint: rosterHint.hint,
          roles: suggestedRoles,
        })),
      }
    },
  )

  app.post(
    "/api/v1/departments",
    {
      schema: {
        tags,
        summary: "Add a department, or change its name, parent, place and head",
        body: z.object({
          id,
          name: z.string().trim().min(1).max(80),
          parent: id.nullable().default(null),
          position: z.int().min(0).max(100_000).optional(),
          head: z.uuid().nullable().optional(),
        }),
      },
    },
    async (request) => {
      const who = await require(world, request, "act", "settings")
      await changeDepartment(world, request.body, who)
      return { done: true }
    },
  )

  app.delete(
    "/api/v1/departments/:id",
    { schema: { tags, summary: "Close a department that nobody is in", params: z.object({ id }) } },
    async (request) => {
      const who = await require(world, request, "act", "settings")
      await endDepartment(world, request.params.id, who)
      return { done: true }
    },
  )
}
