import type { Actor } from "../../core/cases.ts"
import type { Instant } from "../../core/instants.ts"
import type { Role } from "../../core/permissions.ts"
import type { Database } from "../../store/database.ts"
import { addPerson, saveDepartment } from "../../store/people.ts"

/** Somebody who works at the simulated company: in one department, with a role there or none. */
export type Worker = {
  id: string
  name: string
  department: string
  role: "operations" | "head" | "service" | null
}

/** Who works there; ids come when they are hired. */
const team: readonly Omit<Worker, "id">[] = [
  { name: "shen", department: "operations", role: "operations" },
  { name: "lin", department: "warehouse", role: "head" },
  { name: "zhou", department: "warehouse", role: null },
  { name: "he", department: "purchasing", role: null },
  { name: "chen", department: "service", role: "service" },
]
export const departments = [...new Set(team.map(({ department }) => department))]

/** Causes that people name, with the department that receives their cases here: there is no IT, so operations does its work. */
export const causes: Readonly<Record<string, string>> = {
  pick_error: "warehouse",
  stock_out: "purchasing",
  system_failure: "operations",
  carrier_pickup_missed: "service",
  undetermined: "operations",
}

/** Who heads a department; operations is over all others. */
const heads: Readonly<Record<string, string>> = { operations: "shen", warehouse: "lin" }
const idsOfHeads = new Map<string, string>()

/** The heads over a department, the nearest first. */
export const headsOver = (department: string): string[] =>
  [...new Set([department, "operations"])].flatMap((each) => idsOfHeads.get(each) ?? [])

/** Hires everybody at an instant. */
export async function hire(db: Database, at: Instant): Promise<Worker[]> {
  for (const id of departments)
    await saveDepartment(db.pool, { id, name: id, parent: id === "operations" ? null : "operations" })
  const workers: Worker[] = []
  for (const each of team) {
    const { name, department, role } = each
    const roles = [{ role: (role ?? "viewer") as Role, department }]
    const person = {
      authUserId: name,
      name,
      email: `${name}@example.com`,
      expiresAt: null,
      department,
      roles,
    }
    workers.push({ ...each, id: await addPerson(db.pool, person, at) })
  }
  for (const { id, name, department } of workers) {
    if (heads[department] !== name) continue
    idsOfHeads.set(department, id)
    await db.pool.query("update departments set head = $2 where id = $1", [department, id])
  }
  return workers
}

/** A worker as the product sees who acts. */
export const actorOf = ({ id, name, department, role }: Worker): Actor => ({
  id,
  name,
  roles: role === null ? [] : [{ role, department: role === "head" ? department : null }],
  departments: [department],
})
