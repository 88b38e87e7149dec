/**
 * What people say to each other about a case or an incident, as types. Instants are ISO strings. `{about}` is `cases` or `incidents`.
 *
 * | method | path | takes → answers |
 * | --- | --- | --- |
 * | GET, POST | /api/v1/{about}/{number}/messages | → MessageView[] · MessageBody → MessageView |
 * | POST | /api/v1/{about}/{number}/attachments | multipart `file` → AttachmentView (up to 10 MiB; images and PDF by their content) |
 * | GET | /api/v1/{about}/{number}/attachments/{sha256} | → the file |
 * | GET, POST | /api/v1/{about}/{number}/help | → HelpView[] · HelpBody → HelpView |
 * | POST | /api/v1/help/{id}/answer · /api/v1/help/{id}/withdraw | { text } → HelpView · → HelpView |
 */
import type { Iso } from "../contract.ts"
import type { InnerClockView, PersonRef } from "./cases.ts"

export type MessageView = {
  id: string
  at: Iso
  author: PersonRef | null
  /** of a key, or of somebody who has left */
  authorName: string
  department: string | null
  text: string
  mentions: { people: PersonRef[]; departments: string[] }
  attachments: AttachmentView[]
  /** a proposal for a solution, which anyone may make */
  proposal: boolean
  /** these words ask for help */
  help: HelpView | null
  /** these words answer a request for help */
  answers: HelpView | null
}
export type MessageBody = {
  text: string
  people?: string[]
  departments?: string[]
  /** what was uploaded to this thread, by its sha256 */
  attachments?: string[]
  proposal?: boolean
}

export type AttachmentType = "image/png" | "image/jpeg" | "image/webp" | "image/gif" | "application/pdf"
/** An image or a PDF, known by its content. */
export type AttachmentView = { sha256: string; name: string; type: AttachmentType; bytes: number }

/** A question to a department or a superior, with an answer clock of its own. */
export type HelpView = {
  id: string
  about: { kind: "case" | "incident"; number: string }
  at: Iso
  by: PersonRef | null
  byName: string
  to: { department: string | null; person: PersonRef | null }
  text: string
  state: "asked" | "answered" | "withdrawn"
  answer: { at: Iso; by: string | null; text: string } | null
  /** to whom it went on because nobody answered in time, the nearest head first */
  escalations: { at: Iso; to: PersonRef }[]
  /** when it goes on next; null: no further */
  escalatesAt: Iso | null
  clock: InnerClockView | null
  /** the reader may answer it; the reader may withdraw it */
  may: { answer: boolean; withdraw: boolean }
}
export type HelpBody = { department?: string; person?: string; text: string }
