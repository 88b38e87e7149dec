import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import type {
  ArchivedRow,
  CausesView,
  DraftBody,
  ReasonView,
  ReportPage,
  ReportsQuery,
} from "../../src/api/contract/causes.ts"
import type { AttachmentView } from "../../src/api/contract/words.ts"
import type { OrderView, Page } from "../../src/api/contract.ts"
import { address, get, post, put } from "../client.ts"
import { type About, useThread } from "../thread/queries.ts"

const pathOf = (subject: string): string => `/api/v1/cases/${encodeURIComponent(subject)}`

/** What is done to a report is an act of its case, or of its incident for all of its cases. */
const actsOf = (subject: string): string =>
  subject.startsWith("I-") ? `/api/v1/incidents/${encodeURIComponent(subject)}` : pathOf(subject)

/** The report of a case or an incident as it stands. */
export const useReport = (subject: string) =>
  useQuery({
    queryKey: ["reports", "of", subject],
    queryFn: () => get<ReportPage>(`${pathOf(subject)}/report`),
  })

/** The company's causes. */
export const useCauses = () =>
  useQuery({ queryKey: ["causes"], queryFn: () => get<CausesView>("/api/v1/causes"), staleTime: 600_000 })

/** Reasons of a list. */
export const useReasons = (list: string, enabled = true) =>
  useQuery({
    queryKey: ["reasons", list],
    queryFn: () => get<ReasonView[]>(`/api/v1/reasons/${list}`),
    staleTime: 600_000,
    enabled,
  })

/** The order that a report is about, for its line of time. */
export function useOrderOf(page: ReportPage | undefined) {
  const order = page?.known.orders[0]
  return useQuery({
    queryKey: ["orders", "of-report", order?.channel, order?.shop, order?.orderNo],
    queryFn: () =>
      get<OrderView>(
        `/api/v1/orders/${[order!.channel, order!.shop, order!.orderNo].map(encodeURIComponent).join("/")}`,
      ),
    enabled: order !== undefined,
  })
}

/** Keeps what was written; the answer is the report with what it still lacks. */
export function useDraft(subject: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: DraftBody) => put<ReportPage>(`${pathOf(subject)}/report`, body),
    onSuccess: (page) => queries.setQueryData(["reports", "of", subject], page),
  })
}

/** Hands in, returns or archives a report: acts of its case. */
export function useReportAct(subject: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: {
      act: "report" | "return" | "archive"
      gaps?: string[]
      note?: string
      fields?: Record<string, unknown>
      form?: string
    }) => post(`${actsOf(subject)}/acts`, body),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: ["reports"] })
      void queries.invalidateQueries({ queryKey: ["cases"] })
      void queries.invalidateQueries({ queryKey: ["incidents"] })
    },
  })
}

/** Archived reports by a search, the newest first. */
export const useArchive = (filter: ReportsQuery) =>
  useInfiniteQuery({
    queryKey: ["reports", "archive", filter],
    queryFn: ({ pageParam }) =>
      get<Page<ArchivedRow>>("/api/v1/reports", { ...filter, limit: 50, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })

/** Where the workbook of a search lies. */
export const exportOf = (filter: ReportsQuery, language: string): string =>
  address("/api/v1/reports/export", { ...filter, language })

/** What the thread of a report's case or incident is about. */
export const aboutOf = (subject: string): About => ({
  about: subject.startsWith("I-") ? "incidents" : "cases",
  number: subject,
})

/** The files that were said in the thread of a report's case or incident. */
export function useFilesOf({ subject }: ReportPage): AttachmentView[] {
  const { data = [] } = useThread(aboutOf(subject))
  const files = data.flatMap(({ attachments }) => attachments)
  return [...new Map(files.map((each) => [each.sha256, each])).values()]
}
