import { useCallback, useMemo } from "react"
import { useSearchParams } from "react-router"
import type { OrdersQuery } from "../../src/api/contract.ts"

/** What the list can be narrowed by; each stands in the address under its own name. */
export const filterKeys = [
  "stage",
  "clock",
  "basis",
  "state",
  "channel",
  "shop",
  "warehouse",
  "liveSession",
  "dueFrom",
  "dueTo",
  "paidFrom",
  "paidTo",
  "anomaly",
  "watched",
  "alert",
  "q",
] as const
export type FilterKey = (typeof filterKeys)[number]
export type Filter = Partial<Record<FilterKey, string>>

/** The filter in the address, and how to change it. The order shown beside the list stands there too. */
export function useFilter() {
  const [search, setSearch] = useSearchParams()
  const text = search.toString()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is what the parameters are
  const filter = useMemo(() => {
    const found: Filter = {}
    for (const key of filterKeys) {
      const value = search.get(key)
      if (value) found[key] = value
    }
    return found
  }, [text])
  const change = useCallback(
    (changes: Partial<Record<FilterKey | "sort" | "order", string | null>>) =>
      setSearch((before) => {
        const next = new URLSearchParams(before)
        for (const [key, value] of Object.entries(changes)) {
          if (value) next.set(key, value)
          else next.delete(key)
        }
        return next
      }),
    [setSearch],
  )
  const sort = (search.get("sort") ?? "nextDueAt") as NonNullable<OrdersQuery["sort"]>
  return { filter, sort, opened: search.get("order"), change }
}
