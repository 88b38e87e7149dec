import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query"
import type { WorkList, WorkQuery } from "../../src/api/contract/work.ts"
import { get } from "../client.ts"
import { useLive } from "../live.ts"

/** Everything that somebody has to do, what is due first first; asked again when cases change. */
export function useWork(scope: NonNullable<WorkQuery["scope"]>) {
  const client = useQueryClient()
  useLive("cases", () => void client.invalidateQueries({ queryKey: ["work"] }))
  return useQuery({
    queryKey: ["work", scope],
    queryFn: ({ signal }) => get<WorkList>("/api/v1/work", { scope, limit: 500 }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  })
}
