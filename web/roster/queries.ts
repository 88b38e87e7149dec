import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import type {
  RosterTableView,
  RosterView,
  ShiftTemplateView,
  ShiftView,
} from "../../src/api/contract/rosters.ts"
import { get, post, put } from "../client.ts"
import type { TableSent } from "../marks/TableDialog.tsx"

/** The roster of a week; who is on duty now is asked again each minute. */
export const useRoster = (from: number, to: number) =>
  useQuery({
    queryKey: ["roster", from],
    queryFn: ({ signal }) =>
      get<RosterView>(
        "/api/v1/rosters",
        { from: new Date(from).toISOString(), to: new Date(to).toISOString() },
        signal,
      ),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  })

export type NewShift = Omit<ShiftView, "id">
type Added = { ids: string[]; added: number; left?: number }
/** What was done last, so that it can be undone: what came is taken away, what went is put back. */
export type LastDone = {
  what: "put" | "taken" | "copied" | "changed"
  n: number
  left: number
  came: string[]
  went: NewShift[]
}

const plain = ({ staff, department, from, to }: NewShift): NewShift => ({ staff, department, from, to })

/** The acts on a roster; each can be undone until the next. */
export function useRosterActs() {
  const client = useQueryClient()
  const [last, setLast] = useState<LastDone | null>(null)
  const settled = { onSettled: () => client.invalidateQueries({ queryKey: ["roster"] }) }
  const add = (shifts: NewShift[]) => post<Added>("/api/v1/rosters/shifts", { shifts: shifts.map(plain) })
  const drop = (ids: string[]) => post("/api/v1/rosters/shifts/remove", { ids })
  const change = useMutation({
    mutationFn: async (act: () => Promise<LastDone | null>) => setLast(await act()),
    ...settled,
  })
  return {
    last,
    error: change.error,
    busy: change.isPending,
    put: (shifts: NewShift[]) =>
      change.mutate(async () => {
        const { ids, added } = await add(shifts)
        return { what: "put", n: added, left: 0, came: ids, went: [] }
      }),
    take: (shifts: ShiftView[]) =>
      change.mutate(async () => {
        await drop(shifts.map(({ id }) => id))
        return { what: "taken", n: shifts.length, left: 0, came: [], went: shifts }
      }),
    copy: (body: { department: string | null; from: string; to: string; days: number }) =>
      change.mutate(async () => {
        const { ids, added, left = 0 } = await post<Added>("/api/v1/rosters/copy", body)
        return { what: "copied", n: added, left, came: ids, went: [] }
      }),
    undo: ({ came, went }: LastDone) =>
      change.mutate(async () => {
        if (came.length > 0) await drop(came)
        if (went.length > 0) await add(went)
        return null
      }),
    edit: (id: string, body: { department: string; from: string; to: string }) =>
      change.mutate(async () => {
        await put(`/api/v1/rosters/shifts/${id}`, body)
        return null
      }),
    saveTemplates: (templates: ShiftTemplateView[]) =>
      change.mutate(async () => {
        await put("/api/v1/rosters/templates", { templates })
        return null
      }),
  }
}
export type RosterActs = ReturnType<typeof useRosterActs>

/** Reads a week from a table, and puts it on the roster when told to. */
export function useRosterTable() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ table, carryOut }: TableSent) =>
      post<RosterTableView>("/api/v1/rosters/table", { table: await table, carryOut }),
    onSuccess: ({ done }) => (done ? client.invalidateQueries({ queryKey: ["roster"] }) : undefined),
  })
}
