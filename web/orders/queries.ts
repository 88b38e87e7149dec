import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query"
import { useCallback, useEffect, useRef, useState } from "react"
import type { ExplainView, OrderCounts, OrderRow, OrderView, Page } from "../../src/api/contract.ts"
import { get, post } from "../client.ts"
import { useLive } from "../live.ts"
import type { Filter } from "./filters.ts"

const pageSize = 200

/** The key of an order as lists and addresses carry it. */
export const keyOf = ({ order }: Pick<OrderRow, "order">): string =>
  `${order.channel}/${order.shop}/${order.orderNo}`
/** The address of an order in the API. */
export const pathOf = (key: string): string => {
  const [channel, shop, ...rest] = key.split("/")
  return `/api/v1/orders/${encodeURIComponent(channel!)}/${encodeURIComponent(shop!)}/${encodeURIComponent(rest.join("/"))}`
}

/** The orders of a filter, page after page. */
export const useOrders = (filter: Filter, sort: string) =>
  useInfiniteQuery({
    queryKey: ["orders", filter, sort],
    queryFn: ({ pageParam, signal }) =>
      get<Page<OrderRow>>("/api/v1/orders", { ...filter, sort, limit: pageSize, cursor: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  })

/** How many orders a filter finds, by state; the state itself left out, so that the tags can be switched. */
export const useCounts = ({ state: _, ...filter }: Filter) =>
  useQuery({
    queryKey: ["orders-counts", filter],
    queryFn: ({ signal }) => get<OrderCounts>("/api/v1/orders/counts", filter, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  })

/** One order with its events. */
export const useOrder = (key: string | null) =>
  useQuery({
    queryKey: ["order", key],
    queryFn: () => get<OrderView>(pathOf(key!)),
    enabled: key !== null,
    placeholderData: keepPreviousData,
  })
/** Why its deadlines are what they are. */
export const useExplain = (key: string | null) =>
  useQuery({
    queryKey: ["explain", key],
    queryFn: () => get<ExplainView>(`${pathOf(key!)}/explain`),
    enabled: key !== null,
  })

/** Takes an order out of the watch, or back into it. */
export function useWatch(key: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: { watched: boolean; reason: string }) => post<OrderView>(`${pathOf(key)}/watch`, body),
    onSuccess: () => client.invalidateQueries(),
  })
}

const litMs = 1_600

/** Marks the rows that the server says have changed, in their place; the list itself is asked again only when somebody wants it, and an empty one, in which nothing can jump, at once. */
export function useChanges(opened: string | null, isEmpty: boolean) {
  const client = useQueryClient()
  const [lit, setLit] = useState<ReadonlySet<string>>(new Set())
  const [stale, setStale] = useState(0)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useLive("orders", ({ changed, more }) => {
    setLit(new Set(changed))
    if (isEmpty) void client.invalidateQueries({ queryKey: ["orders"] }, { cancelRefetch: false })
    setStale((n) => (isEmpty ? 0 : n + Math.max(changed.length, more ? 1 : 0)))
    if (opened && changed.includes(opened)) {
      void client.invalidateQueries({ queryKey: ["order", opened] })
      void client.invalidateQueries({ queryKey: ["explain", opened] })
    }
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setLit(new Set()), litMs)
  })
  useEffect(() => () => clearTimeout(timer.current), [])
  const refresh = useCallback(() => {
    setStale(0)
    void client.invalidateQueries({ queryKey: ["orders"] })
    void client.invalidateQueries({ queryKey: ["orders-counts"] })
  }, [client])
  return { lit, stale, refresh }
}

const exportMax = 10_000

/** Every order of a filter, at most ten thousand; `cut` says that there are more. */
export async function fetchAll(filter: Filter, sort: string): Promise<{ rows: OrderRow[]; cut: boolean }> {
  const rows: OrderRow[] = []
  let cursor = ""
  for (;;) {
    const page = await get<Page<OrderRow>>("/api/v1/orders", { ...filter, sort, limit: 500, cursor })
    rows.push(...page.items)
    if (page.next === null) return { rows, cut: false }
    if (rows.length >= exportMax) return { rows, cut: true }
    cursor = page.next
  }
}
