/**
 * Shift handovers.
 *
 * | method | path | body → answer |
 * | --- | --- | --- |
 * | GET, PUT | /api/v1/handovers/own | → OwnWork (what I have in hand, and what I began) · DraftBody → { id } |
 * | POST | /api/v1/handovers | GiveBody → HandoverView |
 * | GET | /api/v1/handovers?department=&open=&before= | → { items: HandoverRow[] } |
 * | GET | /api/v1/handovers/{id} | → HandoverView |
 * | POST | /api/v1/handovers/{id}/take | { items? } → { taken, gone, refused, handover } |
 */
import type { Words } from "../../core/words.ts"
import type { Iso } from "../contract.ts"
import type { PersonRef } from "./cases.ts"
import type { WorkRow } from "./work.ts"

export type ItemKey = { kind: string; subject: string }
export type OwnWork = {
  department: string | null
  /** the end of the shift that one is on */
  shiftEndsAt: Iso | null
  /** who is on duty with me or comes next */
  next: { id: string; name: string; from: Iso }[]
  items: WorkRow[]
  draft: { id: string; note: string; notes: Record<string, string> } | null
  departments: string[]
}
/** `notes` by the id of a row of work. */
export type DraftBody = { department: string; note: string; notes: Record<string, string> }
/** `keep`: rows that one goes on with oneself. */
export type GiveBody = DraftBody & { id?: string; keep?: string[] }
export type HandoverRow = {
  id: string
  department: string
  from: PersonRef
  note: string
  givenAt: Iso
  /** when the head heard that nobody had confirmed it */
  escalatedAt: Iso | null
  closedAt: Iso | null
  waiting: number
  taken: number
  gone: number
  takers: string[]
  /** whether whoever asks may confirm it */
  mine: boolean
}
export type HandoverItemView = ItemKey & {
  title: string | Words
  number: string
  link: string
  dueAt: Iso | null
  note: string
  state: "waiting" | "taken" | "gone"
  takenBy: PersonRef | null
  takenAt: Iso | null
}
export type HandoverView = HandoverRow & { items: HandoverItemView[]; confirmMinutes: number }
export type TakenView = {
  taken: number
  gone: number
  refused: (ItemKey & { code: string })[]
  handover: HandoverView
}
