import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import type { TrialRunView } from "../../src/api/contract/trialRun.ts"
import { get, put } from "../client.ts"

const key = ["trial-run"]

/** Whether the company only tries it out. */
export const useTrialRun = () =>
  useQuery({
    queryKey: key,
    queryFn: () => get<TrialRunView>("/api/v1/trial-run"),
    staleTime: 60_000,
    retry: false,
  })

/** Begins or ends the trial run. */
export function useSetTrialRun() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (on: boolean) => put<TrialRunView>("/api/v1/trial-run", { on }),
    onSuccess: (view) => {
      client.setQueryData(key, view)
      return client.invalidateQueries()
    },
  })
}
