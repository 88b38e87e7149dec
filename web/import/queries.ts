import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import type { ImportPreview, ImportView } from "../../src/api/contract/imports.ts"
import type { Page } from "../../src/api/contract.ts"
import type { ColumnKey } from "../../src/core/mapping.ts"
import { get, post, upload } from "../client.ts"

/** What a person settled about a file before it is written. */
export type Wish = {
  format?: string
  mapping?: { columns: Partial<Record<ColumnKey, string>>; constants?: Record<string, string> }
  shop?: string
  exportedAt?: string
  withReceiver?: boolean
}

const key = ["imports"]
/** The imports there were; asked again each second while one runs. */
export const useImports = () =>
  useQuery({
    queryKey: key,
    queryFn: () => get<Page<ImportView>>("/api/v1/imports"),
    refetchInterval: ({ state }) =>
      state.data?.items.some((each) => each.state === "running" || each.state === "undoing") ? 1_000 : 30_000,
  })

/** Uploads a file and answers its preview. */
export const useUpload = () =>
  useMutation({
    mutationFn: (file: File) => {
      const form = new FormData()
      // The field stands before the file, so that the server has read it when the file comes.
      form.append("changedAt", String(file.lastModified))
      form.append("file", file)
      return upload<ImportPreview>("/api/v1/imports/uploads", form)
    },
  })

/** Looks at an upload again with other wishes. */
export const usePreview = () =>
  useMutation({
    mutationFn: ({ id, wish }: { id: string; wish: Wish }) =>
      post<ImportPreview>(`/api/v1/imports/uploads/${id}/preview`, wish),
  })

/** Carries an upload out, or takes an import back. */
export function useImporting() {
  const client = useQueryClient()
  const refresh = () => client.invalidateQueries()
  const start = useMutation({
    mutationFn: (body: Wish & { upload: string; casesFrom?: string }) =>
      post<{ number: number }>("/api/v1/imports", body),
    onSuccess: refresh,
  })
  const undo = useMutation({
    mutationFn: (number: number) => post<ImportView>(`/api/v1/imports/${number}/undo`),
    onSuccess: refresh,
  })
  return { start, undo }
}
