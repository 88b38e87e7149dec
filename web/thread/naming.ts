import { useMemo } from "react"
import { useDepartmentName } from "../cases/names.ts"
import { useDepartments } from "../cases/queries.ts"
import { useColleagues } from "./queries.ts"

/** Somebody or a department that words can name: `text` is what stands behind the @. */
export type Name = { text: string; label: string; person?: string; department?: string }

/** Whom words can name: departments first, then everybody who works here; of people with one name each says the department too. */
export function useNames(): Name[] {
  const { data: departments } = useDepartments()
  const { data: people } = useColleagues()
  const departmentName = useDepartmentName()
  return useMemo(() => {
    const all = people ?? []
    const isAlone = (name: string) => all.filter((each) => each.name === name).length === 1
    return [
      ...(departments ?? []).map(({ id, name }) => ({ text: name, label: name, department: id })),
      ...all.map(({ id, name, department }) => {
        const of = department === null ? "" : departmentName(department)
        return {
          text: isAlone(name) || of === "" ? name : `${name}（${of}）`,
          label: of === "" ? name : `${name} ${of}`,
          person: id,
        }
      }),
    ]
  }, [departments, people, departmentName])
}

/** Those whom a text names: each `@` with the longest name behind it. */
export function namedIn(text: string, names: readonly Name[]): { people: string[]; departments: string[] } {
  const sorted = [...names].sort((one, other) => other.text.length - one.text.length)
  const found = text
    .split("@")
    .slice(1)
    .flatMap((rest) => sorted.find((name) => rest.startsWith(name.text)) ?? [])
  return {
    people: [...new Set(found.flatMap(({ person }) => person ?? []))],
    departments: [...new Set(found.flatMap(({ department }) => department ?? []))],
  }
}
