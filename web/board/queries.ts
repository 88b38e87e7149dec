import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query"
import { useRef } from "react"
import type { Board } from "../../src/api/contract.ts"
import { get } from "../client.ts"
import { useLive } from "../live.ts"

/** A channel, or one shop of it; nothing is the whole company. */
export type Scope = { channel?: string; shop?: string }

const quietMs = 1_000

/** The board of a scope, kept fresh by the server's hints: asked again at most once a second. */
export function useBoard(scope: Scope) {
  const client = useQueryClient()
  const waiting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useLive("board", () => {
    waiting.current ??= setTimeout(() => {
      waiting.current = undefined
      void client.invalidateQueries({ queryKey: ["board"] })
    }, quietMs)
  })
  return useQuery({
    queryKey: scope.channel ? ["board", scope] : ["board"],
    queryFn: ({ signal }) => get<Board>("/api/v1/board", scope, signal),
    refetchInterval: 30_000,
    placeholderData: keepPreviousData,
  })
}
