import { useQueries, useQueryClient } from "@tanstack/react-query"
import { useCallback, useMemo, useState } from "react"
import type { CaseRow, CasesPage, CasesQuery } from "../../src/api/contract/cases.ts"
import { get } from "../client.ts"

/** A line of the list: a case, a group of cases that follow one incident, or a case of a group that is unfolded. */
export type CaseLine = CaseRow & { line: "case" | "group" | "inside"; unfolded?: boolean }

/** How many cases of a group are shown beneath it; the incident's page has all. */
const insideMax = 500

const inside = (query: CasesQuery, incident: string) => ({
  queryKey: ["cases", "inside", query, incident],
  queryFn: () =>
    get<CasesPage>("/api/v1/cases", { ...query, incident, exempt: "false", limit: insideMax }).then(
      ({ items }) => items,
    ),
})

/** Whether a filter is about one incident already; then its cases stand each for themselves. */
export const isGrouped = (query: CasesQuery): boolean =>
  query.incident === undefined && query.exempt === undefined && query.told === undefined

/** The rows of a list by groups, those that are unfolded with their cases beneath. */
export function useCaseGroups(query: CasesQuery, rows: readonly CaseRow[]) {
  const client = useQueryClient()
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const shown = [...open]
  const found = useQueries({ queries: shown.map((incident) => inside(query, incident)) })
  const cases = new Map(shown.map((incident, i) => [incident, found[i]?.data]))
  const lines = rows.flatMap((row): CaseLine[] => {
    if (!row.incident || (row.size ?? 1) < 2) return [{ ...row, line: "case" }]
    const { id } = row.incident
    const within = open.has(id) ? (cases.get(id) ?? []) : []
    return [
      { ...row, line: "group", unfolded: open.has(id) },
      ...within.map((each): CaseLine => ({ ...each, line: "inside" })),
    ]
  })
  const fold = useCallback(
    (incident: string) =>
      setOpen((before) => {
        const next = new Set(before)
        if (!next.delete(incident)) next.add(incident)
        return next
      }),
    [],
  )
  /** The cases that lines stand for, those of folded groups fetched. */
  const casesOf = useCallback(
    async (some: readonly CaseLine[]): Promise<CaseRow[]> =>
      (
        await Promise.all(
          some.map((each) =>
            each.line === "group" ? client.fetchQuery(inside(query, each.incident!.id)) : [each],
          ),
        )
      ).flat(),
    [client, query],
  )
  return useMemo(() => ({ lines, fold, casesOf }), [lines, fold, casesOf])
}

/** How much of a line is chosen. */
export function choiceOf(row: CaseLine, chosen: ReadonlyMap<string, CaseRow>): "all" | "some" | "none" {
  if (row.line !== "group") return chosen.has(row.number) ? "all" : "none"
  let n = 0
  for (const each of chosen.values()) if (each.incident?.id === row.incident!.id && !each.exempt) n += 1
  return n === 0 ? "none" : n >= Math.min(row.size!, insideMax) ? "all" : "some"
}

/** Where a line leads. */
export const pathOf = ({ line, incident, number }: CaseLine): string =>
  line === "group" ? `/cases/incidents/${incident!.number}` : `/cases/${number}`
