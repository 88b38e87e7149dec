import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query"
import type {
  IncidentActInput,
  IncidentBody,
  IncidentRefusal,
  IncidentsPage,
  IncidentsQuery,
  IncidentView,
} from "../../../src/api/contract/incidents.ts"
import { get, post } from "../../client.ts"
import { useLive } from "../../live.ts"

const path = (number: string): string => `/api/v1/incidents/${encodeURIComponent(number)}`
const pageSize = 100

/** Incidents of a filter, the newest first, page after page. */
export const useIncidents = (query: IncidentsQuery) =>
  useInfiniteQuery({
    queryKey: ["incidents", "list", query],
    queryFn: ({ pageParam, signal }) =>
      get<IncidentsPage>("/api/v1/incidents", { ...query, limit: pageSize, cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some(({ running }) => running)) ? 2_000 : 30_000,
  })

/** One incident; while an act of it runs it is asked again each second. */
export const useIncident = (number: string) =>
  useQuery({
    queryKey: ["incidents", "one", number],
    queryFn: ({ signal }) => get<IncidentView>(path(number), undefined, signal),
    refetchInterval: ({ state }) => (state.data?.running ? 1_000 : false),
  })

/** Incidents and their cases are asked again when the server says that they changed. */
export function useIncidentChanges(): void {
  const client = useQueryClient()
  useLive("incidents", () => void client.invalidateQueries({ queryKey: ["incidents"] }))
  useLive("cases", () => {
    void client.invalidateQueries({ queryKey: ["incidents"] })
    void client.invalidateQueries({ queryKey: ["cases"] })
  })
}

/** Does an act once for all cases of an incident. */
export function useIncidentAct(number: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: IncidentActInput & { version?: number }) =>
      post<IncidentView>(`${path(number)}/acts`, { ...body, actId: crypto.randomUUID() }),
    onSuccess: (view) => {
      client.setQueryData(["incidents", "one", view.number], view)
    },
    // What was refused was asked of something older than what there is now: the next press asks of that.
    onSettled: () => {
      for (const key of ["incidents", "cases", "work"]) void client.invalidateQueries({ queryKey: [key] })
    },
  })
}

/** Gathers chosen cases into a new incident. */
export function useGather() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: IncidentBody) =>
      post<IncidentView>("/api/v1/incidents", { ...body, actId: crypto.randomUUID() }),
    onSuccess: () => {
      for (const key of ["incidents", "cases", "work"]) void client.invalidateQueries({ queryKey: [key] })
    },
  })
}

/** The cases that an act could not move, with why. */
export const useRefused = (number: string, seq: number | null) =>
  useQuery({
    queryKey: ["incidents", "refused", number, seq],
    queryFn: ({ signal }) => get<IncidentRefusal[]>(`${path(number)}/acts/${seq}/refused`, undefined, signal),
    enabled: seq !== null,
  })
