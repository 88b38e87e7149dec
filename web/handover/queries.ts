import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import type {
  DraftBody,
  GiveBody,
  HandoverRow,
  HandoverView,
  ItemKey,
  OwnWork,
  TakenView,
} from "../../src/api/contract/handovers.ts"
import { get, post, put } from "../client.ts"
import { useLive } from "../live.ts"

const path = "/api/v1/handovers"
const key = ["handovers"]

/** What I have in hand, with what I began to write; asked again when cases change. */
export function useOwnWork() {
  const client = useQueryClient()
  useLive("cases", () => void client.invalidateQueries({ queryKey: key }))
  useLive("bell", () => void client.invalidateQueries({ queryKey: key }))
  return useQuery({
    queryKey: [...key, "own"],
    queryFn: ({ signal }) => get<OwnWork>(`${path}/own`, undefined, signal),
  })
}
/** Handovers that were given, newest first. */
export const useHandovers = () =>
  useQuery({
    queryKey: [...key, "list"],
    queryFn: ({ signal }) => get<{ items: HandoverRow[] }>(path, undefined, signal),
    refetchInterval: 60_000,
  })
export const useHandover = (id: string) =>
  useQuery({
    queryKey: [...key, "one", id],
    queryFn: ({ signal }) => get<HandoverView>(`${path}/${id}`, undefined, signal),
  })
/** Keeps what I wrote so far; the page goes on showing what is typed. */
export const useKeepDraft = () =>
  useMutation({ mutationFn: (body: DraftBody) => put<{ id: string }>(`${path}/own`, body) })

/** Hands over, or confirms; everything shown of handovers and work is asked for again. */
export function useHandoverActs() {
  const client = useQueryClient()
  const onSettled = () => {
    void client.invalidateQueries({ queryKey: key })
    void client.invalidateQueries({ queryKey: ["work"] })
    void client.invalidateQueries({ queryKey: ["cases"] })
  }
  return {
    give: useMutation({ mutationFn: (body: GiveBody) => post<HandoverView>(path, body), onSettled }),
    take: useMutation({
      mutationFn: ({ id, items }: { id: string; items?: ItemKey[] }) =>
        post<TakenView>(`${path}/${id}/take`, items ? { items } : {}),
      onSettled,
    }),
  }
}
