import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query"
import { useCallback } from "react"
import type {
  ActBody,
  ActInput,
  Assignee,
  BulkAnswer,
  CaseCounts,
  CasesPage,
  CasesQuery,
  CaseView,
  SavedView,
} from "../../src/api/contract/cases.ts"
import type { NoticeView } from "../../src/api/contract/causes.ts"
import { get, post, put, remove } from "../client.ts"
import { useLive } from "../live.ts"
import { useCauses } from "../report/queries.ts"

const pageSize = 200
const path = (number: string): string => `/api/v1/cases/${encodeURIComponent(number)}`

/** The cases of a filter, page after page. */
export const useCases = (query: CasesQuery) =>
  useInfiniteQuery({
    queryKey: ["cases", "list", query],
    queryFn: ({ pageParam, signal }) =>
      get<CasesPage>("/api/v1/cases", { ...query, limit: pageSize, cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  })

/** How many cases of a filter stand where; each figure is that of the list with it added. */
export const useCaseCounts = (query: CasesQuery) =>
  useQuery({
    queryKey: ["cases", "counts", query],
    queryFn: ({ signal }) => get<CaseCounts>("/api/v1/cases/counts", { ...query }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  })

/** One case with its log, clocks and legal acts. */
export const useCase = (number: string) =>
  useQuery({
    queryKey: ["cases", "one", number],
    queryFn: ({ signal }) => get<CaseView>(path(number), undefined, signal),
  })

/** Everything of cases is asked again when the server says that cases changed. */
export function useCaseChanges(): void {
  const client = useQueryClient()
  useLive("cases", () => void client.invalidateQueries({ queryKey: ["cases"] }))
}

/** Does an act of one case; the page has its answer at once, the lists are asked again. */
export function useAct(number: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: ActInput & { version: number }) =>
      post<CaseView>(`${path(number)}/acts`, { ...body, actId: crypto.randomUUID() } satisfies ActBody),
    onSuccess: (view) => {
      client.setQueryData(["cases", "one", number], view)
    },
    // What was refused was asked of something older than what there is now: the next press asks of that.
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["cases"] })
      void client.invalidateQueries({ queryKey: ["work"] })
    },
  })
}

/** The same act for many cases. */
export function useBulk() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: { ids: string[]; input: ActInput }) =>
      post<BulkAnswer>("/api/v1/cases/bulk", { ...body, actId: crypto.randomUUID() }),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["cases"] })
      void client.invalidateQueries({ queryKey: ["work"] })
    },
  })
}

/** Takes back what one act or one bulk act did. */
export function useUndo() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: { batch: string } | { id: string; entry: string }) =>
      post<BulkAnswer>("/api/v1/cases/undo", body),
    onSettled: () => void client.invalidateQueries({ queryKey: ["cases"] }),
  })
}

/** The name of a cause in the language of the page, and of its class. */
export function useCauseName(language: string): (code: string | null) => string | null {
  const { data } = useCauses()
  return useCallback(
    (code) => {
      if (code === null) return null
      const found =
        data?.causes.find((each) => each.code === code) ??
        (data?.fallback.code === code ? data.fallback : null)
      return found ? (found.name[language as "en"] ?? code) : code
    },
    [data, language],
  )
}

/** Whom an assignment to a department would reach, the first one first. */
export const useAssignees = (department: string | undefined) =>
  useQuery({
    queryKey: ["assignees", department],
    queryFn: ({ signal }) => get<Assignee[]>("/api/v1/cases/assignees", { department }, signal),
    enabled: department !== undefined,
  })

/** The departments of the company. */
export const useDepartments = () =>
  useQuery({
    queryKey: ["departments"],
    queryFn: ({ signal }) =>
      get<{ items: { id: string; name: string }[] }>("/api/v1/departments", undefined, signal),
    staleTime: 60_000,
    select: ({ items }) => items,
  })

/** What would be, and what was, said to the customer. */
export const useNotices = (number: string) =>
  useQuery({
    queryKey: ["cases", "notices", number],
    queryFn: ({ signal }) => get<NoticeView[]>(`${path(number)}/notices`, undefined, signal),
  })
/** Views of the list saved by name. */
export function useSavedViews() {
  const client = useQueryClient()
  const key = ["case-views"]
  const keep = (views: SavedView[]) => client.setQueryData(key, views)
  return {
    views: useQuery({ queryKey: key, queryFn: () => get<SavedView[]>("/api/v1/case-views") }).data ?? [],
    save: useMutation({
      mutationFn: (view: SavedView) =>
        put<SavedView[]>(`/api/v1/case-views/${encodeURIComponent(view.name)}`, view),
      onSuccess: keep,
    }),
    drop: useMutation({
      mutationFn: (name: string) => remove<SavedView[]>(`/api/v1/case-views/${encodeURIComponent(name)}`),
      onSuccess: keep,
    }),
  }
}
