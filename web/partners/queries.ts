import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import type {
  PartnerPage,
  PartnerRequestView,
  PartnerRow,
  RequestBody,
} from "../../src/api/contract/partners.ts"
import { get, post } from "../client.ts"

const key = ["partners"]

/** Every partner, and how those who ship for us stand. */
export const usePartnerRows = () =>
  useQuery({
    queryKey: [...key, "overview"],
    queryFn: ({ signal }) => get<PartnerRow[]>("/api/v1/partners/overview", undefined, signal),
    refetchInterval: 60_000,
  })

/** All of one partner. */
export const usePartnerPage = (id: string) =>
  useQuery({
    queryKey: [...key, "page", id],
    queryFn: ({ signal }) => get<PartnerPage>(`/api/v1/partners/${id}/page`, undefined, signal),
    refetchInterval: 60_000,
  })

/** Beneath `cases`, so that a case that changed asks for its requests too. */
const requestsKey = (subject: string) => ["cases", "requests", subject]

/** What partners were asked about a case or incident. */
export const useRequests = (subject: string) =>
  useQuery({
    queryKey: requestsKey(subject),
    queryFn: ({ signal }) => get<PartnerRequestView[]>("/api/v1/partner-requests", { subject }, signal),
  })

/** An act on partners; what is shown of them is asked for again afterwards. */
export function usePartnerAct<Values, Answer>(act: (values: Values) => Promise<Answer>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: key })
      void client.invalidateQueries({ queryKey: ["cases", "requests"] })
    },
  })
}

export const useAsk = () =>
  usePartnerAct((body: RequestBody) => post<PartnerRequestView>("/api/v1/partner-requests", body))
export const useRequestAnswer = () =>
  usePartnerAct(({ id, ...body }: { id: string; answer: string; promisedAt?: string }) =>
    post<PartnerRequestView>(`/api/v1/partner-requests/${id}/answer`, body),
  )
export const useInvite = () =>
  usePartnerAct(({ partner, days }: { partner: string; days: number }) =>
    post<{ id: string; path: string; expiresAt: string }>(`/api/v1/partners/${partner}/links`, { days }),
  )
export const useRevoke = () => usePartnerAct((id: string) => post(`/api/v1/partner-links/${id}/revoke`))
export const useRevokeAll = () =>
  usePartnerAct((partner: string) => post(`/api/v1/partners/${partner}/links/revoke`))
