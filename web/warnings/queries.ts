import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import type { WarningRow } from "../../src/api/contract/alerts.ts"
import { get, post } from "../client.ts"
import { useLive } from "../live.ts"

/** Warnings that run or ended lately, those that nobody took first. */
export function useWarnings(mine: boolean) {
  const client = useQueryClient()
  useLive("alerts", () => void client.invalidateQueries({ queryKey: ["warnings"] }))
  return useQuery({
    queryKey: ["warnings", { mine }],
    queryFn: () => get<{ items: WarningRow[] }>("/api/v1/warnings", { mine: mine || null }),
    refetchInterval: 60_000,
  })
}

/** One alert: what it says now, and who has it. */
export const useAlert = (id: string) =>
  useQuery({
    queryKey: ["warnings", id],
    queryFn: () => get<WarningRow & { takeable: boolean }>(`/api/v1/alerts/${id}`),
    retry: false,
  })

/** Takes a warning, or lets go of it. */
export function useTake() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, act }: { id: string; act: "take" | "release" }) =>
      post<WarningRow>(`/api/v1/warnings/${id}/${act}`),
    onSettled: () => client.invalidateQueries({ queryKey: ["warnings"] }),
  })
}
