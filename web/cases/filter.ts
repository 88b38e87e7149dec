import { useCallback, useMemo } from "react"
import { useSearchParams } from "react-router"
import type { CasesQuery } from "../../src/api/contract/cases.ts"

const keys = [
  "state",
  "department",
  "assignee",
  "cause",
  "proposed",
  "incident",
  "exempt",
  "told",
  "owed",
  "due",
  "owedBefore",
  "handOns",
  "resolvable",
  "channel",
  "shop",
  "basis",
  "clock",
  "openedFrom",
  "openedTo",
  "archivedFrom",
  "archivedTo",
  "alert",
  "q",
  "sort",
] as const

/** Changes of a filter: null takes a key out. */
export type Changes = Partial<Record<(typeof keys)[number], string | null>>

/** The filter of the list as its address carries it, so that it can be sent; what is archived is asked for by name. */
export function useCaseFilter(): {
  query: CasesQuery
  narrowed: boolean
  change(changes: Changes): void
  replace(query: CasesQuery): void
} {
  const [search, setSearch] = useSearchParams()
  const query = useMemo(() => {
    const given: Record<string, string> = {}
    for (const key of keys) {
      const value = search.get(key)
      if (value) given[key] = value
    }
    return given as CasesQuery
  }, [search])
  const change = useCallback(
    (changes: Changes) =>
      setSearch((before) => {
        const next = new URLSearchParams(before)
        for (const [key, value] of Object.entries(changes)) value ? next.set(key, value) : next.delete(key)
        return next
      }),
    [setSearch],
  )
  const replace = useCallback(
    (wanted: CasesQuery) =>
      setSearch(new URLSearchParams(Object.entries(wanted).map(([key, value]) => [key, String(value)]))),
    [setSearch],
  )
  const narrowed = Object.keys(query).some((key) => key !== "sort" && key !== "state")
  return { query, narrowed, change, replace }
}

/** What is shown unless something else is asked for: every case that is not archived, what is due first first; of an alert exactly what it is about. */
export const shownOf = (query: CasesQuery): CasesQuery => ({
  sort: "owed",
  ...(query.state || query.archivedFrom || query.alert ? {} : { state: "unarchived" as const }),
  ...query,
})
