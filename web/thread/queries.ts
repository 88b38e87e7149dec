import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import type {
  AttachmentView,
  HelpBody,
  HelpView,
  MessageBody,
  MessageView,
} from "../../src/api/contract/words.ts"
import { get, post, uploadTold } from "../client.ts"

/** What a thread is about: a case or an incident, by its number. */
export type About = { about: "cases" | "incidents"; number: string }

const path = ({ about, number }: About): string => `/api/v1/${about}/${encodeURIComponent(number)}`
/** Beneath `cases`, so that whatever makes a page ask again for cases asks for their words too. */
const key = ({ about, number }: About) => ["cases", "thread", about, number]

/** What was said about a case or an incident. */
export const useThread = (of: About) =>
  useQuery({
    queryKey: key(of),
    queryFn: ({ signal }) => get<MessageView[]>(`${path(of)}/messages`, undefined, signal),
  })

/** Says something, asks for help, answers, takes a question back; the thread and my work are asked again. */
export function useWordsOf(of: About) {
  const client = useQueryClient()
  const onSuccess = () => {
    void client.invalidateQueries({ queryKey: key(of) })
    void client.invalidateQueries({ queryKey: ["work"] })
  }
  return {
    say: useMutation({ mutationFn: (body: MessageBody) => post(`${path(of)}/messages`, body), onSuccess }),
    ask: useMutation({ mutationFn: (body: HelpBody) => post<HelpView>(`${path(of)}/help`, body), onSuccess }),
    answer: useMutation({
      mutationFn: ({ id, text }: { id: string; text: string }) =>
        post<HelpView>(`/api/v1/help/${id}/answer`, { text }),
      onSuccess,
    }),
    withdraw: useMutation({
      mutationFn: (id: string) => post<HelpView>(`/api/v1/help/${id}/withdraw`),
      onSuccess,
    }),
  }
}

/** Sends a file to a thread, telling how much of it is there (0–1). */
export function sendFile(of: About, file: File, told: (share: number) => void): Promise<AttachmentView> {
  const form = new FormData()
  form.append("file", file, file.name)
  return uploadTold<AttachmentView>(`${path(of)}/attachments`, form, told)
}

/** Where a file of a thread is opened. */
export const addressOfFile = (of: About, sha256: string): string => `${path(of)}/attachments/${sha256}`

export type Colleague = { id: string; name: string; department: string | null }

/** Everybody who works here. */
export const useColleagues = () =>
  useQuery({
    queryKey: ["colleagues"],
    queryFn: ({ signal }) => get<{ items: Colleague[] }>("/api/v1/colleagues", undefined, signal),
    staleTime: 60_000,
    select: ({ items }) => items,
  })
