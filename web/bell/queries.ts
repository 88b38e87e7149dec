import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import type { Bell } from "../../src/api/contract/alerts.ts"
import { get, post } from "../client.ts"
import { useLive } from "../live.ts"

/** How much is unread; rung live, and asked again each minute in case a ring was lost. */
export function useUnread(): number {
  const client = useQueryClient()
  useLive("bell", () => void client.invalidateQueries({ queryKey: ["bell"] }))
  const { data } = useQuery({
    queryKey: ["bell", "unread"],
    queryFn: () => get<Bell>("/api/v1/bell", { limit: 1 }),
    refetchInterval: 60_000,
  })
  return data?.unread ?? 0
}

/** What one was told, the latest first, fetched while it is shown. */
export const useNotices = (shown: boolean) =>
  useInfiniteQuery({
    queryKey: ["bell", "list"],
    queryFn: ({ pageParam }) => get<Bell>("/api/v1/bell", { cursor: pageParam }),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next ?? undefined,
    enabled: shown,
  })

/** Marks some as read, or all. */
export function useRead() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (ids: string[] | null) => post("/api/v1/bell/read", ids === null ? {} : { ids }),
    onSettled: () => client.invalidateQueries({ queryKey: ["bell"] }),
  })
}
