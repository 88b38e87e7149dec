import { useQuery } from "@tanstack/react-query"
import type { Board } from "../../src/api/contract.ts"
import { get } from "../client.ts"

/** The board's numbers, one query for whoever shows any of them. */
export const boardQuery = {
  queryKey: ["board"],
  queryFn: () => get<Board>("/api/v1/board"),
  staleTime: 5_000,
}

/** What stands behind the names in the rail. */
export function useCounts(): Partial<Record<string, number>> {
  const { data } = useQuery({ ...boardQuery, refetchInterval: 60_000 })
  return data ? { cases: data.cases.open } : {}
}
