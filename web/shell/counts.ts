import { useQuery, useQueryClient } from "@tanstack/react-query"
import { useEffect, useRef } from "react"
import type { Board } from "../../src/api/contract.ts"
import { get } from "../client.ts"
import { useLive } from "../live.ts"

/** The board's numbers, one query for whoever shows any of them. */
export const boardQuery = {
  queryKey: ["board"],
  queryFn: () => get<Board>("/api/v1/board"),
  staleTime: 5_000,
}

const quietMs = 2_000

/** What stands behind the names in the rail; asked again soon after cases changed, so that it agrees with their list. */
export function useCounts(): Partial<Record<string, number>> {
  const client = useQueryClient()
  const waiting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useLive("cases", () => {
    waiting.current ??= setTimeout(() => {
      waiting.current = undefined
      void client.invalidateQueries({ queryKey: boardQuery.queryKey })
    }, quietMs)
  })
  useEffect(
    () => () => {
      clearTimeout(waiting.current)
      waiting.current = undefined
    },
    [],
  )
  const { data } = useQuery({ ...boardQuery, refetchInterval: 60_000 })
  return data ? { cases: data.cases.open } : {}
}
