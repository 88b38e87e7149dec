import { type Cause, causeOf, destinationOf, type Taxonomy } from "../../core/causes.ts"
import type { Instant } from "../../core/instants.ts"
import { readContent } from "../../files/content.ts"
import { type Candidate, listCandidates, listHomes } from "../../store/assignees.ts"
import { listDepartments } from "../../store/people.ts"
import type { Session } from "../../store/statement.ts"
import { partOf } from "../parts.ts"

/** Who is there to take cases, as one transaction sees it; what it gives away itself is counted too. */
export type Staffing = {
  /** a cause of the list; the fallback is one too */
  knowsCause(code: string): boolean
  classOf(code: string | null): Cause["class"] | null
  isUndetermined(code: string | null): boolean
  /** the department that a cause's cases go to in this company */
  receives(cause: string): string
  knows(department: string): boolean
  /** where the work of a department of the list of causes is done in this company */
  landing(department: string): string
  /** the person on duty with the least open work, else the head, else nobody; somebody who leaves is left aside */
  pick(department: string, leaver?: string): Candidate | null
  person(id: string): { id: string; name: string; departments: string[] } | undefined
}

const { departments: named } = readContent<{
  departments: { code: string; smallCompany: { mergeInto: string } | null }[]
}>("departments")
/** Where a small company does the work of a department that it does not have. */
const mergedInto = new Map(
  named.flatMap(({ code, smallCompany }) => (smallCompany ? [[code, smallCompany.mergeInto] as const] : [])),
)

/** Reads who is there for the departments, causes and people that acts may name. */
export async function readStaffing(
  tx: Session,
  wanted: { departments: Iterable<string>; causes: Iterable<string>; people: Iterable<string> },
  at: Instant,
): Promise<Staffing> {
  const { part: taxonomy } = await partOf(tx, "causes")
  const known = new Set((await listDepartments(tx)).map(({ id }) => id))
  // A company that has not named its departments yet has those of the regulation.
  if (known.size === 0) for (const { code } of named) known.add(code)
  const landing = (department: string) => {
    if (known.has(department)) return department
    const other = mergedInto.get(department)
    return other !== undefined && known.has(other) ? other : "operations"
  }
  const receives = (cause: string) => landing(destinationOf(taxonomy, cause).department)
  const departments = new Set([...[...wanted.departments].map(landing), ...[...wanted.causes].map(receives)])
  const candidates = departments.size === 0 ? [] : await listCandidates(tx, [...departments], at)
  const people = new Map(
    (await listHomes(tx, [...new Set(wanted.people)], at)).map((each) => [each.id, each]),
  )
  return {
    ...causesOf(taxonomy),
    receives,
    knows: (department) => known.has(department),
    landing,
    pick(department, leaver) {
      const own = candidates.filter((each) => each.department === department && each.id !== leaver)
      const onDuty = own.filter((each) => each.onDuty)
      const least = onDuty.reduce<Candidate | null>(
        (one, other) => (one === null || other.open < one.open ? other : one),
        null,
      )
      const chosen = least ?? own.find(({ isHead }) => isHead) ?? null
      if (chosen === null) return null
      for (const each of candidates) if (each.id === chosen.id) each.open += 1
      return chosen
    },
    person: (id) => people.get(id),
  }
}

const causesOf = (taxonomy: Taxonomy): Pick<Staffing, "knowsCause" | "classOf" | "isUndetermined"> => ({
  knowsCause: (code) => code === taxonomy.fallback.code || causeOf(taxonomy, code) !== undefined,
  classOf: (code) => causeOf(taxonomy, code)?.class ?? null,
  isUndetermined: (code) => code === null || code === taxonomy.fallback.code,
})
