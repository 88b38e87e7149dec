import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import type {
  IncidentActInput,
  IncidentBody,
  IncidentRow,
  IncidentView,
} from "../../../src/api/contract/cases.ts"
import type { Page } from "../../../src/api/contract.ts"
import { get, post } from "../../client.ts"
import { useLive } from "../../live.ts"

const path = (number: string): string => `/api/v1/incidents/${encodeURIComponent(number)}`

/** The incidents that are not over. */
export const useIncidents = () =>
  useQuery({
    queryKey: ["cases", "incidents"],
    queryFn: ({ signal }) =>
      get<Page<IncidentRow>>("/api/v1/incidents", { state: "unarchived", limit: 100 }, signal),
  })

/** One incident; while an act of it runs it is asked again each second. */
export function useIncident(number: string) {
  const client = useQueryClient()
  useLive("cases", () => void client.invalidateQueries({ queryKey: ["cases"] }))
  return useQuery({
    queryKey: ["cases", "incident", number],
    queryFn: ({ signal }) => get<IncidentView>(path(number), undefined, signal),
    refetchInterval: ({ state }) =>
      state.data?.acts.some(({ state }) => state === "running") ? 1_000 : false,
  })
}

/** Does an act once for all cases of an incident. */
export function useIncidentAct(number: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: IncidentActInput & { version: number }) =>
      post<IncidentView>(`${path(number)}/acts`, { ...body, actId: crypto.randomUUID() }),
    onSuccess: (view) => {
      client.setQueryData(["cases", "incident", number], view)
      void client.invalidateQueries({ queryKey: ["cases"] })
    },
  })
}

/** Gathers chosen cases into a new incident. */
export function useGather() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: IncidentBody) => post<IncidentView>("/api/v1/incidents", body),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["cases"] }),
  })
}
