import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import type { EnginePage } from "../../src/api/contract/engine.ts"
import { get, post } from "../client.ts"

const key = ["engine"]

/** The engine as it is, asked again every five seconds. */
export const useEngine = () =>
  useQuery({ queryKey: key, queryFn: () => get<EnginePage>("/api/v1/engine/page"), refetchInterval: 5_000 })

/** Looks again at what is stuck, sends again what is dead. */
export function useEngineActs() {
  const client = useQueryClient()
  const onSuccess = () => client.invalidateQueries({ queryKey: key })
  const lookAgain = useMutation({
    mutationFn: () => post<{ orders: number }>("/api/v1/engine/look-again"),
    onSuccess,
  })
  const sendAgain = useMutation({
    mutationFn: (id: string) => post(`/api/v1/engine/letters/${id}/again`),
    onSuccess,
  })
  return { lookAgain, sendAgain }
}
