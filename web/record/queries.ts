import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import type { InHandView, RecordView } from "../../src/api/contract/record.ts"
import { get, post } from "../client.ts"

/** A person's record of some weeks back; `me` for oneself. */
export const useRecord = (id: string, from: string | undefined) =>
  useQuery({
    queryKey: ["record", id, from],
    queryFn: ({ signal }) => get<RecordView>(`/api/v1/people/${id}/record`, { from }, signal),
  })
/** What a person has in hand, each with who would take it. */
export const useInHand = (id: string) =>
  useQuery({
    queryKey: ["record", id, "in-hand"],
    queryFn: ({ signal }) => get<InHandView>(`/api/v1/people/${id}/in-hand`, undefined, signal),
  })
/** Hands over everything that a person has in hand. */
export function useHandOver(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (choices: { number: string; person: string }[]) =>
      post<{ moved: number; left: number }>(`/api/v1/people/${id}/hand-over`, { choices }),
    onSettled: () => {
      for (const key of ["record", "cases", "work"]) void client.invalidateQueries({ queryKey: [key] })
    },
  })
}
