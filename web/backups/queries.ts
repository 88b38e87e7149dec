import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import type { BackupsView, BackupView } from "../../src/api/contract/backups.ts"
import { get, post, put } from "../client.ts"

const key = ["backups"]

/** Backups; asked again each second while one is being made. */
export const useBackups = () =>
  useQuery({
    queryKey: key,
    queryFn: () => get<BackupsView>("/api/v1/backups"),
    refetchInterval: ({ state }) => (isBusy(state.data) ? 1_000 : 60_000),
  })

/** Whether one is being made, or was made and is being read back. */
export const isBusy = (view: BackupsView | undefined): boolean =>
  view !== undefined && (view.running || (view.items[0]?.tried === null && view.items[0].here))

/** Makes one now, reads one back, settles how they are kept. */
export function useBackupActs() {
  const client = useQueryClient()
  const onSuccess = () => client.invalidateQueries({ queryKey: key })
  const make = useMutation({ mutationFn: () => post<BackupsView>("/api/v1/backups"), onSuccess })
  const attempt = useMutation({
    mutationFn: (id: string) => post<BackupView>(`/api/v1/backups/${id}/try`),
    onSuccess,
  })
  const settle = useMutation({
    mutationFn: (settings: { folder: string | null; hour: number; keepDays: number }) =>
      put<BackupsView>("/api/v1/backups/settings", settings),
    onSuccess,
  })
  return { make, attempt, settle }
}
