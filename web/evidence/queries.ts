import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import type {
  DecideBody,
  EvidenceOfCase,
  ProposalsView,
  StockBody,
  StockFileAnswer,
  StockView,
  WindowBody,
  WindowView,
} from "../../src/api/contract/causes.ts"
import { get, post, upload } from "../client.ts"

/** What facts say of a case's cause, and whose hours its lateness is; asked again with each `minute` of that. */
export const useEvidence = (number: string, minute = 0) =>
  useQuery({
    queryKey: ["evidence", number, minute],
    placeholderData: (before: EvidenceOfCase | undefined) => (before?.case === number ? before : undefined),
    queryFn: () => get<EvidenceOfCase>(`/api/v1/cases/${encodeURIComponent(number)}/evidence`),
  })

/** What waits for a decision, and what is shared. */
export const useProposals = () =>
  useQuery({ queryKey: ["proposals"], queryFn: () => get<ProposalsView>("/api/v1/proposals") })

/** Confirms or overrules causes. */
export function useDecide() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: DecideBody) =>
      post<{ decided: number; cases: string[] }>("/api/v1/proposals/decide", body),
    onSuccess: () => {
      for (const key of ["proposals", "evidence", "cases", "reports"])
        void queries.invalidateQueries({ queryKey: [key] })
    },
  })
}

/** The declared windows, and what is done with them. */
export const useWindows = () =>
  useQuery({ queryKey: ["windows"], queryFn: () => get<WindowView[]>("/api/v1/windows") })
export function useWindowAct() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (act: { declare: WindowBody } | { end: string } | { withdraw: string }) =>
      "declare" in act
        ? post("/api/v1/windows", act.declare)
        : "end" in act
          ? post(`/api/v1/windows/${act.end}/end`)
          : post(`/api/v1/windows/${act.withdraw}/withdraw`),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["windows"] }),
  })
}

/** The last known stock, and how it is told. */
export const useStock = (q: string) =>
  useQuery({ queryKey: ["stock", q], queryFn: () => get<StockView[]>("/api/v1/stock", { q }) })
export function useTellStock() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (what: File | StockBody[]): Promise<StockFileAnswer | { saved: number }> => {
      if (!(what instanceof File)) return post<{ saved: number }>("/api/v1/stock", what)
      const form = new FormData()
      form.append("file", what)
      return upload<StockFileAnswer>("/api/v1/stock/files", form)
    },
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["stock"] }),
  })
}
